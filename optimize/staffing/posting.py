"""Post workers to grids: one lead a grid, the others beside them."""

from __future__ import annotations

from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.model.kinds import Role
from gis.model.plan import Plan
from gis.model.results import SolverAnswer, Staffing
from gis.model.study import PostingSettings, StudyArea
from optimize.staffing.assignment import NOBODY, assign_leads, least_largest_load
from optimize.staffing.problem import LEADING_ROLES, StaffingProblem, staffing_problem
from optimize.staffing.sharing import level_loads, load_bound, share_within_capacity
from optimize.staffing.support import post_support

__all__ = ["post_workers"]

COLUMNS = ["worker_id", "grid_id", "role", "hours_h", "walk_m"]
_EPS = 1e-9
_HALF_MINUTE_H = 0.008  # hours below which an overload is rounding


def post_workers(
    study: StudyArea, plan: Plan, grids: gpd.GeoDataFrame, settings: PostingSettings, *, rng_seed: int = 0
) -> Staffing:
    """Post every worker of the study: leads first, then those who stand beside them.

    Incumbents stay where most of their households are. Then each grid without a lead gets one of
    its own community, then one from elsewhere: nobody over capacity where that can be, else the
    largest load as small as it can be, and the shortest way from home to the heart. A grid that
    still has none is shared by a lead with hours left; otherwise it is vacant. With
    ``share_beyond_capacity`` no grid stays vacant: hours are levelled over all leads.

    Parameters
    ----------
    study
        Workers with role, fte, grid_id, community_id, skills, languages and home (x, y in metres).
    plan
        The plan that is staffed; compared with ``study.present`` for who is where now.
    grids
        Index ``grid_id``; community_id, kind, workload_h (a year), heart_unit_id.
    settings
        How many leads a grid is to have, and whether vacancies are shared beyond capacity.
    rng_seed
        Kept for searches that draw; this one draws nothing.

    Returns
    -------
    Staffing
        `hours_h` is the share of the grid's workload by capacity, 0 for volunteers and advisers;
        `walk_m` is missing where no home is told. The answer's objective is the largest load beyond
        capacity as a share of it: 0 when nobody is asked for more than he has.

    Notes
    -----
    Cost: cubic in the idle workers and vacant grids of a round, a second for 1,000 of each.
    """
    began = perf_counter()
    problem = staffing_problem(study, plan, grids, settings)
    leads = assign_leads(problem)
    leads = _level(problem, leads) if settings.share_beyond_capacity else share_within_capacity(problem, leads)
    posted = _lead_rows(problem, leads) + post_support(problem, leads)
    postings, overloads = _with_hours(problem, posted)
    return Staffing(
        postings=postings,
        vacancies=tuple(problem.grid_ids[g] for g in np.unique(problem.slot_grid[leads == NOBODY])),
        overloads=overloads,
        answer=_answer(problem, leads, perf_counter() - began),
    )


def _level(problem: StaffingProblem, leads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Level all slots over those who may lead; who leads his own grid now keeps it."""
    mine = np.flatnonzero(problem.may_lead)
    if len(mine) == 0 or not (leads == NOBODY).any():
        return leads
    own = (leads != NOBODY) & (problem.kept_households[leads, problem.slot_grid] > 0)
    place = np.full(len(problem.worker_ids), NOBODY)
    place[mine] = np.arange(len(mine))
    fixed = np.where(own, place[leads], NOBODY)
    cost = problem.cost_m[np.ix_(mine, problem.slot_grid)]
    return np.asarray(mine[level_loads(problem.slot_h, problem.capacity_h[mine], cost, fixed=fixed)])


def _lead_rows(problem: StaffingProblem, leads: NDArray[np.int64]) -> list[tuple[int, int, str]]:
    filled = np.flatnonzero(leads != NOBODY)
    pairs = sorted({(int(leads[s]), int(problem.slot_grid[s])) for s in filled})
    return [(worker, grid, str(Role.GRID_LEADER)) for worker, grid in pairs]


def _with_hours(
    problem: StaffingProblem, posted: list[tuple[int, int, str]]
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Share the workload of each grid by the capacity of who is paid to carry it."""
    worker = np.array([p[0] for p in posted], dtype=np.int64)
    grid = np.array([p[1] for p in posted], dtype=np.int64)
    role = np.array([p[2] for p in posted], dtype=object)
    pays = np.isin(role, [str(r) for r in LEADING_ROLES])
    per_worker = np.bincount(worker[pays], weights=problem.workload_h[grid[pays]], minlength=len(problem.worker_ids))
    share = np.where(per_worker[worker] > 0, problem.workload_h[grid] / np.maximum(per_worker[worker], _EPS), 1.0)
    hours_there = np.where(pays, problem.capacity_h[worker] * share, 0.0)
    per_grid = np.bincount(grid, weights=hours_there, minlength=len(problem.grid_ids))
    hours = np.where(pays, hours_there / np.maximum(per_grid[grid], _EPS) * problem.workload_h[grid], 0.0)
    postings = pd.DataFrame(
        {
            "worker_id": [problem.worker_ids[w] for w in worker],
            "grid_id": [problem.grid_ids[g] for g in grid],
            "role": role.astype(str),
            "hours_h": np.round(hours, 3),
            "walk_m": np.round(problem.walk_m[worker, grid], 1),
        },
        columns=COLUMNS,
    )
    over = problem.workload_h - per_grid
    staffed = np.bincount(grid[pays], minlength=len(problem.grid_ids)) > 0
    overloads = {
        problem.grid_ids[g]: round(float(over[g]), 3) for g in np.flatnonzero(staffed & (over > _HALF_MINUTE_H))
    }
    return postings.sort_values(["grid_id", "role", "worker_id"], ignore_index=True), overloads


def _answer(problem: StaffingProblem, leads: NDArray[np.int64], seconds: float) -> SolverAnswer:
    filled = np.flatnonzero(leads != NOBODY)
    hours, capacity = problem.slot_h[filled], problem.capacity_h[problem.may_lead]
    if len(filled) == 0:
        return SolverAnswer("optimal", 0.0, 0.0, 0.0, seconds, "assignment")
    load_h = np.bincount(leads[filled], weights=hours, minlength=len(problem.worker_ids))
    largest = float((load_h[problem.may_lead] / capacity).max())
    alone = len(np.unique(leads[filled])) == len(filled)
    least = least_largest_load(hours, capacity) if alone else load_bound(hours, capacity)
    objective, bound = max(0.0, largest - 1.0), max(0.0, min(least, largest) - 1.0)
    optimal = objective - bound <= _EPS
    gap = 0.0 if optimal else (objective - bound) / objective
    engine = "assignment" if alone else "assignment + levelling"
    return SolverAnswer("optimal" if optimal else "feasible", objective, bound, gap, seconds, engine)
