"""Units without anyone are taken out of a proof and put back: what is told holds for the whole territory."""

from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import Proof
from optimize.partition.bare_units import without_bare
from optimize.partition.problem import LoadBand, Terms, score
from optimize.partition.proof import prove
from optimize.partition.search import search
from optimize.partition.set_model import SetModel
from optimize.stopping import Stop
from tests.optimize.partition.towns import brute_force, lattice, random_town

WIDE = LoadBand(150, 400, 650)


def with_bare(town, seed, share):
    empty = np.random.default_rng(seed).random(len(town)) < share
    loads = np.where(empty, 0, town.load)
    return replace(town, load=loads, households=loads)


@pytest.mark.parametrize("share", [0.2, 0.5])
@pytest.mark.parametrize("seed", range(6))
def test_a_proof_without_bare_units_meets_brute_force(seed, share):
    town = with_bare(random_town(9, seed, WIDE), seed, share)
    truth = brute_force(town, 2)
    proof = prove(town, search(town, 2, seed=1, work=1, stop=Stop()).labels)
    assert proof.violation == truth.violation
    assert proof.violation_bound <= truth.violation
    assert proof.objective == pytest.approx(truth.walk_hm)
    assert proof.proof is Proof.OPTIMAL or proof.violation > 200
    assert score(town, proof.labels).disconnected == 0


def test_a_set_may_have_its_heart_in_a_patch_and_reach_over_it():
    # a cross of four houses round a pond of one unit, no house beside another
    cross = lattice(3, 3, [0, 100, 0, 100, 0, 100, 0, 100, 0], LoadBand(300, 400, 500))
    whole = SetModel.of(cross)
    small = without_bare(whole, 0)
    assert len(small.model) == 4
    assert small.model.territory.indptr.tolist() == [0, 3, 6, 9, 12]
    listed = small.model.every(0, most=100, most_nodes=1000, stop=Stop()).columns
    four = [j for j in range(len(listed)) if len(listed.of(j)) == 4]
    assert listed.cost_hm[four].tolist() == [4 * 100 * 10.0]
    assert small.bare[listed.heart[four[0]] - 4] == 4
    assert small.expand(listed.take(np.array(four)))[0].tolist() == [0] * 9


def test_two_grids_do_not_share_a_patch():
    # a pond between four houses: two grids across it both ways can not be
    cross = lattice(3, 3, [0, 100, 0, 100, 0, 100, 0, 100, 0], LoadBand(200, 200, 200))
    small = without_bare(SetModel.of(cross), 0)
    listed = small.model.every(0, most=100, most_nodes=1000, stop=Stop()).columns
    across = [j for j in range(len(listed)) if set(small.loaded[listed.of(j)]) in ({1, 7}, {3, 5})]
    ring = [j for j in range(len(listed)) if set(small.loaded[listed.of(j)]) in ({1, 3}, {5, 7})]
    assert small.expand(listed.take(np.array(ring)))[0] is not None
    assert small.expand(listed.take(np.array(across)))[1].tolist() == [4]
    assert len(across) == 2
    assert prove(cross, np.array([0, 0, 1, 0, 0, 1, 0, 1, 1])).proof is Proof.OPTIMAL


def test_units_with_a_price_a_lock_or_a_partner_stay():
    row = lattice(5, 1, [200, 0, 200, 0, 200], LoadBand(200, 300, 400))
    assert without_bare(SetModel.of(row), 0).bare.tolist() == [1, 3]
    locked = replace(row, anchor=np.array([-1, 0, -1, -1, -1]))
    assert without_bare(SetModel.of(locked), 0).bare.tolist() == [3]
    grouped = replace(row, group=np.array([0, 0, -1, -1, -1]))
    assert without_bare(SetModel.of(grouped), 0).bare.tolist() == [3]
    apart = replace(row, rivals=np.array([[1, 4]]))
    assert without_bare(SetModel.of(apart), 0).bare.tolist() == [3]
    priced = replace(row, terms=Terms(border=np.array([0.0, 0, 5, 5, 0, 0, 0, 0])))
    assert without_bare(SetModel.of(priced), 0).bare.tolist() == [3]
    assert without_bare(SetModel.of(row), 200) is None  # a grid of bare units only would do
