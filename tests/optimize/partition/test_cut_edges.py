"""Fewest cut edges: held to every split of small towns."""

from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import GridObjective, Proof
from optimize.partition import draw_grids
from optimize.partition.cut_edges import CutEffort, cut_terms, prove_cut
from optimize.partition.cut_programme import allowed_of, roots_of
from optimize.partition.engine import Task, draw_territory
from optimize.partition.explanation import Explanation
from optimize.partition.plan_making import territory_report
from optimize.partition.problem import LoadBand, grid_loads, score, terms_hm
from optimize.partition.proof import TerritoryProof
from optimize.partition.search import search
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import labellings, lattice, random_town, study_of

NARROW = LoadBand(180, 200, 220)


def cutting(territory, metres=None):
    return replace(territory, terms=cut_terms(territory, metres))


def by_brute_force(territory, count):
    best = None
    for labels in labellings(len(territory), count):
        if score(territory, labels).disconnected == 0:
            outside = int(territory.band.violation(grid_loads(territory, labels)).sum())
            key = (outside, float(terms_hm(territory, labels).sum()))
            best = key if best is None else min(best, key)
    return best


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_engine_reaches_the_fewest_cut_edges(seed, count):
    town = random_town(8, seed)
    mean = town.total_load / count
    territory = cutting(replace(town, band=LoadBand(int(mean * 0.97), round(mean), int(mean * 1.03))))
    proven = draw_territory(Task(territory, count, PartitionSettings()), Stop()).proven
    assert proven is not None
    assert (proven.violation, proven.objective) == by_brute_force(territory, count)
    assert proven.proof is Proof.OPTIMAL
    assert (proven.violation_bound, proven.bound) == (proven.violation, proven.objective)


def test_a_bad_drawing_is_mended_two_grids_at_a_time():
    territory = cutting(lattice(6, 2, [50] * 12, LoadBand(200, 200, 200)))
    comb = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 1, 1])  # two L shapes and a square between
    proven = prove_cut(territory, comb)
    assert terms_hm(territory, comb).sum() == 6
    assert proven.objective == 4  # three squares
    assert score(territory, proven.labels).disconnected == 0


@pytest.mark.parametrize("seed", [0, 1])
def test_a_bound_stopped_early_is_below_the_optimum(seed):
    town = random_town(8, seed)
    mean = town.total_load / 3
    territory = cutting(replace(town, band=LoadBand(int(mean * 0.9), round(mean), int(mean * 1.1))))
    labels = search(territory, 3, seed=1, work=1, stop=Stop()).labels
    proven = prove_cut(territory, labels, effort=CutEffort(nodes=1, rounds=1, passes=0))
    outside, fewest = by_brute_force(territory, 3)
    assert proven.violation_bound <= outside <= proven.violation
    if proven.violation == outside:
        assert proven.bound <= fewest <= proven.objective


def test_metres_of_border_are_counted_where_they_are_asked_for():
    town = lattice(4, 1, [100] * 4, NARROW)
    ids = town.unit_ids
    metres = {(a, b): m for a, b, m in zip(ids[:-1], ids[1:], (5.0, 2.5, 9.0), strict=True)}
    territory = cutting(town, metres)
    assert terms_hm(territory, np.array([0, 0, 1, 1])).sum() == 2.5
    assert prove_cut(territory, np.array([0, 0, 1, 1])).bound == 2.5


def test_a_study_can_ask_for_fewest_cut_edges():
    study = study_of(
        lattice(4, 4, [50] * 16, NARROW),
    )
    drawn = draw_grids(study, PartitionSettings(objective=GridObjective.CUT_EDGES, grid_count=4))
    (report,) = drawn.report.territories
    labels = drawn.plan.assignment
    cut = sum(labels[a] != labels[b] for a, b in study.adjacency[["unit_a", "unit_b"]].itertuples(index=False))
    assert report.objective == cut == 8
    assert report.proof is Proof.OPTIMAL


@pytest.mark.parametrize("seed", range(3))
def test_heavy_units_name_their_grids_and_the_bound_still_holds(seed):
    rng = np.random.default_rng(seed)
    loads = rng.integers(10, 40, 9)
    loads[[0, 4, 8]] = (95, 105, 90)  # no two fit into one grid
    mean = int(loads.sum()) / 3
    territory = cutting(lattice(3, 3, loads.tolist(), LoadBand(int(mean * 0.85), round(mean), int(mean * 1.15))))
    assert sorted(roots_of(territory, 3, 0).tolist()) == [0, 4, 8]
    drawn = search(territory, 3, seed=1, work=100, stop=Stop()).labels
    proven = prove_cut(territory, drawn)
    assert (proven.violation, proven.objective) == by_brute_force(territory, 3)
    assert proven.proof is Proof.OPTIMAL


def test_a_unit_too_far_over_heavy_ones_is_not_in_a_roots_grid():
    row = cutting(lattice(5, 1, [100, 90, 10, 90, 100], LoadBand(100, 195, 200)))
    allowed = allowed_of(row, 2, roots_of(row, 2, 0), 0)
    assert allowed[:, 0].tolist() == [True, True, True, False, False]


def test_a_narrow_band_does_not_freeze_the_search_for_few_cuts():
    """Half a percent about the mean is less than any unit: loads are let out of the band while the search is hot."""
    town = random_town(60, 4)
    mean = town.total_load / 4
    territory = cutting(replace(town, band=LoadBand(int(mean * 0.995), round(mean), int(mean * 1.005) + 1)))
    short = search(territory, 4, seed=1, work=60 * 60, stop=Stop())
    full = search(territory, 4, seed=1, work=2_000_000, stop=Stop())
    assert full.violation == 0
    assert full.key < short.key


def test_a_bound_of_no_borders_at_all_proves_nothing():
    town = cutting(random_town(8, 0))
    settings = PartitionSettings(objective=GridObjective.CUT_EDGES, prove=False, work=500)
    answer = draw_territory(Task(town, 2, settings), Stop())
    objective = answer.found.terms_hm
    for bound, proof in ((0.0, Proof.NONE), (1.0, Proof.BOUNDED)):
        proven = TerritoryProof(answer.found.labels, answer.found.violation, 0, objective, bound, Proof.BOUNDED)
        told = territory_report(replace(answer, proven=proven), Explanation(None, {}))
        assert (told.proof, told.bound) == (proof, bound or None)
