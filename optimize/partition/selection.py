"""The cheapest selection of connected sets that covers a territory, with a lower bound.

The way there: list the sets (all, or by pricing); solve the relaxation for prices; a set whose reduced cost
exceeds "best known minus bound" can not be in anything better, so drop it; tighten with cuts and drop again;
give what is left to HiGHS. Nothing is dropped without a bound, so a finished run is a proof.
R. Baldacci, N. Christofides & A. Mingozzi (2008) doi:10.1007/s10107-007-0178-5 for the scheme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimize.partition.columns import Columns
from optimize.partition.effort import Effort
from optimize.partition.master import Relaxed
from optimize.partition.pool_pricing import PoolPricing
from optimize.partition.pool_solving import PoolSolver
from optimize.partition.problem import Floats, Ints
from optimize.partition.set_branching import branch_sets
from optimize.partition.set_model import Duals, SetModel
from optimize.partition.standing import RELATIVE, Standing
from optimize.partition.witness import SHOWN, SetNode, Stage
from optimize.stopping import Stop

__all__ = ["FEW_UNITS", "Selection", "best_selection"]

FEW_UNITS = 40  # of so few, nearly all sets can be listed
WIDE_ROOM = 0.03  # of the value: with more room than this, look for something better before listing what is left
CUTS_IN_A_ROW = 4
HEURISTIC_ROUNDS = 3  # of an incomplete pool, for something better rather than a bound
SMALL_STEP = 0.1  # of the room: a round of cuts that gains less ends the row
CLEAR = 1e-9
LEAST_ROOM = 0.05  # of the value: reduced cost up to which an incomplete pool keeps columns
BRANCHES = 2_000  # nodes of a written branch and bound


@dataclass(frozen=True, eq=False)
class Selection:
    """What a search among sets found.

    Attributes
    ----------
    chosen
        The grids, as columns.
    value, bound
        Cost of the grids and a proven lower bound on it.
    is_optimal
        Whether the bound meets the value.
    complete
        Whether every set was listed or dropped by a bound.
    stages
        The prices behind the bound, in the order in which they dropped sets.
    branches
        Where asked for, branch and bound from the last stage's bound to the one told.
    """

    chosen: Columns
    value: float
    bound: float
    is_optimal: bool
    complete: bool
    stages: tuple[Stage, ...]
    branches: tuple[SetNode, ...] = ()

    @property
    def shown(self) -> float:
        """Return the bound that the stages prove, before any branches."""
        return max((stage.bound for stage in self.stages), default=0.0)


class _Search:
    """One search: a pool of sets, complete or not, tightened until what is left is little."""

    def __init__(self, standing: Standing, effort: Effort, stop: Stop) -> None:
        self.standing, self.effort, self.stop = standing, effort, stop
        self.solver = PoolSolver(standing, stop)
        self.pricing = PoolPricing(standing, self.solver, effort, stop)
        known = standing.best
        self.pool = known if known.excess.sum() <= standing.slack else Columns.none()
        self.complete = False
        self.prices: Duals | None = None
        self.triples: Ints = np.zeros((0, 3), np.int64)
        self.stages: list[Stage] = []

    def run(self) -> Selection:
        standing, model = self.standing, self.standing.model
        most = self.effort.listed_of_few if len(model) <= FEW_UNITS else self.effort.listed
        listed = model.every(standing.slack, most=most, most_nodes=4 * most, stop=self.stop)
        self.complete = listed.complete
        if self.complete:
            self.pool = listed.columns
        elif not len(model.hosts) and not self.stop.now():  # hosts are not known to the priced search
            self.pool = self.pricing.generate(self.pool)
            self.prices = self.pricing.prices
            if not self._over() and standing.room <= WIDE_ROOM * standing.value:
                self._list_rest()
        if len(self.pool) and not self._over():
            self._tighten()
        if not self.complete and not self._over() and self._list_rest():
            self._tighten()
        if not self.stages and self.pricing.stage is not None:
            self.stages.append(self.pricing.stage)
        bound = min(standing.bound, standing.value)
        found = Selection(standing.best, standing.value, bound, standing.closed, self.complete, tuple(self.stages))
        return replace(found, branches=self._branches(found)) if self.effort.record else found

    def _list_rest(self) -> bool:
        """List every set that something better could hold, if there are few enough: the complete pool."""
        rest = self.pricing.rest()
        if rest is None:
            return False
        self.pool, stage = rest
        self.complete = True
        self.stages.append(stage)
        self.triples = stage.triples
        return True

    def _branches(self, found: Selection) -> tuple[SetNode, ...]:
        """Return what takes the bound from the last stage to the one told; empty where nothing has to."""
        standing = self.standing
        goal = found.bound - (SHOWN * found.value if standing.by_walk else 1 - SHOWN)
        if not self.complete or not self.stages or found.shown >= goal:
            return ()
        return branch_sets(
            len(standing.model), standing.count, standing.slack, self.pool, standing.cost(self.pool),
            triples=self.triples, goal=goal, most=BRANCHES, stop=self.stop,
        )  # fmt: skip

    def _tighten(self) -> None:
        """Cut, drop, and hand what is left to HiGHS as soon as it is little."""
        standing = self.standing
        for _ in range(self.effort.cut_rounds if self.complete else HEURISTIC_ROUNDS):
            master = standing.master(self.pool, prices=self.prices, triples=self.triples)
            relaxed = master.solve(self.stop)
            self._note(relaxed, master.triples)
            cuts = 0
            while not self._over() and cuts < CUTS_IN_A_ROW and master.cut(relaxed):
                before = relaxed.bound
                relaxed = master.solve(self.stop)
                self._note(relaxed, master.triples)
                cuts += 1
                if relaxed.bound - before < SMALL_STEP * (standing.value - before):
                    break
            if self._over():
                return
            self.prices = relaxed.duals
            self.triples = master.triples[relaxed.cut_duals < -CLEAR]
            reduced = self._drop(relaxed.reduced, relaxed.bound)
            if len(self.pool) > self.solver.few:
                improved = self.solver.solve_part(self.pool, reduced, self.triples)
                if standing.closed or (improved and not self.complete):
                    return  # what an incomplete pool is searched for is found: its bound is none
                self._drop(reduced, relaxed.bound)
            if (self.complete and len(self.pool) <= self.solver.few) or not cuts:
                break
        if self.complete and len(self.pool) <= self.effort.solved:
            bound = self.solver.solve(self.pool, self.triples, nodes=self.effort.solver_nodes)
            standing.raise_bound(min(bound, standing.value))

    def _over(self) -> bool:
        return self.standing.closed or self.stop.now()

    def _note(self, relaxed: Relaxed, triples: Ints) -> None:
        if self.complete:
            self.standing.raise_bound(relaxed.bound)
            self.stages.append(Stage(relaxed.duals, triples, relaxed.cut_duals, relaxed.bound))
        if relaxed.feasible and relaxed.is_whole:
            self.standing.take(self.pool.take(np.flatnonzero(relaxed.shares > 0.5)))

    def _drop(self, reduced: Floats, bound: float) -> Floats:
        """Drop what can not be in anything better; return the reduced costs of what stays."""
        value = self.standing.value
        room = value - bound if self.complete else max(value - bound, LEAST_ROOM * value)
        stays = reduced <= room + RELATIVE * value
        self.pool = self.pool.take(np.flatnonzero(stays))
        return reduced[stays]


def best_selection(
    model: SetModel,
    count: int,
    slack: int,
    known: Columns,
    *,
    by_walk: bool = True,
    effort: Effort | None = None,
    stop: Stop | None = None,
) -> Selection:
    """Return the best grids found and a bound on any.

    Parameters
    ----------
    model, count, slack
        The sets, how many grids, and the load that may lie outside the band beyond the unavoidable.
    known
        Grids that obey all of it.
    by_walk
        Make the household-metres small; else the load outside the band.
    """
    standing = Standing(model, count, slack, known, by_walk=by_walk)
    return _Search(standing, effort or Effort(), stop or Stop()).run()
