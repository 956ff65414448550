"""A linear programme that grows by columns and rows and is solved again from where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

highspy: Any
try:
    import highspy
except ImportError:
    highspy = None

__all__ = ["ColumnProgramme", "LinearSolution", "can_grow"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinearSolution:
    """An optimal solution of a linear programme.

    Attributes
    ----------
    objective
        Its value.
    values, row_duals
        One entry a column, one a row.
    """

    objective: float
    values: Floats
    row_duals: Floats


def can_grow() -> bool:
    """Return whether the solver that keeps its basis (HiGHS) is installed."""
    return highspy is not None


class ColumnProgramme:
    """``min c x``, ``low <= A x <= high``, ``x >= 0``, held by HiGHS between solves.

    Parameters
    ----------
    row_low, row_high
        Bounds of the first rows, shape (m,).
    """

    def __init__(self, row_low: Floats, row_high: Floats) -> None:
        self._solver = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0}.items():
            self._solver.setOptionValue(option, value)
        self.row_count = 0
        self.column_count = 0
        self.add_rows(row_low, row_high, sparse.csr_matrix((len(row_low), 0)))

    def add_rows(self, low: Floats, high: Floats, rows: sparse.csr_matrix) -> None:
        """Add rows; ``rows`` has a column for every column so far."""
        self._solver.addRows(
            len(low),
            np.asarray(low, np.float64),
            np.asarray(high, np.float64),
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float64),
        )
        self.row_count += len(low)

    def add_columns(self, costs: Floats, columns: sparse.csc_matrix, most: Floats | None = None) -> None:
        """Add columns; ``columns`` has a row for every row so far, ``most`` is where each ends."""
        count = len(costs)
        self._solver.addCols(
            count,
            np.asarray(costs, np.float64),
            np.zeros(count),
            np.full(count, highspy.kHighsInf) if most is None else np.asarray(most, np.float64),
            columns.nnz,
            columns.indptr[:-1].astype(np.int32),
            columns.indices.astype(np.int32),
            columns.data.astype(np.float64),
        )
        self.column_count += count

    def drop_columns(self, columns: npt.NDArray[np.integer[Any]]) -> None:
        """Remove columns; those that stay keep their order."""
        self._solver.deleteCols(len(columns), np.sort(columns).astype(np.int32))
        self.column_count -= len(columns)

    def hold(self, columns: npt.NDArray[np.integer[Any]], low: Floats, most: Floats) -> None:
        """Change where columns begin and end."""
        self._solver.changeColsBounds(len(columns), columns.astype(np.int32), low, most)

    def refusal(self) -> Floats | None:
        """Return prices of the rows that show why there is no solution, after a `solve` without one."""
        _, known, prices = self._solver.getDualRay()
        return np.array(prices, np.float64) if known else None

    def solve(self) -> LinearSolution | None:
        """Return the optimum, or None when there is none."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        return LinearSolution(
            float(self._solver.getObjectiveValue()),
            np.array(solution.col_value, np.float64),
            np.array(solution.row_dual, np.float64),
        )
