"""Outlines small enough for a page: simplified with shared borders kept, as short integers in lon/lat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.model.crs import LONLAT

__all__ = ["DEGREE", "Corner", "corner_of", "encode", "encode_points", "simplified"]

DEGREE = 1_000_000  # steps in a degree: 0.11 m at the equator
EXTENT_STEPS = 20_000  # a detail of a 20 000th of the map's width cannot be seen on any screen
MAX_VERTICES = 300_000

Corner = tuple[float, float]
Geometries = NDArray[np.object_]


def corner_of(table: gpd.GeoDataFrame) -> Corner:
    """Return the south-west corner (lon, lat) that the integers of a page count from."""
    west, south, _, _ = table.geometry.to_crs(LONLAT).total_bounds
    return round(float(west), 4), round(float(south), 4)


def simplified(polygons: gpd.GeoSeries, *, max_vertices: int = MAX_VERTICES) -> gpd.GeoSeries:
    """Return the polygons with fewer vertices, neighbours still sharing every border.

    Parameters
    ----------
    polygons
        Polygons in a CRS in metres.
    max_vertices
        Detail is halved until no more vertices are left than this.

    Notes
    -----
    Polygons that overlap have no shared borders to keep; they are simplified one by one.
    """
    if polygons.empty:
        return polygons
    west, south, east, north = polygons.total_bounds
    tolerance_m = max(east - west, north - south, 1.0) / EXTENT_STEPS
    shapes: Geometries = np.asarray(polygons.to_numpy(), dtype=object)
    shared = bool(shapely.coverage_is_valid(shapes))
    while True:
        small: Geometries = np.asarray(
            shapely.coverage_simplify(shapes, tolerance_m) if shared else shapely.simplify(shapes, tolerance_m)
        )
        if shapely.get_num_coordinates(small).sum() <= max_vertices:
            return gpd.GeoSeries(small, index=polygons.index, crs=polygons.crs)
        tolerance_m *= 2


def encode(shapes: gpd.GeoSeries, corner: Corner) -> list[list[list[int]]]:
    """Return every shape as a list of lines or rings: x, y of the first vertex, then steps dx, dy.

    Integers count millionths of a degree from `corner`. A ring is not closed again. Polygons, lines, points
    and collections of them may be mixed.
    """
    lonlat = np.asarray(shapes.to_crs(LONLAT).to_numpy(), dtype=object)
    return [[_steps(part, corner) for part in _parts(shape)] for shape in lonlat]


def encode_points(points: gpd.GeoSeries, corner: Corner) -> list[list[int]]:
    """Return every point as [x, y] in millionths of a degree from `corner`."""
    lonlat = points.to_crs(LONLAT)
    xy = np.column_stack([lonlat.x, lonlat.y]) if len(lonlat) else np.empty((0, 2))
    counted: list[list[int]] = _counted(xy, corner).tolist()
    return counted


def _parts(shape: Any) -> Sequence[NDArray[np.float64]]:
    """Return the vertices of every ring, line or point of a shape; rings without their last vertex."""
    if shape is None or shape.is_empty:
        return []
    if shape.geom_type == "Polygon":
        return [shapely.get_coordinates(r)[:-1] for r in (shape.exterior, *shape.interiors)]
    if hasattr(shape, "geoms"):
        return [part for member in shape.geoms for part in _parts(member)]
    return [shapely.get_coordinates(shape)]


def _counted(xy: NDArray[np.float64], corner: Corner) -> NDArray[np.int64]:
    counted: NDArray[np.int64] = np.rint((xy - np.asarray(corner)) * DEGREE).astype(np.int64)
    return counted


def _steps(xy: NDArray[np.float64], corner: Corner) -> list[int]:
    counted = _counted(xy, corner)
    steps = np.diff(counted, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    moved = np.any(steps != 0, axis=1)
    moved[0] = True
    made: list[int] = steps[moved].ravel().tolist()
    return made
