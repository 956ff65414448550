"""A measured value with its unit, its direction and the version of its formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from gis.model.kinds import Better

__all__ = ["Score", "Scorecard"]


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of a plan.

    Parameters
    ----------
    measure
        Name in the registry of measures.
    value
        Number, or None where the measure does not apply.
    unit
        Unit of the value (``m``, ``share``, ``h``, ``grids``, ``households`` ...).
    better
        Direction in which the measure improves; None for a plain count.
    version
        Version of the formula: a changed formula makes stored scores stale.
    """

    measure: str
    value: float | None
    unit: str
    better: Better | None
    version: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scores of one plan, in the order of the registry."""

    scores: tuple[Score, ...] = ()

    def __iter__(self) -> Iterator[Score]:
        return iter(self.scores)

    def __getitem__(self, measure: str) -> Score:
        for score in self.scores:
            if score.measure == measure:
                return score
        raise KeyError(measure)

    def table(self) -> pd.DataFrame:
        """Return the table of the `scorecard` layer: measure, value, unit, better, version."""
        return pd.DataFrame(
            {
                "measure": [s.measure for s in self.scores],
                "value": pd.array([s.value for s in self.scores], dtype="Float64"),
                "unit": [s.unit for s in self.scores],
                "better": [s.better.value if s.better else None for s in self.scores],
                "version": [s.version for s in self.scores],
            }
        )
