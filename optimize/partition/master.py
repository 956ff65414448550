"""The linear relaxation of set partitioning over a pool of columns, with subset-row cuts.

Columns enter the programme when their reduced cost asks for it, so that a pool of half a million is priced,
not solved. Cuts: of the grids that hold two or three of any three units, at most one can be chosen (Jepsen,
Petersen, Spoorendonk & Pisinger 2008, doi:10.1287/opre.1070.0449).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from optimize.column_programme import ColumnProgramme, LinearSolution
from optimize.partition.choice import choose_per_unit, stacked, violated_triples
from optimize.partition.columns import Columns
from optimize.partition.problem import Floats, Ints
from optimize.partition.set_model import Duals
from optimize.stopping import Stop

__all__ = ["Master", "Relaxed", "hits_of"]

FIRST_EACH = 8  # columns a unit to begin with
MORE_EACH = 6
LEAST_VIOLATION = 0.02
CUTS_A_ROUND = 60
TOLERANCE = 1e-9
NEAR_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation solved over the whole pool.

    Attributes
    ----------
    bound
        Lower bound on the cost of any selection of pool columns, safe against rounding.
    duals, cut_duals
        Prices behind the bound; those of the cuts are <= 0.
    reduced
        Reduced cost of every pool column, shape (m,).
    shares
        Value of every pool column, shape (m,).
    feasible
        False when the pool cannot make the stated grids even in parts.
    """

    bound: float
    duals: Duals
    cut_duals: Floats
    reduced: Floats
    shares: Floats
    feasible: bool

    @property
    def is_whole(self) -> bool:
        """Return whether every share is 0 or 1."""
        return bool(np.all(np.minimum(self.shares, np.abs(1 - self.shares)) < 1e-6))


class Master:
    """The relaxation over a pool of columns.

    Parameters
    ----------
    n, count, slack
        Units, grids, and load that may lie outside the band (beyond what is unavoidable).
    pool, costs
        The columns and what each costs.
    dear
        Cost of a unit that no column covers.
    first
        Reduced costs at prices that are near the best: the cheapest columns enter first.
    triples
        Cuts to begin with, shape (c, 3).
    """

    def __init__(
        self,
        n: int,
        count: int,
        slack: int,
        pool: Columns,
        costs: Floats,
        *,
        dear: float,
        first: Floats | None = None,
        triples: Ints | None = None,
    ) -> None:
        self.n, self.count, self.slack = n, count, slack
        self.pool, self.costs = pool, costs
        self.triples = np.zeros((0, 3), np.int64) if triples is None else triples
        self._held = pool.incidence(n).T.tocsr()  # columns x units
        self._hits = hits_of(self.triples, self._held.T)
        self._inside = np.zeros(len(pool), dtype=bool)
        self._order: list[Ints] = []
        self._first = 2 * (n + 1)  # artificial columns before the pool's
        self._dear = dear
        self._programme = self._empty_programme()
        if first is None:
            first = costs / np.maximum(pool.sizes(), 1)
        self._enter(choose_per_unit(pool.starts, pool.units, first, np.inf, self._inside, n, FIRST_EACH))

    def enter(self, columns: Ints) -> None:
        """Make sure that columns are in the programme."""
        self._enter(columns[~self._inside[columns]])

    def grow(self, columns: Columns, costs: Floats) -> None:
        """Add columns to the pool and to the programme."""
        before = len(self.pool)
        self.pool = self.pool.join(columns)
        self.costs = np.concatenate([self.costs, costs])
        self._held = sparse.vstack([self._held, columns.incidence(self.n).T]).tocsr()
        self._hits = hits_of(self.triples, self._held.T)
        self._inside = np.concatenate([self._inside, np.zeros(len(columns), dtype=bool)])
        self._enter(np.arange(before, before + len(columns)))

    def solve(self, stop: Stop) -> Relaxed:
        """Solve over the whole pool."""
        bound = -np.inf
        kept: tuple[LinearSolution, Floats] | None = None
        while True:
            solution = self._programme.solve()
            if solution is None:
                break
            reduced = self._reduced(solution)
            least = min(0.0, float(reduced.min(initial=0.0)))
            now = self._dual_value(solution) + self.count * least
            if kept is None or now > bound:
                bound, kept = now, (solution, reduced)
            scale = max(1.0, abs(solution.objective))
            if least > -TOLERANCE * scale or solution.objective - bound < TOLERANCE * scale or stop.now():
                kept = (solution, reduced) if now >= bound else kept
                break
            more = choose_per_unit(
                self.pool.starts, self.pool.units, reduced, -TOLERANCE, self._inside, self.n, MORE_EACH
            )
            if not len(more):
                break
            self._enter(more)
        if kept is None:
            nothing = Duals(np.zeros(self.n), 0.0, 0.0)
            return Relaxed(-np.inf, nothing, np.zeros(0), self.costs.copy(), np.zeros(len(self.pool)), feasible=True)
        return self._relaxed(bound, *kept)

    def cut(self, relaxed: Relaxed) -> int:
        """Add the cuts that a solution violates; return how many."""
        some = np.flatnonzero(relaxed.shares > NEAR_ZERO)
        part = self.pool.take(some)
        triples, _ = violated_triples(
            part.starts, part.units, relaxed.shares[some], self.n, LEAST_VIOLATION, CUTS_A_ROUND
        )
        if not len(triples):
            return 0
        hits = hits_of(triples, self._held.T)
        self.triples = np.concatenate([self.triples, triples])
        self._hits = sparse.vstack([self._hits, hits]).tocsr()
        entered = np.concatenate(self._order) if self._order else np.zeros(0, np.int64)
        rows = sparse.hstack([sparse.csr_matrix((len(triples), self._first)), hits[:, entered]]).tocsr()
        self._programme.add_rows(np.full(len(triples), -np.inf), np.ones(len(triples)), rows)
        return len(triples)

    def _empty_programme(self) -> ColumnProgramme:
        cuts = len(self.triples)
        ones = np.ones(self.n)
        low = np.concatenate([ones, [self.count, -np.inf], np.full(cuts, -np.inf)])
        high = np.concatenate([ones, [self.count, self.slack], np.ones(cuts)])
        programme = ColumnProgramme(low, high)
        rows = len(low)
        over = sparse.csc_matrix(sparse.eye(rows, self.n + 1))
        spare = sparse.csc_matrix(sparse.hstack([over, -over]))
        costs = np.full(self._first, self._dear)
        programme.add_columns(costs, spare)
        return programme

    def _enter(self, columns: Ints) -> None:
        if not len(columns):
            return
        part = self.pool.take(columns)
        hits = sparse.csc_matrix(self._hits[:, columns])
        values, rows, starts = stacked(part.starts, part.units, part.excess, hits.indptr, hits.indices, self.n)
        shape = (self.n + 2 + len(self.triples), len(columns))
        self._programme.add_columns(self.costs[columns], sparse.csc_matrix((values, rows, starts), shape=shape))
        self._inside[columns] = True
        self._order.append(columns)

    def _reduced(self, solution: LinearSolution) -> Floats:
        duals = solution.row_duals
        n = self.n
        reduced = self.costs - self._held @ duals[:n] - duals[n]
        if self.slack:
            reduced -= min(0.0, duals[n + 1]) * self.pool.excess
        if len(self.triples):
            reduced -= self._hits.T @ np.minimum(0.0, duals[n + 2 :])
        return np.asarray(reduced)

    def _dual_value(self, solution: LinearSolution) -> float:
        duals, n = solution.row_duals, self.n
        value = duals[:n].sum() + self.count * duals[n] + self.slack * min(0.0, duals[n + 1])
        return float(value + np.minimum(0.0, duals[n + 2 :]).sum())

    def _relaxed(self, bound: float, solution: LinearSolution, reduced: Floats) -> Relaxed:
        n, duals = self.n, solution.row_duals
        shares = np.zeros(len(self.pool))
        if self._order:
            entered = np.concatenate(self._order)
            held = min(len(entered), len(solution.values) - self._first)
            shares[entered[:held]] = solution.values[self._first : self._first + held]
        spare = float(solution.values[: self._first].sum())
        least = min(0.0, float(reduced.min(initial=0.0)))
        return Relaxed(
            bound,
            Duals(duals[:n].copy(), float(duals[n]) + least, -min(0.0, float(duals[n + 1]))),
            np.minimum(0.0, duals[n + 2 :]),
            reduced - least,
            shares,
            spare < 1e-6,
        )


def hits_of(triples: Ints, incidence: sparse.csc_matrix) -> sparse.csr_matrix:
    """Return the matrix (cuts x columns) that is 1 where a column holds two or three of a triple."""
    n, m = incidence.shape
    if not len(triples):
        return sparse.csr_matrix((0, m))
    rows = np.repeat(np.arange(len(triples)), 3)
    pick = sparse.csr_matrix((np.ones(3 * len(triples)), (rows, triples.ravel())), shape=(len(triples), n))
    hits = sparse.csr_matrix(pick @ incidence)
    hits.data = (hits.data >= 2).astype(np.float64)
    hits.eliminate_zeros()
    return hits
