"""An integer programme of grids: which unit is in which grid, as arrays, with a name for every row."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy import sparse

from optimize.partition.piece_cuts import cut_rows
from optimize.partition.problem import Bools, Floats
from optimize.partition.programme_witness import PieceCut, Prices, Row

__all__ = ["Programme"]

LOADS = ("low", "high", "outside")  # rows that count load


@dataclass(frozen=True, eq=False, kw_only=True)
class Programme(ABC):
    """``min costs x`` with ``low <= rows x <= high`` and ``0 <= x <= most``.

    Attributes
    ----------
    count
        Number of grids; unit u is in grid g at column ``u * count + g``.
    whole
        Which columns are whole numbers: those.
    scale
        Load that counts as 1 in the rows.
    added
        Names of the last rows, those that were added to the programme's own.
    """

    count: int
    costs: Floats
    most: Floats
    whole: Bools
    rows: sparse.csr_matrix
    low: Floats
    high: Floats
    scale: float = 1.0
    added: tuple[Row, ...] = ()

    @abstractmethod
    def own_names(self) -> list[Row]:
        """Return the names of the programme's own rows."""

    def named(self, prices: Floats) -> Prices:
        """Return the prices of the first rows, as many as there are prices, by name; a load's by one of its unit."""
        names = [*self.own_names(), *self.added]
        scales = (self.scale if name[0] in LOADS else 1.0 for name in names)
        told = zip(names, prices.tolist(), scales, strict=False)
        return tuple((name, price / scale) for name, price, scale in told if price)

    def with_cuts(self, cuts: Sequence[PieceCut], first: int = 0) -> Self:
        """Add the rows of cuts, numbered from ``first``, for each grid that their unit can be in."""
        if not cuts:
            return self
        rows = cut_rows(cuts, self.count, len(self.costs))
        ends = np.repeat([u for u, _, _ in cuts], self.count) * self.count
        kept = self.most[ends + np.tile(np.arange(self.count), len(cuts))] > 0
        names = [("piece", first + i // self.count, i % self.count) for i in np.flatnonzero(kept).tolist()]
        return self.with_rows(rows[kept], np.full(len(names), -np.inf), np.ones(len(names)), names)

    def with_rows(self, rows: sparse.csr_matrix, low: Floats, high: Floats, names: Sequence[Row]) -> Self:
        """Add rows."""
        return replace(
            self,
            rows=sparse.csr_matrix(sparse.vstack([self.rows, rows])),
            low=np.concatenate([self.low, low]),
            high=np.concatenate([self.high, high]),
            added=(*self.added, *names),
        )
