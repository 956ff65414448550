"""Ready-made units: polygons with counts, each inside one community."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.files.communities import Communities
from gis.files.notebook import Notebook, Place
from gis.files.typed_table import TypedTable

__all__ = ["unit_table"]

_SAME_SHARE = 0.5  # of its area, inside the community that a unit states


def unit_table(
    table: TypedTable, frame: gpd.GeoDataFrame, communities: Communities, book: Notebook
) -> gpd.GeoDataFrame:
    """Return the units with the community each lies in; what it states is checked against the place."""
    place, column = _places(table, frame.index), table.theirs.get("community_id")
    shapes = frame.geometry.to_numpy()
    held = communities.holding(shapely.point_on_surface(shapes))
    ids = frame.index.to_numpy(dtype=object)
    stated = (
        frame["community_id"] if "community_id" in frame else pd.Series([None] * len(frame), frame.index, dtype="str")
    )
    meant = communities.by_text(stated)
    raw = stated.to_numpy(dtype=object)
    unknown = stated.notna().to_numpy() & meant.isna().to_numpy()
    book.at("community-unknown", place, unknown, column=column, ids=ids, each=lambda i: {"value": str(raw[i])})
    wanted = pd.Index(communities.ids).get_indexer(pd.Index(meant.astype(object)))
    against = (wanted >= 0) & (wanted != held)
    against[against] = _mostly_elsewhere(shapes[against], communities.shapes[wanted[against]])
    book.at(
        "community-contradicts-place",
        place,
        against & (held >= 0),
        column=column,
        ids=ids,
        each=lambda i: {"value": str(raw[i]), "found": str(communities.ids[held[i]])},
    )
    outside = (held < 0) & ((wanted < 0) | against)
    book.at("unit-outside", place, outside, ids=ids)
    own = np.where(wanted >= 0, wanted, held)
    found = pd.Series(communities.ids_at(own), index=frame.index, dtype="str")
    return frame.assign(community_id=found)


def _mostly_elsewhere(shapes: np.ndarray, stated: np.ndarray) -> np.ndarray:
    """Whether less than half of each shape lies in the community it states."""
    inside = shapely.area(shapely.intersection(shapes, stated))
    return np.asarray(inside < _SAME_SHARE * shapely.area(shapes), dtype=bool)


def _places(table: TypedTable, index: pd.Index) -> Place:
    """Return where the rows of a sorted table stand in the file."""
    rows = pd.Series(table.place.rows, index=table.frame[str(table.spec.id)])
    rows = rows[~rows.index.duplicated()].reindex(index)
    return Place(table.place.table, table.place.file, rows.to_numpy(dtype=np.int64), table.place.counts_rows)
