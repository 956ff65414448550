from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.model.study import StudyArea
from gis.space import walking_reach
from tests.towns import CRS


def units_at(points: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame(list(points.values()), columns=["x", "y"], index=pd.Index(list(points), name="unit_id"))


def facilities_at(points: dict[str, tuple[float, float]], **columns: list[str]) -> gpd.GeoDataFrame:
    table = {"kind": ["clinic"] * len(points), "status": ["existing"] * len(points)} | columns
    index = pd.Index(list(points), name="facility_id", dtype="str")
    return gpd.GeoDataFrame(table, geometry=[shapely.Point(p) for p in points.values()], index=index, crs=CRS)


def paths_along(*lines: list[tuple[float, float]], **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString(p) for p in lines], crs=CRS)


def walk(reach: pd.DataFrame, unit: str, facility: str) -> tuple[float, str]:
    row = reach[(reach["unit_id"] == unit) & (reach["facility_id"] == facility)].iloc[0]
    return float(row["walk_m"]), str(row["walk_basis"])


def test_walks_go_over_the_bridge(river_town: StudyArea):
    # n01 at (50, 350): 100 m along y = 350, 300 m over the bridge, 10 m to the clinic at (150, 40)
    assert walk(river_town.reach, "n01", "f1") == (410.0, "network")
    assert walk(river_town.reach, "s10", "f1") == (10.0, "network")


def test_places_snap_to_edges_and_the_way_there_counts():
    reach = walking_reach(
        units_at({"u": (40.0, 3.0)}),
        facilities_at({"f": (60.0, -4.0)}),
        paths_along([(0, 0), (1000, 0)]),
        reach_m=500,
    )
    assert walk(reach, "u", "f") == (27.0, "network")  # 3 + 20 + 4, far from both nodes


def test_given_lengths_win_over_drawn_ones():
    paths = paths_along([(0, 0), (100, 0)], length_m=[250.0])
    reach = walking_reach(units_at({"u": (0.0, 0.0)}), facilities_at({"f": (50.0, 0.0)}), paths, reach_m=500)
    assert walk(reach, "u", "f") == (125.0, "network")


def test_straight_metres_with_a_detour_where_there_is_no_network():
    reach = walking_reach(
        units_at({"u": (0.0, 0.0)}), facilities_at({"f": (300.0, 400.0)}), None, reach_m=1000, detour_factor=1.3
    )
    assert walk(reach, "u", "f") == (650.0, "straight")


def test_a_place_far_from_any_path_walks_straight():
    reach = walking_reach(
        units_at({"u": (0.0, 151.0)}),
        facilities_at({"f": (0.0, 0.0)}),
        paths_along([(0, 0), (100, 0)]),
        reach_m=500,
        detour_factor=1.0,
    )
    assert walk(reach, "u", "f") == (151.0, "straight")


def test_parts_of_the_network_that_do_not_meet_are_joined_straight():
    paths = paths_along([(0, 0), (100, 0)], [(0, 50), (100, 50)])
    reach = walking_reach(
        units_at({"u": (50.0, 0.0)}), facilities_at({"f": (50.0, 50.0)}), paths, reach_m=500, detour_factor=1.3
    )
    assert walk(reach, "u", "f") == (65.0, "straight")


def test_paths_that_cross_without_an_end_do_not_meet():
    paths = paths_along([(-100, 0), (100, 0)], [(0, -100), (0, 100)], [(100, 0), (0, 100)])
    reach = walking_reach(units_at({"u": (0.0, 0.0)}), facilities_at({"f": (0.0, -50.0)}), paths, reach_m=900)
    basis = walk(reach, "u", "f")
    assert basis[1] == "network"
    assert basis[0] in (50.0, pytest.approx(100 + 141.42 + 150, abs=0.01))


def test_the_nearest_of_each_kind_is_listed_however_far():
    places = {"f1": (5000.0, 0.0), "f2": (9000.0, 0.0), "f3": (7000.0, 0.0), "f4": (2000.0, 0.0)}
    reach = walking_reach(
        units_at({"u": (0.0, 0.0)}),
        facilities_at(
            places,
            kind=["clinic", "clinic", "school", "clinic"],
            status=["existing", "existing", "existing", "candidate"],
        ),
        None,
        reach_m=100,
        detour_factor=1.0,
    )
    assert reach["facility_id"].tolist() == ["f4", "f1", "f3"]  # the candidate, the nearest that exists, the school


def test_closed_facilities_are_left_out():
    facilities = facilities_at({"f1": (10.0, 0.0), "f2": (20.0, 0.0)}, status=["closed", "existing"])
    reach = walking_reach(units_at({"u": (0.0, 0.0)}), facilities, None, reach_m=100)
    assert reach["facility_id"].tolist() == ["f2"]


def test_walks_agree_with_networkx_on_a_random_network():
    rng = np.random.default_rng(7)
    nodes = rng.uniform(0, 1000, (60, 2))
    ends = [(i, int(j)) for i in range(60) for j in np.argsort(np.hypot(*(nodes - nodes[i]).T))[1:4]]
    lines = [[tuple(nodes[i]), tuple(nodes[j])] for i, j in ends]
    named = {"u": [str(i) for i, _ in ends], "v": [str(j) for _, j in ends]}
    units = {f"u{k}": tuple(p) for k, p in enumerate(nodes[:20])}
    sites = {f"f{k}": tuple(p) for k, p in enumerate(nodes[20:30])}
    reach = walking_reach(units_at(units), facilities_at(sites), paths_along(*lines, **named), reach_m=2000)
    graph = nx.Graph()
    for i, j in ends:
        graph.add_edge(i, j, weight=float(np.hypot(*(nodes[i] - nodes[j]))))
    checked = 0
    for row in reach[reach["walk_basis"] == "network"].itertuples():
        exact = nx.dijkstra_path_length(graph, int(row.unit_id[1:]), 20 + int(row.facility_id[1:]))
        assert row.walk_m == pytest.approx(exact, abs=0.02)
        checked += 1
    assert checked > 100
    assert reach.sort_values(["unit_id", "walk_m", "facility_id"], kind="stable").index.tolist() == list(
        range(len(reach))
    )
