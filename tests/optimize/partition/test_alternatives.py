"""Each alternative is best at what it favours, and all obey the hard rules."""

from dataclasses import replace

import pytest

from gis.measures import grid_pieces, measure_plan
from gis.model.plan import GridInfo, Plan
from gis.model.standards import Band
from optimize.partition.alternatives import Favour, draw_alternatives
from optimize.partition.territories import band_of
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import random_town, study_of


@pytest.fixture(scope="module")
def study():
    return study_of(random_town(40, 11))


@pytest.fixture(scope="module")
def drawn(study):
    """Present grids cut the town in slices from west to east, so that they are long and uneven."""
    order = study.units["x"].rank(method="first").astype(int) - 1
    held = {u: f"C{1 + n // 4:03d}" for u, n in order.items()}
    present = Plan.of("town", held, [GridInfo(g, "C") for g in sorted(set(held.values()))])
    return draw_alternatives(study, PartitionSettings(work=30_000, prove=False), present=present), present


def score(study, plan, measure):
    return measure_plan(study, plan)[measure].value


def test_each_alternative_is_best_at_what_it_favours(study, drawn):
    plans, present = {f: d.plan for f, d in drawn[0].items()}, drawn[1]
    assert list(plans) == list(Favour)
    deviation = {f: score(study, p, "load_deviation_max_share") for f, p in plans.items()}
    walk = {f: score(study, p, "walk_mean_m") for f, p in plans.items()}
    grids = {f: len(p.grids) for f, p in plans.items()}
    moved = {f: len(p.diff(present)) for f, p in plans.items()}
    assert min(deviation, key=deviation.get) is Favour.BALANCE
    assert min(walk, key=walk.get) is Favour.WALK
    assert min(grids.values()) == grids[Favour.FEWEST]
    assert grids[Favour.WALK] == max(grids[f] for f in (Favour.BALANCE, Favour.WALK, Favour.FEWEST))
    assert min(moved, key=moved.get) is Favour.CHANGE


def test_all_alternatives_are_connected_and_in_the_band(study, drawn):
    for favour, alternative in drawn[0].items():
        assert grid_pieces(alternative.plan, study.adjacency).eq(1).all()
        if favour is not Favour.CHANGE:
            assert score(study, alternative.plan, "grids_in_band_share") == 1


def test_without_a_present_plan_there_is_no_least_change(study):
    plans = draw_alternatives(study, PartitionSettings(work=2_000, prove=False), [Favour.WALK, Favour.CHANGE])
    assert list(plans) == [Favour.WALK]


def test_a_share_of_the_target_narrows_the_band_and_never_widens_it(study):
    settings = PartitionSettings(band=Band(300, 400, 420), band_share=0.1)
    assert band_of(study, "C", settings) == Band(360, 400, 420)


def test_a_locked_grid_of_the_present_plan_stays_in_all_of_them(study, drawn):
    first = drawn[1]
    locked = Plan.of("town", first.assignment, [replace(g, locked=g.grid_id == "C001") for g in first.grids.values()])
    held = set(first.assignment.index[first.assignment == "C001"])
    for made in draw_alternatives(study, PartitionSettings(work=5_000, prove=False), present=locked).values():
        assert set(made.plan.assignment.index[made.plan.assignment == "C001"]) == held
