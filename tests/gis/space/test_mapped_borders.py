"""Borders of units on roads and rivers, in metres that add up in the head."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gis.measures import measure_plan
from gis.model.plan import GridInfo, Plan
from gis.space import build_study
from gis.space.mapped_borders import MAPPED_TOLERANCE_M
from tests.towns import CRS, lattice4x4_inputs, river_town_inputs


def share_of(study, left):
    held = {u: "A001" if u in left else "A002" for u in study.units.index}
    plan = Plan.of("town", held, [GridInfo("A001", "A"), GridInfo("A002", "A")])
    return measure_plan(study, plan)["border_on_mapped_share"].value


def with_road(line, **columns):
    inputs = lattice4x4_inputs()
    table = pd.DataFrame(columns, index=[0]) if columns else None
    return replace(inputs, paths=gpd.GeoDataFrame(table, geometry=[line], crs=CRS))


ROAD = shapely.LineString([(200, 0), (200, 400)])
WEST = {f"u{c}{r}" for c in (0, 1) for r in range(4)}
SOUTH = {f"u{c}{r}" for c in range(4) for r in (0, 1)}


def test_a_border_along_a_road_lies_on_it_and_one_across_touches_it_only():
    study = build_study(with_road(ROAD))
    assert share_of(study, WEST) == 1.0
    crossing = 2 * 20.0  # the pieces of 20 m on both sides of the road, whose middles are 10 m away
    assert share_of(study, SOUTH) == pytest.approx(crossing / 400)


@pytest.mark.parametrize(("away_m", "on"), [(MAPPED_TOLERANCE_M - 1, 1.0), (MAPPED_TOLERANCE_M + 1, 0.0)])
def test_the_tolerance_decides(away_m, on):
    line = shapely.LineString([(200 + away_m, -50), (200 + away_m, 450)])
    assert share_of(build_study(with_road(line)), WEST) == on


def test_half_a_road_is_half_a_border():
    study = build_study(with_road(shapely.LineString([(200, 0), (200, 200)])))
    beyond = 20.0  # the next piece's middle is 10 m from the end of the road
    assert share_of(study, WEST) == pytest.approx((200 + beyond) / 400)


def test_a_footway_is_no_road():
    assert build_study(with_road(ROAD, kind="footway")).borders is None
    assert share_of(build_study(with_road(ROAD, kind="residential")), WEST) == 1.0


def test_a_river_between_two_grids_counts_although_nobody_crosses_it():
    study = build_study(replace(river_town_inputs(), paths=None))
    assert share_of(study, {u for u in study.units.index if u.startswith("s")}) == 1.0


def test_nothing_mapped_is_no_share():
    study = build_study(lattice4x4_inputs())
    assert study.borders is None
    assert share_of(study, WEST) is None
