"""Ways between the units of a community, held to networkx and to hand."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.model.errors import SettingError
from gis.model.walks import UnitWalks
from gis.space import walks_between
from tests.towns import CRS


def units_at(points: dict[str, tuple[float, float]], community: str = "C") -> pd.DataFrame:
    table = pd.DataFrame(list(points.values()), columns=["x", "y"], index=pd.Index(list(points), name="unit_id"))
    return table.assign(community_id=community)


def pairs_of(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(pairs), columns=["unit_a", "unit_b"])


def paths_along(*lines: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.LineString(p) for p in lines], crs=CRS)


def between(walks: UnitWalks, units: pd.DataFrame) -> np.ndarray:
    return walks.between(units.index.tolist(), units[["x", "y"]].to_numpy())


def test_a_wall_is_walked_round_through_its_gate():
    # a and b stand 20 m apart with a wall between, the gate is 100 m north on a path along each side
    units = units_at({"a": (0.0, 0.0), "b": (20.0, 0.0)})
    paths = paths_along([(0, 0), (0, 100)], [(20, 0), (20, 100)], [(0, 100), (20, 100)])
    assert between(walks_between(units, pairs_of(), paths), units).tolist() == [[0, 220], [220, 0]]


def test_neighbours_walk_straight_however_far_the_street():
    units = units_at({"a": (0.0, 0.0), "b": (20.0, 0.0), "c": (40.0, 0.0)})
    street = paths_along([(-100, 60), (100, 60)])
    metres = between(walks_between(units, pairs_of(("a", "b"), ("b", "c")), street), units)
    assert metres.tolist() == [[0, 20, 40], [20, 0, 20], [40, 20, 0]]
    apart = between(walks_between(units, pairs_of(), street), units)
    assert apart[0, 1] == 140.0  # 60 to the street, 20 along it, 60 back


def test_what_no_way_joins_is_straight_with_a_detour():
    units = units_at({"a": (0.0, 0.0), "b": (300.0, 400.0)})
    assert between(walks_between(units, pairs_of(), None, detour_factor=1.3), units)[0, 1] == 650.0
    far = paths_along([(5000, 5000), (6000, 5000)])
    assert between(walks_between(units, pairs_of(), far, detour_factor=1.3), units)[0, 1] == 650.0


def test_ways_are_those_of_networkx():
    rng = np.random.default_rng(3)
    n = 40
    units = units_at({f"u{i:02d}": tuple(p) for i, p in enumerate(rng.uniform(0, 600, (n, 2)))})
    xy = units[["x", "y"]].to_numpy()
    near = [(i, j) for i in range(n) for j in range(i) if np.hypot(*(xy[i] - xy[j])) < 90 and rng.random() < 0.7]
    names = units.index
    walks = walks_between(units, pairs_of(*((names[j], names[i]) for i, j in near)), None)
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from((i, j, float(np.hypot(*(xy[i] - xy[j])))) for i, j in near)
    told = between(walks, units)
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
    for i in range(n):
        for j in range(n):
            straight = 1.3 * float(np.hypot(*(xy[i] - xy[j])))
            assert told[i, j] == pytest.approx(lengths[i].get(j, straight), abs=0.051)
    assert (told >= np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) - 0.051).all()
    assert (told == told.T).all()


def test_communities_are_measured_apart_and_straight_across():
    units = pd.concat([units_at({"a": (0.0, 0.0), "b": (30.0, 40.0)}, "C1"), units_at({"c": (0.0, 80.0)}, "C2")])
    walks = walks_between(units, pairs_of(), None, detour_factor=2.0)
    metres = between(walks, units)
    assert (metres[0, 1], metres[0, 2], metres[1, 2]) == (100.0, 80.0, 50.0)


def test_rows_bring_the_walks_back():
    units = pd.concat(
        [
            units_at({"b": (0.0, 0.0), "a": (30.0, 41.5), "d": (7.0, 1.0)}, "C1"),
            units_at({"c": (0.0, 80.0)}, "C2"),
        ]
    )
    walks = walks_between(units, pairs_of(("a", "b")), None)
    table = walks.table()
    assert table.loc["a", "walks_dm"] == ""
    again = UnitWalks.of_table(table.sample(frac=1, random_state=1))
    assert (between(again, units) == between(walks, units)).all()
    assert again.table().equals(table)


def test_the_order_of_rows_does_not_matter():
    units = units_at({"a": (0.0, 0.0), "b": (20.0, 5.0), "c": (45.0, 0.0), "d": (45.0, 0.0)})
    lines = [[(0, 3), (30, 3)], [(30, 3), (60, 3)], [(30, 3), (30, 90)]]
    walks = walks_between(units, pairs_of(("a", "b"), ("c", "d")), paths_along(*lines))
    turned = walks_between(units.iloc[::-1], pairs_of(("c", "d"), ("a", "b")), paths_along(*lines[::-1]))
    assert turned.table().equals(walks.table())


def test_a_community_of_too_many_units_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gis.space.unit_walks.MOST_UNITS", 2)
    units = units_at({"a": (0.0, 0.0), "b": (20.0, 5.0), "c": (45.0, 0.0)})
    with pytest.raises(SettingError) as refused:
        walks_between(units, pairs_of(), None)
    assert refused.value.code == "walks-too-many-units"
    assert 'walk_basis = "straight"' in str(refused.value)
