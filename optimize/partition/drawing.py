"""Drawing grids: from a study area and settings to a plan with its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from gis.model.kinds import GridKind, Proof, StoppedBy
from gis.model.plan import GridInfo, Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.results import Drawn, SolveReport, TerritoryReport
from gis.model.study import StudyArea
from optimize.parallel import run_all
from optimize.partition.anchors import anchor_count
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.partition.grid_codes import DrawnGrid, name_grids
from optimize.partition.grid_count import share_out
from optimize.partition.problem import Territory, heart_of
from optimize.partition.territories import LOAD_SCALE, territories_of
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

__all__ = ["ENGINE", "draw_grids"]

ENGINE = "wangge 1"


def draw_grids(
    study: StudyArea,
    settings: PartitionSettings,
    *,
    base: Plan | None = None,
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> Drawn:
    """Draw the grids of every community of a study.

    Parameters
    ----------
    study
        Units, their neighbours and the bands.
    settings
        What to balance, how many grids, how much work.
    base
        A present plan: its dedicated and locked grids stay as they are, locked units stay in their grid.
        Left out: the study's present grids, for locked units only.
    on_progress
        Told the share done, the metres to the heart and the households outside the band so far.
    cancelled
        Asked several times a second; the best drawing so far is returned soon after it says yes.
    processes
        Processes to work on; the plan is the same on any number of them.

    Returns
    -------
    Drawn
        Each grid is connected and inside one community, whatever the settings and however it was stopped.

    Raises
    ------
    LockedError
        When locked units of one grid cannot be connected.
    """
    began_s = time.monotonic()
    kept = _kept_grids(base)
    kept_units = _units_of(base, kept)
    names, anchors = _anchors(study, base)
    territories = territories_of(study, settings, kept=set(kept_units.index), anchors=anchors)
    tasks = [
        Task(territory, count, settings)
        for territory, count in zip(territories, _counts(territories, settings), strict=True)
    ]
    stop = Stop(None if settings.seconds is None else began_s + settings.seconds, cancelled)
    answers = _answer(tasks, stop, on_progress, processes)
    drawn = [grid for task, answer in zip(tasks, answers, strict=True) for grid in _grids(task.territory, answer)]
    codes = name_grids(study, drawn, names, taken=set(base.grids) if base is not None else set())
    plan = _plan(study, drawn, codes, kept, kept_units)
    report = SolveReport(
        engine=ENGINE,
        rng_seed=settings.rng_seed,
        stopped_by=_stopped_by(answers),
        seconds=time.monotonic() - began_s,
        territories=tuple(_report(task, answer) for task, answer in zip(tasks, answers, strict=True)),
    )
    return Drawn(plan, report)


def _kept_grids(base: Plan | None) -> list[GridInfo]:
    """Return the grids that are drawn already: dedicated ones and locked ones."""
    return [g for g in base.grids.values() if g.locked or g.kind is GridKind.DEDICATED] if base is not None else []


def _units_of(base: Plan | None, grids: Sequence[GridInfo]) -> pd.Series[str]:
    if base is None or not grids:
        return pd.Series(dtype="str")
    held = base.assignment
    return held[held.isin([g.grid_id for g in grids])]


def _anchors(study: StudyArea, base: Plan | None) -> tuple[list[str], pd.Series[int] | None]:
    """Return the ids of base grids and, for locked units, the number of theirs."""
    held = base.assignment if base is not None else study.present
    if held is None or "locked" not in study.units:
        return [], None
    locked = study.units.index[study.units["locked"]].sort_values()
    at = held.reindex(locked).dropna()
    names = sorted({str(g) for g in at})
    return names, pd.Series([names.index(str(g)) for g in at], index=at.index, dtype="int64")


def _counts(territories: Sequence[Territory], settings: PartitionSettings) -> list[int | None]:
    """Return the number of grids that is asked of each territory, None where it is open."""
    asked = settings.grid_count
    counts: list[int | None] = [None] * len(territories)
    groups: dict[str | None, list[int]] = {}
    for i, territory in enumerate(territories):
        if territory.total_load == 0:
            counts[i] = max(1, anchor_count(territory))
        else:
            groups.setdefault(None if isinstance(asked, int) else territory.community_id, []).append(i)
    for group, members in groups.items():
        total = asked.get(str(group)) if isinstance(asked, Mapping) else asked
        if total is None:
            continue
        for i, share in zip(members, share_out(total, [territories[i] for i in members]), strict=True):
            counts[i] = max(share, anchor_count(territories[i]))
    return counts


def _answer(tasks: Sequence[Task], stop: Stop, on_progress: Progress, processes: int) -> list[Answer]:
    """Draw all territories, the largest first, and tell how far it is."""
    order = sorted(range(len(tasks)), key=lambda i: (-len(tasks[i].territory), i))
    answers: dict[int, Answer] = {}
    units_done = walk_hm = violation = 0.0
    households = 0
    units = sum(len(task.territory) for task in tasks)
    work = [_Timed(tasks[i], stop.deadline_s) for i in order]
    for position, answer in run_all(_draw_timed, work, processes=processes, cancelled=stop.cancelled):
        task = tasks[order[position]]
        answers[order[position]] = answer
        units_done += len(task.territory)
        households += int(task.territory.households.sum())
        walk_hm += answer.found.walk_hm
        violation += answer.found.violation / LOAD_SCALE[task.settings.balance_on]
        on_progress(
            units_done / units,
            walk_mean_m=walk_hm / households if households else 0.0,
            band_violation=violation,
            territories=len(answers),
        )
    return [answers[i] for i in range(len(tasks))]


class _Timed:
    """A task with the moment it must end by."""

    def __init__(self, task: Task, deadline_s: float | None) -> None:
        self.task = task
        self.deadline_s = deadline_s


def _draw_timed(work: _Timed, cancelled: Callable[[], bool]) -> Answer:
    return draw_territory(work.task, Stop(work.deadline_s, cancelled))


def _grids(territory: Territory, answer: Answer) -> list[DrawnGrid]:
    """Return the grids of a territory with their units and hearts."""
    labels = answer.found.labels
    order = labels.argsort(kind="stable")
    bounds = labels[order].searchsorted(range(int(labels.max()) + 2))
    grids = []
    for a, b in pairwise(bounds):
        members = order[a:b]
        heart, _ = heart_of(territory, members)
        locked = territory.anchor[members]
        grids.append(
            DrawnGrid(
                community_id=territory.community_id,
                unit_ids=tuple(territory.unit_ids[u] for u in members),
                heart_xy=(float(territory.xy[heart, 0]), float(territory.xy[heart, 1])),
                anchor=int(locked.max()),
                load=int(territory.load[members].sum()),
                households=int(territory.households[members].sum()),
            )
        )
    return grids


def _plan(
    study: StudyArea,
    drawn: Sequence[DrawnGrid],
    codes: Sequence[str],
    kept: Sequence[GridInfo],
    kept_units: pd.Series[str],
) -> Plan:
    assignment = {unit_id: code for grid, code in zip(drawn, codes, strict=True) for unit_id in grid.unit_ids}
    assignment.update({str(u): str(g) for u, g in kept_units.items() if u in study.units.index})
    infos = [
        GridInfo(code, grid.community_id, GridKind.GENERAL if grid.households or grid.load else GridKind.EMPTY)
        for grid, code in zip(drawn, codes, strict=True)
    ]
    return Plan.of(study.study_id, assignment, [*infos, *kept])


def _stopped_by(answers: Sequence[Answer]) -> StoppedBy:
    reasons = {answer.stopped_by for answer in answers}
    return next((r for r in (StoppedBy.CANCELLED, StoppedBy.TIME) if r in reasons), StoppedBy.WORK)


def _report(task: Task, answer: Answer) -> TerritoryReport:
    territory, found = task.territory, answer.found
    return TerritoryReport(
        territory_id=territory.territory_id,
        community_id=territory.community_id,
        units=len(territory),
        households=int(territory.households.sum()),
        grids=int(found.labels.max()) + 1,
        band_violation=found.violation / LOAD_SCALE[task.settings.balance_on] if territory.total_load else 0.0,
        objective=found.walk_hm,
        bound=None,
        proof=Proof.NONE,
    )
