"""Micro-grids: every general grid cut again into connected parts with a band of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from gis.model.codes import reading_order
from gis.model.kinds import BalanceOn, GridKind
from gis.model.plan import Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.standards import Band
from gis.model.study import StudyArea
from optimize.partition.answers import answer_all
from optimize.partition.engine import Answer, Task
from optimize.partition.problem import heart_of
from optimize.partition.territories import territories_of
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

__all__ = ["draw_micro_grids"]

WORK = 50_000  # trials a grid: a grid is small, and a proof mends what is left


def draw_micro_grids(
    study: StudyArea,
    plan: Plan,
    band: Band,
    *,
    rng_seed: int = 0,
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> pd.Series[str]:
    """Cut every general grid of a plan into micro-grids.

    Each is connected and inside one grid; their number is the one whose households fit the band best. The
    engine is the one that draws the grids, with the grids as its communities.

    Parameters
    ----------
    study, plan
        The units and their grids.
    band
        Households of a micro-grid; soft.
    rng_seed
        One seed gives one answer on any number of processes.

    Returns
    -------
    Series
        unit_id -> micro_grid_id (the grid's code, a hyphen and two digits in reading order), sorted by
        unit_id; without the units of dedicated and empty grids.
    """
    general = sorted(g for g, info in plan.grids.items() if info.kind is GridKind.GENERAL)
    held = plan.assignment.reindex(study.units.index)
    units = study.units[held.isin(general)]
    if units.empty:
        return pd.Series([], index=pd.Index([], name="unit_id", dtype="str"), name="micro_grid_id", dtype="str")
    inside = replace(
        study,
        units=units.assign(community_id=held.reindex(units.index).astype("str")),
        settings=replace(study.settings, grids=replace(study.settings.grids, together=(), apart=())),
    )
    settings = PartitionSettings(band=band, balance_on=BalanceOn.HOUSEHOLDS, rng_seed=rng_seed, work=WORK)
    tasks = [Task(territory, None, settings) for territory in territories_of(inside, settings)]
    answers = answer_all(tasks, Stop(None, cancelled), on_progress=on_progress, processes=processes)
    return _coded(answers)


def _coded(answers: list[Answer]) -> pd.Series[str]:
    """Give each micro-grid its code: in each grid from north to south by rows, inside a row from west to east."""
    parts: dict[str, list[tuple[tuple[float, float], float, list[str]]]] = {}
    for answer in answers:
        territory = answer.task.territory
        for label in range(int(answer.found.labels.max()) + 1):
            members = np.flatnonzero(answer.found.labels == label)
            x, y = territory.xy[heart_of(territory, members)[0]].tolist()
            height = float(np.ptp(territory.xy[members, 1]))
            ids = [territory.unit_ids[u] for u in members]
            parts.setdefault(territory.community_id, []).append(((x, y), height, ids))
    codes: dict[str, str] = {}
    for grid_id, cut in parts.items():
        places = np.array([place for place, _, _ in cut])
        order = reading_order(places, float(np.median([height for _, height, _ in cut])))
        for number, at in enumerate(order.tolist(), start=1):
            codes |= dict.fromkeys(cut[at][2], f"{grid_id}-{number:02d}")
    made = pd.Series(codes, name="micro_grid_id", dtype="str").rename_axis("unit_id")
    return made.sort_index()
