from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gis.model.schemas import check_table
from gis.model.study import StudyArea
from gis.space import build_study, neighbours
from tests.towns import CRS, river_town_inputs, town


def pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(table["unit_a"], table["unit_b"], strict=True))


def units_of(shapes: dict[str, shapely.Geometry], *, households: int = 10, community: str = "A") -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(
        {"community_id": community, "households": households},
        geometry=list(shapes.values()),
        index=pd.Index(list(shapes), name="unit_id", dtype="str"),
        crs=CRS,
    )
    place = table.geometry.representative_point()
    return table.assign(x=place.x, y=place.y)


def barriers_of(*rows: tuple[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kind": [k for k, _ in rows]}, geometry=[g for _, g in rows], crs=CRS)


def test_a_strip_has_one_border_of_100_m_between_each_two(strip6: StudyArea):
    assert strip6.adjacency.to_dict("list") == {
        "unit_a": ["u0", "u1", "u2", "u3", "u4"],
        "unit_b": ["u1", "u2", "u3", "u4", "u5"],
        "shared_m": [100.0] * 5,
        "via": ["border"] * 5,
    }


def test_corner_contact_is_no_contact(lattice4x4: StudyArea):
    assert len(lattice4x4.adjacency) == 24  # 12 across and 12 up, no diagonal
    assert ("u00", "u11") not in pairs(lattice4x4.adjacency)


def test_a_river_cuts_and_its_bridge_joins(river_town: StudyArea):
    across = [(a, b) for a, b in pairs(river_town.adjacency) if a[0] != b[0]]
    assert across == [("n10", "s11")]
    bridge = river_town.adjacency.set_index(["unit_a", "unit_b"]).loc[("n10", "s11")]
    assert (bridge["via"], bridge["shared_m"]) == ("crossing", 0.0)
    borders = river_town.adjacency[river_town.adjacency["via"] == "border"]
    assert len(borders) == 20
    assert borders["shared_m"].eq(100.0).all()


def test_a_bank_without_a_bridge_stays_cut_off_and_is_told():
    study = build_study(river_town_inputs(bridge=False))
    assert not [p for p in pairs(study.adjacency) if p[0][0] != p[1][0]]
    (pocket,) = [f for f in study.findings.items if f.code == "barrier-pocket"]
    assert (pocket.facts["units"], pocket.facts["households"]) == (8, 400)


def test_a_river_drawn_as_an_area_cuts_too():
    river = shapely.box(-20, 190, 420, 210)
    places = {f"{'sn'[r > 1]}{c}{r}": (50.0 + 100 * c, 50.0 + 100 * r, 50) for c in range(4) for r in range(4)}
    area = {"A": shapely.box(0, 0, 400, 400)}
    cut = build_study(town(communities=area, places=places, barriers=[("river", river)]))
    assert not [p for p in pairs(cut.adjacency) if p[0][0] != p[1][0]]
    joined = build_study(
        town(communities=area, places=places, barriers=[("river", river), ("crossing", shapely.Point(150, 200))])
    )
    assert [p for p in pairs(joined.adjacency) if p[0][0] != p[1][0]] == [("n12", "s11")]


def test_a_river_inside_one_of_two_ready_made_units_cuts_them():
    units = units_of({"a": shapely.box(0, 0, 100, 100), "b": shapely.box(100, 0, 200, 100)})
    river = barriers_of(("river", shapely.LineString([(85, -5), (85, 105)])))  # 15 m inside of a, b lies behind it
    assert len(neighbours(units, barriers_of())) == 1
    assert len(neighbours(units, river)) == 0


def test_a_winding_river_along_the_border_cuts():
    units = units_of({"a": shapely.box(0, 0, 100, 100), "b": shapely.box(100, 0, 200, 100)})
    winding = [(100 + (6 if i % 2 else -6), -5 + 10 * i) for i in range(12)]
    assert len(neighbours(units, barriers_of(("river", shapely.LineString(winding))))) == 0


def test_a_barrier_takes_only_the_border_along_it():
    units = units_of({"a": shapely.box(0, 0, 100, 100), "b": shapely.box(100, 0, 200, 100)})
    half = barriers_of(("wall", shapely.LineString([(100, -5), (100, 50)])))
    assert neighbours(units, half)["shared_m"].tolist() == [50.0]


def test_a_border_shorter_than_the_rule_is_none():
    units = units_of({"a": shapely.box(0, 0, 100, 100), "b": shapely.box(100, 99.2, 200, 200)}, households=1)
    near = neighbours(units, barriers_of(), min_shared_m=0.5)
    assert near[["shared_m", "via"]].to_numpy().tolist() == [[0.8, "border"]]
    assert neighbours(units, barriers_of(), min_shared_m=1.0)["via"].tolist() == ["joined"]


@pytest.mark.parametrize("gap_m", [-0.05, 0.0, 0.05])
def test_corners_that_do_not_match_lose_no_neighbour(gap_m: float):
    left = shapely.Polygon([(0, 0), (100, 0), (100.02, 33), (100, 100), (0, 100)])
    right = {
        "b": shapely.box(100 + gap_m, 0, 200, 50),
        "c": shapely.Polygon([(100 + gap_m, 50), (200, 50), (200, 100), (100 + gap_m, 100), (100 + gap_m, 77)]),
    }
    found = neighbours(units_of({"a": left, **right}), barriers_of())
    assert pairs(found) == {("a", "b"), ("a", "c"), ("b", "c")}
    shared = found.set_index(["unit_a", "unit_b"])["shared_m"]
    assert shared[("a", "b")] == pytest.approx(50, abs=0.5)
    assert shared[("a", "c")] == pytest.approx(50, abs=0.5)


def test_units_of_two_communities_are_never_neighbours():
    halves = {"A": shapely.box(0, 0, 300, 100), "B": shapely.box(300, 0, 600, 100)}
    study = build_study(town(communities=halves, places={f"u{i}": (50.0 + 100 * i, 50.0, 10) for i in range(6)}))
    assert pairs(study.adjacency) == {("u0", "u1"), ("u1", "u2"), ("u3", "u4"), ("u4", "u5")}


def test_an_island_is_joined_to_the_nearest_unit_and_told():
    ground = shapely.union_all([shapely.box(0, 0, 200, 100), shapely.box(300, 0, 400, 100)])
    places = {"u0": (50.0, 50.0, 10), "u1": (150.0, 50.0, 10), "u2": (350.0, 50.0, 10)}
    study = build_study(town(communities={"A": ground}, places=places))
    assert study.adjacency[["unit_a", "unit_b", "via"]].to_numpy().tolist() == [
        ["u0", "u1", "border"],
        ["u1", "u2", "joined"],
    ]
    (told,) = study.findings.items
    assert (told.code, told.facts["to_unit_id"], told.facts["away_m"]) == ("island-joined", "u1", 100)


def test_a_pocket_without_households_is_joined():
    walls = [("wall", shapely.LineString([(100, -5), (100, 105)]))]
    places = {"u0": (50.0, 50.0, 0), "u1": (150.0, 50.0, 10)}
    study = build_study(town(communities={"A": shapely.box(0, 0, 200, 100)}, places=places, barriers=walls))
    assert study.adjacency["via"].tolist() == ["joined"]
    assert [f.code for f in study.findings.items] == ["pocket-joined"]


def test_a_crossing_at_a_junction_joins_every_arm():
    cross = [
        ("arterial", shapely.LineString([(-5, 100), (205, 100)])),
        ("arterial", shapely.LineString([(100, -5), (100, 205)])),
        ("crossing", shapely.Point(100, 100)),
    ]
    places = {"sw": (50.0, 50.0, 9), "se": (150.0, 50.0, 9), "nw": (50.0, 150.0, 9), "ne": (150.0, 150.0, 9)}
    study = build_study(town(communities={"A": shapely.box(0, 0, 200, 200)}, places=places, barriers=cross))
    assert pairs(study.adjacency) == {("se", "sw"), ("nw", "sw"), ("ne", "nw"), ("ne", "se")}
    assert study.adjacency["via"].eq("crossing").all()


def test_a_crossing_far_from_every_barrier_is_told():
    inputs = town(
        communities={"A": shapely.box(0, 0, 200, 100)},
        places={"u0": (50.0, 50.0, 9), "u1": (150.0, 50.0, 9)},
        barriers=[("crossing", shapely.Point(20, 20))],
    )
    assert [f.code for f in build_study(inputs).findings.items] == ["crossing-without-banks"]


def test_the_table_is_rebuilt_from_units_and_barriers_alone(river_town: StudyArea):
    plain = river_town.units[["community_id", "households", "x", "y", "geometry"]]
    again = neighbours(plain.iloc[::-1], river_town.barriers.iloc[::-1], min_shared_m=1.0)
    pd.testing.assert_frame_equal(again, river_town.adjacency)
    check_table("adjacency", again)
