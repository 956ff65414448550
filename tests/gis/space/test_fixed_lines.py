"""No grid reaches across a fixed line: not by a border, not by a crossing, not to land where nobody lives."""

import pytest
import shapely

from gis.space import build_study
from gis.space.adjacency import neighbours
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings
from tests.gis.space.test_adjacency import pairs
from tests.towns import lattice4x4_inputs, river_town_inputs, town

MIDDLE = shapely.LineString([(-20, 200), (420, 200)])
AREA = {"A": shapely.box(0, 0, 400, 400)}


def lattice(households_north=50, barriers=()):
    places = {
        f"{'sn'[r > 1]}{c}{r}": (50.0 + 100 * c, 50.0 + 100 * r, households_north if r > 1 else 50)
        for c in range(4)
        for r in range(4)
    }
    return town(communities=AREA, places=places, barriers=barriers)


def across(study):
    return [p for p in pairs(study.adjacency) if p[0][0] != p[1][0]]


def told(study):
    return {f.code: f.facts for f in study.findings.items}


def test_a_line_keeps_neighbours_apart_and_says_how_many():
    free = build_study(lattice())
    study = build_study(lattice(barriers=[("boundary", MIDDLE)]))
    assert len(across(free)) == 4
    assert not across(study)
    assert told(study)["boundary-cuts"] == {"lines": 1, "pairs": 4, "crossings": 0}
    assert "boundary-cuts" not in told(free)


def test_a_crossing_does_not_join_over_a_line_but_elsewhere():
    bridge = shapely.LineString([(150, 190), (150, 210)])
    inputs = lattice(barriers=[("river", MIDDLE), ("crossing", bridge), ("boundary", MIDDLE)])
    study = build_study(inputs)
    assert not across(study)
    assert told(study)["boundary-cuts"] == {"lines": 1, "pairs": 0, "crossings": 1}
    east = shapely.LineString([(300, -20), (300, 420)])
    beside = build_study(lattice(barriers=[("river", MIDDLE), ("crossing", bridge), ("boundary", east)]))
    assert len(across(beside)) == 1


def test_land_without_anybody_beyond_a_line_is_not_joined_but_its_own_grid():
    by_river = build_study(lattice(0, [("river", MIDDLE)]))
    assert len(across(by_river)) == 1
    study = build_study(lattice(0, [("boundary", MIDDLE)]))
    assert not across(study)
    assert told(study)["boundary-pocket"]["units"] == 8
    drawn = draw_grids(study, PartitionSettings(work=5_000))
    sides = {g: {u[0] for u in drawn.plan.units_of(g)} for g in drawn.plan.grids}
    assert all(len(side) == 1 for side in sides.values())
    kinds = {next(iter(side)): str(drawn.plan.grids[g].kind) for g, side in sides.items()}
    assert kinds == {"s": "general", "n": "empty"}


@pytest.mark.parametrize("seed", range(3))
def test_no_grid_crosses_a_line_whatever_the_seed(seed):
    line = shapely.LineString([(100, -20), (100, 200), (420, 200)])
    study = build_study(lattice(barriers=[("boundary", line)]))
    plan = draw_grids(study, PartitionSettings(rng_seed=seed, work=5_000)).plan
    ground = shapely.Polygon([(100, 0), (400, 0), (400, 200), (100, 200)]).buffer(0.01)
    for grid in plan.grids:
        inside = {bool(ground.covers(study.units.geometry[u])) for u in plan.units_of(grid)}
        assert len(inside) == 1


def test_units_that_a_line_runs_through_are_named():
    inputs = lattice4x4_inputs()
    study = build_study(inputs)
    ready = town(communities=AREA, units=study.units[["households", "geometry"]],
                 barriers=[("boundary", shapely.LineString([(-20, 160), (420, 160)]))])  # fmt: skip
    split = build_study(ready)
    assert told(split)["boundary-through-units"]["count"] == 4
    assert told(split)["boundary-through-units"]["unit_id"] == "u01"


def test_the_plan_file_alone_tells_the_same_neighbours():
    study = build_study(lattice(barriers=[("boundary", MIDDLE)]))
    again = neighbours(study.units, study.barriers)
    assert again.equals(study.adjacency)


def test_a_study_without_lines_is_as_before():
    assert "boundary-cuts" not in told(build_study(river_town_inputs()))
