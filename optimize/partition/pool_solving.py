"""HiGHS over sets of a pool: the best selection of them, or a bound on any."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from optimize.partition.columns import Columns
from optimize.partition.master import hits_of
from optimize.partition.problem import Floats, Ints
from optimize.partition.standing import Standing
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["PoolSolver"]

FEW, FEW_A_UNIT = 200, 8
FIRST_PART, LARGEST_PART = 0.5, 1.0  # of the few
PART_NODES = 1


class PoolSolver:
    """HiGHS, asked for selections that are better than what is known."""

    def __init__(self, standing: Standing, stop: Stop) -> None:
        self.standing, self.stop = standing, stop
        self.few = FEW + FEW_A_UNIT * len(standing.model)  # sets that HiGHS solves faster than cuts tighten them
        self._part_share = FIRST_PART

    def solve_part(self, pool: Columns, reduced: Floats, triples: Ints) -> bool:
        """Solve over the few cheapest sets; where there is nothing better, over more next time."""
        before = self.standing.value
        order = np.argsort(reduced, kind="stable")[: int(self._part_share * self.few)]
        self.solve(pool.take(np.sort(order)), triples, nodes=PART_NODES)
        improved = self.standing.value < before
        if not improved:
            self._part_share = min(2 * self._part_share, LARGEST_PART)
        return improved

    def solve(self, pool: Columns, triples: Ints, *, nodes: int) -> float:
        """Take what is better than what is known; return a bound on anything in the pool."""
        if not len(pool):
            return np.inf
        standing, n, m = self.standing, len(self.standing.model), len(pool)
        cuts = hits_of(triples, pool.incidence(n))
        grids = sparse.csr_matrix(np.ones((1, m)))
        excess = sparse.csr_matrix(pool.excess.astype(np.float64)[None, :])
        rows = sparse.csr_matrix(sparse.vstack([pool.incidence(n), grids, excess, cuts]))
        low = np.concatenate([np.ones(n), [standing.count, -np.inf], np.full(cuts.shape[0], -np.inf)])
        high = np.concatenate([np.ones(n), [standing.count, standing.slack], np.ones(cuts.shape[0])])
        answer = solve_sparse(
            standing.cost(pool),
            rows,
            low,
            high,
            high=1.0,
            integral=True,
            node_limit=nodes,
            seconds=None if self.stop.deadline_s is None else max(0.1, self.stop.seconds_left()),
            cancelled=self.stop.cancelled,
        )
        if answer.values is not None:
            standing.take(pool.take(np.flatnonzero(answer.values > 0.5)))
        if answer.status == "infeasible":
            return np.inf
        return -np.inf if answer.bound is None else answer.bound
