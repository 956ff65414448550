from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import Proof
from optimize.partition.annealing import Schedule, Trial
from optimize.partition.bare_units import without_bare
from optimize.partition.effort import Effort
from optimize.partition.heart_search import HeartEffort, heart_bound
from optimize.partition.ordering import arrays_of
from optimize.partition.problem import LoadBand, Terms, grid_loads, score, terms_hm
from optimize.partition.proof import FINE, prove
from optimize.partition.search import search
from optimize.partition.set_model import SetModel
from optimize.stopping import Stop
from tests.optimize.partition.mixed_towns import best_by_trying, with_areas
from tests.optimize.partition.towns import lattice, random_town

HUNDREDS = LoadBand(300, 400, 500)


def pair_prices(territory, price_of):
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    return np.array([price_of(int(u), int(v)) for u, v in zip(rows, territory.indices, strict=True)], dtype=float)


def test_a_cut_pair_is_charged_once_and_half_to_each_side():
    strip = lattice(4, 1, [200] * 4, HUNDREDS)
    priced = replace(strip, terms=Terms(border=np.full(len(strip.indices), 50.0)))
    assert terms_hm(priced, np.array([0, 0, 1, 1])).tolist() == [25.0, 25.0]


def test_a_unit_away_from_home_is_charged_to_its_grid():
    strip = lattice(4, 1, [200] * 4, HUNDREDS)
    priced = replace(strip, terms=Terms(home=np.array([0, 0, 0, 1]), away=np.array([1.0, 2.0, 4.0, 8.0])))
    assert terms_hm(priced, np.array([0, 0, 1, 1])).tolist() == [0.0, 4.0]


@pytest.mark.parametrize("seed", range(4))
def test_kernels_add_terms_as_the_definition_does(seed):
    town = random_town(40, seed)
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0, 900, (40, 40))
    terms = Terms(
        border=pair_prices(town, lambda u, v: weight[min(u, v), max(u, v)]),
        home=rng.integers(0, 9, 40),
        away=rng.uniform(0, 3000, 40),
        uneven=float(rng.uniform(0, 5)),
        area_cap=20_000,
        area_price=0.5 * (seed % 2),
    )
    priced = replace(town, terms=terms, area=rng.integers(0, 9000, 40))
    trial = Trial.construct(priced, arrays_of(priced), 9, 0.0)
    before = trial.key
    cold = Schedule(sweeps=30, hot=1e-9, cold=1e-9, prices=(1.0, 1.0))  # only what makes it better is accepted
    for turn in range(5):
        trial.anneal(cold, 7 + turn, before[1], Stop())
        found = trial.found()
        exact = score(priced, found.labels)
        assert (exact.disconnected, exact.violation) == (0, found.violation)
        assert found.walk_hm == pytest.approx(exact.walk_hm)
        assert found.terms_hm == pytest.approx(terms_hm(priced, found.labels).sum())
    after = trial.key
    assert after[1] + 1000 * after[0] < before[1] + 1000 * before[0]


def test_a_dear_border_is_not_cut():
    square = lattice(4, 2, [200] * 8, LoadBand(700, 800, 900))
    across = replace(square, terms=Terms(border=pair_prices(square, lambda u, v: 1e6 if u // 4 == v // 4 else 0.0)))
    labels = search(across, 2, seed=1, work=50_000, stop=Stop()).labels
    assert labels.tolist() == [0] * 4 + [1] * 4


def test_units_stay_at_home_when_leaving_is_dear():
    strip = lattice(4, 1, [200] * 4, HUNDREDS)
    home = np.array([1, 1, 0, 0])
    stay = replace(strip, terms=Terms(home=home, away=np.full(4, 1e6)))
    assert search(stay, 2, seed=1, work=50_000, stop=Stop(), first=home).labels.tolist() == home.tolist()


def with_terms(town, seed, *, homes):
    rng = np.random.default_rng(seed)
    n = len(town)
    weight = rng.uniform(0, 4000, (n, n)) * (rng.random((n, n)) < 0.4)
    border = pair_prices(town, lambda u, v: weight[min(u, v), max(u, v)])
    if not homes:
        return replace(town, terms=Terms(border=border))
    return replace(town, terms=Terms(border=border, home=rng.integers(-1, 3, n), away=rng.uniform(0, 3000, n)))


EFFORTS = (Effort(), Effort(listed=5, listed_of_few=5, listed_at_last=5), FINE)


@pytest.mark.parametrize("effort", EFFORTS, ids=str)
@pytest.mark.parametrize("uneven", [0.0, 30.0])
@pytest.mark.parametrize("homes", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_proof_bounds_the_terms_too(seed, homes, uneven, effort):
    town = with_terms(random_town(9, seed, LoadBand(150, 400, 650)), seed, homes=homes)
    town = replace(town, terms=replace(town.terms, uneven=uneven))
    count = max(2, round(town.total_load / 400))
    violation, cost = best_by_trying(town, count)
    proof = prove(town, search(town, count, seed=1, work=20_000, stop=Stop()).labels, effort=effort)
    assert proof.violation_bound <= violation == proof.violation
    assert 0.5 * cost < proof.bound <= cost * (1 + 1e-9)
    if not homes and effort == Effort():
        assert (proof.violation, proof.objective) == (violation, pytest.approx(cost))
        assert proof.proof is Proof.OPTIMAL


@pytest.mark.parametrize("uneven", [3.0, 30.0, 300.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_by_hearts_pays_for_load_off_the_target(seed, uneven):
    town = random_town(14, seed, LoadBand(150, 400, 650))
    town = replace(town, terms=Terms(uneven=uneven))
    count = max(2, round(town.total_load / 400))
    found = search(town, count, seed=1, work=50_000, stop=Stop())
    best = prove(town, found.labels)
    assert best.proof is Proof.OPTIMAL
    model = SetModel.of(town)
    slack = best.violation - model.unavoidable
    bound = heart_bound(model, count, slack, best.objective, effort=HeartEffort(good_share=1e-3, work=200))
    off = terms_hm(town, best.labels).sum()
    assert off > 0
    assert bound <= best.objective * (1 + 1e-9)
    if uneven < 100:  # above, fractions of units on the target leave a wider gap
        assert bound > best.objective - off


def test_a_heavy_unit_is_off_the_target_whatever_is_drawn():
    row = lattice(4, 1, [900, 200, 200, 100], LoadBand(200, 400, 600))
    row = replace(row, terms=Terms(uneven=2.0))
    labels = np.array([0, 1, 1, 1])
    proof = prove(row, labels)
    assert proof.proof is Proof.OPTIMAL
    assert proof.objective == pytest.approx(score(row, proof.labels).walk_hm + terms_hm(row, proof.labels).sum())
    assert terms_hm(row, labels).tolist() == [1000.0, 200.0]


def test_a_price_of_load_off_the_target_evens_loads_out():
    row = lattice(6, 1, [100, 100, 100, 100, 100, 100], LoadBand(100, 300, 500))
    near = replace(row, households=np.array([10, 10, 10, 10, 10, 1000]))  # walks ask for a small grid at the end
    skewed = search(near, 2, seed=1, work=20_000, stop=Stop())
    even = search(replace(near, terms=Terms(uneven=1000.0)), 2, seed=1, work=20_000, stop=Stop())
    assert sorted(grid_loads(near, skewed.labels).tolist()) != [300, 300]
    assert grid_loads(near, even.labels).tolist() == [300, 300]


def test_a_grid_pays_for_its_area_above_the_cap():
    strip = lattice(4, 1, [200] * 4, HUNDREDS, area=[10.4, 20, 30, 40])
    priced = replace(strip, terms=Terms(area_cap=40, area_price=2.0))
    assert terms_hm(priced, np.array([0, 0, 1, 1])).tolist() == [0.0, 60.0]
    assert terms_hm(priced, np.array([0, 0, 0, 1])).tolist() == [40.0, 0.0]


def test_a_price_of_area_shares_it_out():
    # five units in a row, the last with as much land as the rest
    row = lattice(5, 1, [100] * 5, LoadBand(100, 250, 400), area=[100, 100, 100, 100, 400])
    plain = search(row, 2, seed=1, work=20_000, stop=Stop())
    priced = replace(row, terms=Terms(area_cap=400, area_price=100.0))
    shared = search(priced, 2, seed=1, work=20_000, stop=Stop())
    assert np.bincount(plain.labels, weights=row.area).max() > 400
    assert np.bincount(shared.labels, weights=row.area).tolist() == [400, 400]
    assert shared.terms_hm == 0


@pytest.mark.parametrize("effort", EFFORTS, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_a_proof_bounds_areas_too(seed, effort):
    town = with_areas(random_town(9, seed, LoadBand(150, 400, 650)), seed)
    violation, cost = best_by_trying(town, 3)
    proof = prove(town, search(town, 3, seed=1, work=20_000, stop=Stop()).labels, effort=effort)
    assert proof.violation_bound <= violation == proof.violation
    assert proof.bound <= cost * (1 + 1e-9)
    if effort == Effort():
        assert proof.proof is Proof.OPTIMAL
        assert proof.objective == pytest.approx(cost)


def test_bare_land_that_is_paid_for_stays_in_a_proof():
    row = lattice(5, 1, [200, 0, 200, 0, 200], LoadBand(200, 300, 400), area=[1, 50, 1, 0, 1])
    assert without_bare(SetModel.of(row), 0).bare.tolist() == [1, 3]
    priced = replace(row, terms=Terms(area_cap=10, area_price=1.0))
    assert without_bare(SetModel.of(priced), 0).bare.tolist() == [3]


def test_the_bound_by_hearts_pays_for_borders():
    # three compounds of four in a row, two grids: one compound is cut, wherever it is
    row = lattice(12, 1, [100] * 12, LoadBand(500, 600, 700))
    priced = replace(row, terms=Terms(border=pair_prices(row, lambda u, v: 9000.0 if u // 4 == v // 4 else 0.0)))
    found = search(priced, 2, seed=1, work=50_000, stop=Stop())
    walk = heart_bound(SetModel.of(row), 2, 0, found.walk_hm, effort=HeartEffort(good_share=1e-4))
    both = found.walk_hm + found.terms_hm
    bound = heart_bound(SetModel.of(priced), 2, 0, both, effort=HeartEffort(good_share=1e-4))
    assert walk < both - 8000
    assert both * (1 - 1e-3) <= bound <= both


def test_where_no_border_is_paid_the_walk_alone_shows_enough():
    # two compounds a barrier of distance apart: the best grids cut neither
    row = lattice(12, 1, [100] * 12, LoadBand(500, 600, 700))
    priced = replace(row, terms=Terms(border=pair_prices(row, lambda u, v: 9000.0 if u // 6 == v // 6 else 0.0)))
    found = search(priced, 2, seed=1, work=50_000, stop=Stop())
    assert found.terms_hm == 0
    bound = heart_bound(SetModel.of(priced), 2, 0, found.walk_hm, effort=HeartEffort(good_share=1e-3), tolls=False)
    assert found.walk_hm * (1 - 2e-3) <= bound <= found.walk_hm
    proof = prove(priced, found.labels, effort=FINE)
    assert proof.gap_share < 0.01
