"""The solution of a model: the honest answer and the values behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gis.model.results import SolverAnswer

_SMALLEST_DENOMINATOR = 1e-9


@dataclass(frozen=True)
class Solution(SolverAnswer):
    """A solver's answer with the values of the columns.

    Attributes
    ----------
    status
        ``optimal`` (within the asked gap), ``feasible`` (a limit stopped the proof), ``infeasible``,
        ``unbounded`` or ``none`` (nothing is known).
    objective, bound, gap_share, seconds, engine
        As in `gis.model.results.SolverAnswer`; seconds are wall seconds inside the solver.
    values
        Values of the columns (read-only), or None.
    row_duals
        Duals of the rows, for continuous models solved to optimality, or None.
    nodes
        Branch-and-bound nodes used.
    """

    values: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)
    row_duals: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)
    nodes: int = 0

    @property
    def has_values(self) -> bool:
        """True when there is a solution to read."""
        return self.values is not None

    @property
    def answer(self) -> SolverAnswer:
        """The answer alone, without the arrays."""
        return SolverAnswer(self.status, self.objective, self.bound, self.gap_share, self.seconds, self.engine)


def gap_share_of(objective: float, bound: float | None) -> float | None:
    """Return ``|objective - bound| / |objective|``, or None where there is no bound."""
    if bound is None:
        return None
    difference = abs(objective - bound)
    return difference / max(abs(objective), _SMALLEST_DENOMINATOR) if difference > 0 else 0.0
