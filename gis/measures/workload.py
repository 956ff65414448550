"""Hours a year that units and grids ask of their workers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.sums import grid_totals
from gis.model.kinds import GridKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.plan import Plan
    from gis.model.standards import Profile, VisitKind
    from gis.model.study import StudyArea

__all__ = ["grid_workload", "unit_workload", "with_workload", "workload_parts"]

ORDINARY = "ordinary_household"  # the line of the table that counts every household
PARTS = ["visits_h", "travel_h", "events_h"]
MINUTES_PER_HOUR = 60


def workload_parts(
    counts: pd.DataFrame,
    profile: Profile,
    visits: Sequence[VisitKind],
    *,
    record_min: float,
    between_doors_m: pd.Series[float] | None = None,
    events: pd.Series[float] | None = None,
) -> pd.DataFrame:
    """Split the hours of one profile into visits, travel and events.

    hours = visits x (minutes on site + minutes to record) / 60 + visits x attempts x travel
    minutes / 60 + events x hours per event. Attempts multiply travel only: a door that stays
    shut costs the walk, not the visit. The patrol belongs to the grid, not to its units.

    Parameters
    ----------
    counts
        `households` and, where known, the group counts named in `visits`; any index.
    profile
        Travel, attempts and events of the place.
    visits
        The workload table.
    record_min
        Minutes to record a visit.
    between_doors_m
        Metres between consecutive doors on the index of `counts`; the profile's minutes when None.
    events
        Events a year as counted, on the index of `counts`; they replace the assumption per household.

    Returns
    -------
    DataFrame
        visits_h, travel_h, events_h in hours a year, on the index of `counts`.
    """
    visits_h = np.zeros(len(counts))
    times = np.zeros(len(counts))
    for kind in visits:
        column = "households" if kind.key == ORDINARY else kind.key
        if column not in counts:
            continue
        yearly = counts[column].to_numpy(dtype=np.float64) * kind.visits_per_year
        times += yearly
        visits_h += yearly * (kind.minutes + record_min) / MINUTES_PER_HOUR
    travel_min = np.full(len(counts), profile.travel_min)
    if between_doors_m is not None:
        metres = between_doors_m.reindex(counts.index).to_numpy(dtype=np.float64)
        travel_min = metres / (profile.speed_km_h * 1000 / MINUTES_PER_HOUR)
    assumed = counts["households"] * profile.events_per_household
    yearly_events = (assumed if events is None else events.reindex(counts.index)).to_numpy(dtype=np.float64)
    parts = {
        "visits_h": visits_h,
        "travel_h": times * profile.attempts * travel_min / MINUTES_PER_HOUR,
        "events_h": yearly_events * profile.hours_per_event,
    }
    return pd.DataFrame(parts, index=counts.index, columns=PARTS)


def _work_item_hours(study: StudyArea) -> pd.Series[float]:
    """Hours a year that the register of work items adds to each unit; cancelled items weigh 0."""
    units = study.units
    hours = pd.Series(0.0, index=units.index)
    for per, yearly in _active_items(study).items():
        if per == "household":
            hours += units["households"] * yearly
        elif per == "group":
            hours += units[list(study.group_columns)].sum(axis=1) * yearly
    return hours


def _active_items(study: StudyArea) -> dict[str, float]:
    """Hours a year of the active work items by what they are counted per."""
    items = study.work_items
    if items is None or "hours" not in items:
        return {}
    active = items[items["status"].ne("cancelled")] if "status" in items else items
    times = active["times_per_year"].astype(float) if "times_per_year" in active else 1.0
    per = active["per"].fillna("grid") if "per" in active else pd.Series("grid", index=active.index)
    yearly = (active["hours"].astype(float) * times).fillna(0.0).groupby(per.to_numpy()).sum()
    return {str(k): float(v) for k, v in yearly.items()}


def unit_workload(study: StudyArea, *, events: pd.Series[float] | None = None) -> pd.Series[float]:
    """Return the hours a year of every unit, without the patrol of its grid.

    Parameters
    ----------
    study
        Its units' households and group counts, its communities' profiles and its work items are read.
    events
        unit_id -> events a year, where a year of them was counted.

    Returns
    -------
    Series
        Named ``workload_h``, on the index of ``study.units``.
    """
    units, settings = study.units, study.settings
    hours = _work_item_hours(study)
    community = units["community_id"].to_numpy()
    for profile, places in _profile_groups(study):
        here = units[np.isin(community, places)]
        parts = workload_parts(here, profile, settings.visits, record_min=settings.ratios.record_min, events=events)
        hours.loc[here.index] += parts.sum(axis=1)
    return hours.rename("workload_h")


def _profile_groups(study: StudyArea) -> list[tuple[Profile, list[str]]]:
    """Group the communities that have units by their profile, in a fixed order."""
    groups: dict[str, list[str]] = {}
    for community_id in sorted(study.units["community_id"].unique()):
        groups.setdefault(study.profile_of(community_id).name, []).append(community_id)
    return [(study.settings.profiles[name], places) for name, places in sorted(groups.items())]


def with_workload(study: StudyArea, *, events: pd.Series[float] | None = None) -> StudyArea:
    """Return the study with `workload_h` of its units filled in."""
    return replace(study, units=study.units.assign(workload_h=unit_workload(study, events=events)))


def grid_workload(study: StudyArea, plan: Plan) -> pd.Series[float]:
    """Return the hours a year of every grid, patrol included.

    Grids of kind ``empty`` hold nobody and are not patrolled in this sum: they stay out of every statistic.

    Returns
    -------
    Series
        Named ``workload_h``, index ``grid_id``, sorted.
    """
    units_h = grid_totals(study.units["workload_h"], plan)
    per_grid_h = _active_items(study).get("grid", 0.0)
    fixed_h = [
        0.0 if info.kind is GridKind.EMPTY else study.profile_of(info.community_id).patrol_h + per_grid_h
        for info in plan.grids.values()
    ]
    return units_h + np.array(fixed_h, dtype=np.float64)
