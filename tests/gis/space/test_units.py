from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.model.schemas import check_table
from gis.model.study import StudyArea
from gis.space import build_study
from tests.towns import CRS, household_table, lattice4x4_inputs, river_town_inputs, town

SQUARE = {"A": shapely.box(0, 0, 200, 100)}


def codes(study: StudyArea) -> list[str]:
    return [f.code for f in study.findings.items]


def assert_covered(study: StudyArea) -> None:
    """The units cover every community without gap or overlap, to 1 m2."""
    cells = study.units.geometry.to_numpy()
    assert shapely.coverage_is_valid(cells)
    for community_id, ground in study.communities.geometry.items():
        own = cells[(study.units["community_id"] == community_id).to_numpy()]
        assert shapely.area(own).sum() == pytest.approx(ground.area, abs=1.0)
        assert shapely.symmetric_difference(shapely.union_all(own), ground).area < 1.0


def test_cells_of_a_lattice_are_its_squares(lattice4x4: StudyArea):
    assert_covered(lattice4x4)
    assert lattice4x4.units["area_m2"].tolist() == [10_000.0] * 16
    assert lattice4x4.units.geometry.iloc[5].equals(shapely.box(100, 100, 200, 200))
    assert lattice4x4.units["households"].sum() == 800
    assert lattice4x4.units["residents"].sum() == 2400
    for name in ("areas", "units", "adjacency", "barriers", "facilities", "workers", "reach"):
        check_table(name, getattr(lattice4x4, name))


def test_no_cell_reaches_over_a_river():
    study = build_study(river_town_inputs())
    assert_covered(study)
    south = study.units[study.units.index.str.startswith("s")]
    assert south.total_bounds.tolist() == [0, 0, 400, 200]


def test_a_cell_behind_the_end_of_a_wall_goes_to_a_neighbour_on_its_side():
    wall = shapely.LineString([(100, -5), (100, 80)])  # ends 20 m before the north side
    places = {"w": (90.0, 20.0, 5), "e": (170.0, 20.0, 5), "n": (90.0, 90.0, 5)}
    study = build_study(town(communities=SQUARE, places=places, barriers=[("wall", wall)]))
    assert_covered(study)
    w = study.units.geometry["w"]
    assert w.intersection(shapely.box(100, 0, 200, 54)).area == pytest.approx(0, abs=0.01)


def test_places_that_coincide_share_one_unit():
    places = {"h3": (50.0, 50.0, 1), "h1": (50.0, 50.0, 2), "h2": (50.004, 50.0, 3), "h4": (150.0, 50.0, 4)}
    study = build_study(town(communities=SQUARE, places=places))
    assert study.units["households"].to_dict() == {"h1": 6, "h4": 4}
    assert_covered(study)


def test_households_of_one_building_are_one_unit_named_for_it():
    homes = household_table({"h1": (40.0, 50.0, 1), "h2": (60.0, 50.0, 3), "h3": (150.0, 50.0, 2)})
    homes["building_id"] = pd.array(["b1", "b1", None], dtype="str")
    homes["low_income"] = [1, 2, 3]
    homes["compound"] = pd.array(["east court", "west court", None], dtype="str")
    study = build_study(town(communities=SQUARE, households=homes))
    unit = study.units.loc["b1"]
    assert (unit["households"], unit["low_income"], unit["x"], unit["compound"]) == (4, 3, 55.0, "west court")
    assert study.units.index.tolist() == ["b1", "h3"]
    assert study.group_columns == ("low_income",)


def test_two_buildings_at_one_point_are_one_unit_of_two_buildings():
    homes = household_table({"h1": (50.0, 50.0, 1), "h2": (50.0, 50.0, 3), "h3": (150.0, 50.0, 2)})
    homes["building_id"] = pd.array(["b2", "b1", "b3"], dtype="str")
    study = build_study(town(communities=SQUARE, households=homes))
    assert study.units[["households", "buildings"]].to_numpy().tolist() == [[4, 2], [2, 1]]
    assert study.units.index.tolist() == ["b1", "b3"]


def test_missing_residents_are_estimated_and_told():
    homes = household_table({"h1": (50.0, 50.0, 100), "h2": (150.0, 50.0, 10)}).drop(columns="residents")
    study = build_study(town(communities=SQUARE, households=homes))
    assert study.units["residents"].tolist() == [262, 26]
    assert codes(study) == ["residents-estimated"]
    assert build_study(town(communities=SQUARE, households=homes), residents_per_household=2).units[
        "residents"
    ].tolist() == [200, 20]


def test_a_community_without_households_is_one_unit():
    both = SQUARE | {"B": shapely.MultiPolygon([shapely.box(200, 0, 300, 100), shapely.box(400, 0, 500, 100)])}
    study = build_study(town(communities=both, places={"h1": (50.0, 50.0, 9)}))
    assert_covered(study)
    assert study.units.loc["B-empty", "households"] == 0
    assert study.units.loc["B-empty", "area_m2"] == 20_000


def test_places_outside_are_told_and_left_out():
    places = {"h1": (50.0, 50.0, 9), "far": (900.0, 50.0, 7), "near": (205.0, 50.0, 4)}
    study = build_study(town(communities=SQUARE, places=places))
    assert study.units["households"].to_dict() == {"h1": 9, "near": 4}
    assert codes(study) == ["place-outside", "place-just-outside"]
    assert study.findings.items[0].facts["households"] == 7


def test_households_without_any_place_are_told():
    homes = household_table({"h1": (50.0, 50.0, 9), "h2": (60.0, 50.0, 1)})
    homes.loc["h2", "geometry"] = None
    study = build_study(town(communities=SQUARE, households=homes))
    assert codes(study) == ["household-unplaced"]
    assert study.units["households"].sum() == 9


def test_a_stated_community_that_is_not_the_place_is_told():
    two = {"A": shapely.box(0, 0, 100, 100), "B": shapely.box(100, 0, 200, 100)}
    homes = household_table({"h1": (50.0, 50.0, 9), "h2": (150.0, 50.0, 8), "edge": (100.0, 20.0, 7)})
    homes["community_id"] = ["B", "B", "B"]
    study = build_study(town(communities=two, households=homes))
    assert codes(study) == ["community-differs"]
    assert study.units["community_id"].to_dict() == {"edge": "B", "h1": "A", "h2": "B"}  # the edge goes as stated


def test_communities_that_overlap_are_told():
    two = {"A": shapely.box(0, 0, 110, 100), "B": shapely.box(100, 0, 200, 100)}
    study = build_study(town(communities=two, places={"h1": (50.0, 50.0, 9), "h2": (150.0, 50.0, 8)}))
    assert_covered(study)
    assert study.units["area_m2"].sum() == 20_000
    assert "cover-differs" in codes(study)


def test_building_the_study_changes_no_input():
    inputs = lattice4x4_inputs()
    before = {n: getattr(inputs, n).copy() for n in ("areas", "households", "barriers", "facilities", "workers")}
    build_study(inputs)
    for name, table in before.items():
        assert getattr(inputs, name).equals(table), name


def footprints(shapes: dict[str, shapely.Geometry], households: list[int]) -> gpd.GeoDataFrame:
    index = pd.Index(list(shapes), name="building_id", dtype="str")
    counts = {"households": households, "residents": households}
    return gpd.GeoDataFrame(counts, geometry=list(shapes.values()), index=index, crs=CRS)


def rows_of_houses() -> gpd.GeoDataFrame:
    shapes = {
        f"b{c}{r}": shapely.box(20 + 50 * c, 20 + 40 * r, 40 + 50 * c, 32 + 40 * r) for c in range(4) for r in (0, 1)
    }
    return footprints(shapes, [10] * 8)


def test_footprints_get_cells_that_hold_them():
    study = build_study(town(communities=SQUARE, buildings=rows_of_houses()))
    assert_covered(study)
    houses = rows_of_houses().geometry.sort_index()
    assert study.units.index.tolist() == houses.index.tolist()
    assert shapely.covers(study.units.geometry.to_numpy(), houses.to_numpy()).all()


def test_a_building_across_a_wall_stays_whole():
    houses = footprints({"a": shapely.box(20, 40, 40, 60), "across": shapely.box(90, 40, 120, 60)}, [10, 10])
    wall = [("wall", shapely.LineString([(100, -5), (100, 105)]))]
    study = build_study(town(communities=SQUARE, buildings=houses, barriers=wall))
    assert_covered(study)
    assert study.units.geometry["across"].covers(houses.geometry["across"])


def test_an_enclosure_without_buildings_is_filled():
    walls = [("wall", shapely.box(120, 20, 180, 80).exterior), ("wall", shapely.LineString([(100, -5), (100, 105)]))]
    houses = footprints({"a": shapely.box(20, 40, 40, 60), "b": shapely.box(60, 40, 80, 60)}, [10, 10])
    study = build_study(town(communities=SQUARE, buildings=houses, barriers=walls))
    assert_covered(study)
    assert study.units.index.tolist() == ["a", "b"]


def test_doors_in_or_near_an_outline_belong_to_the_building():
    houses = rows_of_houses().drop(columns=["households", "residents"])
    homes = household_table({"in": (30.0, 25.0, 1), "door": (43.0, 25.0, 2), "alone": (60.0, 50.0, 4)})
    study = build_study(town(communities=SQUARE, buildings=houses, households=homes))
    assert_covered(study)
    lived = study.units[study.units["households"] > 0]
    assert lived["households"].to_dict() == {"alone": 4, "b00": 3}
    assert len(study.units) == 9


def test_an_outline_drawn_over_another_joins_it():
    houses = footprints({"big": shapely.box(20, 20, 80, 80), "in": shapely.box(30, 40, 60, 60)}, [10, 5])
    study = build_study(town(communities=SQUARE, buildings=pd.concat([houses, rows_of_houses().iloc[4:]])))
    assert_covered(study)
    assert study.units.loc["big", ["households", "buildings"]].tolist() == [15, 2]
    assert codes(study) == ["outlines-overlap"]


def ready(shapes: dict[str, shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    index = pd.Index(list(shapes), name="unit_id", dtype="str")
    counts = {"households": [10] * len(shapes), "residents": [30] * len(shapes)}
    return gpd.GeoDataFrame(counts | columns, geometry=list(shapes.values()), index=index, crs=CRS)


def test_ready_made_units_that_fit_stay_as_they_are():
    shapes = {"u1": shapely.box(0, 0, 73.12345, 100), "u2": shapely.box(73.12345, 0, 200, 100)}
    study = build_study(town(communities=SQUARE, units=ready(shapes, locked=[True, None])))
    assert shapely.equals_exact(study.units.geometry.to_numpy(), np.array(list(shapes.values()))).all()
    assert study.units["locked"].tolist() == [True, False]
    assert codes(study) == []


def test_ready_made_units_with_gaps_and_overlaps_are_mended_and_told():
    shapes = {
        "u1": shapely.box(0, 0, 80, 100),
        "u2": shapely.box(70, 0, 150, 100),
        "u3": shapely.box(150, 0, 190, 110),
    }
    study = build_study(town(communities=SQUARE, units=ready(shapes)))
    assert_covered(study)
    assert study.units["area_m2"].tolist() == [8000.0, 7000.0, 5000.0]
    (told,) = study.findings.items
    facts = {k: told.facts[k] for k in ("gap_m2", "overlap_m2", "outside_m2")}
    assert facts == {"gap_m2": 1000, "overlap_m2": 1000, "outside_m2": 400}


def test_ready_made_units_under_others_join_them_and_are_told():
    shapes = {
        "u1": shapely.box(0, 0, 120, 100),
        "u2": shapely.box(120, 0, 200, 100),
        "u3": shapely.box(120, 0, 200, 100),
        "u4": shapely.box(10, 10, 60, 60),
    }
    columns = {"elder_80_alone": [1, 2, 3, 4], "locked": [False, False, True, False]}
    study = build_study(town(communities=SQUARE, units=ready(shapes, **columns)))
    assert_covered(study)
    assert study.units["households"].to_dict() == {"u1": 20, "u2": 20}
    assert study.units["elder_80_alone"].to_dict() == {"u1": 5, "u2": 5}
    assert study.units["locked"].to_dict() == {"u1": False, "u2": True}
    told = study.findings.items[-1]
    facts = [told.facts[k] for k in ("count", "unit_id", "to_unit_id")]
    assert (told.code, facts) == ("units-overlap", [2, "u3", "u2"])


def test_ready_made_units_outside_every_community_are_told():
    shapes = {"u1": SQUARE["A"], "u2": shapely.box(500, 0, 600, 100)}
    study = build_study(town(communities=SQUARE, units=ready(shapes)))
    assert study.units.index.tolist() == ["u1"]
    assert codes(study) == ["units-left-out"]


def test_a_community_without_ready_made_units_gets_one():
    two = SQUARE | {"B": shapely.box(200, 0, 300, 100)}
    study = build_study(town(communities=two, units=ready({"u1": SQUARE["A"]})))
    assert study.units["households"].to_dict() == {"B-empty": 0, "u1": 10}


def test_facilities_without_a_place_are_told():
    inputs = town(
        communities=SQUARE, places={"h1": (50.0, 50.0, 9)}, clinics={"f1": (10.0, 10.0), "f2": (20.0, 20.0)}
    )
    facilities = inputs.facilities.copy()
    facilities.loc["f2", "geometry"] = None
    study = build_study(replace(inputs, facilities=facilities))
    assert study.facilities.index.tolist() == ["f1"]
    assert codes(study) == ["facility-unplaced"]


def test_parents_are_found_by_location():
    study = build_study(town(communities=SQUARE, places={"h1": (50.0, 50.0, 9)}))
    assert study.areas["parent_id"].to_dict()["A"] == "T"


def test_a_number_of_grids_for_a_community_that_is_not_there_is_told():
    inputs = town(communities=SQUARE, units=ready({"u1": SQUARE["A"]}))
    grids = replace(inputs.settings.grids, grid_count={"A": 1, "Q": 3}, grid_count_max={"R": 2})
    study = build_study(replace(inputs, settings=replace(inputs.settings, grids=grids)))
    told = [(f.code, f.facts["key"], f.facts["community_id"]) for f in study.findings.items]
    assert told == [("grid-count-stray", "grids.grid_count", "Q"), ("grid-count-stray", "grids.grid_count_max", "R")]
