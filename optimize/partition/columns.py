"""The columns of a set partitioning model: connected sets of units, each a possible grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from optimize.partition.problem import Bools, Floats, Ints, Territory, heart_of

__all__ = ["Columns", "columns_of_drawing", "side_hm"]


@dataclass(frozen=True, eq=False)
class Columns:
    """Connected sets of units in CSR form.

    Attributes
    ----------
    starts, units
        Units of column ``j`` are ``units[starts[j] : starts[j + 1]]``.
    cost_hm
        Household-metres to the heart and what is asked for beside them, shape (m,). A set pays half of each
        border that it cuts, and for leaving home as if the best home were its own.
    heart
        Heart of each column.
    excess
        Load outside the band beyond what single heavy units make unavoidable, shape (m,).
    """

    starts: Ints
    units: Ints
    cost_hm: Floats
    heart: Ints
    excess: Ints

    def __len__(self) -> int:
        return len(self.cost_hm)

    @classmethod
    def none(cls) -> Columns:
        """Return no columns."""
        ints = np.zeros(0, np.int64)
        return cls(np.zeros(1, np.int64), ints.astype(np.int32), np.zeros(0), ints.astype(np.int32), ints)

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """Return the columns of all parts, one part after the other."""
        before = np.cumsum([0, *(int(part.starts[-1]) for part in parts)])
        starts = [part.starts[1:] + first for part, first in zip(parts, before[:-1], strict=True)]
        return cls(
            np.concatenate([[0], *starts]).astype(np.int64),
            np.concatenate([part.units for part in parts]),
            np.concatenate([part.cost_hm for part in parts]),
            np.concatenate([part.heart for part in parts]),
            np.concatenate([part.excess for part in parts]),
        )

    def of(self, column: int) -> Ints:
        """Return the units of one column."""
        return self.units[self.starts[column] : self.starts[column + 1]]

    def sizes(self) -> Ints:
        """Return the number of units of each column."""
        return np.diff(self.starts)

    def take(self, chosen: Ints | Bools) -> Columns:
        """Return the chosen columns, in the order given."""
        rows = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        sizes = self.sizes()[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        at = np.repeat(self.starts[rows] - starts[:-1], sizes) + np.arange(starts[-1])
        return Columns(starts, self.units[at], self.cost_hm[rows], self.heart[rows], self.excess[rows])

    def join(self, other: Columns) -> Columns:
        """Return these columns and then the others."""
        return Columns(
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
            np.concatenate([self.units, other.units]),
            np.concatenate([self.cost_hm, other.cost_hm]),
            np.concatenate([self.heart, other.heart]),
            np.concatenate([self.excess, other.excess]),
        )

    def incidence(self, n: int) -> sparse.csc_matrix:
        """Return the matrix of shape (n units, m columns) that is 1 where a column holds a unit."""
        return sparse.csc_matrix((np.ones(len(self.units)), self.units, self.starts), shape=(n, len(self)))

    def labels(self, chosen: Ints, n: int) -> Ints:
        """Return the drawing that the chosen columns make."""
        labels = np.full(n, -1, np.int64)
        for grid, column in enumerate(chosen):
            labels[self.of(int(column))] = grid
        return labels


def columns_of_drawing(territory: Territory, labels: Ints, load: Ints) -> Columns:
    """Return the grids of a drawing as columns; ``load`` as the model sees it."""
    sets = [np.flatnonzero(labels == grid) for grid in np.unique(labels)]
    hearts = [heart_of(territory, units) for units in sets]
    loads = np.array([int(load[units].sum()) for units in sets], np.int64)
    return Columns(
        np.concatenate([[0], np.cumsum([len(units) for units in sets])]).astype(np.int64),
        np.concatenate(sets).astype(np.int32),
        np.array([walk for _, walk in hearts]) + side_hm(territory, sets, loads),
        np.array([heart for heart, _ in hearts], np.int32),
        np.asarray(territory.band.violation(loads)),
    )


def side_hm(territory: Territory, sets: Sequence[Ints], loads: Ints) -> Floats:
    """Return what sets of these loads cost beside the walk."""
    terms = territory.terms
    costs: Floats = terms.uneven * np.abs(loads - float(territory.band.target))
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    if terms.area_price:
        areas = np.array([int(territory.area[units].sum()) for units in sets])
        costs += terms.area_price * np.maximum(areas - terms.area_cap, 0)
    for i, units in enumerate(sets):
        inside = np.zeros(len(territory), bool)
        inside[units] = True
        if len(terms.border):
            costs[i] += terms.border[inside[rows] & ~inside[territory.indices]].sum() / 2
        if len(terms.home):
            at_home = units[terms.home[units] >= 0]
            best = np.bincount(terms.home[at_home], weights=terms.away[at_home]).max(initial=0.0)
            costs[i] += terms.away[units].sum() - best
    return costs
