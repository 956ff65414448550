"""Coverage: who can walk to a service, counted in residents, households and buildings.

One definition for table, map, report and API: a unit is covered by a service when the walk to
the nearest facility of its kind is not longer than the standard; the end belongs to it. Levels
are not nested: a facility said to be of another level of the same kind does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.rates import BASES, coverage_rates
from gis.model.errors import SettingError
from gis.model.kinds import FacilityStatus
from gis.model.results import Coverage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gis.model.plan import Plan
    from gis.model.standards import ServiceStandard
    from gis.model.study import StudyArea

__all__ = ["measure_coverage", "serving", "unit_coverage"]

WALK_DIGITS = 3  # millimetres: 500.0000001 m from a sum of edges is 500 m


def measure_coverage(
    study: StudyArea,
    plan: Plan,
    *,
    also: Collection[str] = (),
    capacities: Mapping[str, float] | None = None,
    year: int | None = None,
) -> Coverage:
    """Measure who is covered by every service of the study.

    Parameters
    ----------
    study
        Units, facilities, `reach` and services.
    plan
        The grids that rates are given for.
    also
        Facilities beside the existing ones that count as serving, such as sites chosen: what
        coverage would be with them.
    capacities
        facility_id -> residents that it can take; not considered when None. When given, units are
        allocated whole, nearest pair first, and what finds no room is not covered.
    year
        Targets of later years do not count; None takes the latest.

    Raises
    ------
    SettingError
        If the walks of the study end before a standard does.
    """
    table = unit_coverage(study, also=also, capacities=capacities)
    return Coverage(table=table, rates=coverage_rates(study, plan, table, year=year))


def serving(study: StudyArea, service: ServiceStandard, *, also: Collection[str] = ()) -> pd.Index[str]:
    """Return the facilities that give a service: existing, of its kind, of its level.

    A facility's `tier` matters only where it names a level of a service of the same kind.
    """
    table = study.facilities
    there = table["status"].eq(str(FacilityStatus.EXISTING)) | table.index.isin(list(also))
    ours = there & (table["kind"].eq(service.kind) | table.index.isin(list(also)))
    if "tier" in table:
        levels = {s.level for s in study.settings.services if s.kind == service.kind}
        ours &= ~(table["tier"].isin(levels) & table["tier"].ne(service.level))
    found: pd.Index[str] = table.index[ours]
    return found


def unit_coverage(
    study: StudyArea, *, also: Collection[str] = (), capacities: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the `coverage` layer: one row a unit and service, sorted by service and unit.

    Returns
    -------
    DataFrame
        unit_id, service, residents, households, buildings, nearest_facility_id, walk_m (missing
        where no facility is within the reach of the study), walk_basis, standard_m, covered.
    """
    units = study.units.sort_index()
    tables = [
        _service_table(study, units, service, also=also, capacities=capacities)
        for service in sorted(study.settings.services, key=lambda s: s.service_id)
    ]
    if not tables:
        tables = [_service_rows(units.iloc[:0], "", 0.0, _nothing_near(units.iloc[:0]))]
    return pd.concat(tables, ignore_index=True)


def _service_table(
    study: StudyArea,
    units: pd.DataFrame,
    service: ServiceStandard,
    *,
    also: Collection[str],
    capacities: Mapping[str, float] | None,
) -> pd.DataFrame:
    if service.max_walk_m > study.reach_m:
        raise SettingError(
            "coverage-reach-short",
            service=service.service_id,
            max_walk_m=service.max_walk_m,
            reach_m=study.reach_m,
        )
    facilities = serving(study, service, also=also)
    reach = study.reach
    near = reach[reach["facility_id"].isin(facilities)]
    near = near.assign(walk_m=near["walk_m"].astype(float).round(WALK_DIGITS))
    near = near.sort_values(["unit_id", "walk_m", "facility_id"], kind="stable")
    nearest = near.drop_duplicates("unit_id").set_index("unit_id").reindex(units.index)
    table = _service_rows(units, service.service_id, service.max_walk_m, nearest)
    if capacities is not None:
        within = near[near["walk_m"] <= service.max_walk_m]
        table["covered"] = units.index.isin(_with_room(within, units["residents"], capacities))
    return table


def _nothing_near(units: pd.DataFrame) -> pd.DataFrame:
    empty = pd.DataFrame({"facility_id": [], "walk_m": [], "walk_basis": []}, index=units.index[:0])
    return empty.astype({"facility_id": "str", "walk_m": float, "walk_basis": "str"})


def _service_rows(units: pd.DataFrame, service: str, standard_m: float, nearest: pd.DataFrame) -> pd.DataFrame:
    walk_m = nearest["walk_m"].to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "unit_id": units.index.to_numpy(),
            "service": service,
            **{basis: units[basis].to_numpy() for basis in BASES},
            "nearest_facility_id": nearest["facility_id"].to_numpy(),
            "walk_m": walk_m,
            "walk_basis": nearest["walk_basis"].astype("str").to_numpy(),
            "standard_m": float(standard_m),
            "covered": walk_m <= standard_m,
        }
    ).astype({"unit_id": "str", "service": "str", "nearest_facility_id": "str", "walk_basis": "str"})


def _with_room(within: pd.DataFrame, residents: pd.Series[int], capacities: Mapping[str, float]) -> list[str]:
    """Allocate units whole to facilities, nearest pair first, as long as there is room."""
    room = dict(capacities)
    placed: set[str] = set()
    pairs = within.sort_values(["walk_m", "unit_id", "facility_id"], kind="stable")
    for unit_id, facility_id in zip(pairs["unit_id"], pairs["facility_id"], strict=True):
        wanted = int(residents[unit_id])
        if unit_id not in placed and room.get(facility_id, float("inf")) >= wanted:
            room[facility_id] = room.get(facility_id, float("inf")) - wanted
            placed.add(unit_id)
    return sorted(placed)
