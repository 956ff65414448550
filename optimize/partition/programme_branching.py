"""Branch and bound over an integer programme of grids, each leaf with its prices: what a solver said, proven again.

A solver is quicker and writes nothing. Here a unit is in a grid or it is not, the part with the least bound is
divided first, and of a few units the one that lifts both sides most is taken (strong branching, D. Applegate,
R. Bixby, V. Chvátal & B. Cook 1995). Only asked for where a witness is.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil, inf

import numpy as np

from optimize.column_programme import ColumnProgramme
from optimize.partition.piece_cuts import piece_cuts
from optimize.partition.problem import Floats, Territory
from optimize.partition.programme import Programme
from optimize.partition.programme_witness import PieceCut, ProgrammeNode, ProgrammeWitness
from optimize.stopping import Stop

__all__ = ["WRITTEN_NODES", "Branched", "branch_programme"]

CLEAR = 1e-6  # by which a share may differ from a whole number
WRITTEN_NODES = 5_000  # of a witness
TRIED = 6  # units that may divide a part
DIGITS = 12  # of a price


@dataclass(frozen=True)
class Branched:
    """What the nodes prove, with the cuts that the prices name."""

    goal: float
    bound: float
    cuts: tuple[PieceCut, ...]
    nodes: tuple[ProgrammeNode, ...]

    def witness(self, of: str, violation: int | None) -> ProgrammeWitness:
        """Return the witness of the goal, which a solver has told."""
        return ProgrammeWitness(of, violation, self.goal, self.bound, self.cuts, self.nodes)


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of all drawings: what divides it, and the prices that bound it."""

    parent: int
    held: dict[int, float]
    column: int
    value: float
    possible: bool
    shares: Floats
    prices: Floats


class _Branching:
    def __init__(self, territory: Territory, programme: Programme, *, goal: float, step: float) -> None:
        self._territory, self._programme = territory, programme
        self._goal, self._step = goal, step
        self._inside = len(territory) * programme.count
        self.cuts: list[PieceCut] = []
        self._solver = ColumnProgramme(programme.low, programme.high)
        self._solver.add_columns(programme.costs, programme.rows.tocsc(), programme.most)
        self._held: dict[int, float] = {}

    def reaches(self, value: float) -> bool:
        """Return whether a bound comes to the goal."""
        return self.stepped(value) * (1 + CLEAR) >= self._goal

    def stepped(self, value: float) -> float:
        """Return the least that a drawing can cost at a bound: a multiple of the step."""
        return self._step * ceil(value / self._step - CLEAR) if self._step and abs(value) < inf else value

    def part(self, parent: int, held: dict[int, float], column: int) -> _Part:
        """Bound what is left with some columns held, adding cuts where whole shares are not connected."""
        self._hold(held)
        while True:
            solved = self._solver.solve()
            if solved is None:
                return self._refused(parent, held, column)
            shares = solved.values[: self._inside]
            prices = self._signed(solved.row_duals)
            value = self._bound(prices, self._programme.costs, held)
            whole = bool((np.minimum(shares, 1 - shares) < CLEAR).all())
            if self.reaches(value) or not whole or not self._cut(shares):
                return _Part(parent, held, column, value, True, shares, prices)

    def divided(self, number: int, part: _Part, stop: Stop) -> tuple[_Part, _Part] | None:
        """Return the two sides, not held and held, of the unit that lifts both most; None where all are clear."""
        unclear = np.minimum(part.shares, 1 - part.shares)
        order = np.argsort(-unclear, kind="stable")[:TRIED]
        best: tuple[tuple[float, float], tuple[_Part, _Part]] | None = None
        for column in order[unclear[order] > CLEAR].tolist():
            if best is not None and stop.now():
                break
            out, within = (self.part(number, {**part.held, column: side}, column) for side in (0.0, 1.0))
            lifts = sorted(min(side.value, self._goal) for side in (out, within))
            if best is None or (lifts[0], lifts[1]) > best[0]:
                best = ((lifts[0], lifts[1]), (out, within))
            if self.reaches(lifts[0]):
                break
        return None if best is None else best[1]

    def node(self, part: _Part, *, leaf: bool) -> ProgrammeNode:
        """Return a part as it is written."""
        unit, grid = divmod(part.column, self._programme.count) if part.column >= 0 else (-1, -1)
        inside = part.held.get(part.column, 0.0) == 1.0
        prices = self._programme.named(part.prices) if leaf else None
        return ProgrammeNode(part.parent, unit, grid, inside, prices, part.possible)

    def _hold(self, held: dict[int, float]) -> None:
        """Hold these columns where they are told, and none of those that were held before."""
        freed = [column for column in self._held if column not in held]
        columns = np.array([*freed, *held], dtype=np.int64)
        if len(columns):
            low = np.array([*[0.0] * len(freed), *held.values()])
            most = np.minimum(self._programme.most[columns], np.array([*[1.0] * len(freed), *held.values()]))
            self._solver.hold(columns, np.minimum(low, most), most)
        self._held = dict(held)

    def _cut(self, shares: Floats) -> bool:
        """Add cuts for the pieces of a drawing; return whether there were any."""
        labels = shares.reshape(-1, self._programme.count).argmax(axis=1)
        news = piece_cuts(self._territory, labels, one_each=True)
        if not news:
            return False
        before = len(self._programme.low)
        self._programme = self._programme.with_cuts(news, len(self.cuts))
        more = self._programme
        self._solver.add_rows(more.low[before:], more.high[before:], more.rows[before:])
        self.cuts += news
        return True

    def _signed(self, prices: Floats) -> Floats:
        """Return prices rounded, without those of ends that a row does not have."""
        wrong = ((prices > 0) & ~np.isfinite(self._programme.low)) | (
            (prices < 0) & ~np.isfinite(self._programme.high)
        )
        return np.where(wrong, 0.0, np.round(prices, DIGITS))

    def _bound(self, prices: Floats, costs: Floats, held: dict[int, float]) -> float:
        """Return what prices prove of a node: the least over all columns, each by itself."""
        low, high = np.where(prices > 0, self._programme.low, 0.0), np.where(prices < 0, self._programme.high, 0.0)
        fixed = float((prices * (low + high)).sum())
        reduced = costs - self._programme.rows.T @ prices
        least, most = np.zeros(len(costs)), self._programme.most.copy()
        for column, value in held.items():
            most[column] = min(most[column], value)
            least[column] = min(value, most[column])
        faint = (reduced < 0) & (reduced > -CLEAR) & ~np.isfinite(most)
        reduced = np.where(faint, 0.0, reduced)
        ends = np.where(reduced > 0, least, np.where(reduced < 0, most, 0.0))
        return fixed + float((reduced * ends).sum())

    def _refused(self, parent: int, held: dict[int, float], column: int) -> _Part:
        """Return a part without a solution, with the prices that show it where the solver tells them."""
        shares = np.zeros(self._inside)
        ray = self._solver.refusal()
        rays = () if ray is None else (ray, -ray)  # solvers differ in the sign
        for told in rays:
            prices = self._signed(told / max(1e-12, float(np.abs(told).max())))
            if self._bound(prices, np.zeros(len(self._programme.costs)), held) > CLEAR:
                return _Part(parent, held, column, inf, False, shares, prices)
        return _Part(parent, held, column, -inf, True, shares, np.zeros(len(self._programme.low)))


def branch_programme(
    territory: Territory, programme: Programme, *, goal: float, step: float, most: int, stop: Stop
) -> Branched:
    """Prove that no connected drawing costs less than a goal, as far as the nodes go.

    Parameters
    ----------
    programme
        What a drawing costs and what it must keep, connectedness apart.
    goal
        A cost that is believed to be the least; nothing beyond it is looked for.
    step
        What every drawing costs a multiple of, so that a bound counts as the next one; 0: nothing is known of it.
    most
        Nodes at most.

    Returns
    -------
    Branched
        Its bound is at most the goal, and less where the nodes ran out.
    """
    branching = _Branching(territory, programme, goal=goal, step=step)
    parts = [branching.part(-1, {}, -1)]
    open_parts = [(parts[0].value, 0)]
    divided: set[int] = set()
    while open_parts and len(parts) < most and not stop.now() and not branching.reaches(open_parts[0][0]):
        _, number = heappop(open_parts)
        sides = branching.divided(number, parts[number], stop)
        if sides is None:  # a drawing that costs less than the goal, or a part that nothing tells of
            heappush(open_parts, (parts[number].value, number))
            break
        divided.add(number)
        for side in sides:
            heappush(open_parts, (side.value, len(parts)))
            parts.append(side)
    bound = min((part.value for number, part in enumerate(parts) if number not in divided), default=inf)
    nodes = tuple(branching.node(part, leaf=number not in divided) for number, part in enumerate(parts))
    return Branched(goal, min(branching.stepped(bound), goal), tuple(branching.cuts), nodes)
