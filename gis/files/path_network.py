"""The walking network: lines as they are, or edges between the nodes of a second table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.input_tables import NODES
from gis.files.notebook import Notebook
from gis.files.typed_table import TypedTable

__all__ = ["path_table"]

_COLUMNS = ("u", "v", "length_m", "kind", "name")


def path_table(
    tables: Mapping[str, TypedTable],
    spatial: Callable[[str], gpd.GeoDataFrame | None],
    crs: str,
    book: Notebook,
) -> gpd.GeoDataFrame | None:
    """Return the network as one straight or bent line an edge, with u, v, length_m, kind, name.

    Lengths that are not given are those of the lines.
    """
    table = tables.get("paths")
    if table is None:
        return None
    if table.shapes is not None:
        found = spatial("paths")
        if found is None:
            return None
        made = found.explode(ignore_index=True)
        return _complete(
            made, whole=~found.index.repeat(shapely.get_num_geometries(found.geometry)).duplicated(keep=False)
        )
    if NODES not in tables:
        if NODES not in {f.table for f in book.items}:
            book.add("paths-nodes-absent", table="paths", file=table.place.file)
        return None
    nodes = spatial(NODES)
    return None if nodes is None else _complete(_edges(table, nodes, crs, book), whole=None)


def _edges(table: TypedTable, nodes: gpd.GeoDataFrame, crs: str, book: Notebook) -> gpd.GeoDataFrame:
    """Return a straight line between the nodes of every edge."""
    ends = {end: _ends(table, end, nodes, book) for end in ("u", "v")}
    good = (ends["u"] >= 0) & (ends["v"] >= 0)
    xy = shapely.get_coordinates(nodes.geometry.to_numpy())
    lines = shapely.linestrings(np.stack([xy[ends["u"][good]], xy[ends["v"][good]]], axis=1))
    return gpd.GeoDataFrame(table.frame[good].reset_index(drop=True), geometry=lines, crs=crs)


def _ends(table: TypedTable, end: str, nodes: gpd.GeoDataFrame, book: Notebook) -> NDArray[np.int64]:
    """Return the position of the node at one end of every edge; -1 where there is none."""
    texts = table.frame[end]
    at = nodes.index.get_indexer(pd.Index(texts.astype(object)))
    raw = texts.to_numpy(dtype=object)
    missing = texts.isna().to_numpy()
    column = table.theirs[end]
    lost = (at < 0) & ~missing
    book.at("path-node-unknown", table.place, lost, column=column, each=lambda i: {"value": str(raw[i])})
    book.at("value-empty", table.place, missing, column=column)
    return np.asarray(at, dtype=np.int64)


def _complete(edges: gpd.GeoDataFrame, *, whole: np.ndarray | None) -> gpd.GeoDataFrame:
    """Fill the columns that are not given; the length of a split line is that of its parts."""
    made = edges.copy()
    for name in ("u", "v", "kind", "name"):
        if name not in made:
            made[name] = pd.Series([None] * len(made), dtype="str")
    drawn = made.geometry.length.to_numpy()
    given = made["length_m"].to_numpy(dtype=float) if "length_m" in made else np.full(len(made), np.nan)
    kept = np.isfinite(given) if whole is None else np.isfinite(given) & whole
    made["length_m"] = np.where(kept, given, drawn)
    return made[[*_COLUMNS, "geometry"]]
