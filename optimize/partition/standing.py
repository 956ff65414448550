"""Where a search for the cheapest selection stands: what is asked for, the best grids known, and the bound."""

from __future__ import annotations

import numpy as np

from optimize.partition.columns import Columns
from optimize.partition.master import Master
from optimize.partition.problem import Floats, Ints
from optimize.partition.set_model import Duals, SetModel

__all__ = ["RELATIVE", "Standing"]

RELATIVE = 1e-7  # costs closer than this share are the same
DEAR = 4.0  # times the dearest known grid: cost of a unit that no set covers; keeps prices in a box
DEAR_EXCESS = 100.0  # cost of a part of a unit that no set covers, when the violation is made small


class Standing:
    """The best grids known and the proven bound on any.

    Parameters
    ----------
    model, count, slack
        The sets, how many grids, and the load that may lie outside the band beyond the unavoidable.
    known
        Grids to begin with.
    by_walk
        Whether sets cost household-metres; else the load outside the band.
    """

    def __init__(self, model: SetModel, count: int, slack: int, known: Columns, *, by_walk: bool) -> None:
        self.model, self.count, self.slack, self.by_walk = model, count, slack, by_walk
        self.best = known
        self.value = float(self.cost(known).sum())
        if not by_walk:
            self.value = min(self.value, slack + 1.0)
        self.bound = 0.0

    @property
    def room(self) -> float:
        """Return the reduced cost above which a set can not be in anything better; negative: nothing can."""
        if not self.by_walk:  # whole loads: better means one less
            return self.value - 1 - self.bound + 1e-6
        room = self.value - self.bound
        return room if room > RELATIVE * max(1.0, self.value) else -1.0

    @property
    def closed(self) -> bool:
        """Whether nothing better can exist."""
        return self.room < 0

    def cost(self, columns: Columns) -> Floats:
        """Return what each set costs."""
        return columns.cost_hm if self.by_walk else columns.excess.astype(np.float64)

    def reduced(self, columns: Columns, duals: Duals) -> Floats:
        """Return the reduced cost of each set."""
        held = columns.incidence(len(self.model)).T
        return np.asarray(self.cost(columns) - held @ duals.unit - duals.count + duals.price * columns.excess)

    def master(self, pool: Columns, *, prices: Duals | None = None, triples: Ints | None = None) -> Master:
        """Return the relaxation over a pool; the sets that are cheapest at ``prices`` enter first."""
        dear = DEAR * (float(self.best.cost_hm.max()) + 1) if self.by_walk else DEAR_EXCESS * (self.value + 1)
        first = None if prices is None else self.reduced(pool, prices)
        return Master(
            len(self.model), self.count, self.slack, pool, self.cost(pool), dear=dear, first=first, triples=triples
        )

    def take(self, picked: Columns) -> None:
        """Keep grids that obey all that is asked for, where they are better."""
        value = float(self.cost(picked).sum())
        whole = len(picked) == self.count and len(picked.units) == len(self.model)
        if whole and picked.excess.sum() <= self.slack and value < self.value - RELATIVE * self.value:
            self.best, self.value = picked, value

    def raise_bound(self, bound: float) -> None:
        """Keep a bound that is higher; whole loads are bounded by whole numbers."""
        bound -= 1e-9 * abs(bound)
        if not self.by_walk:
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)
