"""The grids layer: balance, reasons, names, sides."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.measures import grid_balance, grid_sums, measure_grids, measure_plan
from gis.measures.grids import GRID_COLUMNS
from gis.measures.micro_grids import measure_micro_grids
from gis.model.kinds import BalanceOn, GridKind, StoppedBy
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan
from gis.model.results import Reason, SolveReport
from gis.model.standards import Band
from gis.model.study import GridSettings, StudyArea
from tests.towns import by_streets


def with_band(town: StudyArea, low: float, target: float, high: float, **more: object) -> StudyArea:
    settings = GridSettings(households_min=low, households_target=target, households_max=high, **more)
    return replace(town, settings=replace(town.settings, grids=settings))


def test_the_layer_has_the_columns_of_the_contract(outcome: Outcome):
    assert tuple(outcome.grids.columns) == GRID_COLUMNS
    assert outcome.grids.index.name == "grid_id"
    assert outcome.grids["units"].tolist() == [4, 4, 4, 1]
    assert outcome.grids["households"].tolist() == [400, 400, 400, 0]
    assert outcome.grids["residents"].tolist() == [1000, 1000, 1000, 0]
    assert outcome.grids["deviation_share"].tolist()[:3] == [0, 0, 0]


@pytest.mark.parametrize(("low", "high", "inside"), [(400, 400, True), (401, 500, False), (300, 399, False)])
def test_the_ends_of_the_band_belong_to_it(town: StudyArea, plan: Plan, low: int, high: int, inside: bool):
    balance = grid_balance(with_band(town, low, high, high), plan)
    assert balance.loc["A001", "in_band"] == inside
    assert balance.loc["A001", "violation"] == (0 if inside else 1)


def test_no_band_applies_to_empty_and_dedicated_grids(town: StudyArea, plan: Plan):
    balance = grid_balance(town, plan.with_grids(GridInfo("A002", "A", GridKind.DEDICATED)))
    assert balance["in_band"].isna().tolist() == [False, True, False, True]
    assert balance["deviation_share"].isna().tolist() == [False, True, False, True]
    assert balance["violation"].sum() == 0


def test_residents_can_be_balanced_instead(town: StudyArea, plan: Plan):
    balance = grid_balance(with_band(town, 300, 400, 500, balance_on=BalanceOn.RESIDENTS), plan)
    assert balance.loc["A001", ["load", "minimum", "target", "maximum"]].tolist() == [1000, 750, 1000, 1250]


def test_a_grid_outside_its_band_is_given_its_reason(town: StudyArea, plan: Plan):
    tight = with_band(town, 100, 200, 399)
    told = Reason("grid-above-band", {"grid_id": "A001", "load": 400, "end": 399, "off": 1})
    report = SolveReport("test", 0, StoppedBy.WORK, 0.0, grid_reasons={"A001": told})
    grids = measure_grids(tight, plan, report, sides=False)
    assert grids.loc["A001", "reason_en"] == told.text("en")
    assert "高于上限 399" in grids.loc["A002", "reason_zh"]
    assert grids.loc["C001", "reason_zh"] == ""
    low = measure_grids(with_band(town, 450, 500, 600), plan, sides=False)
    assert "Add at least 50" in low.loc["A002", "reason_en"]


def test_walks_are_those_of_the_study_in_every_table(town: StudyArea, plan: Plan):
    walked = by_streets(town)
    assert measure_grids(walked, plan, sides=False)["walk_mean_m"].tolist()[:3] == [100.0] * 3
    assert measure_plan(walked, plan)["walk_mean_m"].value == 100.0
    micro = measure_micro_grids(walked, plan, plan.assignment, Band(300, 400, 500))
    assert micro["walk_mean_m"].tolist()[:3] == [100.0] * 3
    assert measure_grids(town, plan, sides=False)["walk_mean_m"].iloc[0] == pytest.approx((200 + 100 * 2**0.5) / 4)


def test_a_grid_without_a_name_is_called_after_its_community(town: StudyArea, plan: Plan):
    named = plan.with_grids(GridInfo("A002", "A", name="West Court"))
    assert measure_grids(town, named, sides=False)["name"].tolist() == [
        "Alder 001",
        "West Court",
        "Birch 001",
        "Cedar 001",
    ]


def test_sums_are_whole_numbers_of_every_grid(town: StudyArea, plan: Plan):
    wider = plan.with_grids(GridInfo("A003", "A"))
    sums = grid_sums(town.units[["elder_special"]], wider)
    assert sums["elder_special"].to_dict() == {"A001": 6, "A002": 0, "A003": 0, "B001": 0, "C001": 0}
    assert sums["elder_special"].dtype == np.int64


def test_sides_name_the_barrier_else_the_neighbour(outcome: Outcome):
    sides = outcome.grids["sides_zh"]
    assert sides["A001"] == "东至Alder 002，南至Long River，西至范围边界，北至范围边界"
    assert sides["A002"] == "东至Birch，南至Long River，西至court，北至范围边界"


def test_a_named_path_along_the_border_names_the_side(town: StudyArea, plan: Plan):
    paths = gpd.GeoDataFrame(
        {"name": ["North Road", None]},
        geometry=[shapely.LineString([(0, 205), (800, 205)]), shapely.LineString([(200, 0), (200, 200)])],
        crs=town.crs,
    )
    sides = measure_grids(replace(town, paths=paths), plan)["sides_zh"]
    assert sides["A001"] == "东至Alder 002，南至Long River，西至范围边界，北至North Road"


def test_a_side_that_a_road_follows_in_part_names_the_neighbour_beside_it(town: StudyArea, plan: Plan):
    half = gpd.GeoDataFrame(
        {"name": ["East Road"]}, geometry=[shapely.LineString([(400, 140), (400, 210)])], crs=town.crs
    )
    sides = measure_grids(replace(town, paths=half), plan)["sides_zh"]
    assert sides["A002"].startswith("东至East Road、Birch，")


def test_a_railway_without_a_name_is_called_a_railway_and_a_wall_nothing(town: StudyArea, plan: Plan):
    line = gpd.GeoSeries([shapely.LineString([(400, -5), (400, 205)])], crs=town.crs)
    for kind, word in (("railway", "铁路"), ("wall", "Birch")):
        barriers = gpd.GeoDataFrame({"kind": [kind], "name": [None]}, geometry=line)
        assert f"东至{word}，" in measure_grids(replace(town, barriers=barriers), plan)["sides_zh"]["A002"]


def test_a_compound_names_a_side_only_inside_the_community(town: StudyArea, plan: Plan):
    estates = town.units.assign(compound=[f"estate {c}" for c in town.units["community_id"]])
    sides = measure_grids(replace(town, units=estates), plan)["sides_zh"]
    assert "Birch" in sides["A002"]
    assert "estate" not in sides["A002"]  # its own compound lies in the neighbour too


def test_the_neighbour_in_another_subdistrict_is_named_with_it(town: StudyArea, plan: Plan):
    areas = town.areas.copy()
    areas.loc["N"] = areas.loc["S"]
    areas.loc["N", "name"] = "North"
    areas.loc["B", "parent_id"] = "N"
    sides = measure_grids(replace(town, areas=areas), plan)["sides_zh"]
    assert sides["A002"].startswith("东至NorthBirch，")


def test_the_order_of_rows_changes_nothing(town: StudyArea, plan: Plan):
    shuffled = replace(town, units=town.units.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(measure_grids(shuffled, plan), measure_grids(town, plan))
