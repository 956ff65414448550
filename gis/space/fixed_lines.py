"""Fixed boundary lines: no obstacle to anybody, but no grid reaches across one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.space.barriers import Barriers
from gis.space.sides import UnitSides

__all__ = ["FixedLines"]

_CUT_SHARE = 0.01  # of a unit's area beyond a line from which on the line runs through it

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FixedLines:
    """The fixed lines of a study and the units' own sides of all barriers."""

    lines: Barriers
    sides: UnitSides

    @classmethod
    def of(cls, barriers: pd.DataFrame, sides: UnitSides) -> FixedLines:
        """Take the lines of kind ``boundary`` out of a barriers table."""
        return cls(Barriers.fixed(barriers), sides)

    def __bool__(self) -> bool:
        return bool(self.lines)

    def between(self, ends: Ints) -> NDArray[np.bool_]:
        """Return for each pair of units whether the shortest way from side to side leads over a fixed line."""
        if not self.lines or not len(ends):
            return np.zeros(len(ends), dtype=bool)
        ways = shapely.shortest_line(self.sides.own[ends[:, 0]], self.sides.own[ends[:, 1]])
        way, _ = shapely.STRtree(self.lines.lines).query(ways, predicate="intersects")
        return np.isin(np.arange(len(ends)), way)

    def bars(self, a: int, b: int) -> bool:
        """Return whether a fixed line lies between two units."""
        return bool(self.between(np.array([[a, b]]))[0])

    def findings(
        self, units: pd.DataFrame, places_m: NDArray[np.float64], *, pairs: int, crossings: int
    ) -> tuple[Finding, ...]:
        """Tell what the lines cut: neighbours, joins of crossings, and units they run through.

        Parameters
        ----------
        units
            Sorted, with geometry.
        places_m
            Places of the units, (n, 2).
        pairs, crossings
            Neighbours that the lines alone keep apart, and joins that they undo.
        """
        facts = {"lines": len(self.lines.lines), "pairs": pairs, "crossings": crossings}
        told = [Finding("boundary-cuts", facts, table="fixed_lines")]
        polygons = np.asarray(units.geometry.to_numpy(), dtype=object)
        alone = UnitSides.of(polygons, places_m, self.lines)
        near = np.flatnonzero(alone.taken != np.array(None))
        left = shapely.area(shapely.difference(polygons[near], alone.taken[near])) - shapely.area(alone.own[near])
        through = units.index[near[left > _CUT_SHARE * shapely.area(polygons[near])]]
        if len(through):
            first = str(through[0])
            told.append(
                Finding(
                    "boundary-through-units",
                    {"count": len(through), "unit_id": first},
                    table="fixed_lines",
                    feature=first,
                )
            )
        return tuple(told)
