"""A posting question as arrays: who may lead, which grids need a lead, and what ties them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.model.kinds import GridKind, Role
from gis.model.plan import Plan
from gis.model.study import PostingSettings, StudyArea

__all__ = ["StaffingProblem", "staffing_problem"]

LEADING_ROLES = (Role.GRID_LEADER, Role.GRID_WORKER)  # volunteers and advisers never lead
WORKER_LEADS_M = 500.0  # metres farther that a grid leader may live than a grid worker and still be asked first
MISSING_SKILL_M = 500.0  # the same for a skill or language that a grid asks for and a worker lacks


@dataclass(frozen=True, slots=True, eq=False)
class StaffingProblem:
    """Workers, grids and the slots to fill: one slot a lead that a grid is to have.

    Parameters
    ----------
    worker_ids, grid_ids
        Ids, sorted; ints stand for them from here on.
    role, capacity_h, worker_community
        By worker; the community is -1 where none is told.
    may_lead
        Workers that may lead a grid.
    walk_m
        Shape (workers, grids): straight metres from home to the heart; missing where no home is told.
    cost_m
        The same with what a missing skill, language or role is worth; complete.
    kept_households
        Shape (workers, grids): households of the grid that are the worker's now.
    workload_h, grid_community
        By grid.
    slot_grid
        Grid of each slot, sorted; the workload of a grid is shared by its slots.
    """

    worker_ids: tuple[str, ...]
    grid_ids: tuple[str, ...]
    role: tuple[str, ...]
    capacity_h: NDArray[np.float64]
    worker_community: NDArray[np.int64]
    may_lead: NDArray[np.bool_]
    walk_m: NDArray[np.float64]
    cost_m: NDArray[np.float64]
    kept_households: NDArray[np.float64]
    workload_h: NDArray[np.float64]
    grid_community: NDArray[np.int64]
    slot_grid: NDArray[np.int64]

    @property
    def slot_h(self) -> NDArray[np.float64]:
        """Hours of each slot."""
        slots = np.bincount(self.slot_grid, minlength=len(self.grid_ids))
        return np.asarray(self.workload_h[self.slot_grid] / slots[self.slot_grid], dtype=np.float64)


def staffing_problem(
    study: StudyArea, plan: Plan, grids: gpd.GeoDataFrame, settings: PostingSettings
) -> StaffingProblem:
    """Turn workers and general grids into arrays; empty and dedicated grids ask for nobody.

    Parameters
    ----------
    grids
        Index ``grid_id``; community_id, kind, workload_h, heart_unit_id, and where skills or
        languages are asked for the columns `skills`, `languages` (names apart by ``;``).
    """
    grids = grids[grids["kind"].eq(GridKind.GENERAL)].sort_index()
    workers = study.workers.sort_index()
    communities = pd.Index(sorted(study.areas.index[study.areas["level"].eq("community")]))
    walk_m = _walks(study, workers, grids)
    number = len(grids)
    return StaffingProblem(
        worker_ids=tuple(map(str, workers.index)),
        grid_ids=tuple(map(str, grids.index)),
        role=tuple(map(str, workers["role"])),
        capacity_h=workers["fte"].to_numpy(dtype=np.float64) * study.settings.ratios.full_time_h,
        worker_community=communities.get_indexer(pd.Index(workers["community_id"])),
        may_lead=(workers["role"].isin(LEADING_ROLES) & workers["fte"].gt(0)).to_numpy(dtype=bool),
        walk_m=walk_m,
        cost_m=_costs(walk_m, workers, grids),
        kept_households=_kept(study, plan, workers, grids),
        workload_h=grids["workload_h"].to_numpy(dtype=np.float64),
        grid_community=communities.get_indexer(pd.Index(grids["community_id"])),
        slot_grid=np.repeat(np.arange(number), settings.leads_per_grid),
    )


def _walks(study: StudyArea, workers: pd.DataFrame, grids: gpd.GeoDataFrame) -> NDArray[np.float64]:
    hearts = study.units.loc[grids["heart_unit_id"], ["x", "y"]].to_numpy(dtype=np.float64)
    homes = workers[["x", "y"]].to_numpy(dtype=np.float64)
    metres = np.hypot(homes[:, None, 0] - hearts[None, :, 0], homes[:, None, 1] - hearts[None, :, 1])
    return np.asarray(metres, dtype=np.float64)


def _costs(walk_m: NDArray[np.float64], workers: pd.DataFrame, grids: gpd.GeoDataFrame) -> NDArray[np.float64]:
    known = walk_m[~np.isnan(walk_m)]
    cost = np.where(np.isnan(walk_m), np.median(known) if len(known) else 0.0, walk_m)
    cost = cost + np.where(workers["role"].eq(Role.GRID_LEADER), 0.0, WORKER_LEADS_M)[:, None]
    for column in ("skills", "languages"):
        if column in grids and grids[column].notna().any():
            cost = cost + MISSING_SKILL_M * _missing(workers[column], grids[column])
    return np.asarray(cost, dtype=np.float64)


def _missing(has: pd.Series[str], asks: pd.Series[str]) -> NDArray[np.float64]:
    """Count what each grid asks for and each worker lacks."""
    offered, asked = (s.fillna("").astype("str").str.get_dummies(sep=";") for s in (has, asks))
    lacks = 1 - offered.reindex(columns=asked.columns, fill_value=0).to_numpy(dtype=np.float64)
    return np.asarray(lacks @ asked.to_numpy(dtype=np.float64).T, dtype=np.float64)


def _kept(study: StudyArea, plan: Plan, workers: pd.DataFrame, grids: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the households of each grid that are already the worker's, by id or by overlap."""
    kept = np.zeros((len(workers), len(grids)))
    households = study.units["households"].reindex(plan.assignment.index)
    now = plan.assignment if study.present is None else study.present.reindex(plan.assignment.index)
    overlap = households.groupby([now.to_numpy(), plan.assignment.to_numpy()]).sum()
    old = pd.Index(sorted(set(overlap.index.get_level_values(0))))
    row, column = (
        old.get_indexer(overlap.index.get_level_values(0)),
        grids.index.get_indexer(overlap.index.get_level_values(1)),
    )
    table = np.zeros((len(old) + 1, len(grids)))  # the last row is for workers without a grid
    table[row[column >= 0], column[column >= 0]] = overlap.to_numpy(dtype=np.float64)[column >= 0]
    kept += table[old.get_indexer(pd.Index(workers["grid_id"]))]
    return kept
