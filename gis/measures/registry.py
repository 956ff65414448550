"""The registry of measures: name, unit, direction, version and formula of each, once.

A changed formula gets a new version, so that a stored score of the old one is known to be stale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.balance import grid_balance
from gis.measures.compactness import polsby_popper, reock
from gis.measures.convenience import grid_hearts
from gis.measures.grids import measure_grids
from gis.measures.moved import moved_households
from gis.measures.outlines import community_cover
from gis.measures.rates import BASES
from gis.model.exceptions import split_compounds
from gis.model.kinds import Better, GridKind, Role
from gis.model.scorecard import Score, Scorecard

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.model.plan import Plan
    from gis.model.results import Coverage, SolveReport, Staffing
    from gis.model.study import StudyArea

__all__ = ["MEASURES", "Measure", "Measured", "measure_plan"]

COVER_TOLERANCE_M2 = 1.0  # gaps and overlaps below this, per community, are rounding of coordinates


@dataclass(frozen=True, eq=False)
class Measured:
    """A plan with everything that the measures read, each part worked out once and when first asked for."""

    study: StudyArea
    plan: Plan
    coverage: Coverage | None = None
    report: SolveReport | None = None
    given_grids: gpd.GeoDataFrame | None = None
    staffing: Staffing | None = None

    @cached_property
    def grids(self) -> gpd.GeoDataFrame:
        """The `grids` layer."""
        if self.given_grids is not None:
            return self.given_grids
        return measure_grids(self.study, self.plan, self.report, sides=False)

    @cached_property
    def general(self) -> gpd.GeoDataFrame:
        """The general grids: dedicated and empty ones stay out of the statistics."""
        return self.grids[self.grids["kind"].eq(str(GridKind.GENERAL))]

    @cached_property
    def balance(self) -> pd.DataFrame:
        """Load, band and violation of the general grids."""
        return grid_balance(self.study, self.plan).reindex(self.general.index)

    @cached_property
    def hearts(self) -> pd.DataFrame:
        """Heart and walk of the grids."""
        return grid_hearts(self.study.units, self.plan, walks=self.study.walks)

    @cached_property
    def cover(self) -> pd.DataFrame:
        """Gap, overlap and outside area of the communities."""
        return community_cover(self.study.units, self.study.communities)

    @cached_property
    def communities_of_grids(self) -> pd.Series[int]:
        """In how many communities the units of each grid lie."""
        units = self.study.units["community_id"]
        number: pd.Series[int] = units.groupby(self.plan.assignment.reindex(units.index).to_numpy()).nunique()
        return number


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: `formula` returns None where it does not apply."""

    name: str
    unit: str
    better: Better | None
    version: int
    formula: Callable[[Measured], float | None]

    def score(self, measured: Measured) -> Score:
        """Work the measure out."""
        value = self.formula(measured)
        finite = None if value is None or not np.isfinite(value) else float(value)
        return Score(self.name, finite, self.unit, self.better, self.version)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _mean(values: pd.Series[float]) -> float | None:
    return float(values.mean()) if values.notna().any() else None


def _max(values: pd.Series[float]) -> float | None:
    return float(values.max()) if values.notna().any() else None


def _households_in_band_share(m: Measured) -> float | None:
    inside = m.general["in_band"].fillna(value=False).to_numpy(dtype=bool)
    return _share(float(m.general["households"][inside].sum()), float(m.general["households"].sum()))


def _in_band(m: Measured) -> float:
    return float(m.general["in_band"].fillna(value=False).sum())


def _walk_mean_m(m: Measured) -> float | None:
    return _share(float(m.hearts["walk_m"].sum()), float(m.hearts["households"].sum()))


def _walk_bound_m(m: Measured) -> float | None:
    """Household-weighted metres that no plan beats whose other terms come to no more than this one's."""
    if m.report is None or not m.report.territories:
        return None
    bounds = [0.0 if t.households == 0 else t.walk_bound for t in m.report.territories]
    known = [b for b in bounds if b is not None]
    return _share(sum(known), float(m.hearts["households"].sum())) if len(known) == len(bounds) else None


def _walk_gap_share(m: Measured) -> float | None:
    mean, bound = _walk_mean_m(m), _walk_bound_m(m)
    if mean is None or bound is None:
        return None
    if bound <= 0:
        return 0.0 if mean <= 0 else None
    return max(0.0, mean / bound - 1)


def _full_time_share(m: Measured) -> float | None:
    hours = _max(m.general["workload_h"])
    return None if hours is None else hours / m.study.settings.ratios.full_time_h


def _over_residents(m: Measured) -> float:
    limits = m.general["community_id"].map(lambda c: m.study.profile_of(c).residents_soft_max or np.inf)
    return float((m.general["residents"] > limits.astype(float)).sum())


def _over_area(m: Measured) -> float:
    limits = m.general["community_id"].map(lambda c: m.study.profile_of(c).area_soft_max_km2 or np.inf)
    return float((m.general.geometry.area / 1e6 > limits.astype(float)).sum())


def _split_compounds(m: Measured) -> float | None:
    if "compound" not in m.study.units:
        return None
    named = m.study.units["compound"].dropna().astype("str").str.strip()
    return float(len(split_compounds(m.study, m.plan))) if named.ne("").any() else None


def _border_on_mapped_share(m: Measured) -> float | None:
    """Share of the border between grids of one community that lies on a mapped road, river, railway or wall."""
    borders = m.study.borders
    if borders is None:
        return None
    grid_of = m.plan.assignment
    inner = borders[grid_of.reindex(borders["unit_a"]).to_numpy() != grid_of.reindex(borders["unit_b"]).to_numpy()]
    return _share(float(inner["mapped_m"].sum()), float(inner["length_m"].sum()))


def _moved_share(m: Measured) -> float | None:
    if m.study.present is None:
        return None
    households = m.study.units["households"]
    known = households[households.index.isin(m.study.present.dropna().index)]
    return _share(moved_households(m.study.present, m.plan, households), float(known.sum()))


def _vacant(m: Measured) -> float | None:
    return None if m.staffing is None else float(len(m.staffing.vacancies))


def _overloaded(m: Measured) -> float | None:
    return None if m.staffing is None else float(len(m.staffing.overloads))


def _per_worker(m: Measured, counted: str) -> float | None:
    """People counted for each worker posted; volunteers and advisers do not count."""
    if m.staffing is None:
        return None
    postings = m.staffing.postings
    staff = postings[postings["role"].isin([str(Role.GRID_WORKER), str(Role.GRID_LEADER)])]
    return _share(float(m.study.units[counted].sum()), float(staff["worker_id"].nunique()))


def _workers_per_10000(m: Measured) -> float | None:
    residents = _per_worker(m, "residents")
    return 10_000 / residents if residents else None


LOWER, HIGHER = Better.LOWER, Better.HIGHER
MEASURES: tuple[Measure, ...] = (
    Measure("communities", "communities", None, 1, lambda m: len(m.study.communities)),
    Measure("units", "units", None, 1, lambda m: len(m.study.units)),
    Measure("grids", "grids", None, 1, lambda m: len(m.plan.grids)),
    Measure("general_grids", "grids", None, 1, lambda m: len(m.general)),
    Measure("households", "households", None, 1, lambda m: float(m.study.units["households"].sum())),
    Measure("residents", "residents", None, 1, lambda m: float(m.study.units["residents"].sum())),
    Measure(
        "unassigned_units",
        "units",
        LOWER,
        1,
        lambda m: float((~m.study.units.index.isin(m.plan.assignment.index)).sum()),
    ),
    Measure("cross_community_grids", "grids", LOWER, 1, lambda m: float((m.communities_of_grids > 1).sum())),
    Measure("disconnected_grids", "grids", LOWER, 1, lambda m: float((m.grids["pieces"] > 1).sum())),
    Measure("gap_m2", "m2", LOWER, 1, lambda m: float(m.cover["gap_m2"].sum())),
    Measure("overlap_m2", "m2", LOWER, 1, lambda m: float(m.cover[["overlap_m2", "outside_m2"]].sum().sum())),
    Measure("grids_in_band", "grids", HIGHER, 1, _in_band),
    Measure("grids_in_band_share", "share", HIGHER, 1, lambda m: _share(_in_band(m), len(m.general))),
    Measure("households_in_band_share", "share", HIGHER, 1, _households_in_band_share),
    Measure("load_deviation_mean_share", "share", LOWER, 1, lambda m: _mean(m.general["deviation_share"].abs())),
    Measure("load_deviation_max_share", "share", LOWER, 1, lambda m: _max(m.general["deviation_share"].abs())),
    Measure("workload_mean_h", "h", None, 1, lambda m: _mean(m.general["workload_h"])),
    Measure("workload_max_h", "h", LOWER, 1, lambda m: _max(m.general["workload_h"])),
    Measure("workload_max_full_time_share", "share", LOWER, 1, _full_time_share),
    Measure("grids_over_residents_max", "grids", LOWER, 1, _over_residents),
    Measure("grids_over_area_max", "grids", LOWER, 1, _over_area),
    Measure("walk_mean_m", "m", LOWER, 1, _walk_mean_m),
    Measure("walk_worst_grid_m", "m", LOWER, 1, lambda m: _max(m.general["walk_mean_m"])),
    Measure("walk_bound_m", "m", None, 2, _walk_bound_m),
    Measure("walk_gap_share", "share", LOWER, 2, _walk_gap_share),
    Measure("polsby_popper_mean_share", "share", HIGHER, 1, lambda m: _mean(polsby_popper(m.general.geometry))),
    Measure("reock_mean_share", "share", HIGHER, 1, lambda m: _mean(reock(m.general.geometry))),
    Measure("border_on_mapped_share", "share", HIGHER, 1, _border_on_mapped_share),
    Measure("split_compounds", "compounds", LOWER, 2, _split_compounds),
    Measure("households_moved_share", "share", LOWER, 1, _moved_share),
    Measure("vacant_grids", "grids", LOWER, 1, _vacant),
    Measure("overloaded_grids", "grids", LOWER, 1, _overloaded),
    Measure("households_per_worker", "households", None, 1, lambda m: _per_worker(m, "households")),
    Measure("residents_per_worker", "residents", None, 1, lambda m: _per_worker(m, "residents")),
    Measure("workers_per_10000_residents", "workers", HIGHER, 1, _workers_per_10000),
)
COVERED = "covered_{basis}_share:{service}"  # one measure a service and basis, of the same formula
COVERED_VERSION = 1


def measure_plan(
    study: StudyArea,
    plan: Plan,
    coverage: Coverage | None = None,
    *,
    report: SolveReport | None = None,
    grids: gpd.GeoDataFrame | None = None,
    staffing: Staffing | None = None,
) -> Scorecard:
    """Score a plan by every measure of the registry.

    Parameters
    ----------
    study
        The study area, with `workload_h` of its units.
    plan
        The plan.
    coverage
        Coverage by every service; no coverage scores without it.
    report
        Bounds come from it.
    grids
        The `grids` layer where it was measured already.
    staffing
        Who is posted; the measures of staff have no value without it.
    """
    measured = Measured(study, plan, coverage, report, grids, staffing)
    scores = [measure.score(measured) for measure in MEASURES]
    return Scorecard((*scores, *_coverage_scores(coverage)))


def _coverage_scores(coverage: Coverage | None) -> list[Score]:
    if coverage is None:
        return []
    table = coverage.table
    scores = []
    for service in sorted(table["service"].unique()):
        here = table[table["service"].eq(service)]
        for basis in BASES:
            share = _share(float(here[basis][here["covered"]].sum()), float(here[basis].sum()))
            name = COVERED.format(basis=basis, service=service)
            scores.append(Score(name, share, "share", HIGHER, COVERED_VERSION))
    return scores
