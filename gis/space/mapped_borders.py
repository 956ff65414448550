"""Which borders of units lie on what people can see: roads, rivers, railways, walls."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.kinds import BarrierKind
from gis.space.borders import Border

__all__ = ["MAPPED_TOLERANCE_M", "mapped_borders"]

MAPPED_TOLERANCE_M = 15.0  # a border this near to the middle line of a road or river lies on it
_STEP_M = 20.0  # pieces of border are judged by their middles, so long ones are divided
_SMALL_PATHS = (
    "footway",
    "path",
    "steps",
    "cycleway",
    "track",
    "corridor",
    "bridleway",
    "pedestrian",
    "步道",
    "小路",
)

Geometries = NDArray[np.object_]


def mapped_borders(
    border: Border, ids: pd.Index, barriers: gpd.GeoDataFrame, paths: gpd.GeoDataFrame | None
) -> pd.DataFrame | None:
    """Return how much of the border of each two units lies on a mapped feature.

    Parameters
    ----------
    border
        Pieces of border between units of one community, whether they are neighbours or cut by a barrier.
    ids
        Ids of the units, in the order that `border` numbers them.
    barriers
        Rivers, railways, expressways, arterials and walls count; crossings and fixed lines do not.
    paths
        Roads count; ways for feet and bicycles do not.

    Returns
    -------
    DataFrame
        unit_a < unit_b, length_m, mapped_m; sorted. None where nothing is mapped.
    """
    features = _features(barriers, paths)
    if not len(features) or not len(border.ends):
        return None
    lines = border.lines(np.ones(len(border.ends), dtype=bool))
    parts, of = _divided(lines)
    middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    near = np.unique(shapely.STRtree(features).query(middles, predicate="dwithin", distance=MAPPED_TOLERANCE_M)[0])
    on = np.isin(np.arange(len(parts)), near)
    mapped = np.bincount(of, weights=shapely.length(parts) * on, minlength=len(lines))
    ends, at = np.unique(border.ends, axis=0, return_inverse=True)
    length, told = (np.bincount(at.ravel(), weights=m, minlength=len(ends)) for m in (border.length_m, mapped))
    names = ids.to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "unit_a": pd.array(names[ends[:, 0]], dtype="str"),
            "unit_b": pd.array(names[ends[:, 1]], dtype="str"),
            "length_m": np.round(length, 3),
            "mapped_m": np.round(np.minimum(told, length), 3),
        }
    )
    return table.sort_values(["unit_a", "unit_b"], ignore_index=True)


def _features(barriers: gpd.GeoDataFrame, paths: gpd.GeoDataFrame | None) -> Geometries:
    """Return the lines and banks of everything that a border can follow."""
    seen = barriers[~barriers["kind"].astype(str).isin([str(BarrierKind.CROSSING), str(BarrierKind.BOUNDARY)])]
    found = [np.asarray(seen.geometry.to_numpy(), dtype=object)]
    if paths is not None and len(paths):
        roads = paths
        if "kind" in paths:
            roads = paths[~paths["kind"].astype("str").str.lower().isin(_SMALL_PATHS)]
        found.append(np.asarray(roads.geometry.to_numpy(), dtype=object))
    shapes = shapely.get_parts(np.concatenate(found))
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def _divided(lines: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    """Divide straight lines into equal parts of at most `_STEP_M`; return the parts and whose they are."""
    counts = np.maximum(1, np.ceil(shapely.length(lines) / _STEP_M)).astype(np.int64)
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    at = np.repeat(np.arange(len(lines)), counts)
    first = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    share = np.column_stack([first, first + 1]) / counts[at][:, None]
    start, step = ends[at, 0], ends[at, 1] - ends[at, 0]
    return np.asarray(shapely.linestrings(start[:, None] + step[:, None] * share[:, :, None]), dtype=object), at
