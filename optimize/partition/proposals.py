"""Proposals for a part of a plan that a planner points at: even out some grids, or split one.

The part is drawn by the engine as a study of its own; nothing outside it changes. A proposal keeps the codes of the
grids that go on, and gives new codes after all that the plan ever had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

import pandas as pd

from gis.model.codes import next_codes
from gis.model.errors import LockedError, SettingError, UnknownIdError
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.standards import Band
from gis.model.study import StudyArea
from optimize.partition.drawing import draw_grids
from optimize.partition.redraw import redraw_grids
from optimize.settings import PartitionSettings

__all__ = ["MOST_GRIDS", "propose_even_grids", "propose_split"]

EVEN_SHARE = 0.05  # of the mean load: loads so near to each other are even
KEEP_PRICE_M = 100.0  # a household changes its grid only to spare others 100 m, or to even the loads
MOST_GRIDS = 18  # in one proposal; among more, a band of 5 % would leave their number open


def propose_even_grids(
    study: StudyArea,
    settings: PartitionSettings,
    plan: Plan,
    grid_ids: Sequence[str],
    *,
    taken: Set[str] = frozenset(),
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Plan:
    """Draw some neighbouring grids again so that their loads are even, moving few households.

    Loads within 5 % of the mean, and inside the community's band where the mean is, are even; what the units do not
    allow is missed by as little as possible. Then the distance to the hearts is made small, a moved household
    counting as 100 household-metres.

    Parameters
    ----------
    grid_ids
        Two to eighteen grids of one community.
    taken
        Codes that the plan ever had, beside those of its grids.

    Returns
    -------
    Plan
        The whole plan with the proposal in it; there are as many grids as before.

    Raises
    ------
    UnknownIdError
        If the plan has no such grid.
    SettingError
        If they are fewer than two or too many, of several communities, dedicated, or without any load.
    LockedError
        If one of them is locked.
    """
    chosen = sorted(set(grid_ids))
    if not 2 <= len(chosen) <= MOST_GRIDS:
        raise SettingError("proposal-grids", count=len(chosen), most=MOST_GRIDS)
    part, base = _part(study, plan, chosen)
    _refuse_empty(part, settings, chosen)
    even = _even_band(part, settings, len(chosen))
    narrowed = replace(settings, band=even, grid_count=None, grid_count_min=None, grid_count_max=None, prove=False)
    redrawn = redraw_grids(
        part, narrowed, base, keep_price_m=KEEP_PRICE_M, on_progress=on_progress, cancelled=cancelled
    )
    return _put_back(plan, base, redrawn.drawn.plan, taken=taken)


def propose_split(
    study: StudyArea,
    settings: PartitionSettings,
    plan: Plan,
    grid_id: str,
    *,
    parts: int = 2,
    taken: Set[str] = frozenset(),
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Plan:
    """Cut one grid into parts of even load, each connected.

    The part with the locked units, else the one with most households, keeps the code.

    Parameters
    ----------
    parts
        2 or more, at most the grid's units.
    taken
        Codes that the plan ever had, beside those of its grids.

    Raises
    ------
    UnknownIdError
        If the plan has no such grid.
    SettingError
        If the grid has fewer units than parts, is dedicated, or has no load.
    LockedError
        If the grid is locked.
    """
    part, base = _part(study, plan, [grid_id])
    if not 2 <= parts <= len(part.units):
        raise SettingError("split-parts", grid_id=grid_id, parts=parts, units=len(part.units))
    _refuse_empty(part, settings, [grid_id])
    even = _even_band(part, settings, parts)
    narrowed = replace(
        settings, band=even, grid_count=parts, grid_count_min=None, grid_count_max=None, compare_counts=False
    )
    drawn = draw_grids(part, replace(narrowed, prove=False), base=base, on_progress=on_progress, cancelled=cancelled)
    cut = drawn.plan
    if grid_id not in set(cut.assignment):
        households = part.units["households"].groupby(cut.assignment.reindex(part.units.index)).sum()
        heaviest = max(sorted(cut.grids), key=lambda g: int(households[g]))
        cut = _renamed(cut, {heaviest: grid_id}, plan.grids[grid_id])
    return _put_back(plan, base, cut, taken=taken)


def _part(study: StudyArea, plan: Plan, grid_ids: Sequence[str]) -> tuple[StudyArea, Plan]:
    """Return the study and the plan of some grids alone."""
    for grid_id in grid_ids:
        if grid_id not in plan.grids:
            raise UnknownIdError("unknown-grid", grid_id=grid_id)
        if plan.grids[grid_id].locked:
            raise LockedError("grid-locked", grid_id=grid_id)
        if plan.grids[grid_id].kind is GridKind.DEDICATED:
            raise SettingError("proposal-dedicated", grid_id=grid_id)
    communities = sorted({plan.grids[g].community_id for g in grid_ids})
    if len(communities) > 1:
        raise SettingError("proposal-communities", communities=", ".join(communities))
    assigned = plan.assignment
    mine = assigned[assigned.isin(grid_ids)]
    near = study.adjacency["unit_a"].isin(mine.index) & study.adjacency["unit_b"].isin(mine.index)
    inside = set(mine.index)
    grids = study.settings.grids

    def here(groups: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        return tuple(group for g in groups if len(group := tuple(u for u in g if u in inside)) > 1)

    part = replace(
        study,
        settings=replace(
            study.settings, grids=replace(grids, together=here(grids.together), apart=here(grids.apart))
        ),
        units=study.units.loc[sorted(mine.index)],
        adjacency=study.adjacency[near].reset_index(drop=True),
        present=None,
    )
    return part, Plan.of(plan.study_id, mine, [plan.grids[g] for g in grid_ids], version=plan.version)


def _refuse_empty(part: StudyArea, settings: PartitionSettings, grid_ids: Sequence[str]) -> None:
    if not part.units[str(settings.balance_on)].sum():
        raise SettingError("proposal-empty", grid_ids=", ".join(grid_ids))


def _even_band(part: StudyArea, settings: PartitionSettings, count: int) -> Band:
    """Return the band around the mean load, inside the community's own where the mean is."""
    own = settings.band or part.band_of(str(part.units["community_id"].iloc[0]))
    mean = float(part.units[str(settings.balance_on)].sum()) / count
    low, high = mean * (1 - EVEN_SHARE), mean * (1 + EVEN_SHARE)
    if own.minimum <= mean <= own.maximum:
        low, high = max(low, own.minimum), min(high, own.maximum)
    return Band(low, mean, max(high, 1.0))


def _put_back(plan: Plan, base: Plan, part: Plan, *, taken: Set[str]) -> Plan:
    """Return the plan with a part drawn again; grids that are new get codes after all that were ever taken."""
    new = [g for g in sorted(part.grids) if g not in base.grids]
    if new:
        codes = next_codes(part.grids[new[0]].community_id, len(new), taken={*plan.grids, *taken})
        part = _renamed(part, dict(zip(new, codes, strict=True)))
    assignment = plan.assignment.astype(object)
    assignment.update(part.assignment.astype(object))
    infos = {**part.grids, **plan.grids}
    left = set(assignment) | (plan.grids.keys() - base.grids.keys())
    return Plan.of(plan.study_id, assignment, [i for g, i in infos.items() if g in left], version=plan.version)


def _renamed(plan: Plan, codes: dict[str, str], kept: GridInfo | None = None) -> Plan:
    """Return a plan with other codes for some of its grids; `kept` is what is known of a grid that goes on."""
    renamed: pd.Series[str] = plan.assignment.astype(object).map(lambda g: codes.get(g, g))
    infos = [replace(info, grid_id=codes.get(g, g)) for g, info in plan.grids.items()]
    return Plan.of(
        plan.study_id,
        renamed,
        [kept if kept is not None and i.grid_id == kept.grid_id else i for i in infos],
        version=plan.version,
    )
