"""The cheapest selection of connected sets that covers a territory, with a lower bound.

The way there: list the sets (all, or by pricing); solve the relaxation for prices; a set whose reduced cost
exceeds "best known minus bound" can not be in anything better, so drop it; tighten with cuts and drop again;
give what is left to HiGHS. Nothing is dropped without a bound, so a finished run is a proof.
R. Baldacci, N. Christofides & A. Mingozzi (2008) doi:10.1007/s10107-007-0178-5 for the scheme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from optimize.partition.columns import Columns
from optimize.partition.effort import Effort
from optimize.partition.lagrange import unit_prices
from optimize.partition.master import Master, Relaxed, hits_of
from optimize.partition.problem import Floats, Ints
from optimize.partition.set_branching import branch_sets
from optimize.partition.set_model import Duals, Listed, SetModel
from optimize.partition.witness import SHOWN, SetNode, Stage
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["FEW_UNITS", "Selection", "best_selection"]

FEW_UNITS = 40  # of so few, nearly all sets can be listed
RELATIVE = 1e-7  # costs closer than this share are the same
NEAR_LOADS = 5.0  # units near a heart: the nearest that together weigh this many full grids
PRICING_KEEP = 10
PRICE_ROUNDS = 150
SMOOTHING = (0.9, 0.7, 0.4, 0.0)  # share of the best prices; the next one when nothing is found
WIDER, MOST_WIDER = 5, 60  # a priced search that was cut off is repeated with more nodes
SOLVE_EVERY = 8
WIDE_ROOM = 0.03  # of the value: with more room than this, look for something better before listing what is left
CLOSE = 1e-5  # relaxation and bound this near: no more pricing


def _between(centre: Duals, out: Duals, smooth: float) -> Duals:
    return Duals(
        smooth * centre.unit + (1 - smooth) * out.unit,
        smooth * centre.count + (1 - smooth) * out.count,
        smooth * centre.price + (1 - smooth) * out.price,
    )


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
    """The state of one search: best known grids, bound, pool."""

    def __init__(
        self, model: SetModel, count: int, slack: int, known: Columns, *, by_walk: bool, effort: Effort, stop: Stop
    ) -> None:
        self.model, self.count, self.slack = model, count, slack
        self.by_walk, self.effort, self.stop = by_walk, effort, stop
        self.best = known
        self.value = float(self._cost(known).sum())
        if not by_walk:
            self.value = min(self.value, slack + 1.0)
        self.bound = 0.0
        self.lagrangian = -np.inf
        self.nodes = effort.heart_nodes
        self.nodes_left = effort.pricing_nodes
        self.centre: Duals | None = None
        self.prices: Duals | None = None
        self.part_share = FIRST_PART
        self.listed_room = np.inf
        self.stages: list[Stage] = []
        self.priced_stage: Stage | None = None
        self.pool = known if known.excess.sum() <= slack else Columns.none()
        self.complete = False
        self.triples: Ints = np.zeros((0, 3), np.int64)

    def closed(self) -> bool:
        """Return whether nothing better can exist."""
        return self.room < 0

    @property
    def room(self) -> float:
        """Return the reduced cost above which a set can not be in anything better; negative: nothing can."""
        if not self.by_walk:  # whole loads: better means one less
            return self.value - 1 - self.bound + 1e-6
        room = self.value - self.bound
        return room if room > RELATIVE * max(1.0, self.value) else -1.0

    def run(self) -> Selection:
        most = self.effort.listed_of_few if len(self.model) <= FEW_UNITS else self.effort.listed
        listed = self.model.every(self.slack, most=most, most_nodes=4 * most, stop=self.stop)
        self.complete = listed.complete
        if self.complete:
            self.pool = listed.columns
        elif not len(self.model.hosts) and not self.stop.now():  # hosts are not known to the priced search
            self._generate()
        if len(self.pool) and not self._over():
            self._tighten()
        if not self.complete and not self._over() and self._list_rest():
            self._tighten()
        bound = min(self.bound, float(self.value))
        if not self.stages and self.priced_stage is not None:
            self.stages.append(self.priced_stage)
        found = Selection(self.best, float(self.value), bound, self.closed(), self.complete, tuple(self.stages))
        return replace(found, branches=self._branches(found)) if self.effort.record else found

    def _branches(self, found: Selection) -> tuple[SetNode, ...]:
        """Return what takes the bound from the last stage to the one told; empty where nothing has to."""
        goal = found.bound - (SHOWN * self.value if self.by_walk else 1 - SHOWN)
        if not self.complete or not self.stages or found.shown >= goal:
            return ()
        return branch_sets(
            len(self.model), self.count, self.slack, self.pool, self._cost(self.pool),
            triples=self.triples, goal=goal, most=BRANCHES, stop=self.stop,
        )  # fmt: skip

    def _cost(self, columns: Columns) -> Floats:
        return columns.cost_hm if self.by_walk else columns.excess.astype(np.float64)

    # -- pricing -------------------------------------------------------------------------------------------

    def _generate(self) -> None:
        """Make a pool by pricing, a bound with it, and, where few enough are left, the complete pool.

        Prices are smoothed towards those of the best bound: raw ones swing from round to round.
        """
        centre = self._first_duals()
        listed = self._priced(centre, limit=0.1 * self.value, keep=2 * PRICING_KEEP)
        self._raise_bound(centre, listed)
        centre = self._levelled(centre, listed)
        self.pool = self.pool.join(listed.columns)
        master = self._master()
        for turn in range(self.effort.pricing_rounds):
            if self.stop.now() or self.closed():
                return
            relaxed = master.solve(self.stop)
            if turn % SOLVE_EVERY == SOLVE_EVERY - 1:
                self.pool = master.pool
                self._solve_part(relaxed.reduced)
            if relaxed.bound - self.bound <= CLOSE * self.value:
                break
            news = np.zeros(0, dtype=bool)
            for tries in range(len(SMOOTHING)):
                duals = _between(centre, relaxed.duals, SMOOTHING[tries])
                listed = self._priced(duals, limit=-RELATIVE * self.value, keep=PRICING_KEEP)
                if self._raise_bound(duals, listed):
                    centre = self._levelled(duals, listed)
                news = self._reduced(listed.columns, relaxed.duals) < -RELATIVE * self.value
                if news.any():
                    break
            if not news.any():
                if listed.complete or self.nodes_left < WIDER * self.nodes * len(self.model):
                    break
                self.nodes *= WIDER
                continue
            master.grow(listed.columns, self._cost(listed.columns))
        self.pool = master.pool
        if self.closed() or self.stop.now():
            return
        self._solve_part(relaxed.reduced)
        if self.closed():
            return
        self.prices = relaxed.duals
        self.centre = centre
        if self.room <= WIDE_ROOM * self.value:
            self._list_rest()

    def _list_rest(self) -> bool:
        """List every set that something better could hold, if there are few enough: the complete pool."""
        if self.centre is None or self.room >= self.listed_room:
            return False
        self.listed_room = self.room
        listed = self._priced(self.centre, limit=self.room, keep=0, wider=MOST_WIDER)
        if listed.complete:
            self.pool, self.complete = listed.columns, True
            self.stages.append(Stage(self.centre, self.triples[:0], np.zeros(0), self.lagrangian))
            self.triples = np.zeros((0, 3), np.int64)
        return listed.complete

    def _levelled(self, duals: Duals, listed: Listed) -> Duals:
        """Return the same prices with the price of a grid at which the dearest chosen heart costs nothing.

        The bound is the same; and a set of anything better then costs at most the room.
        """
        level = float(np.sort(listed.floor)[self.count - 1])
        return Duals(duals.unit, duals.count + level, duals.price)

    def _reduced(self, columns: Columns, duals: Duals) -> Floats:
        held = columns.incidence(len(self.model)).T
        return np.asarray(self._cost(columns) - held @ duals.unit - duals.count + duals.price * columns.excess)

    def _first_duals(self) -> Duals:
        model, n = self.model, len(self.model)
        order = np.argsort(model.gap, axis=1, kind="stable")
        mean = max(float(model.load.mean()), 1.0)
        near = int(min(n, max(8, NEAR_LOADS * model.territory.band.max / mean)))
        own = np.zeros(n)
        for column in range(len(self.best)):
            units = self.best.of(column)
            own[units] = model.house[units] * model.gap[units, self.best.heart[column]]
        start = own + 0.5 * self.value * model.load / max(1, int(model.load.sum()))
        if not self.by_walk:
            return Duals(np.zeros(n), 0.0, 0.0)
        band = model.territory.band
        prices = unit_prices(
            model.load,
            model.house,
            model.gap,
            np.ascontiguousarray(order[:, :near]),
            band.min,
            band.max,
            self.count,
            start,
            float(self.value),
            PRICE_ROUNDS,
        )
        return Duals(prices, 0.0, 0.0)

    def _priced(self, duals: Duals, *, limit: float, keep: int, wider: int = 1) -> Listed:
        if not self.by_walk:
            duals = Duals(duals.unit, duals.count, duals.price + 1.0)
        listed = self.model.priced(
            duals,
            self.slack,
            limit=limit,
            keep=keep,
            most=self.effort.priced,
            most_nodes=max(1, min(wider * self.nodes, self.nodes_left // len(self.model))),
            by_walk=self.by_walk,
            stop=self.stop,
        )
        self.nodes_left = max(0, self.nodes_left - listed.nodes)
        return listed

    def _raise_bound(self, duals: Duals, listed: Listed) -> bool:
        """Take the Lagrangian bound: prices of all units and the cheapest hearts' floors."""
        floors = np.sort(listed.floor)[: self.count]
        value = float(duals.unit.sum() + self.count * duals.count - self.slack * duals.price + floors.sum())
        better = value > self.lagrangian
        if better:
            self.lagrangian = value
            self.priced_stage = Stage(duals, np.zeros((0, 3), np.int64), np.zeros(0), value)
        self._better_bound(value)
        return better

    # -- tightening ----------------------------------------------------------------------------------------

    def _master(self) -> Master:
        dear = DEAR * (float(self.best.cost_hm.max()) + 1) if self.by_walk else DEAR_EXCESS * (self.value + 1)
        costs = self._cost(self.pool)
        return Master(
            len(self.model),
            self.count,
            self.slack,
            self.pool,
            costs,
            dear=dear,
            first=None if self.prices is None else self._reduced(self.pool, self.prices),
            triples=self.triples,
        )

    def _tighten(self) -> None:
        """Cut, drop, and hand what is left to HiGHS as soon as it is little."""
        for _ in range(self.effort.cut_rounds if self.complete else HEURISTIC_ROUNDS):
            master = self._master()
            relaxed = master.solve(self.stop)
            self._note(relaxed, master.triples)
            cuts = 0
            while not self._over() and cuts < CUTS_IN_A_ROW and master.cut(relaxed):
                before = relaxed.bound
                relaxed = master.solve(self.stop)
                self._note(relaxed, master.triples)
                cuts += 1
                if relaxed.bound - before < SMALL_STEP * (self.value - before):
                    break
            if self._over():
                return
            self.prices = relaxed.duals
            self.triples = master.triples[relaxed.cut_duals < -CLEAR]
            reduced = self._drop(relaxed.reduced, relaxed.bound)
            if len(self.pool) > self._few():
                improved = self._solve_part(reduced)
                if self.closed() or (improved and not self.complete):
                    return  # what an incomplete pool is searched for is found: its bound is none
                self._drop(reduced, relaxed.bound)
            if (self.complete and len(self.pool) <= self._few()) or not cuts:
                break
        if self.complete and len(self.pool) <= self.effort.solved:
            self._finish()

    def _over(self) -> bool:
        return self.closed() or self.stop.now()

    def _note(self, relaxed: Relaxed, triples: Ints) -> None:
        if self.complete:
            self._better_bound(relaxed.bound)
            self.stages.append(Stage(relaxed.duals, triples, relaxed.cut_duals, relaxed.bound))
        if relaxed.feasible and relaxed.is_whole:
            self._better(np.flatnonzero(relaxed.shares > 0.5))

    def _drop(self, reduced: Floats, bound: float) -> Floats:
        """Drop what can not be in anything better; return the reduced costs of what stays."""
        room = self.value - bound if self.complete else max(self.value - bound, LEAST_ROOM * self.value)
        stays = reduced <= room + RELATIVE * self.value
        self.pool = self.pool.take(np.flatnonzero(stays))
        return reduced[stays]

    def _better_bound(self, bound: float) -> None:
        bound -= 1e-9 * abs(bound)
        if not self.by_walk:
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)

    def _better(self, chosen: Ints) -> None:
        picked = self.pool.take(chosen)
        value = float(self._cost(picked).sum())
        whole = len(picked) == self.count and len(picked.units) == len(self.model)
        if whole and picked.excess.sum() <= self.slack and value < self.value - RELATIVE * self.value:
            self.best, self.value = picked, value

    # -- HiGHS ---------------------------------------------------------------------------------------------

    def _few(self) -> int:
        return FEW + FEW_A_UNIT * len(self.model)

    def _solve_part(self, reduced: Floats) -> bool:
        """Solve over the few cheapest columns for something better; where there is none, over more next time."""
        before = self.value
        order = np.argsort(reduced, kind="stable")[: int(self.part_share * self._few())]
        self._solve(np.sort(order), nodes=PART_NODES)
        improved = self.value < before
        if not improved:
            self.part_share = min(2 * self.part_share, LARGEST_PART)
        return improved

    def _finish(self) -> None:
        bound = self._solve(np.arange(len(self.pool)), nodes=self.effort.solver_nodes)
        if self.complete:
            self._better_bound(min(bound, self.value))

    def _solve(self, chosen: Ints, *, nodes: int) -> float:
        """Give columns to HiGHS; return its bound on anything better than what is known."""
        if not len(chosen):
            return np.inf
        part = self.pool.take(chosen)
        n, m = len(self.model), len(part)
        cuts = hits_of(self.triples, part.incidence(n))
        grids = sparse.csr_matrix(np.ones((1, m)))
        excess = sparse.csr_matrix(part.excess.astype(np.float64)[None, :])
        rows = sparse.csr_matrix(sparse.vstack([part.incidence(n), grids, excess, cuts]))
        low = np.concatenate([np.ones(n), [self.count, -np.inf], np.full(cuts.shape[0], -np.inf)])
        high = np.concatenate([np.ones(n), [self.count, self.slack], np.ones(cuts.shape[0])])
        answer = solve_sparse(
            self._cost(part),
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
            self._better(chosen[np.flatnonzero(answer.values > 0.5)])
        if answer.status == "infeasible":
            return np.inf
        return -np.inf if answer.bound is None else answer.bound


DEAR = 4.0  # times the dearest known grid: cost of a unit that no set covers; keeps prices in a box
DEAR_EXCESS = 100.0  # cost of a part of a unit that no set covers, when the violation is made small
CUTS_IN_A_ROW = 4
HEURISTIC_ROUNDS = 3  # of an incomplete pool, for something better rather than a bound
SMALL_STEP = 0.1  # of the room: a round of cuts that gains less ends the row
CLEAR = 1e-9
LEAST_ROOM = 0.05  # of the value: reduced cost up to which an incomplete pool keeps columns
FEW, FEW_A_UNIT = 200, 8  # columns that HiGHS solves faster than cuts tighten them
FIRST_PART, LARGEST_PART = 0.5, 1.0  # of these few
PART_NODES = 1
BRANCHES = 2_000  # nodes of a written branch and bound


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
    return _Search(model, count, slack, known, by_walk=by_walk, effort=effort or Effort(), stop=stop or Stop()).run()
