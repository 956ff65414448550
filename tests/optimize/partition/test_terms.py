from dataclasses import replace

import numpy as np
import pytest

from optimize.partition.annealing import Schedule, Trial
from optimize.partition.ordering import arrays_of
from optimize.partition.problem import LoadBand, Terms, score, terms_hm
from optimize.partition.search import search
from optimize.stopping import Stop
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
    )
    priced = replace(town, terms=terms)
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
