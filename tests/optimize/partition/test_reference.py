import pytest

from optimize.partition.problem import LoadBand
from optimize.partition.proof import prove
from optimize.partition.reference import reference_drawing
from optimize.partition.search import search
from optimize.stopping import Stop
from tests.optimize.partition.towns import HUNDREDS, brute_force, lattice, random_town


@pytest.mark.parametrize(("seed", "band"), [(0, HUNDREDS), (1, HUNDREDS), (2, LoadBand(350, 360, 380))])
def test_the_model_agrees_with_brute_force(seed, band):
    territory = random_town(8, seed, band=band)
    truth = brute_force(territory, 2)
    violation, walk_hm = reference_drawing(territory, 2)
    assert violation == truth.violation
    assert walk_hm == pytest.approx(truth.walk_hm)


@pytest.mark.parametrize("seed", range(3))
def test_the_proof_agrees_with_the_model_where_brute_force_gives_up(seed):
    territory = random_town(11, seed)
    count = round(territory.total_load / 400)
    violation, walk_hm = reference_drawing(territory, count)
    proof = prove(territory, search(territory, count, seed=1, work=1, stop=Stop()).labels)
    assert proof.violation == violation
    assert proof.objective == pytest.approx(walk_hm)
    assert proof.bound == pytest.approx(walk_hm)


def test_too_many_units_are_refused():
    with pytest.raises(ValueError, match="up to 14 units, got 15"):
        reference_drawing(lattice(5, 3, [100] * 15, HUNDREDS), 4)
