"""Branch and bound on hearts: a proven bound on the cost where sets of units are too many to list.

A node says which hearts may be open, which units each may hold, and of which sets of hearts one must be open. It is
divided on a ball of hearts (none open, or one at least) or on a unit (held by hearts of a ball, or not): the few
divisions that promise most are tried, and the one that raises both sides most is taken (strong branching; D.
Applegate, R. Bixby, V. Chvátal & W. Cook 1995, DIMACS technical report 95-05). Nodes are taken in the order of their
bounds; the least bound that is left is proven.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from optimize.partition.dominators import dominator_trees, load_behind
from optimize.partition.heart_branching import Division, Held, divisions
from optimize.partition.heart_drawings import HeartDrawings
from optimize.partition.heart_programme import HeartTrees, best_prices
from optimize.partition.heart_record import ROOT, HeartNode, HeartRecord
from optimize.partition.heart_relaxation import fix, relax
from optimize.partition.lagrange import Medians, unit_prices
from optimize.partition.problem import Bools, Floats, Ints
from optimize.partition.set_model import SetModel
from optimize.stopping import Stop

__all__ = ["HeartEffort", "heart_bound"]

NEAR_LOADS = 5.0
START_ROUNDS = 60
NODE_WORK = 200_000  # what a node costs beside the units passed, in these
TRY_WORK = 100_000  # what a side that is tried costs, likewise
TRIED_ROUNDS = 10  # of each side of a division that is tried
LEAST_GAIN = 1e-5  # of the goal, that a side's bound is taken to rise at least
MOST_TOLLS = 100_000  # with more, those of the root stand for all nodes
MOST_ARCS = 2_500  # of hearts to units: with no more, the best prices are had at once
DRAWING_WORK = 100_000  # what a drawing costs a unit, in units passed
PRICES_WORK, PAIR_WORK = 2_000_000, 5  # what that costs, and each pair of arcs there
MANY_GONE = 0.02  # of the arcs: with more taken away, the trees are made anew at once


@dataclass(frozen=True)
class HeartEffort:
    """How much work a bound by hearts may take.

    Attributes
    ----------
    work
        Units passed, in millions: about 2 ms each.
    rounds, child_rounds
        Of the subgradient method at the root and below.
    good_share
        Gap that is good enough.
    """

    work: int = 1_000
    rounds: int = 250
    child_rounds: int = 40
    good_share: float = 0.004


@dataclass(frozen=True, eq=False)
class _Prices:
    """Prices of the units and of every heart's load, and every heart's tolls of pairs."""

    unit: Floats
    load: Floats
    toll: Floats


@dataclass(frozen=True, eq=False)
class _Node:
    prices: _Prices
    allowed: Bools
    needs: tuple[Bools, ...]
    division: Division
    number: int  # in the record


class _Search:
    def __init__(
        self,
        model: SetModel,
        count: int,
        slack: int,
        value: float,
        *,
        effort: HeartEffort,
        stop: Stop,
        tolls: bool = True,
        record: HeartRecord | None = None,
        drawings: HeartDrawings | None = None,
    ) -> None:
        self.model, self.count, self.slack, self.effort, self.stop = model, count, slack, effort, stop
        self.record, self.drawings = record, drawings
        band = model.territory.band
        self.lo, self.hi = max(0, band.min - slack), band.max + slack
        self.target, self.uneven = band.target, model.territory.terms.uneven
        self.value = value
        self.goal = value * (1 - effort.good_share)
        self.work = self.nodes = 0
        self.less_outside = False  # a drawing leaves the band less than the slack: another bound is wanted
        n = len(model)
        self.order = np.zeros((n, n), np.int32)
        self.above = np.zeros((n, n), np.int32)
        self.size = np.zeros(n, np.int32)
        self.grown = np.zeros((n, n), np.bool_)  # what each tree was grown in
        pairs, most_toll = _priced_pairs(model)
        self.pairs, self.most_toll = (pairs, most_toll) if tolls else (pairs[:0], most_toll[:0])
        self.tolls_move = n * len(self.pairs) <= MOST_TOLLS
        self.open_share = np.zeros(n)
        self.held_share = np.zeros((n, n))
        self.near = np.argsort(model.gap, axis=1, kind="stable")
        self.radius_m = max(1.0, value / max(1.0, float(model.house.sum())))

    def run(self) -> float:
        n = len(self.model)
        root, bound = self._look(np.ones((n, n), np.bool_), (), self._first(), ROOT)
        heap: list[tuple[float, int, _Node]] = []
        if root is not None:
            heap.append((bound, 0, root))
        tick = 1
        while heap and not self._over():
            bound, _, node = heap[0]
            if bound >= self.goal:
                break
            heapq.heappop(heap)
            for within, (allowed, needs) in enumerate(node.division.sides(node.allowed, node.needs)):
                ball, unit = np.flatnonzero(node.division.ball), node.division.unit
                here = HeartNode(node.number, ball, unit, within=bool(within))
                child, reached = self._look(allowed, needs, node.prices, here)
                reached = max(reached, bound)
                if child is not None and reached < self.goal:
                    heapq.heappush(heap, (reached, tick, child))
                    tick += 1
        if self.record is not None:
            self.record.goal = self.goal
        return min(self.goal, heap[0][0]) if heap else self.goal

    def _over(self) -> bool:
        return self.less_outside or self.stop.now() or self.work > self.effort.work * 1_000_000

    def _first(self) -> _Prices:
        """Return the prices to begin with: those of the median problem without shapes."""
        model = self.model
        mean = max(float(model.load.mean()), 1.0)
        near = int(min(len(model), max(8, NEAR_LOADS * self.hi / mean)))
        start = 1.5 * self.value * model.load / max(1, int(model.load.sum()))
        units = np.ascontiguousarray(self.near[:, :near])
        metres = np.take_along_axis(model.gap, units, axis=1)
        medians = Medians(model.load, model.house, metres, units, self.lo, self.hi, 0, 0.0, self.count, self.value)
        price, _ = unit_prices(medians, start, START_ROUNDS)
        return _Prices(price, np.zeros(len(model)), np.zeros((len(model), len(self.pairs))))

    def _look(
        self,
        allowed: Bools,
        needs: tuple[Bools, ...],
        first: _Prices,
        here: HeartNode,
    ) -> tuple[_Node | None, float]:
        """Bound a node; None where nothing in it is below the goal."""
        self.work += NODE_WORK
        place = -1 if self.record is None else self.record.begin(here)
        rounds, turns = (self.effort.rounds, 4) if here is ROOT else (self.effort.child_rounds, 2)
        moves = len(self.pairs) > 0 and (here is ROOT or self.tolls_move)
        price, theta, toll = first.unit.copy(), first.load.copy(), first.toll.copy() if moves else first.toll
        model = self.model
        best = -np.inf
        for turn in range(turns):
            hearts, need, number = self._hearts(allowed, needs)
            if hearts is None:
                return None, np.inf
            self._grow(hearts, allowed)
            turned = rounds if turn == 0 else max(30, rounds // 3)
            bound = self._relax(hearts, need, number, _Prices(price, theta, toll), turned, moves=moves)
            if self.record is not None:
                self.record.note(price, theta, toll)
            best = max(best, bound)
            if bound < self.goal:
                best = max(best, self._solve(hearts, need, number, _Prices(price, theta, toll)))
            if best >= self.goal:
                return None, np.inf
            if self.stop.now():
                break
            gone = fix(
                hearts, self.order, self.above, self.size, model.gap, model.house, model.load, self.lo, self.hi,
                self.target, self.uneven, self.count, need, number, price, theta, self.goal, self.pairs, toll,
                allowed,
            )  # fmt: skip
            self._tidy(allowed, hearts)
            if not allowed.any(axis=0).all():
                return None, np.inf
            if gone < MANY_GONE * self.size[hearts].sum():
                break
        self._draw()
        prices = _Prices(price, theta, toll)
        return _Node(prices, allowed, needs, self._divide(allowed, needs, need, prices, best), place), best

    def _hearts(self, allowed: Bools, needs: tuple[Bools, ...]) -> tuple[Ints | None, Ints, int]:
        """Return the hearts in question, the needed set of each, and their number; None: there is no drawing."""
        hearts = np.flatnonzero(np.diagonal(allowed))
        need, number = _disjoint(needs, allowed)
        if number < 0 or number > self.count or len(hearts) < self.count or not allowed.any(axis=0).all():
            return None, need, number
        if number == self.count:
            hearts = hearts[need[hearts] >= 0]
        return hearts, need, number

    def _relax(self, hearts: Ints, need: Ints, needs: int, prices: _Prices, rounds: int, *, moves: bool) -> float:
        """Move the prices towards the best bound, in place; return it. What hearts hold is noted."""
        model = self.model
        bound, work = relax(
            hearts, self.order, self.above, self.size, model.gap, model.house, model.load, self.lo, self.hi,
            self.target, self.uneven, self.count, need, needs, prices.unit, prices.load, self.goal, rounds, 1.0,
            self.pairs, self.most_toll, prices.toll, moves, self.open_share, self.held_share,
        )  # fmt: skip
        self.work += work
        return float(bound)

    def _solve(self, hearts: Ints, need: Ints, needs: int, prices: _Prices) -> float:
        """Write the best prices of a node with few arcs; return its bound, which is -inf with many."""
        model, arcs = self.model, int(self.size[hearts].sum())
        if arcs > MOST_ARCS or self.uneven > 0.0:  # there loads have no price by the target
            return -np.inf
        self.work += PRICES_WORK + PAIR_WORK * arcs**2
        costs = model.house[None, :] * model.gap
        for p, (a, b) in enumerate(self.pairs):
            costs[:, a] += prices.toll[:, p]
            costs[:, b] -= prices.toll[:, p]
        trees = HeartTrees(hearts, self.order, self.above, self.size)
        found = best_prices(
            trees, costs, model.load, (self.lo, self.hi), grids=self.count, need=need, needs=needs, dear=self.value
        )
        if found is None:
            return -np.inf
        prices.unit[:], prices.load[:] = found.unit, found.load
        bound = self._relax(hearts, need, needs, prices, 1, moves=False)
        self.open_share, self.held_share = found.open_share, found.held_share
        if self.record is not None:
            self.record.note(prices.unit, prices.load, prices.toll)
        return bound

    def _draw(self) -> None:
        """Make a drawing of what the hearts hold, at fewer and fewer nodes; a better one lowers the goal."""
        self.nodes += 1
        if self.drawings is None or self.nodes & (self.nodes - 1):
            return
        self.work += DRAWING_WORK * len(self.model)
        if not self.drawings.take(self.open_share, self.held_share, self.model.gap):
            return
        drawn = self.model.columns_of(self.drawings.labels)
        self.less_outside = int(drawn.excess.sum()) < self.slack
        if not self.less_outside:
            self.value = min(self.value, float(drawn.cost_hm.sum()))
            self.goal = self.value * (1 - self.effort.good_share)

    def _grow(self, hearts: Ints, allowed: Bools) -> None:
        """Grow the trees of the hearts that may hold other units than when theirs were grown."""
        t = self.model.territory
        stale = hearts[(self.grown[hearts] != allowed[hearts]).any(axis=1)]
        dominator_trees(stale, allowed, t.indptr, t.indices, self.order, self.above, self.size)
        self.grown[stale] = allowed[stale]

    def _tidy(self, allowed: Bools, hearts: Ints) -> None:
        closed = np.ones(len(allowed), np.bool_)
        closed[hearts] = False
        closed |= ~np.diagonal(allowed)
        allowed[closed] = False

    def _divide(
        self, allowed: Bools, needs: tuple[Bools, ...], need: Ints, prices: _Prices, bound: float
    ) -> Division:
        """Return the division that, tried for a few rounds, raises the bounds of both its sides most."""
        model = self.model
        open_hearts = np.flatnonzero(self.open_share > 0)
        behind = load_behind(open_hearts, self.order, self.above, self.size, model.load)
        held = Held(self.open_share, self.held_share, allowed, need, behind)
        proposed = divisions(held, model.gap, self.radius_m)
        if len(proposed) == 1:
            return proposed[0]
        least, room = LEAST_GAIN * self.goal, self.goal - bound
        scores: list[float] = []
        for division in proposed:
            if self.stop.now():
                break
            gains = [min(room, self._try(*side, prices) - bound) for side in division.sides(allowed, needs)]
            scores.append(max(least, gains[0]) * max(least, gains[1]))
            if min(gains) == room:
                break
        return proposed[int(np.argmax(scores))] if scores else proposed[0]

    def _try(self, allowed: Bools, needs: tuple[Bools, ...], prices: _Prices) -> float:
        """Return the bound of a side after a few rounds."""
        self.work += TRY_WORK
        hearts, need, number = self._hearts(allowed, needs)
        if hearts is None:
            return np.inf
        self._grow(hearts, allowed)
        tried = _Prices(prices.unit.copy(), prices.load.copy(), prices.toll)
        return self._relax(hearts, need, number, tried, TRIED_ROUNDS, moves=False)


def _priced_pairs(model: SetModel) -> tuple[Ints, Floats]:
    """Return the neighbour pairs that cost something when they are cut, and half of it, which each side pays."""
    t = model.territory
    rows = np.repeat(np.arange(len(t)), np.diff(t.indptr))
    if not len(t.terms.border):
        return np.zeros((0, 2), np.int64), np.zeros(0)
    once = (rows < t.indices) & (t.terms.border > 0)
    return np.stack([rows[once], t.indices[once]], axis=1).astype(np.int64), t.terms.border[once] / 2


def _disjoint(needs: tuple[Bools, ...], allowed: Bools) -> tuple[Ints, int]:
    """Return the number of the needed set of each heart, of sets that share none; -1 sets: one can not be had."""
    need = np.full(len(allowed), -1, np.int64)
    hearts = np.diagonal(allowed)
    number = 0
    for ball in sorted((one & hearts for one in needs), key=lambda one: int(one.sum())):
        if not ball.any():
            return need, -1
        if (need[ball] < 0).all():
            need[ball] = number
            number += 1
    return need, number


def heart_bound(
    model: SetModel,
    count: int,
    slack: int,
    value: float,
    *,
    effort: HeartEffort | None = None,
    stop: Stop | None = None,
    tolls: bool = True,
    record: HeartRecord | None = None,
    drawings: HeartDrawings | None = None,
) -> float:
    """Return a lower bound on the household-metres of any ``count`` grids, at most ``value`` less the good gap.

    Parameters
    ----------
    model, count, slack
        The units, how many grids, and the load that may lie outside the band beyond the unavoidable.
    value
        Household-metres of the best drawing known.
    tolls
        Whether borders that cost something are paid for; else the bound is the walk's alone, and had sooner.
    record
        Takes down every node with its prices; None: nothing is kept.
    drawings
        Looks for better drawings on the way. One with as much load outside the band lowers ``value``; one with less
        ends the search, as the bound is then one on drawings that nobody wants.
    """
    effort, stop = effort or HeartEffort(), stop or Stop()
    return _Search(
        model, count, slack, value, effort=effort, stop=stop, tolls=tolls, record=record, drawings=drawings
    ).run()
