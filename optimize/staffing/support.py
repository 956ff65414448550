"""The workers who lead nothing: beside whom they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.model.kinds import Role
from optimize.staffing.problem import LEADING_ROLES, StaffingProblem

__all__ = ["post_support"]


def post_support(problem: StaffingProblem, leads: NDArray[np.int64]) -> list[tuple[int, int, str]]:
    """Post everybody who leads no grid to one grid each.

    Who is at a grid now stays at the one that holds most of its households. The others go to a grid
    of their community (of the study where they have none): leaders and workers where most hours
    are left over capacity, volunteers and advisers where fewest of them stand; then the nearest.

    Parameters
    ----------
    leads
        Worker of each slot, -1 where vacant.

    Returns
    -------
    list of (worker, grid, role)
        A leader who leads nothing stands by as a grid worker.
    """
    if len(problem.grid_ids) == 0:
        return []
    left_h = problem.workload_h - _capacity_there(problem, leads)
    helpers = np.zeros(len(problem.grid_ids), dtype=np.int64)
    posted: list[tuple[int, int, str]] = []
    busy = set(leads.tolist())
    for worker in range(len(problem.worker_ids)):
        if worker in busy:
            continue
        works = problem.role[worker] in LEADING_ROLES
        grid = _grid_for(problem, worker, -left_h if works else helpers.astype(np.float64))
        if works:
            left_h[grid] -= problem.capacity_h[worker]
        else:
            helpers[grid] += 1
        posted.append((worker, grid, str(Role.GRID_WORKER) if works else problem.role[worker]))
    return posted


def _grid_for(problem: StaffingProblem, worker: int, rank: NDArray[np.float64]) -> int:
    if problem.kept_households[worker].any():
        return int(np.argmax(problem.kept_households[worker]))
    own = np.flatnonzero(problem.grid_community == problem.worker_community[worker])
    choice = own if len(own) else np.arange(len(problem.grid_ids))
    return int(choice[np.lexsort((choice, problem.cost_m[worker, choice], np.round(rank[choice], 6)))[0]])


def _capacity_there(problem: StaffingProblem, leads: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the hours that the leads of each grid have for it; one of several grids gets its share."""
    there = np.zeros(len(problem.grid_ids))
    for worker in np.unique(leads[leads >= 0]):
        slots = np.flatnonzero(leads == worker)
        hours = problem.slot_h[slots]
        share = hours / hours.sum() if hours.sum() > 0 else np.full(len(slots), 1 / len(slots))
        np.add.at(there, problem.slot_grid[slots], problem.capacity_h[worker] * share)
    return there
