"""A pool of sets made by prices, and the Lagrangian bound that comes with it.

Prices are smoothed towards those of the best bound: raw ones swing from round to round.
"""

from __future__ import annotations

import numpy as np

from optimize.partition.columns import Columns
from optimize.partition.effort import Effort
from optimize.partition.lagrange import Medians, unit_prices
from optimize.partition.pool_solving import PoolSolver
from optimize.partition.set_model import Duals, Listed
from optimize.partition.standing import RELATIVE, Standing
from optimize.partition.witness import Stage
from optimize.stopping import Stop

__all__ = ["PoolPricing"]

NEAR_LOADS = 5.0  # units near a heart: the nearest that together weigh this many full grids
PRICING_KEEP = 10
PRICE_ROUNDS = 150
SMOOTHING = (0.9, 0.7, 0.4, 0.0)  # share of the best prices; the next one when nothing is found
WIDER, MOST_WIDER = 5, 60  # a priced search that was cut off is repeated with more nodes
SOLVE_EVERY = 8
CLOSE = 1e-5  # relaxation and bound this near: no more pricing
NO_CUTS = np.zeros((0, 3), np.int64)


def _between(centre: Duals, out: Duals, smooth: float) -> Duals:
    return Duals(
        smooth * centre.unit + (1 - smooth) * out.unit,
        smooth * centre.count + (1 - smooth) * out.count,
        smooth * centre.price + (1 - smooth) * out.price,
    )


class PoolPricing:
    """Column generation by priced searches, whose nodes are counted.

    Attributes
    ----------
    stage
        The prices of the best Lagrangian bound.
    prices
        Those of the last relaxation; None before `generate` has come to its end.
    """

    def __init__(self, standing: Standing, solver: PoolSolver, effort: Effort, stop: Stop) -> None:
        self.standing, self.solver, self.effort, self.stop = standing, solver, effort, stop
        self.stage: Stage | None = None
        self.prices: Duals | None = None
        self._lagrangian = -np.inf
        self._nodes = effort.heart_nodes
        self._nodes_left = effort.pricing_nodes
        self._centre: Duals | None = None
        self._listed_room = np.inf

    def generate(self, pool: Columns) -> Columns:
        """Return a pool made by pricing, with a bound; it ends early where nothing better can exist."""
        standing, model = self.standing, self.standing.model
        centre = self._first_duals()
        listed = self._priced(centre, limit=0.1 * standing.value, keep=2 * PRICING_KEEP)
        self._raise_bound(centre, listed)
        centre = self._levelled(centre, listed)
        master = standing.master(pool.join(listed.columns))
        for turn in range(self.effort.pricing_rounds):
            if self.stop.now() or standing.closed:
                return master.pool
            relaxed = master.solve(self.stop)
            if turn % SOLVE_EVERY == SOLVE_EVERY - 1:
                self.solver.solve_part(master.pool, relaxed.reduced, NO_CUTS)
            if relaxed.bound - standing.bound <= CLOSE * standing.value:
                break
            news = np.zeros(0, dtype=bool)
            for tries in range(len(SMOOTHING)):
                duals = _between(centre, relaxed.duals, SMOOTHING[tries])
                listed = self._priced(duals, limit=-RELATIVE * standing.value, keep=PRICING_KEEP)
                if self._raise_bound(duals, listed):
                    centre = self._levelled(duals, listed)
                news = standing.reduced(listed.columns, relaxed.duals) < -RELATIVE * standing.value
                if news.any():
                    break
            if not news.any():
                if listed.complete or self._nodes_left < WIDER * self._nodes * len(model):
                    break
                self._nodes *= WIDER
                continue
            master.grow(listed.columns, standing.cost(listed.columns))
        if standing.closed or self.stop.now():
            return master.pool
        self.solver.solve_part(master.pool, relaxed.reduced, NO_CUTS)
        if not standing.closed:
            self.prices, self._centre = relaxed.duals, centre
        return master.pool

    def rest(self) -> tuple[Columns, Stage] | None:
        """Return every set that something better could hold, if there are few enough, and the prices that say so."""
        if self._centre is None or self.standing.room >= self._listed_room:
            return None
        self._listed_room = self.standing.room
        listed = self._priced(self._centre, limit=self.standing.room, keep=0, wider=MOST_WIDER)
        if not listed.complete:
            return None
        return listed.columns, Stage(self._centre, NO_CUTS, np.zeros(0), self._lagrangian)

    def _levelled(self, duals: Duals, listed: Listed) -> Duals:
        """Return the same prices with the price of a grid at which the dearest chosen heart costs nothing.

        The bound is the same; and a set of anything better then costs at most the room.
        """
        level = float(np.sort(listed.floor)[self.standing.count - 1])
        return Duals(duals.unit, duals.count + level, duals.price)

    def _first_duals(self) -> Duals:
        standing, model, n = self.standing, self.standing.model, len(self.standing.model)
        if not standing.by_walk:
            return Duals(np.zeros(n), 0.0, 0.0)
        band = model.territory.band
        mean = max(float(model.load.mean()), 1.0)
        near = int(min(n, max(8, NEAR_LOADS * band.max / mean)))
        own = np.zeros(n)
        for column in range(len(standing.best)):
            units = standing.best.of(column)
            own[units] = model.house[units] * model.gap[units, standing.best.heart[column]]
        start = own + 0.5 * standing.value * model.load / max(1, int(model.load.sum()))
        order = np.ascontiguousarray(np.argsort(model.gap, axis=1, kind="stable")[:, :near])
        metres = np.take_along_axis(model.gap, order, axis=1)
        medians = Medians(
            model.load, model.house, metres, order, band.min, band.max, 0, 0.0, standing.count, float(standing.value)
        )
        prices, _ = unit_prices(medians, start, PRICE_ROUNDS)
        return Duals(prices, 0.0, 0.0)

    def _priced(self, duals: Duals, *, limit: float, keep: int, wider: int = 1) -> Listed:
        standing = self.standing
        if not standing.by_walk:
            duals = Duals(duals.unit, duals.count, duals.price + 1.0)
        listed = standing.model.priced(
            duals,
            standing.slack,
            limit=limit,
            keep=keep,
            most=self.effort.priced,
            most_nodes=max(1, min(wider * self._nodes, self._nodes_left // len(standing.model))),
            by_walk=standing.by_walk,
            stop=self.stop,
        )
        self._nodes_left = max(0, self._nodes_left - listed.nodes)
        return listed

    def _raise_bound(self, duals: Duals, listed: Listed) -> bool:
        """Take the Lagrangian bound: prices of all units and the cheapest hearts' floors."""
        standing = self.standing
        floors = np.sort(listed.floor)[: standing.count]
        value = float(duals.unit.sum() + standing.count * duals.count - standing.slack * duals.price + floors.sum())
        better = value > self._lagrangian
        if better:
            self._lagrangian = value
            self.stage = Stage(duals, NO_CUTS, np.zeros(0), value)
        standing.raise_bound(value)
        return better
