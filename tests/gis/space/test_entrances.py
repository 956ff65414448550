"""Buildings heavier than a grid may be are taken apart by entrance, and only where every row names one."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.model.kinds import BalanceOn
from gis.model.study import GridSettings
from gis.space import build_study
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings
from tests.towns import CRS, town

GROUND = {"A": shapely.box(0, 0, 400, 200)}
SLAB = shapely.box(100, 80, 160, 95)


def doors(homes, *, building="512", x=130.0, y=87.0, names=None, places=None):
    """Return one row an entrance of a building, named 1单元, 2单元 ..., and two lighter buildings beside it."""
    count = len(homes)
    names = names or [f"{i + 1}单元" for i in range(count)]
    at = places or [(x, y)] * count
    rows = [(f"h{i:02d}", building, names[i], homes[i], at[i]) for i in range(count)]
    rows += [("w1", "W", None, 350, (30.0, 100.0)), ("e1", "E", None, 350, (330.0, 100.0))]
    table = pd.DataFrame(rows, columns=["household_id", "building_id", "entrance", "households", "at"])
    table = table.assign(residents=3 * table["households"], elder_special=table["households"] // 100)
    points = shapely.points(np.array(table.pop("at").tolist()))
    return gpd.GeoDataFrame(table.set_index("household_id"), geometry=points, crs=CRS)


def outlines(shape=SLAB):
    shapes = [shape, shapely.box(20, 90, 40, 110), shapely.box(320, 90, 340, 110)]
    return gpd.GeoDataFrame(index=pd.Index(["512", "W", "E"], name="building_id"), geometry=shapes, crs=CRS)


def study_of(homes, *, buildings=None, **options):
    return build_study(town(communities=GROUND, households=doors(homes, **options), buildings=buildings))


def told(study):
    return {f.code: f for f in study.findings.items if f.code in ("building-by-entrance", "entrance-missing")}


def assert_sound(study, homes):
    cells = study.units.geometry.to_numpy()
    assert shapely.coverage_is_valid(cells)
    assert shapely.area(cells).sum() == pytest.approx(80_000, abs=1)
    assert study.units["households"].sum() == sum(homes) + 700
    assert study.units["residents"].sum() == 3 * (sum(homes) + 700)
    assert study.units["buildings"].sum() == 3


@pytest.mark.parametrize("buildings", [None, outlines()], ids=["points", "outlines"])
def test_a_heavy_building_is_one_unit_an_entrance_that_border_each_other(buildings):
    study = study_of([310, 310], buildings=buildings)
    assert_sound(study, [310, 310])
    assert study.units.index.tolist() == ["512-1单元", "512-2单元", "E", "W"]
    assert study.units["households"].tolist() == [310, 310, 350, 350]
    pairs = set(zip(study.adjacency["unit_a"], study.adjacency["unit_b"], strict=True))
    assert ("512-1单元", "512-2单元") in pairs


def test_the_finding_names_building_and_parts_in_both_languages():
    finding = told(study_of([310, 310]))["building-by-entrance"]
    assert "building 512 alone has 620 households".lower() in finding.what("en").lower()
    assert "(split by entrance: 310 + 310)" in finding.what("en")
    assert "楼栋 512 单独有 620 户" in finding.what("zh")
    assert "310 + 310" in finding.what("zh")


@pytest.mark.parametrize("buildings", [None, outlines()], ids=["points", "outlines"])
def test_the_plan_is_inside_the_band_only_because_of_the_entrances(buildings):
    study = study_of([310, 310], buildings=buildings)
    drawn = draw_grids(study, PartitionSettings())
    sums = study.units["households"].groupby(drawn.plan.assignment).sum()
    assert sums.between(300, 500).all()
    assert drawn.report.grid_reasons == {}


def test_a_building_inside_the_band_is_never_cut():
    study = study_of([250, 250])
    assert "512" in study.units.index
    assert told(study) == {}


def test_a_heavy_building_that_names_its_entrances_in_part_stays_whole_and_is_told():
    study = study_of([310, 310], names=["1单元", None])
    assert study.units.loc["512", "households"] == 620
    finding = told(study)["entrance-missing"]
    assert (finding.facts["count"], finding.facts["households"]) == (1, 620)
    assert "1 行住户没有单元门" in finding.what("zh")


def test_without_entrances_the_heavy_building_is_the_reason():
    study = study_of([310, 310], names=["", None])
    assert told(study) == {}
    drawn = draw_grids(study, PartitionSettings())
    (reason,) = {r.code for r in drawn.report.grid_reasons.values()}
    assert reason == "band-heavy-unit"


def test_entrances_lie_in_the_order_of_their_numbers_along_the_long_side():
    homes = [60] * 11
    study = study_of(homes, buildings=outlines())
    own = study.units[study.units.index.str.startswith("512-")].sort_values("x")
    assert own.index.tolist() == [f"512-{i}单元" for i in range(1, 12)]
    assert_sound(study, homes)


def test_entrances_with_places_of_their_own_lie_in_the_order_of_their_places():
    places = [(150.0, 87.0), (130.0, 87.0), (110.0, 87.0)]
    study = study_of([250, 250, 250], buildings=outlines(), places=places)
    own = study.units[study.units.index.str.startswith("512-")].sort_values("x")
    assert own.index.tolist() == ["512-3单元", "512-2单元", "512-1单元"]
    study = study_of([250, 250, 250], places=places)
    assert study.units.loc["512-1单元", ["x", "y"]].tolist() == [150, 87]


def test_an_outline_with_a_court_gives_every_entrance_ground():
    court = shapely.box(100, 50, 180, 130) - shapely.box(120, 70, 180, 110)
    homes = [200, 200, 200, 200]
    study = study_of(homes, buildings=outlines(court))
    assert_sound(study, homes)
    graph = nx.Graph(list(zip(study.adjacency["unit_a"], study.adjacency["unit_b"], strict=True)))
    assert nx.is_connected(graph.subgraph([u for u in study.units.index if u.startswith("512-")]))


def test_the_present_grid_of_a_building_is_that_of_its_entrances():
    present = pd.DataFrame({"grid_id": ["g1"]}, index=pd.Index(["512"], name="unit_id"))
    inputs = replace(town(communities=GROUND, households=doors([310, 310])), present=present)
    assert build_study(inputs).present.to_dict() == {"512-1单元": "g1", "512-2单元": "g1"}
    by_door = pd.DataFrame({"grid_id": ["g1", "g2"]}, index=pd.Index(["h00", "h01"], name="household_id"))
    assert build_study(replace(inputs, present=by_door)).present.to_dict() == {"512-1单元": "g1", "512-2单元": "g2"}


def test_a_building_that_must_stand_together_with_another_does_so_with_all_its_entrances():
    inputs = town(communities=GROUND, households=doors([310, 310]))
    grids = GridSettings(together=(("512", "W"),))
    study = build_study(replace(inputs, settings=replace(inputs.settings, grids=grids)))
    assert study.settings.grids.together == (("512-1单元", "512-2单元", "W"),)


def test_on_a_dedicated_ground_no_building_is_cut():
    inputs = town(communities=GROUND, households=doors([310, 310]))
    areas = inputs.areas.assign(profile=[None, "dedicated"])
    study = build_study(replace(inputs, areas=areas))
    assert "512" in study.units.index


def test_where_residents_are_balanced_a_building_is_judged_by_them():
    table = doors([240, 240])
    table["residents"] = [1500, 1500, 700, 700]
    inputs = town(communities=GROUND, households=table)
    grids = GridSettings(balance_on=BalanceOn.RESIDENTS)
    study = build_study(replace(inputs, settings=replace(inputs.settings, grids=grids)))
    assert "512-1单元" in study.units.index
    assert study.band_of("A").maximum < 3000


@settings(max_examples=20, deadline=None)
@given(
    homes=st.lists(st.integers(1, 300), min_size=2, max_size=7),
    angle=st.floats(0, 180),
    drawn=st.booleans(),
)
def test_nothing_is_lost_whatever_the_building(homes, angle, drawn):
    slab = shapely.affinity.rotate(SLAB, angle)
    study = study_of(homes, buildings=outlines(slab) if drawn else None)
    assert_sound(study, homes)
    own = [u for u in study.units.index if u.startswith("512")]
    assert len(own) == (len(homes) if sum(homes) > 500 else 1)
    graph = nx.Graph(list(zip(study.adjacency["unit_a"], study.adjacency["unit_b"], strict=True)))
    graph.add_nodes_from(own)
    assert nx.is_connected(graph.subgraph(own))
