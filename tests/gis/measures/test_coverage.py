from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gis.measures import measure_coverage, serving
from gis.model.errors import SettingError
from gis.model.plan import Plan
from gis.model.standards import ServiceStandard, Target
from gis.model.study import StudyArea


def with_services(town: StudyArea, *services: ServiceStandard) -> StudyArea:
    return replace(town, settings=replace(town.settings, services=services))


def clinic(max_walk_m: float, level: str = "5min", service_id: str = "clinic") -> ServiceStandard:
    return ServiceStandard(service_id, "clinic", "residents", max_walk_m, level)


def covered_units(town: StudyArea, plan: Plan, **options: object) -> list[str]:
    table = measure_coverage(town, plan, **options).table
    return table["unit_id"][table["covered"]].tolist()


def test_the_end_of_the_standard_belongs_to_it(town: StudyArea, plan: Plan):
    assert covered_units(with_services(town, clinic(100)), plan) == ["u00", "u01", "u10"]
    assert covered_units(with_services(town, clinic(99.99)), plan) == ["u00"]


def test_metres_that_are_too_long_by_rounding_only_still_pass(town: StudyArea, plan: Plan):
    reach = town.reach.assign(walk_m=town.reach["walk_m"] + 1e-7)
    assert covered_units(replace(with_services(town, clinic(100)), reach=reach), plan) == ["u00", "u01", "u10"]


def test_closed_and_candidate_facilities_serve_nobody_until_they_are_added(town: StudyArea, plan: Plan):
    only = with_services(town, clinic(100))
    assert serving(only, clinic(100)).tolist() == ["f1"]
    assert covered_units(only, plan, also=["f2"]) == ["u00", "u01", "u10", "u40", "u50", "u51"]


def test_levels_are_not_nested(town: StudyArea, plan: Plan):
    tiered = town.facilities.assign(tier=["15min", None, None])
    both = with_services(town, clinic(100, "5min", "near"), clinic(300, "15min", "far"))
    table = measure_coverage(replace(both, facilities=tiered), plan).table
    counts = table.groupby("service")["covered"].sum()
    assert counts.to_dict() == {"near": 0, "far": 7}


def test_a_tier_that_is_no_level_does_not_matter(town: StudyArea, plan: Plan):
    tiered = town.facilities.assign(tier=["second class", None, None])
    assert covered_units(replace(with_services(town, clinic(100)), facilities=tiered), plan) == ["u00", "u01", "u10"]


def test_the_nearest_facility_is_named_even_beyond_the_standard(town: StudyArea, plan: Plan):
    table = measure_coverage(town, plan).table.set_index("unit_id")
    assert table.loc["u30", ["nearest_facility_id", "walk_m", "walk_basis"]].tolist() == ["f1", 300.0, "network"]
    assert table.loc["v0", ["nearest_facility_id", "walk_m"]].isna().all()
    assert not table.loc["v0", "covered"]


def test_capacity_counts_only_where_it_is_given(town: StudyArea, plan: Plan):
    only = with_services(town, clinic(100))
    assert covered_units(only, plan, capacities={"f1": 600}) == ["u00", "u01"]
    assert covered_units(only, plan, capacities={"f1": 100}) == []


def test_a_standard_beyond_the_measured_walks_is_refused(town: StudyArea, plan: Plan):
    with pytest.raises(SettingError, match="500"):
        measure_coverage(with_services(town, clinic(501)), plan)


def test_rates_are_counted_three_ways_on_every_level(town: StudyArea, plan: Plan):
    rates = measure_coverage(town, plan).rates.set_index(["area_id", "basis"])
    assert rates.loc[("A001", "residents"), ["total", "covered"]].tolist() == [1000, 1000]
    assert rates.loc[("A", "households"), ["total", "covered", "rate_share"]].tolist() == [800, 500, 0.625]
    assert rates.loc[("A", "buildings"), ["total", "covered"]].tolist() == [16, 10]
    assert rates.loc[("S", "residents"), ["total", "covered"]].tolist() == [3000, 1250]
    assert rates.loc[("T", "residents"), "level"] == "county"
    assert rates["level"].drop_duplicates().tolist() == ["grid", "community", "subdistrict", "county"]


def test_where_nobody_lives_a_rate_is_not_applicable_and_never_one(town: StudyArea, plan: Plan):
    rates = measure_coverage(town, plan).rates
    empty = rates[rates["area_id"].eq("C")]
    assert empty["total"].eq(0).all()
    assert empty[["rate_share", "shortfall"]].isna().all(axis=None)


def test_targets_hold_for_their_basis_level_and_settlement(town: StudyArea, plan: Plan):
    targets = (
        Target("clinic", ">=", 0.8, per="residents", settlement="urban"),
        Target("clinic", ">=", 0.5, per="community", settlement="rural"),
        Target("school", ">=", 1.0, per="residents"),
    )
    aimed = replace(town, settings=replace(town.settings, targets=targets))
    rates = measure_coverage(aimed, plan).rates.set_index(["area_id", "basis"])
    assert rates.loc[("A", "residents"), ["target_share", "shortfall"]].tolist() == [0.8, 350]
    assert rates.loc[("A001", "residents"), ["target_share", "shortfall"]].tolist() == [0.8, 0]
    assert rates.loc[("B", "households"), ["target_share", "shortfall"]].tolist() == [0.5, 200]
    assert pd.isna(rates.loc[("A", "households"), "target_share"])
    assert pd.isna(rates.loc[("S", "residents"), "target_share"]), "the settlement of S is not known"


def test_without_services_the_tables_are_empty_and_keep_their_columns(town: StudyArea, plan: Plan):
    coverage = measure_coverage(with_services(town), plan)
    assert len(coverage.table) == len(coverage.rates) == 0
    assert list(coverage.rates.columns)[-3:] == ["rate_share", "target_share", "shortfall"]
