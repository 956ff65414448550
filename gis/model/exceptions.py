"""What a plan could not keep, by name: compounds and buildings in several grids, grids above a soft limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from gis.model.kinds import GridKind

if TYPE_CHECKING:
    from gis.model.outcome import Outcome
    from gis.model.plan import Plan
    from gis.model.study import StudyArea

__all__ = ["BY_ENTRANCE", "ExceptionKind", "PlanException", "exceptions_of", "split_compounds"]

BY_ENTRANCE = "building-by-entrance"  # the finding that names a building taken apart by entrance
M2_PER_KM2 = 1e6


class ExceptionKind(StrEnum):
    """What a plan did not keep."""

    COMPOUND = "compound"
    BUILDING = "building"
    RESIDENTS = "residents"
    AREA_KM2 = "area_km2"


@dataclass(frozen=True, slots=True)
class PlanException:
    """One thing that a plan did not keep.

    Attributes
    ----------
    name
        The compound or building; the grid where a soft limit is exceeded.
    amount, limit
        Households of the compound or building, against the most that a grid of its community may hold; or the
        grid's residents or square kilometres against the soft limit of its profile.
    grids
        The grids that share it, sorted.
    """

    kind: ExceptionKind
    name: str
    community_id: str
    amount: float
    limit: float
    grids: tuple[str, ...]


def exceptions_of(outcome: Outcome) -> tuple[PlanException, ...]:
    """Return everything that a plan did not keep, in the order of kinds, then by community and name."""
    study, plan = outcome.study, outcome.plan
    return (*_compounds(study, plan), *_buildings(study, plan), *_over_limits(outcome))


def split_compounds(study: StudyArea, plan: Plan) -> pd.DataFrame:
    """Return the compounds (小区, hamlets) that lie in several grids.

    Compounds of one name in two communities are two compounds.

    Returns
    -------
    DataFrame
        compound, community_id, households, grids (a sorted tuple); sorted by community and compound.
    """
    columns = ["compound", "community_id", "households", "grids"]
    if "compound" not in study.units:
        return pd.DataFrame([], columns=columns)
    units = study.units[["community_id", "compound", "households"]]
    named = units["compound"].notna() & (units["compound"].astype("str").str.strip() != "")
    units = units[named].assign(grid_id=plan.assignment.reindex(units.index[named]).to_numpy())
    rows = [
        (str(compound), str(community), int(own["households"].sum()), tuple(sorted(own["grid_id"].dropna().unique())))
        for (community, compound), own in units.groupby(["community_id", "compound"], sort=True)
    ]
    return pd.DataFrame([row for row in rows if len(row[-1]) > 1], columns=columns)


def _compounds(study: StudyArea, plan: Plan) -> Iterator[PlanException]:
    for compound, community, households, grids in split_compounds(study, plan).itertuples(index=False, name=None):
        most = study.settings.household_band(study.profile_name_of(community)).maximum
        yield PlanException(ExceptionKind.COMPOUND, compound, community, households, most, grids)


def _buildings(study: StudyArea, plan: Plan) -> Iterator[PlanException]:
    """Yield the buildings that were taken apart by entrance and lie in several grids."""
    for finding in study.findings.items:
        if finding.code != BY_ENTRANCE:
            continue
        name = str(finding.facts["building_id"])
        units = study.units[study.units.index.str.startswith(f"{name}-")]
        grids = tuple(sorted(plan.assignment.reindex(units.index).dropna().unique()))
        if len(grids) > 1:
            community = str(units["community_id"].iloc[0])
            most = study.settings.household_band(study.profile_name_of(community)).maximum
            households = int(units["households"].sum())
            yield PlanException(ExceptionKind.BUILDING, name, community, households, most, grids)


def _over_limits(outcome: Outcome) -> Iterator[PlanException]:
    general = outcome.grids[outcome.grids["kind"].eq(str(GridKind.GENERAL))]
    area_km2 = general.geometry.area / M2_PER_KM2
    for kind, values in ((ExceptionKind.RESIDENTS, general["residents"]), (ExceptionKind.AREA_KM2, area_km2)):
        for grid_id, community, value in zip(general.index, general["community_id"], values, strict=True):
            profile = outcome.study.profile_of(str(community))
            limit = profile.residents_soft_max if kind is ExceptionKind.RESIDENTS else profile.area_soft_max_km2
            if limit is not None and value > limit:
                yield PlanException(kind, str(grid_id), str(community), float(value), limit, (str(grid_id),))
