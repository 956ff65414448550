"""What a reader must know first: the most loaded grid, the worst gap, and the plan's few large numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gis.model.kinds import Basis, GridKind, Level
from gis.model.outcome import Outcome
from maps.palette import loads

__all__ = ["Headline", "MostLoaded", "ServiceGap", "gap_table", "headline_of", "rates_of"]

TOP_DOWN = (Level.COUNTY, Level.SUBDISTRICT, Level.COMMUNITY)


@dataclass(frozen=True, slots=True)
class MostLoaded:
    """The grid whose load is highest against its target; `over` is the load above the band, 0 inside."""

    grid_id: str
    load: float
    maximum: float
    over: float


@dataclass(frozen=True, slots=True)
class ServiceGap:
    """One service: who of all residents is not covered, and the grid where most of them live."""

    service: str
    uncovered: int
    total: int
    worst_grid: str | None
    worst_uncovered: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The first things to be read off a plan.

    Parameters
    ----------
    counts
        grids, units, households, residents, communities, workers, vacancies, overloads.
    in_band
        General grids inside the band.
    general
        General grids.
    walk_mean_m
        Household-weighted mean metres to the heart.
    most_loaded
        None when no grid is general.
    gaps
        Every service, in the order of the study.
    worst
        The service that most residents lack; None without a gap.
    """

    counts: Mapping[str, int]
    in_band: int
    general: int
    walk_mean_m: float | None
    most_loaded: MostLoaded | None
    gaps: tuple[ServiceGap, ...]
    worst: ServiceGap | None


def headline_of(outcome: Outcome) -> Headline:
    """Return the headline of a plan."""
    gaps = tuple(_gap(outcome, service) for service in _services(outcome))
    real = [g for g in gaps if g.worst_uncovered > 0]
    grids = outcome.grids
    general = grids[grids["kind"].eq(str(GridKind.GENERAL))]
    households = int(general["households"].sum())
    metres = float((general["walk_mean_m"] * general["households"]).sum())
    return Headline(
        counts=_counts(outcome),
        in_band=int(general["in_band"].fillna(False).sum()),
        general=len(general),
        walk_mean_m=metres / households if households else None,
        most_loaded=_most_loaded(outcome),
        gaps=gaps,
        worst=min(real, key=lambda g: (-g.uncovered, g.service)) if real else None,
    )


def gap_table(outcome: Outcome) -> pd.DataFrame:
    """Return service, grid_id, residents and uncovered residents, one row a service and grid."""
    table = outcome.coverage.table
    counted = pd.DataFrame(
        {
            "service": table["service"],
            "grid_id": table["unit_id"].map(outcome.plan.assignment),
            "residents": table["residents"],
            "uncovered": table["residents"].where(~table["covered"].astype(bool), 0),
        }
    )
    return counted.groupby(["service", "grid_id"], as_index=False)[["residents", "uncovered"]].sum()


def rates_of(outcome: Outcome, *, basis: Basis = Basis.RESIDENTS) -> pd.DataFrame:
    """Return the coverage rates of the widest level that has any, one row an area and service."""
    rates = outcome.coverage.rates
    for level in TOP_DOWN:
        found = rates[rates["level"].eq(str(level)) & rates["basis"].eq(str(basis))]
        if not found.empty:
            return found.sort_values(["service", "area_id"], ignore_index=True)
    return rates.iloc[:0]


def _services(outcome: Outcome) -> list[str]:
    named = [s.service_id for s in outcome.study.settings.services]
    measured = set(outcome.coverage.table["service"].unique())
    return [s for s in named if s in measured] + sorted(measured - set(named))


def _gap(outcome: Outcome, service: str) -> ServiceGap:
    table = gap_table(outcome)
    mine = table[table["service"].eq(service)].sort_values(["uncovered", "grid_id"], ascending=[False, True])
    worst = mine.iloc[0] if len(mine) and mine["uncovered"].iloc[0] > 0 else None
    return ServiceGap(
        service=service,
        uncovered=int(mine["uncovered"].sum()),
        total=int(mine["residents"].sum()),
        worst_grid=None if worst is None else str(worst["grid_id"]),
        worst_uncovered=0 if worst is None else int(worst["uncovered"]),
    )


def _most_loaded(outcome: Outcome) -> MostLoaded | None:
    general = outcome.grids[outcome.grids["kind"].eq(str(GridKind.GENERAL))]
    if general.empty:
        return None
    load = loads(outcome).reindex(general.index)
    bands = {c: outcome.study.band_of(str(c)) for c in sorted(set(general["community_id"]))}
    relative = load / general["community_id"].map({c: b.target for c, b in bands.items()})
    grid_id = str(relative.sort_index().idxmax())
    band, value = bands[general.loc[grid_id, "community_id"]], float(load[grid_id])
    return MostLoaded(grid_id, value, band.maximum, max(0.0, value - band.maximum))


def _counts(outcome: Outcome) -> dict[str, int]:
    units = outcome.study.units
    return {
        "grids": len(outcome.grids),
        "units": len(units),
        "households": int(units["households"].sum()),
        "residents": int(units["residents"].sum()),
        "communities": int(outcome.grids.loc[outcome.grids["households"] > 0, "community_id"].nunique()),
        "workers": int(outcome.staffing.postings["worker_id"].nunique()),
        "vacancies": len(outcome.staffing.vacancies),
        "overloads": len(outcome.staffing.overloads),
    }
