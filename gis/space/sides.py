"""Which side of a barrier a unit is on: the part of its polygon that holds its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.space.barriers import BARRIER_TOLERANCE_M, Barriers
from gis.space.borders import Border

__all__ = ["UnitSides"]

_TOUCH_M = 0.01  # a piece of border on the rim of a part lies on it to within rounding

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class UnitSides:
    """The units with what barriers leave of them.

    Parameters
    ----------
    own
        Each unit's own side: its polygon, or the part of it that holds its place.
    taken
        Ground that barriers take near the unit; None where none comes near.
    split
        Whether a barrier leaves the unit in more than one part.
    """

    own: Geometries
    taken: Geometries
    split: NDArray[np.bool_]

    @classmethod
    def of(cls, polygons: Geometries, places_m: NDArray[np.float64], barriers: Barriers) -> UnitSides:
        """Cut `polygons` along `barriers` and keep the part nearest to each place, (n, 2) in metres.

        Ties fall to the larger part.
        """
        own = polygons.copy()
        split = np.zeros(len(polygons), dtype=bool)
        if not barriers:
            return cls(own, np.full(len(polygons), None, dtype=object), split)
        taken = barriers.taken_from(polygons)
        near = np.flatnonzero(taken != np.array(None))
        left = shapely.difference(polygons[near], taken[near])
        whole = shapely.is_empty(left)
        left[whole] = polygons[near[whole]]  # a unit wholly under a barrier still has a side: itself
        parts, of = shapely.get_parts(left, return_index=True)
        away = shapely.distance(parts, shapely.points(places_m[near[of]]))
        order = np.lexsort((-shapely.area(parts), np.round(away, 3), of))
        first = np.unique(of[order], return_index=True)[1]
        own[near] = parts[order][first]
        split[near] = (np.bincount(of, minlength=len(near)) > 1) | whole
        return cls(own, taken, split)

    def open_m(self, border: Border) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the metres of each piece of border that no barrier takes and both own sides touch.

        Returns
        -------
        tuple
            The metres outside every barrier's strip, which decide; and with the strip's width given
            back where a barrier only crosses the border or ends it, which are told.
        """
        free, told = border.length_m.copy(), border.length_m.copy()
        a, b = border.ends[:, 0], border.ends[:, 1]
        near = (self.taken[a] != np.array(None)) | (self.taken[b] != np.array(None))
        if not near.any():
            return free, told
        a, b = a[near], b[near]
        lines = border.lines(near)
        left = lines
        for unit in (a, b):
            taken = self.taken[unit]
            taken[taken == np.array(None)] = shapely.Polygon()
            left = shapely.difference(left, taken)
        parts, of = shapely.get_parts(left, return_index=True)
        touching = np.ones(len(parts), dtype=bool)
        for unit in (a[of], b[of]):
            touching &= ~self.split[unit] | (shapely.distance(parts, self.own[unit]) <= _TOUCH_M)
        length = shapely.length(parts)
        back = length + BARRIER_TOLERANCE_M * _cut_ends(parts, lines[of])
        free[near] = np.bincount(of, weights=length * touching, minlength=len(a))
        told[near] = np.minimum(told[near], np.bincount(of, weights=back * touching, minlength=len(a)))
        return free, told


def _cut_ends(parts: Geometries, lines: Geometries) -> NDArray[np.int64]:
    """Count for each part of a straight line the ends that are not the line's own."""
    cut = np.zeros(len(parts), dtype=np.int64)
    for end in (0, -1):
        away = [shapely.distance(shapely.get_point(parts, end), shapely.get_point(lines, i)) for i in (0, -1)]
        cut += np.minimum(*away) > _TOUCH_M
    return cut
