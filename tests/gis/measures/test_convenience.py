from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gis.measures import convenience, grid_hearts
from gis.model.plan import GridInfo, Plan
from gis.model.walks import UnitWalks


def places(households: list[int], x: list[float], y: list[float] | None = None) -> gpd.GeoDataFrame:
    index = pd.Index([f"u{i:03d}" for i in range(len(households))], name="unit_id")
    table = pd.DataFrame({"households": households, "x": x, "y": y or [0.0] * len(x)}, index=index)
    return gpd.GeoDataFrame(table)


def one_grid(units: gpd.GeoDataFrame) -> Plan:
    return Plan.of("s", pd.Series("G1", index=units.index), [GridInfo("G1", "C")])


def test_the_heart_is_where_the_households_walk_least():
    units = places([10, 10, 100], [0.0, 100.0, 300.0])
    hearts = grid_hearts(units, one_grid(units)).loc["G1"]
    assert hearts["heart_unit_id"] == "u002"
    assert hearts["walk_m"] == 10 * 300 + 10 * 200
    assert hearts["walk_mean_m"] == pytest.approx(5000 / 120)


def test_of_two_equal_hearts_the_first_id_is_taken():
    units = places([10, 10], [0.0, 100.0])
    assert grid_hearts(units, one_grid(units)).loc["G1", "heart_unit_id"] == "u000"


def test_without_households_every_unit_weighs_the_same_and_no_mean_is_given():
    units = places([0, 0, 0], [0.0, 100.0, 150.0])
    hearts = grid_hearts(units, one_grid(units)).loc["G1"]
    assert hearts["heart_unit_id"] == "u001"
    assert hearts["walk_m"] == 0
    assert np.isnan(hearts["walk_mean_m"])


@pytest.mark.parametrize("block", [1, 50, 1_000_000])
def test_hearts_equal_those_found_one_by_one(monkeypatch: pytest.MonkeyPatch, block: int):
    monkeypatch.setattr(convenience, "BLOCK_CELLS", block)
    rng = np.random.default_rng(0)
    units = places(list(rng.integers(0, 50, 60)), list(rng.random(60) * 500), list(rng.random(60) * 500))
    grids = [f"G{i}" for i in range(9)]
    assignment = pd.Series([grids[i] for i in rng.integers(0, 9, 60)], index=units.index)
    hearts = grid_hearts(units, Plan.of("s", assignment, [GridInfo(g, "C") for g in grids]))
    for grid_id, here in units.groupby(assignment):
        metres = np.hypot(*(here[c].to_numpy()[:, None] - here[c].to_numpy()[None, :] for c in ("x", "y")))
        cost = here["households"].to_numpy() @ metres
        assert hearts.loc[grid_id, "heart_unit_id"] == here.index[cost.argmin()]
        assert hearts.loc[grid_id, "walk_m"] == pytest.approx(cost.min())


def walled_town() -> tuple[gpd.GeoDataFrame, UnitWalks]:
    """Three homes of ten households at 0, 100 and 200 m; a wall parts the middle one, whose gate is far."""
    units = places([10, 10, 10], [0.0, 100.0, 200.0])
    metres = np.array([[0, 900, 210], [900, 0, 900], [210, 900, 0]])
    return units, UnitWalks({"C": units.index.tolist()}, {"C": (10 * metres).astype(np.int32)})


def test_the_heart_of_a_walled_town_is_where_its_ways_lead():
    units, walks = walled_town()
    assert grid_hearts(units, one_grid(units)).loc["G1", ["heart_unit_id", "walk_m"]].tolist() == ["u001", 2000]
    hearts = grid_hearts(units, one_grid(units), walks=walks).loc["G1"]
    assert hearts["heart_unit_id"] == "u000"
    assert hearts["walk_m"] == 10 * 900 + 10 * 210
    assert hearts["walk_mean_m"] == pytest.approx(11_100 / 30)


@pytest.mark.parametrize("block", [1, 50, 1_000_000])
def test_hearts_by_ways_equal_those_found_one_by_one(monkeypatch: pytest.MonkeyPatch, block: int):
    monkeypatch.setattr(convenience, "BLOCK_CELLS", block)
    rng = np.random.default_rng(2)
    units = places(list(rng.integers(0, 50, 60)), list(rng.random(60) * 500), list(rng.random(60) * 500))
    half = rng.integers(100, 9000, (60, 60))
    ways = np.triu(half, 1) + np.triu(half, 1).T
    walks = UnitWalks({"C": units.index.tolist()}, {"C": ways.astype(np.int32)})
    grids = [f"G{i}" for i in range(9)]
    assignment = pd.Series([grids[i] for i in rng.integers(0, 9, 60)], index=units.index)
    plan = Plan.of("s", assignment, [GridInfo(g, "C") for g in grids])
    hearts = grid_hearts(units.sample(frac=1, random_state=1), plan, walks=walks)
    for grid_id, rows in enumerate(assignment.map(grids.index).eq(i).to_numpy() for i in range(9)):
        own = np.flatnonzero(rows)
        cost = units["households"].to_numpy()[own] @ (ways[np.ix_(own, own)] / 10)
        assert hearts.loc[grids[grid_id], "heart_unit_id"] == units.index[own[cost.argmin()]]
        assert hearts.loc[grids[grid_id], "walk_m"] == pytest.approx(cost.min())
