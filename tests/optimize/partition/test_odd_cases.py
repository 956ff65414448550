"""Odd input through the whole engine: search, proof and plan; each drawing is held to the hard rules."""

from dataclasses import replace

import numpy as np
import pytest

from gis.model.errors import SettingError
from gis.model.kinds import Proof, StoppedBy
from optimize.partition.drawing import draw_grids
from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import LoadBand, make_territory, score
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import lattice, random_town, study_of

HUNDREDS = LoadBand(300, 400, 500)
SHORT = PartitionSettings(work=20_000)


def drawn(territory, count=None, **changes):
    answer = draw_territory(Task(territory, count, replace(SHORT, **changes)), Stop())
    assert score(territory, answer.found.labels).disconnected == 0
    return answer


def test_a_community_of_one_unit_is_one_grid_and_proven():
    study = study_of(make_territory(["a"], [80], [(0, 0)], [], HUNDREDS))
    told = draw_grids(study, SHORT)
    assert told.plan.assignment.to_dict() == {"a": "C001"}
    (territory,) = told.report.territories
    assert (territory.proof, territory.band_violation, territory.objective) == (Proof.OPTIMAL, 220, 0.0)


@pytest.mark.parametrize("count", [1, 9])
def test_one_grid_and_as_many_grids_as_units_are_proven(count):
    answer = drawn(lattice(3, 3, [100] * 9, HUNDREDS), count)
    assert len(np.unique(answer.found.labels)) == count
    assert answer.proven.proof is Proof.OPTIMAL


def test_equal_weights_are_drawn_evenly():
    answer = drawn(lattice(4, 4, [100] * 16, LoadBand(400, 400, 400)))
    assert answer.found.violation == 0
    assert np.bincount(answer.found.labels).tolist() == [4] * 4
    assert answer.proven.proof is Proof.OPTIMAL


def test_units_at_one_place_are_drawn_and_cost_no_walk():
    town = lattice(4, 2, [200] * 8, HUNDREDS)
    answer = drawn(replace(town, xy=np.zeros((8, 2))), 4)
    assert (answer.found.violation, answer.found.walk_hm) == (0, 0.0)


def test_some_units_without_households_cost_nothing_and_keep_grids_whole():
    answer = drawn(lattice(5, 2, [0, 200, 0, 200, 0, 200, 0, 200, 0, 0], HUNDREDS), 2)
    assert answer.found.violation == 0
    assert answer.proven.violation == 0


def test_an_island_is_a_territory_of_its_own():
    loads = [200, 200, 150]
    study = study_of(make_territory(list("abi"), loads, [(0, 0), (10, 0), (500, 0)], [(0, 1)], HUNDREDS))
    told = draw_grids(study, SHORT)
    assert told.plan.grid_of("a") == told.plan.grid_of("b") != told.plan.grid_of("i")
    assert [t.band_violation for t in told.report.territories] == [0, 150]


def test_a_unit_heavier_than_the_band_is_a_grid_of_its_own_and_proven():
    answer = drawn(lattice(3, 1, [400, 620, 400], HUNDREDS))
    assert (answer.found.violation, answer.proven.violation_bound) == (120, 120)
    assert answer.proven.proof is Proof.OPTIMAL


@pytest.mark.parametrize("asked", [1, 5, 25])
def test_a_run_cancelled_at_any_time_keeps_the_best_so_far(asked):
    """By counts: the question "cancelled?" is answered yes after so many times; later is never worse."""
    town = random_town(80, 11)
    study = study_of(town)
    left = iter(range(asked))
    told = draw_grids(study, replace(SHORT, work=2_000_000), cancelled=lambda: next(left, None) is None)
    assert told.report.stopped_by is StoppedBy.CANCELLED
    place = {g: i for i, g in enumerate(told.plan.grids)}
    labels = np.array([place[told.plan.grid_of(u)] for u in town.unit_ids])
    assert score(town, labels).disconnected == 0
    assert told.report.territories[0].band_violation == score(town, labels).violation


def test_the_best_so_far_of_a_later_stop_is_never_worse():
    town = random_town(80, 11)
    count = round(town.total_load / town.band.target)
    keys = []
    for asked in (1, 10, 60):
        left = iter(range(asked))
        stop = Stop(cancelled=lambda left=left: next(left, None) is None)
        keys.append(draw_territory(Task(town, count, replace(SHORT, work=2_000_000, prove=False)), stop).found.key)
        assert stop.stopped_by is StoppedBy.CANCELLED
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"grid_count": {"C": 4}}, "grids-above-units"),
        ({"grid_count_min": {"C": 4}}, "grids-above-units"),
        ({"grid_count": 4}, "grids-above-units-in-all"),
    ],
)
def test_more_grids_than_units_are_refused_with_both_numbers(asked, code):
    study = study_of(
        make_territory(list("abc"), [300, 400, 350], [(0, 0), (9, 0), (18, 0)], [(0, 1), (1, 2)], HUNDREDS)
    )
    with pytest.raises(SettingError) as refused:
        draw_grids(study, PartitionSettings(**asked))
    assert refused.value.code == code
    assert (refused.value.facts["count"], refused.value.facts["units"]) == (4, 3)
    assert len(draw_grids(study, PartitionSettings(grid_count=3)).plan.grids) == 3
    assert len(draw_grids(study, PartitionSettings(grid_count_min=4)).plan.grids) == 3  # of every community
