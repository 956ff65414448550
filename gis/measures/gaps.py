"""Coverage gaps: where people are not served, how many, and which sites would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.rates import BASES, LEVELS, area_memberships
from gis.model.errors import SettingError, UnknownIdError
from gis.model.kinds import FacilityStatus

if TYPE_CHECKING:
    from gis.model.outcome import Outcome
    from gis.model.standards import ServiceStandard
    from gis.model.study import StudyArea

__all__ = ["GAP_COLUMNS", "gap_table"]

GAP_COLUMNS = (
    "area_id",
    "name",
    "level",
    "service",
    "basis",
    "total",
    "covered",
    "uncovered",
    "rate_share",
    "target_share",
    "shortfall",
    "farthest_walk_m",
    "beyond_reach",
    "nearest_facility_id",
    "nearest_walk_m",
    "sites",
)
ANY_KIND = ("any", "candidate")  # candidate sites that may take any kind of facility
SITES_SHOWN = 3


def gap_table(
    outcome: Outcome,
    *,
    service: str,
    level: str = "community",
    basis: str = "residents",
    area: str | None = None,
    min_uncovered: int = 0,
    sites_shown: int = SITES_SHOWN,
) -> pd.DataFrame:
    """List the areas of a level with what is covered, what is not, and what would close the gap.

    Parameters
    ----------
    outcome
        The measured plan.
    service
        Id of the service.
    level
        ``grid``, ``community``, ``subdistrict`` or ``county``.
    basis
        ``residents``, ``households`` or ``buildings``.
    area
        Only areas in this area or grid; all when None.
    min_uncovered
        Only areas with as many uncovered or more.
    sites_shown
        Candidate sites to name for each area.

    Returns
    -------
    DataFrame
        Columns of `GAP_COLUMNS`, the largest gap first. rate_share, target_share and shortfall are
        those of `coverage_rates` (missing where there is nothing to count). farthest_walk_m is the
        longest known walk of anyone counted; `beyond_reach` counts those for whom it is longer
        than walks were measured. nearest_facility_id is the facility nearest to an uncovered place
        (to any place where none is uncovered). `sites` is a tuple of (facility_id, newly covered),
        each for that site alone.

    Raises
    ------
    UnknownIdError
        If there is no such service or area.
    SettingError
        If level or basis is none of those above.
    """
    _check(outcome.study, service, level, basis)
    table = outcome.coverage.table
    table = table[table["service"].eq(service)].set_index("unit_id")
    members = area_memberships(outcome.study, outcome.plan).reindex(table.index)
    rows = table.assign(area_id=members[level].to_numpy(dtype=object))
    if area is not None:
        inside = np.logical_or.reduce([members[c].eq(area).to_numpy() for c in LEVELS])
        if not inside.any():
            raise UnknownIdError("unknown-area", area_id=area)
        rows = rows[inside]
    rows = rows[rows["area_id"].notna()]
    gaps = _sums(outcome, rows, service, level, basis)
    gaps = gaps[gaps["uncovered"] >= min_uncovered]
    (standard,) = outcome.study.services_of([service])
    sites = _sites(outcome.study, rows, standard, basis, shown=sites_shown)
    gaps["sites"] = pd.Series([sites.get(a, ()) for a in gaps["area_id"]], index=gaps.index, dtype=object)
    gaps = gaps.assign(name=_names(outcome, gaps["area_id"], level))
    return gaps.sort_values(["uncovered", "area_id"], ascending=[False, True], ignore_index=True)[list(GAP_COLUMNS)]


def _check(study: StudyArea, service: str, level: str, basis: str) -> None:
    known = sorted(s.service_id for s in study.settings.services)
    if service not in known:
        raise UnknownIdError("unknown-service", service=service, known=", ".join(known))
    for name, value, allowed in (("level", level, LEVELS), ("basis", basis, BASES)):
        if value not in allowed:
            raise SettingError("setting-nonsense", name=name, value=value, allowed=", ".join(allowed))


def _sums(outcome: Outcome, rows: pd.DataFrame, service: str, level: str, basis: str) -> pd.DataFrame:
    """Return the counts of each area with what `coverage_rates` says of it and its walks."""
    rates = outcome.coverage.rates
    ours = rates["service"].eq(service) & rates["level"].eq(level) & rates["basis"].eq(basis)
    gaps = rates[ours & rates["area_id"].isin(rows["area_id"].unique())].reset_index(drop=True)
    counted = rows[rows[basis] > 0]
    by_area = counted.groupby("area_id")
    far = by_area["walk_m"].max().reindex(gaps["area_id"])
    beyond = counted[basis].where(counted["walk_m"].isna(), 0).groupby(counted["area_id"]).sum()
    nearest = _nearest(rows).reindex(gaps["area_id"])
    return gaps.assign(
        uncovered=gaps["total"] - gaps["covered"],
        farthest_walk_m=far.to_numpy(dtype=np.float64),
        beyond_reach=beyond.reindex(gaps["area_id"]).fillna(0).to_numpy(dtype=np.int64),
        nearest_facility_id=nearest["nearest_facility_id"].to_numpy(),
        nearest_walk_m=nearest["walk_m"].to_numpy(dtype=np.float64),
    )


def _nearest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the facility nearest to an uncovered place of each area, to any place where none is uncovered."""
    known = rows[rows["walk_m"].notna()]
    order = known.sort_values(["area_id", "covered", "walk_m", "nearest_facility_id"], kind="stable")
    return order.drop_duplicates("area_id").set_index("area_id")[["nearest_facility_id", "walk_m"]]


def _sites(
    study: StudyArea, rows: pd.DataFrame, standard: ServiceStandard, basis: str, *, shown: int
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return for each area the candidate sites that would newly cover most, each alone."""
    near = _candidate_reach(study, standard)
    missed = rows[~rows["covered"] & (rows[basis] > 0)]
    near = near[near["unit_id"].isin(missed.index)]
    keys = pd.DataFrame({"area_id": missed["area_id"].reindex(near["unit_id"]).to_numpy()})
    keys["facility_id"] = near["facility_id"].to_numpy()
    keys["gain"] = missed[basis].reindex(near["unit_id"]).to_numpy(dtype=np.int64)
    sums = keys.groupby(["area_id", "facility_id"])["gain"].sum().reset_index()
    sums = sums.sort_values(["area_id", "gain", "facility_id"], ascending=[True, False, True])
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for area_id, facility_id, gain in sums.groupby("area_id").head(shown).itertuples(index=False):
        found[area_id] = (*found.get(area_id, ()), (facility_id, int(gain)))
    return found


def _candidate_reach(study: StudyArea, standard: ServiceStandard) -> pd.DataFrame:
    """Return the walks to candidate sites of a service that are not longer than its standard."""
    facilities = study.facilities
    open_to = facilities["status"].isin([str(FacilityStatus.CANDIDATE), str(FacilityStatus.CHOSEN)])
    sites = facilities.index[open_to & facilities["kind"].isin([standard.kind, *ANY_KIND])]
    reach = study.reach
    return reach[reach["facility_id"].isin(sites) & (reach["walk_m"].round(3) <= standard.max_walk_m)]


def _names(outcome: Outcome, area_ids: pd.Series[str], level: str) -> list[str]:
    source = outcome.grids["name"] if level == "grid" else outcome.study.areas["name"]
    return ["" if pd.isna(n) else str(n) for n in source.reindex(area_ids.to_list())]
