"""Barriers that cut neighbours apart, taken to pieces for fast questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.kinds import BarrierKind
from gis.space.linework import segments_of

__all__ = ["BARRIER_TOLERANCE_M", "Barriers"]

BARRIER_TOLERANCE_M = 1.0  # a barrier takes this much on each side: drawn lines end a little short of what they meet

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Barriers:
    """What people cannot walk across, and where they can after all.

    Parameters
    ----------
    lines
        Line strings: line barriers, and the banks of those drawn as areas.
    grounds
        Polygons of barriers drawn as areas, such as a wide river.
    crossings
        Points, lines or polygons of kind ``crossing``, in canonical order.
    names
        Name of each crossing, empty where it has none.
    """

    lines: Geometries
    grounds: Geometries
    crossings: Geometries
    names: tuple[str, ...]

    @staticmethod
    def fixed(table: pd.DataFrame) -> Barriers:
        """Return the fixed boundary lines of a barriers table alone: what nothing ever joins across."""
        return Barriers.of(table[table["kind"].astype(str) == str(BarrierKind.BOUNDARY)])

    @classmethod
    def of(cls, table: pd.DataFrame) -> Barriers:
        """Sort a barriers table (kind, geometry, name) into its parts, in an order free of its rows' order."""
        shapes = np.asarray(table["geometry"].to_numpy(), dtype=object)
        kinds = table["kind"].astype(str).to_numpy()
        names = table["name"].fillna("").astype(str).to_numpy() if "name" in table else np.full(len(table), "")
        usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        crossing = kinds == str(BarrierKind.CROSSING)
        walls = _canonical(shapely.get_parts(shapes[usable & ~crossing]))
        grounds = walls[shapely.get_type_id(walls) == shapely.GeometryType.POLYGON]
        lines = walls[np.isin(shapely.get_type_id(walls), (1, 2))]
        banks = shapely.get_rings(grounds)
        points = shapes[usable & crossing]
        order = np.argsort(shapely.to_wkb(points)) if len(points) else np.empty(0, dtype=np.int64)
        return cls(
            np.concatenate([lines, np.asarray(banks, dtype=object)]),
            grounds,
            points[order],
            tuple(str(n) for n in names[usable & crossing][order]),
        )

    def __bool__(self) -> bool:
        return len(self.lines) > 0

    def segments(self) -> Geometries:
        """Return every line as straight two-point lines."""
        return segments_of(self.lines).lines()

    def taken_from(self, polygons: Geometries) -> Geometries:
        """Return the ground that barriers take near each polygon; None where none comes near.

        The ground is the barriers drawn as areas and a strip of `BARRIER_TOLERANCE_M` on
        each side of the lines.
        """
        taken = np.full(len(polygons), None, dtype=object)
        segments = self.segments()
        tree = shapely.STRtree(polygons)
        near, polygon = tree.query(segments, predicate="dwithin", distance=BARRIER_TOLERANCE_M)
        order = np.lexsort((near, polygon))
        near, polygon = near[order], polygon[order]
        owners, first = np.unique(polygon, return_index=True)
        strips = [
            shapely.buffer(shapely.multilinestrings(group), BARRIER_TOLERANCE_M, quad_segs=2)
            for group in np.split(segments[near], first[1:])
        ]
        taken[owners] = strips if len(owners) else None
        ground, polygon = tree.query(self.grounds, predicate="intersects")
        for g, p in zip(ground.tolist(), polygon.tolist(), strict=True):
            box = shapely.bounds(polygons[p]) + np.array([-1, -1, 1, 1]) * BARRIER_TOLERANCE_M
            here = shapely.intersection(self.grounds[g], shapely.box(*box))
            taken[p] = here if taken[p] is None else shapely.union(taken[p], here)
        return taken


def _canonical(shapes: Geometries) -> Geometries:
    """Sort geometries by their bytes."""
    shapes = np.asarray(shapes, dtype=object)
    return shapes[np.argsort(shapely.to_wkb(shapes))] if len(shapes) else shapes
