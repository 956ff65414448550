"""One worker a slot: incumbents stay, nobody over capacity where that can be, then the nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from optimize.staffing.problem import StaffingProblem

__all__ = ["assign_leads", "least_largest_load"]

NOBODY = -1
_EPS = 1e-9
_FORBIDDEN_M = 1e9  # more than any sum of walks in one study


def assign_leads(problem: StaffingProblem) -> NDArray[np.int64]:
    """Return the worker of each slot, -1 where it stays vacant; nobody takes two.

    Three rounds: who leads the grid now (most households keep their lead), then workers of the
    same community, then whoever is left. In a round as many slots as can be are filled, the
    largest load as a share of capacity is as small as it can be or at most 1, and the metres from
    home to the heart are least.
    """
    worker_of = np.full(len(problem.slot_grid), NOBODY)
    _keep_incumbents(problem, worker_of)
    for community in np.unique(problem.grid_community):
        own = problem.worker_community == community
        _nearest(problem, worker_of, workers=own, slots=problem.grid_community[problem.slot_grid] == community)
    everybody, everything = np.ones(len(problem.worker_ids), bool), np.ones(len(worker_of), bool)
    _nearest(problem, worker_of, workers=everybody, slots=everything)
    return worker_of


def _keep_incumbents(problem: StaffingProblem, worker_of: NDArray[np.int64]) -> None:
    """Match workers to the grids that are theirs now, most households first; small groups at a time."""
    first_slots = _free_slots(worker_of)
    kept = np.where(problem.may_lead[:, None], problem.kept_households, 0.0)[:, problem.slot_grid[first_slots]]
    workers, slots = np.nonzero(kept)
    if len(workers) == 0:
        return
    size = kept.shape[0] + kept.shape[1]
    links = sparse.csr_matrix((np.ones(len(workers)), (workers, kept.shape[0] + slots)), shape=(size, size))
    label = connected_components(links, directed=False)[1]
    closer = problem.cost_m / (problem.cost_m.max(initial=0.0) + 1.0)  # below 1 household: settles ties only
    for group in np.unique(label[workers]):
        mine = np.flatnonzero(label[: kept.shape[0]] == group)
        theirs = np.flatnonzero(label[kept.shape[0] :] == group)
        worth = kept[np.ix_(mine, theirs)]
        tie = closer[np.ix_(mine, problem.slot_grid[first_slots[theirs]])] * (worth > 0)
        for i, j in zip(*linear_sum_assignment(worth - tie / (len(mine) + 1), maximize=True), strict=True):
            if worth[i, j] > 0:
                worker_of[first_slots[theirs[j]]] = mine[i]


def _free_slots(worker_of: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(worker_of == NOBODY)


def _nearest(
    problem: StaffingProblem, worker_of: NDArray[np.int64], *, workers: NDArray[np.bool_], slots: NDArray[np.bool_]
) -> None:
    """Fill vacant slots among `slots` with idle workers among `workers`; changes `worker_of`."""
    idle = workers & problem.may_lead
    idle[worker_of[worker_of != NOBODY]] = False
    mine, free = np.flatnonzero(idle), np.flatnonzero(slots & (worker_of == NOBODY))
    if len(mine) == 0 or len(free) == 0:
        return
    hours, capacity = problem.slot_h[free], problem.capacity_h[mine]
    load = hours[None, :] / capacity[:, None]
    allowed = load <= max(1.0, least_largest_load(hours, capacity)) + _EPS
    cost = np.where(allowed, problem.cost_m[np.ix_(mine, problem.slot_grid[free])], _FORBIDDEN_M)
    for i, j in zip(*linear_sum_assignment(cost), strict=True):
        if allowed[i, j]:
            worker_of[free[j]] = mine[i]


def least_largest_load(hours: NDArray[np.float64], capacity_h: NDArray[np.float64]) -> float:
    """Return the smallest largest load when the heaviest slots get one worker each.

    Heaviest slot to greatest capacity, second to second and so on is best for the largest ratio.
    """
    number = min(len(hours), len(capacity_h))
    if number == 0:
        return 0.0
    return float((np.sort(hours)[::-1][:number] / np.sort(capacity_h)[::-1][:number]).max())
