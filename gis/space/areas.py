"""Areas made complete, and places found in their community."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.kinds import Level

__all__ = ["NEAR_COMMUNITY_M", "Located", "complete_areas", "locate"]

NEAR_COMMUNITY_M = 20.0  # a place so little outside is a boundary drawn short, not another town
_TEXT = ("settlement", "profile", "region")


class Located(NamedTuple):
    """Position of the community of each place, -1 for none; and whether it lies just outside of it."""

    community: NDArray[np.int64]
    outside: NDArray[np.bool_]


def complete_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `areas` sorted by id, with every column of the schema and parents found by location.

    A missing parent is the area of the next level above that holds a point of the area.
    """
    areas = areas.sort_index().rename_axis("area_id")
    polygons = np.asarray(areas.geometry.to_numpy(), dtype=object)
    bent = ~shapely.is_valid(polygons)
    polygons[bent] = _polygonal(shapely.make_valid(polygons[bent], method="structure"))
    areas = areas.set_geometry(gpd.GeoSeries(polygons, index=areas.index, crs=areas.crs))
    ids = areas.index.to_series()
    areas["name"] = areas["name"].fillna(ids) if "name" in areas else ids
    for column in (*_TEXT, "parent_id"):
        if column not in areas:
            areas[column] = pd.Series(None, index=areas.index, dtype="str")
    areas["parent_id"] = areas["parent_id"].fillna(_parents(areas))
    return areas


def _polygonal(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the polygons among the parts of each geometry."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.array([shapely.union_all(parts[polygon & (of == i)]) for i in range(len(shapes))], dtype=object)


def _parents(areas: gpd.GeoDataFrame) -> pd.Series[str]:
    """Find for each area the one above by location."""
    found = pd.Series(None, index=areas.index, dtype="str")
    levels = [level for level in Level if (areas["level"] == level).any()]
    for above, below in pairwise(levels):
        over, under = areas[areas["level"] == above], areas[areas["level"] == below]
        points = shapely.point_on_surface(np.asarray(under.geometry.to_numpy(), dtype=object))
        at = locate(points, np.asarray(over.geometry.to_numpy(), dtype=object), near_m=0.0).community
        inside = at >= 0
        found.loc[under.index[inside]] = over.index.to_numpy()[at[inside]]
    return found


def locate(
    points: NDArray[np.object_],
    polygons: NDArray[np.object_],
    *,
    stated: NDArray[np.int64] | None = None,
    near_m: float = NEAR_COMMUNITY_M,
) -> Located:
    """Find the polygon that holds each point.

    Parameters
    ----------
    points, polygons
        Geometries in one projected CRS.
    stated
        Polygon that each point is said to be in, -1 for none: it wins on a shared border.
    near_m
        A point outside every polygon goes to the nearest one within these metres.
    """
    community = np.full(len(points), -1, dtype=np.int64)
    tree = shapely.STRtree(polygons)
    at, polygon = tree.query(points, predicate="intersects")
    preferred = (stated[at] == polygon) if stated is not None else np.zeros(len(at), dtype=bool)
    order = np.lexsort((polygon, ~preferred, at))
    first = np.unique(at[order], return_index=True)[1]
    community[at[order][first]] = polygon[order][first]
    lost = np.flatnonzero(community < 0)
    outside = np.zeros(len(points), dtype=bool)
    if len(lost) and near_m > 0:
        at, polygon = tree.query_nearest(points[lost], max_distance=near_m, all_matches=True)
        first = np.unique(at, return_index=True)[1]
        community[lost[at[first]]] = np.minimum.reduceat(polygon, first) if len(at) else polygon
        outside[lost[at[first]]] = True
    return Located(community, outside)
