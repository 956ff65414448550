"""Slots that found nobody of their own: shared by workers with hours left, or levelled over all.

Longest slot first, then moves and exchanges off the most loaded worker: Graham 1969,
doi:10.1137/0117039, for workers of different capacity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimize.staffing.assignment import NOBODY
from optimize.staffing.problem import StaffingProblem

__all__ = ["level_loads", "load_bound", "share_within_capacity"]

_EPS = 1e-9
NEARER_PASSES = 3


def share_within_capacity(problem: StaffingProblem, worker_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give vacant slots to workers who have the hours left; own community first, then the nearest."""
    shared = worker_of.copy()
    filled = np.flatnonzero(shared != NOBODY)
    spare = np.where(problem.may_lead, problem.capacity_h, 0.0)
    np.subtract.at(spare, shared[filled], problem.slot_h[filled])
    vacant = np.flatnonzero(shared == NOBODY)
    for slot in vacant[np.argsort(-problem.slot_h[vacant], kind="stable")]:
        grid = problem.slot_grid[slot]
        can = np.flatnonzero(problem.may_lead & (spare >= problem.slot_h[slot] - _EPS))
        can = np.setdiff1d(can, shared[problem.slot_grid == grid])
        if len(can) == 0:
            continue
        away = problem.worker_community[can] != problem.grid_community[grid]
        best = can[np.lexsort((can, problem.cost_m[can, grid], away))[0]]
        shared[slot] = best
        spare[best] -= problem.slot_h[slot]
    return shared


def level_loads(
    hours: NDArray[np.float64],
    capacity_h: NDArray[np.float64],
    cost_m: NDArray[np.float64],
    *,
    fixed: NDArray[np.int64] | None = None,
    most_steps: int = 20_000,
) -> NDArray[np.int64]:
    """Spread slots over workers so that the largest load is small, then shorten the walks.

    Parameters
    ----------
    hours
        Hours of each slot.
    capacity_h
        Hours of each worker, above 0.
    cost_m
        Shape (workers, slots).
    fixed
        Worker of each slot that must stay, -1 where free.
    most_steps
        Work limit of the levelling.

    Returns
    -------
    ndarray
        Worker of each slot.
    """
    given = np.full(len(hours), NOBODY) if fixed is None else fixed
    levelled = _Levelled(hours, capacity_h, cost_m, given.copy(), np.zeros(len(capacity_h)))
    for slot in np.flatnonzero(given != NOBODY):
        levelled.load_h[given[slot]] += hours[slot]
    free = np.flatnonzero(given == NOBODY)
    for slot in free[np.argsort(-hours[free], kind="stable")]:
        after = np.round((levelled.load_h + hours[slot]) / capacity_h, 9)
        levelled.give(int(slot), int(np.lexsort((cost_m[:, slot], after))[0]))
    for _ in range(most_steps):
        if not _relieve(levelled, free):
            break
    _shorten(levelled, free)
    return levelled.worker_of


@dataclass(frozen=True, slots=True, eq=False)
class _Levelled:
    """Slots given so far and what each worker carries; `give` changes both."""

    hours: NDArray[np.float64]
    capacity_h: NDArray[np.float64]
    cost_m: NDArray[np.float64]
    worker_of: NDArray[np.int64]
    load_h: NDArray[np.float64]

    def give(self, slot: int, worker: int) -> None:
        if self.worker_of[slot] != NOBODY:
            self.load_h[self.worker_of[slot]] -= self.hours[slot]
        self.worker_of[slot] = worker
        self.load_h[worker] += self.hours[slot]


def _relieve(now: _Levelled, free: NDArray[np.int64]) -> bool:
    """Move a slot off the most loaded worker, or exchange it, if both then carry less than he did."""
    worst = int(np.argmax(now.load_h / now.capacity_h))
    best = now.load_h[worst] / now.capacity_h[worst] - _EPS
    others = free[now.worker_of[free] != worst]
    theirs = now.worker_of[others]
    plan: tuple[int, int, int] | None = None
    for slot in free[now.worker_of[free] == worst]:
        after = (now.load_h + now.hours[slot]) / now.capacity_h
        after[worst] = np.inf
        to = int(np.argmin(after))
        reached = max(after[to], (now.load_h[worst] - now.hours[slot]) / now.capacity_h[worst])
        if reached < best:
            best, plan = reached, (int(slot), to, NOBODY)
        if len(others) == 0:
            continue
        change = now.hours[slot] - now.hours[others]
        mine_after = (now.load_h[worst] - change) / now.capacity_h[worst]
        both = np.maximum(mine_after, (now.load_h[theirs] + change) / now.capacity_h[theirs])
        k = int(np.argmin(both))
        if both[k] < best:
            best, plan = float(both[k]), (int(slot), int(theirs[k]), int(others[k]))
    if plan is None:
        return False
    slot, to, back = plan
    now.give(slot, to)
    if back != NOBODY:
        now.give(back, worst)
    return True


def _shorten(now: _Levelled, free: NDArray[np.int64]) -> None:
    """Exchange slots between workers where that saves metres and nobody passes the largest load."""
    most_h = (now.load_h / now.capacity_h).max(initial=0.0) * now.capacity_h + _EPS
    for _ in range(NEARER_PASSES):
        improved = False
        for slot in free:
            me, theirs = now.worker_of[slot], now.worker_of[free]
            change = now.hours[slot] - now.hours[free]
            saved = now.cost_m[me, slot] + now.cost_m[theirs, free] - now.cost_m[theirs, slot] - now.cost_m[me, free]
            fits = (now.load_h[me] - change <= most_h[me]) & (now.load_h[theirs] + change <= most_h[theirs])
            saved = np.where(fits & (theirs != me), saved, 0.0)
            k = int(np.argmax(saved))
            if saved[k] > _EPS:
                now.give(int(slot), int(theirs[k]))
                now.give(int(free[k]), int(me))
                improved = True
        if not improved:
            return


def load_bound(hours: NDArray[np.float64], capacity_h: NDArray[np.float64]) -> float:
    """Return a lower bound on the largest load when every slot is filled and workers may take several."""
    if len(hours) == 0 or len(capacity_h) == 0:
        return 0.0
    most = capacity_h.max()
    bound = max(hours.sum() / capacity_h.sum(), hours.max() / most)
    if len(hours) > len(capacity_h):  # of one slot more than there are workers, two fall to one of them
        heaviest = np.sort(hours)[::-1][: len(capacity_h) + 1]
        bound = max(bound, heaviest[-2:].sum() / most)
    return float(bound)
