"""Drawing grids: from a study area and settings to a plan with its report."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import pandas as pd

from gis.model.errors import GroupingError
from gis.model.plan import Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.results import Drawn
from gis.model.study import StudyArea
from optimize.partition.answers import answer_all
from optimize.partition.engine import LARGE, Task
from optimize.partition.grid_count import natural_count, share_out
from optimize.partition.plan_making import Kept, make_drawn
from optimize.partition.problem import Territory
from optimize.partition.search import least_grids
from optimize.partition.territories import territories_of
from optimize.partition.together import contracted
from optimize.partition.way_finding import find_ways
from optimize.partition.weights import Weights
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

__all__ = ["draw_grids"]

NAMED = 10  # units named in a refusal


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
    names, anchors = _anchors(study, base)
    weights = Weights(study, settings)
    territories = [
        replace(territory, terms=weights.terms(territory))
        for territory in territories_of(study, settings, kept=set(kept.units.index), anchors=anchors)
    ]
    dedicated = {t.community_id for t in territories if study.is_dedicated(t.community_id)}
    counts = _counts(territories, settings, dedicated)
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


def _counts(territories: Sequence[Territory], settings: PartitionSettings, dedicated: Set[str]) -> list[int | None]:
    """Return the number of grids that is asked of each territory, None where it is open; 1 for dedicated ones."""
    asked = settings.grid_count
    counts: list[int | None] = [None] * len(territories)
    small = [contracted(territory).territory for territory in territories]
    least = [least_grids(territory) for territory in small]
    groups: dict[str | None, list[int]] = {}
    for i, territory in enumerate(territories):
        if territory.total_load == 0 or territory.community_id in dedicated:
            counts[i] = least[i]
        else:
            groups.setdefault(None if isinstance(asked, int) else territory.community_id, []).append(i)
    for group, members in groups.items():
        total = asked.get(str(group)) if isinstance(asked, Mapping) else asked
        if total is None:
            total = _inside(settings.count_range(str(group)), [small[i] for i in members])
        if total is None:
            continue
        _refuse_too_few(group, total, [small[i] for i in members], [least[i] for i in members])
        for i, share in zip(members, share_out(total, [small[i] for i in members]), strict=True):
            counts[i] = max(share, least[i])
    return counts


def _inside(allowed: range | None, territories: Sequence[Territory]) -> int | None:
    """Return the number of grids of a community in several parts whose range is stated; None: it is open."""
    if allowed is None or len(territories) == 1:
        return None
    natural = sum(natural_count(territory) for territory in territories)
    return min(max(natural, allowed.start), allowed.stop - 1)


def _refuse_too_few(group: str | None, total: int, territories: Sequence[Territory], least: Sequence[int]) -> None:
    """Refuse a number of grids that can not keep apart what must be."""
    if total >= sum(least) or not any(len(t.rivals) for t in territories):
        return
    ids = sorted({t.unit_ids[u] for t in territories for u in t.rivals.ravel().tolist()})
    names = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
    raise GroupingError("apart-needs-grids", territory_id=group or "", count=total, least=sum(least), unit_ids=names)
