"""Drawing grids: from a study area and settings to a plan with its report."""

from __future__ import annotations

import time
from dataclasses import replace

import pandas as pd

from gis.model.plan import Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.results import Drawn
from gis.model.study import StudyArea
from optimize.partition.answers import answer_all
from optimize.partition.asked_counts import asked_counts, left_to_draw
from optimize.partition.engine import LARGE, Task
from optimize.partition.plan_making import Kept, make_drawn
from optimize.partition.territories import territories_of
from optimize.partition.way_finding import find_ways
from optimize.partition.weights import Weights
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

__all__ = ["draw_grids"]


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
        Told the share done, the metres to the heart and the load outside the band so far.
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
        When locked units of one grid cannot be connected, or contradict what must be together or apart.
    GroupingError
        When units that must be together cannot be, or a number of grids is asked for that is too small to
        keep units apart.
    """
    began_s = time.monotonic()
    kept = Kept(base)
    settings = left_to_draw(settings, kept.general, set(study.units["community_id"]))
    names, anchors = _anchors(study, base)
    weights = Weights(study, settings)
    territories = [
        replace(territory, terms=weights.terms(territory))
        for territory in territories_of(study, settings, kept=set(kept.units.index), anchors=anchors)
    ]
    dedicated = {t.community_id for t in territories if study.is_dedicated(t.community_id)}
    counts = asked_counts(territories, settings, dedicated)
    tasks = [
        Task(
            territory,
            count,
            settings,
            allowed=settings.count_range(territory.community_id),
            compare=settings.compare_counts
            and territory.total_load > 0
            and territory.community_id not in dedicated
            and len(territory) <= LARGE,
        )
        for territory, count in zip(territories, counts, strict=True)
    ]
    stop = Stop(None if settings.seconds is None else began_s + settings.seconds, cancelled)
    answers = answer_all(tasks, stop, on_progress=on_progress, processes=processes)
    ways = find_ways(study, answers, stop, processes=processes) if settings.explain else ()
    return make_drawn(
        study,
        settings,
        answers,
        kept=kept,
        names=names,
        taken=set(base.grids) if base is not None else set(),
        seconds=time.monotonic() - began_s,
        ways=ways,
    )


def _anchors(study: StudyArea, base: Plan | None) -> tuple[list[str], pd.Series[int] | None]:
    """Return the ids of base grids and, for locked units, the number of theirs."""
    held = base.assignment if base is not None else study.present
    if held is None or "locked" not in study.units:
        return [], None
    locked = study.units.index[study.units["locked"]].sort_values()
    at = held.reindex(locked).dropna()
    names = sorted({str(g) for g in at})
    return names, pd.Series([names.index(str(g)) for g in at], index=at.index, dtype="int64")
