from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import Proof
from optimize.partition import set_model
from optimize.partition.problem import LoadBand, Terms, make_territory, score
from optimize.partition.proof import QUICK, prove
from optimize.partition.search import search
from optimize.partition.set_model import Duals, SetModel
from optimize.stopping import Stop
from tests.optimize.partition.towns import brute_force, lattice, random_town


def first_drawing(territory, count, *, work=1):
    return search(territory, count, seed=1, work=work, stop=Stop()).labels


@pytest.mark.parametrize("seed", range(6))
def test_the_proof_meets_brute_force(seed):
    territory = random_town(8, seed)
    count = max(2, round(territory.total_load / 400))
    truth = brute_force(territory, count)
    proof = prove(territory, first_drawing(territory, count))
    assert proof.proof is Proof.OPTIMAL
    assert proof.violation == proof.violation_bound == truth.violation
    assert proof.objective == pytest.approx(truth.walk_hm)


@pytest.mark.parametrize("seed", range(12, 16))
def test_the_smallest_violation_is_found_and_proven_where_the_band_can_not_be_met(seed):
    territory = random_town(8, seed, band=LoadBand(390, 400, 410), most=420)
    count = max(2, round(territory.total_load / 400))
    truth = brute_force(territory, count)
    proof = prove(territory, first_drawing(territory, count))
    assert truth.violation > 0
    assert proof.violation >= truth.violation >= proof.violation_bound
    if proof.proof is Proof.OPTIMAL and proof.violation == truth.violation:
        assert proof.objective == pytest.approx(truth.walk_hm)
    if proof.bound is not None and proof.violation == truth.violation:
        assert proof.bound <= truth.walk_hm + 1e-6


def test_pricing_proves_what_listing_proves():
    territory = random_town(30, 5)
    count = round(territory.total_load / 400)
    labels = first_drawing(territory, count)
    listed = prove(territory, labels)
    priced = prove(territory, labels, effort=QUICK.__class__(listed=10))
    assert listed.proof is priced.proof is Proof.OPTIMAL
    assert priced.objective == pytest.approx(listed.objective)


def test_a_unit_heavier_than_the_band_takes_only_its_own_share_outside():
    territory = lattice(4, 1, [620, 200, 150, 100], LoadBand(300, 400, 500))
    proof = prove(territory, np.array([0, 0, 1, 1]))
    assert proof.labels.tolist() == [0, 1, 1, 1]
    assert proof.violation == proof.violation_bound == 120
    assert proof.proof is Proof.OPTIMAL


def test_the_proof_never_worsens_the_drawing_and_counts_as_many_grids():
    for seed in range(5):
        territory = random_town(60, seed)
        count = round(territory.total_load / 400)
        labels = first_drawing(territory, count, work=20_000)
        before, proof = score(territory, labels), prove(territory, labels)
        after = score(territory, proof.labels)
        assert after <= before
        assert after.disconnected == 0
        assert proof.objective == pytest.approx(after.walk_hm)
        assert proof.violation == after.violation
        assert len(np.unique(proof.labels)) == count
        assert proof.bound <= after.walk_hm + 1e-6


def test_a_proof_is_the_same_twice():
    territory = random_town(50, 3)
    labels = first_drawing(territory, round(territory.total_load / 400))
    first, second = prove(territory, labels), prove(territory, labels)
    assert first.labels.tolist() == second.labels.tolist()
    assert first.bound == second.bound


@pytest.mark.parametrize("count", [1, 4])
def test_one_grid_and_a_grid_a_unit_need_no_search(count):
    territory = lattice(2, 2, [100, 200, 300, 50], LoadBand(300, 400, 500))
    proof = prove(territory, np.arange(4) % count if count == 4 else np.zeros(4, int))
    assert proof.proof is Proof.OPTIMAL
    assert proof.gap_share == 0
    assert proof.violation == (150 if count == 1 else 550)


def test_a_territory_of_one_unit_is_proven():
    territory = make_territory(["a"], [80], [(0, 0)], [], LoadBand(300, 400, 500))
    proof = prove(territory, np.zeros(1, int))
    assert (proof.proof, proof.violation, proof.objective) == (Proof.OPTIMAL, 220, 0.0)


def test_a_cancelled_proof_keeps_the_drawing_and_claims_nothing_false():
    territory = random_town(60, 2)
    labels = first_drawing(territory, round(territory.total_load / 400))
    proof = prove(territory, labels, stop=Stop(cancelled=lambda: True))
    assert score(territory, proof.labels) <= score(territory, labels)
    truth = prove(territory, labels)
    assert proof.bound is None or proof.bound <= truth.objective + 1e-6


def test_locked_units_of_one_grid_stay_together_and_two_apart():
    anchor = [0, -1, 0, -1, 1, -1, -1, -1, -1]
    territory = lattice(3, 3, [150] * 9, LoadBand(300, 400, 500), anchor=anchor)
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    proof = prove(territory, labels)
    held = {territory.unit_ids[i]: proof.labels[i] for i in range(9)}
    assert held["u0000"] == held["u0002"] != held["u0101"]


def test_a_unit_without_households_costs_nothing_but_joins():
    territory = lattice(5, 1, [200, 0, 200, 200, 200], LoadBand(300, 400, 500))
    truth = brute_force(territory, 2)
    proof = prove(territory, np.array([0, 0, 0, 1, 1]))
    assert proof.proof is Proof.OPTIMAL
    assert proof.objective == pytest.approx(truth.walk_hm)


@pytest.mark.parametrize("terms", ["walk", "borders and loads", "violation"])
@pytest.mark.parametrize("seed", range(20))
def test_a_priced_search_knows_no_floor_above_the_cheapest_set_of_a_heart(seed, terms):
    territory = random_town(9, seed)
    rng = np.random.default_rng(seed)
    if terms == "borders and loads":
        weight = rng.uniform(0, 3000, (9, 9)) * (rng.random((9, 9)) < 0.4)
        rows = np.repeat(np.arange(9), np.diff(territory.indptr))
        border = (weight + weight.T)[rows, territory.indices]
        territory = replace(territory, terms=Terms(border=border, uneven=10.0))
    by_walk, scale = terms != "violation", 40 if terms == "violation" else 8000
    model = SetModel.of(territory)
    every = model.every(60, most=10**6, most_nodes=10**7, stop=Stop()).columns
    duals = Duals(rng.uniform(0, scale, 9), float(rng.uniform(-scale, scale)), float(seed % 2))
    reduced = every.excess * duals.price - every.incidence(9).T @ duals.unit - duals.count
    reduced += every.cost_hm if by_walk else 0.0
    for share, keep in ((0.0, 10), (0.2, 3), (0.5, 0)):
        limit = float(np.quantile(reduced, share)) - 1e-6
        listed = model.priced(
            duals, 60, limit=limit, keep=keep, most=10**6, most_nodes=10**7, by_walk=by_walk, stop=Stop()
        )
        assert keep or len(listed.columns) == (reduced <= limit).sum()
        for heart in np.unique(every.heart).tolist():
            assert listed.floor[heart] <= reduced[every.heart == heart].min() + 1e-6


def test_a_listing_that_pauses_lists_the_same(monkeypatch):
    model = SetModel.of(random_town(15, 1))
    duals = Duals(np.linspace(0, 9000, 15), 0.0, 0.0)
    listed = []
    for pause in (7, 10**9):
        monkeypatch.setattr(set_model, "PAUSE", pause)
        everything = model.every(50, most=10**6, most_nodes=10**7, stop=Stop())
        priced = model.priced(duals, 50, limit=0.0, keep=0, most=10**6, most_nodes=10**5, stop=Stop())
        assert everything.complete
        assert priced.complete
        assert len(everything.columns) > 7
        listed.append((everything, priced))
    for few, one in zip(*listed, strict=True):
        assert few.nodes == one.nodes
        assert (few.columns.units == one.columns.units).all()
        assert (few.columns.cost_hm == one.columns.cost_hm).all()
        assert (few.floor == one.floor).all()


def test_a_wish_to_stop_is_heard_inside_a_listing():
    town = lattice(6, 6, [35] * 36, LoadBand(300, 400, 500))
    model = SetModel.of(town)
    listed = model.every(0, most=10**7, most_nodes=10**8, stop=Stop(cancelled=lambda: True))
    assert not listed.complete
    assert listed.nodes <= set_model.PAUSE
    labels = search(town, 3, seed=1, work=1, stop=Stop()).labels
    proof = prove(town, labels, stop=Stop(cancelled=lambda: True))
    assert proof.bound is None or proof.bound <= proof.objective
    assert proof.proof is not Proof.OPTIMAL
