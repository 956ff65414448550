"""The fewest households that must change their grid: an integer programme, made connected cut by cut.

Which unit is in which grid is a 0-1 variable; loads outside the band are bounded by what was reached. Connectedness
is asked for where an answer lacks it: of two pieces of one grid, both may be in it only if a unit around the first is
as well. An answer without pieces is a plan; until then the programme's bound is a bound on every plan.
R. Carvajal, M. Constantino, M. Goycoolea, J. P. Vielma & A. Weintraub (2013), Imposing connectivity constraints in
forest planning models, doi:10.1287/opre.2013.1183.

The programme is asked for plans below a limit that grows by half: few moves reach few grids, so most variables go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import ceil

import numpy as np
from scipy import sparse

from optimize.partition.problem import Bools, Ints, Territory
from optimize.partition.repair import pieces_of
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["EXACT", "EXACT_UNITS", "ROUGH", "LeastMoved", "MoveEffort", "least_moved"]

Cut = tuple[int, int, int, list[int]]  # unit, another one far off, grid, units around the piece of the first
EXACT_UNITS = 60  # units up to which the programme is given the work to end


@dataclass(frozen=True)
class MoveEffort:
    """Work of a programme, in counts: rounds of cuts, branch-and-bound nodes a round, variables at most."""

    rounds: int
    nodes: int
    variables: int = 20_000


EXACT = MoveEffort(rounds=25, nodes=100)
ROUGH = MoveEffort(rounds=15, nodes=50)


@dataclass(frozen=True, eq=False)
class LeastMoved:
    """The fewest households that change their grid, as far as it is known.

    Attributes
    ----------
    bound
        Proven: no plan with these grids and no larger violation moves fewer.
    labels
        A plan that moves as few; None when none was found that moves fewer than the known one.
    """

    bound: int
    labels: Ints | None


def least_moved(
    territory: Territory,
    count: int,
    violation: int,
    known: int,
    *,
    effort: MoveEffort | None = None,
    stop: Stop | None = None,
) -> LeastMoved:
    """Bound the households that change their grid when ``count`` grids are drawn with a limited violation.

    Parameters
    ----------
    territory
        Its terms say in which grid each unit is at home; labels without a home are new grids.
    count
        Number of grids, labels 0 .. count-1.
    violation
        Load that may lie outside the band.
    known
        Households that a known plan moves: fewer are looked for.
    effort
        Left out: enough for most territories up to `EXACT_UNITS` units, a part of it above.
    """
    stop = stop or Stop()
    effort = effort or (EXACT if len(territory) <= EXACT_UNITS else ROUGH)
    if len(territory) * count > effort.variables or known == 0:
        return LeastMoved(0, None)
    limit = min(known, int(max(1, np.median(territory.households))))
    bound = 0
    cuts: list[Cut] = []
    for _ in range(effort.rounds):
        if stop.now() or bound >= known:
            break
        if bound >= limit:
            limit = min(limit + limit // 2 + 1, known)
        programme = _Programme.of(territory, count, violation, limit)
        programme = programme.with_cuts([cut for cut in cuts if programme.allows(cut[0], cut[2])])
        answer = solve_sparse(
            programme.costs,
            programme.rows,
            programme.low,
            programme.high,
            high=programme.most,
            integral=programme.whole,
            node_limit=effort.nodes,
            seconds=None if stop.deadline_s is None else max(0.1, stop.seconds_left()),
            cancelled=stop.cancelled,
        )
        if answer.status == "infeasible":
            bound = limit
            continue
        if answer.bound is not None:
            bound = max(bound, min(limit, ceil(answer.bound - 1e-6)))
        if answer.values is None or answer.status != "optimal":
            break
        labels = answer.values[: len(territory) * count].reshape(len(territory), count).argmax(axis=1)
        more = piece_cuts(territory, labels, count)
        if not more:
            return LeastMoved(bound, labels.astype(np.int64))
        cuts += more
    return LeastMoved(bound, None)


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


@dataclass(frozen=True, eq=False)
class _Programme:
    """Columns: unit u in grid g at ``u * count + g``, then the load below and above the band of each grid."""

    count: int
    costs: np.ndarray
    most: np.ndarray
    whole: np.ndarray
    rows: sparse.csr_matrix
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, territory: Territory, count: int, violation: int, known: int) -> _Programme:
        n, band = len(territory), territory.band
        reach = _reach(territory, count, violation, known)
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
        high.append(np.array([float(violation), known - 1.0]))
        made = cls(
            count,
            np.concatenate([costs, np.zeros(2 * count)]),
            np.concatenate([reach.ravel().astype(np.float64), np.full(2 * count, float(violation))]),
            np.arange(columns) < inside,
            sparse.csr_matrix(sparse.vstack(parts)),
            np.concatenate(low),
            np.concatenate(high),
        )
        return made.with_rules(territory)

    def with_rules(self, territory: Territory) -> _Programme:
        """Add rows for groups that share a grid, rivals that do not, and locked units."""
        rows: list[tuple[list[int], list[float], float, float]] = []
        groups = territory.group if len(territory.group) else np.zeros(0, dtype=np.int64)
        for number in np.unique(groups[groups >= 0]).tolist():
            members = np.flatnonzero(groups == number).tolist()
            for other in members[1:]:
                rows += [
                    ([members[0] * self.count + g, other * self.count + g], [1.0, -1.0], 0.0, 0.0)
                    for g in range(self.count)
                ]
        for a, b in territory.rivals.tolist():
            rows += [([a * self.count + g, b * self.count + g], [1.0, 1.0], -np.inf, 1.0) for g in range(self.count)]
        return self._with(rows)

    def allows(self, unit: int, grid: int) -> bool:
        """Return whether a unit can be in a grid at all."""
        return bool(self.most[unit * self.count + grid] > 0)

    def with_cuts(self, cuts: list[Cut]) -> _Programme:
        """Add rows: u and v in grid g only with one of the units around."""
        return self._with(
            [
                (
                    [u * self.count + g, v * self.count + g, *(w * self.count + g for w in around)],
                    [1.0, 1.0, *[-1.0] * len(around)],
                    -np.inf,
                    1.0,
                )
                for u, v, g, around in cuts
            ]
        )

    def _with(self, rows: list[tuple[list[int], list[float], float, float]]) -> _Programme:
        if not rows:
            return self
        starts = np.cumsum([0, *(len(columns) for columns, _, _, _ in rows)])
        more = sparse.csr_matrix(
            (
                np.concatenate([values for _, values, _, _ in rows]),
                np.concatenate([columns for columns, _, _, _ in rows]),
                starts,
            ),
            shape=(len(rows), len(self.costs)),
        )
        return replace(
            self,
            rows=sparse.csr_matrix(sparse.vstack([self.rows, more])),
            low=np.concatenate([self.low, [low for _, _, low, _ in rows]]),
            high=np.concatenate([self.high, [high for _, _, _, high in rows]]),
        )


def piece_cuts(territory: Territory, labels: Ints, count: int) -> list[Cut]:
    """Return (u, v, grid, units around the piece of u) for every piece beside the heaviest of a grid.

    The cut holds for every grid, since the way from u to v leads out of the piece wherever the two are.
    """
    cuts = []
    for label in range(count):
        pieces = pieces_of(territory, np.flatnonzero(labels == label))
        if len(pieces) <= 1:
            continue
        main = max(pieces, key=lambda piece: (int(territory.load[piece].sum()), -int(piece[0])))
        far = int(main[np.argmax(territory.load[main])])
        for piece in pieces:
            if piece is main:
                continue
            inside = set(piece.tolist())
            around = sorted({int(v) for u in piece for v in territory.neighbours(int(u))} - inside)
            cuts += [(int(u), far, g, around) for u in piece for g in range(count)]
    return cuts
