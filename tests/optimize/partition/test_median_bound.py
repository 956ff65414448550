"""The bound of large territories: never above the truth, near it, and shown by prices that are weighed again."""

import json
from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import Proof
from optimize.partition import median_bound as medians
from optimize.partition import proof as proving
from optimize.partition.heart_search import HeartEffort, heart_bound
from optimize.partition.median_bound import median_bound
from optimize.partition.problem import LoadBand, Terms, score
from optimize.partition.proof import prove
from optimize.partition.search import search
from optimize.partition.set_model import SetModel
from optimize.partition.witness_record import witness_record
from optimize.stopping import Stop
from tests.optimize.partition.towns import brute_force, lattice, random_town
from tests.optimize.partition.witness_checker import check
from tests.optimize.partition.witness_parts import WitnessError


@pytest.fixture
def large(monkeypatch):
    """Let every territory count as large."""
    monkeypatch.setattr(proving, "MOST_UNITS", 1)


def drawn(territory, count):
    return search(territory, count, seed=1, work=50_000, stop=Stop())


@pytest.mark.parametrize("band", [LoadBand(300, 400, 500), LoadBand(390, 400, 410)], ids=["wide", "narrow"])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_never_above_the_truth(seed, band):
    territory = random_town(9, seed, band)
    count = max(2, round(territory.total_load / 400))
    truth = brute_force(territory, count)
    unavoidable = int(np.maximum(territory.load - band.max, 0).sum())
    record = median_bound(territory, count, truth.violation - unavoidable, truth.walk_hm)
    assert 0 < record.goal <= truth.walk_hm * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_it_comes_near_what_hearts_bound_at_their_root(seed):
    territory = random_town(120, seed, LoadBand(250, 400, 550), most=90)
    count = round(territory.total_load / 400)
    found = drawn(territory, count)
    record = median_bound(territory, count, found.violation, found.walk_hm)
    root = HeartEffort(work=1, good_share=0.0)
    by_hearts = heart_bound(SetModel.of(territory), count, found.violation, found.walk_hm, effort=root)
    assert by_hearts * 0.97 <= record.goal <= found.walk_hm


@pytest.mark.parametrize("terms", [Terms(), Terms(uneven=2.0)], ids=["walk", "uneven"])
@pytest.mark.parametrize("on_foot", [False, True], ids=["straight", "foot"])
def test_a_large_territory_is_bounded_and_its_prices_hold_before_the_checker(large, on_foot, terms):
    territory = replace(random_town(40, 3), terms=terms)
    if on_foot:
        every = np.arange(40)
        territory = replace(territory, gap=np.round(1.2 * territory.metres(every, every), 1))
    count = round(territory.total_load / 400)
    found = drawn(territory, count)
    proof = prove(territory, found.labels)
    assert proof.proof is Proof.BOUNDED
    assert proof.objective == pytest.approx(found.walk_hm + found.terms_hm)
    assert 0.8 * proof.objective <= proof.bound <= proof.objective
    record = json.loads(json.dumps(witness_record(territory, proof)))
    assert check(record)[1] >= proof.bound * (1 - 1e-6)
    step = record["witness"]["nodes"][0]["steps"][0]
    step["unit_prices"] = [2 * price for price in step["unit_prices"]]
    with pytest.raises(WitnessError, match="claimed"):
        check(record)


def test_what_all_grids_together_may_have_outside_the_band_has_a_price(large):
    territory = random_town(60, 2, LoadBand(395, 400, 405))
    count = round(territory.total_load / 400)
    found = drawn(territory, count)
    assert found.violation > 0
    proof = prove(territory, found.labels)
    assert (proof.violation, proof.violation_bound <= found.violation) == (found.violation, True)
    record = json.loads(json.dumps(witness_record(territory, proof)))
    assert record["witness"]["outside_price"] > 0
    assert check(record)[1] >= proof.bound * (1 - 1e-6)


@pytest.mark.parametrize("empty", [0.3, 1.0], ids=["some", "all"])
def test_units_without_anyone_do_no_harm(large, empty):
    town = random_town(12, 5)
    loads = np.where(np.random.default_rng(2).random(12) < empty, 0, town.load)
    territory = replace(town, load=loads, households=loads)
    labels = drawn(town, 2).labels
    proof = prove(territory, labels)
    truth = brute_force(territory, 2)
    assert proof.bound is None or proof.bound <= max(truth.walk_hm, proof.objective)
    assert proof.violation == score(territory, labels).violation


def test_load_without_households_does_no_harm(large):
    town = random_town(10, 6)
    households = np.where(np.arange(10) % 3 == 0, 0, town.households)
    territory = replace(town, households=households)
    count = max(2, round(territory.total_load / 400))
    truth = brute_force(territory, count)
    proof = prove(territory, drawn(territory, count).labels)
    assert proof.violation > truth.violation or proof.bound is None or proof.bound <= truth.walk_hm * (1 + 1e-9)


def test_units_at_one_place_are_each_their_own_heart():
    territory = replace(lattice(6, 1, [100] * 6, LoadBand(200, 300, 400)), xy=np.zeros((6, 2)))
    assert median_bound(territory, 2, 0, 1.0).goal == pytest.approx(0.0, abs=1e-3)


def test_a_stopped_or_huge_one_claims_nothing(large, monkeypatch):
    territory = random_town(30, 1)
    labels = drawn(territory, 5).labels
    stopped = prove(territory, labels, stop=Stop(cancelled=lambda: True))
    assert (stopped.bound, stopped.proof) == (None, Proof.NONE)
    monkeypatch.setattr(medians, "MOST_UNITS", 20)
    assert prove(territory, labels).bound is None


@pytest.mark.parametrize("count", [1, 1600])
def test_the_one_drawing_of_one_grid_or_of_a_grid_a_unit_is_proven_at_any_size(count):
    town = lattice(40, 40, [1] * 1600, LoadBand(300, 400, 500))
    town = replace(town, terms=Terms(uneven=2.0))
    proof = prove(town, np.zeros(1600, np.int64) if count == 1 else np.arange(1600))
    assert (proof.proof, proof.bound) == (Proof.OPTIMAL, proof.objective)
    assert proof.violation_bound == proof.violation
    record = witness_record(town, proof)
    assert check(record)[1] == pytest.approx(proof.objective)
