"""The integer programme of fewest households moved: which unit is in which grid.

Plans that move few households reach few grids: units that a grid can not reach below a limit have no variable there.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from scipy import sparse

from optimize.partition.problem import Bools, Territory
from optimize.partition.programme import Programme
from optimize.partition.programme_witness import Row

__all__ = ["MoveProgramme"]


@dataclass(frozen=True, eq=False, kw_only=True)
class MoveProgramme(Programme):
    """The programme; after the units in grids come the load of each grid below the band, and above."""

    @classmethod
    def of(cls, territory: Territory, count: int, violation: int, limit: int) -> MoveProgramme:
        """Return the programme of plans that move fewer than ``limit`` households."""
        n, band = len(territory), territory.band
        reach = _reach(territory, count, violation, limit)
        inside = n * count
        columns = inside + 2 * count
        home = territory.terms.home
        costs = np.repeat(np.where(home >= 0, territory.households, 0).astype(np.float64), count)
        at_home = np.flatnonzero(home >= 0)
        costs[at_home * count + home[at_home]] = 0.0
        once = sparse.csr_matrix((np.ones(inside), (np.arange(inside) // count, np.arange(inside))), (n, columns))
        grid = np.arange(inside) % count
        load = np.repeat(territory.load.astype(np.float64), count)
        loads = sparse.csr_matrix((load, (grid, np.arange(inside))), (count, columns))
        below, above = (
            sparse.csr_matrix((np.full(count, sign), (np.arange(count), inside + part * count + np.arange(count))),
                              (count, columns))
            for part, sign in ((0, 1.0), (1, -1.0))
        )  # fmt: skip
        some = sparse.csr_matrix((np.ones(inside), (grid, np.arange(inside))), (count, columns))
        outside = sparse.csr_matrix(np.concatenate([np.zeros(inside), np.ones(2 * count)])[None, :])
        fewer = sparse.csr_matrix(np.concatenate([costs, np.zeros(2 * count)])[None, :])
        parts = [once, loads + below, loads + above, some, outside, fewer]
        low = [np.ones(n), np.full(count, float(band.min)), np.full(count, -np.inf), np.ones(count)]
        low.append(np.array([-np.inf, -np.inf]))
        high = [np.ones(n), np.full(count, np.inf), np.full(count, float(band.max)), np.full(count, np.inf)]
        high.append(np.array([float(violation), limit - 1.0]))
        made = cls(
            count=count,
            costs=np.concatenate([costs, np.zeros(2 * count)]),
            most=np.concatenate([reach.ravel().astype(np.float64), np.full(2 * count, float(violation))]),
            whole=np.arange(columns) < inside,
            rows=sparse.csr_matrix(sparse.vstack(parts)),
            low=np.concatenate(low),
            high=np.concatenate(high),
        )
        return made.with_rules(territory)

    def own_names(self) -> list[Row]:
        """Return the names of the rows: units, loads, grids, the load outside the band, the limit."""
        n = int(self.whole.sum()) // self.count
        grids = [(kind, g) for kind in ("low", "high", "some") for g in range(self.count)]
        return [*(("unit", u) for u in range(n)), *grids, ("outside",), ("fewer",)]

    def with_rules(self, territory: Territory) -> MoveProgramme:
        """Add rows for groups that share a grid and for rivals that do not."""
        count = self.count
        group = territory.group if len(territory.group) else np.full(len(territory), -1)
        names: list[Row] = []
        pairs: list[tuple[int, int, float]] = []
        for number in np.unique(group[group >= 0]).tolist():
            first, *others = np.flatnonzero(group == number).tolist()
            for other in others:
                pairs += [(first * count + g, other * count + g, -1.0) for g in range(count)]
                names += [("together", first, other, g) for g in range(count)]
        for a, b in territory.rivals.tolist():
            pairs += [(a * count + g, b * count + g, 1.0) for g in range(count)]
            names += [("apart", a, b, g) for g in range(count)]
        if not pairs:
            return self
        columns = np.array([(a, b) for a, b, _ in pairs]).ravel()
        values = np.array([(1.0, sign) for _, _, sign in pairs]).ravel()
        rows = sparse.csr_matrix(
            (values, columns, np.arange(0, len(values) + 1, 2)), shape=(len(pairs), len(self.costs))
        )
        together = values[1::2] < 0
        low, high = np.where(together, 0.0, -np.inf), np.where(together, 0.0, 1.0)
        return self.with_rows(rows, low, high, names)


def _reach(territory: Territory, count: int, violation: int, limit: int) -> Bools:
    """Return which units can be in which grids when fewer than ``limit`` households move, shape (n, count).

    A grid that keeps a unit of its own reaches a foreign one over units that all move, so those must weigh less than
    the limit. Whether it keeps one: else all of its own would move, and all that fill it to the band's lower end.
    """
    home, weight = territory.terms.home, territory.households
    new = int(weight[home < 0].sum())
    filled = 0
    if np.array_equal(territory.load, weight):
        filled = max(0, territory.band.min - violation - new)
    allowed = np.ones((len(territory), count), dtype=bool)
    for grid in range(count):
        own = np.flatnonzero(home == grid)
        if not len(own) or int(weight[own].sum()) + filled < limit:
            continue
        cost = np.where(home < 0, 0, weight)
        away = dict.fromkeys(own.tolist(), 0)
        queue = [(0, u) for u in own.tolist()]
        while queue:
            moved, u = heappop(queue)
            if moved > away[u]:
                continue
            for v in territory.neighbours(u).tolist():
                there = moved + int(cost[v])
                if there < limit and there < away.get(v, limit):
                    away[v] = there
                    heappush(queue, (there, v))
        allowed[:, grid] = np.isin(np.arange(len(territory)), list(away))
    return allowed
