import numpy as np
import pytest

from optimize.partition.problem import LoadBand, grid_loads, make_territory, score
from optimize.partition.search import search, seed_of
from optimize.stopping import Stop
from tests.optimize.partition.towns import brute_force, lattice, random_town

HUNDREDS = LoadBand(300, 400, 500)


def draw(territory, count, *, seed=1, work=200_000, stop=None):
    return search(territory, count, seed=seed, work=work, stop=stop or Stop())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [2, 3])
def test_small_towns_are_drawn_as_well_as_brute_force_can(seed, count):
    town = random_town(9, seed, band=LoadBand(200, 300, 400))
    found = draw(town, count)
    best = brute_force(town, count)
    assert (score(town, found.labels).disconnected, found.violation) == (0, best.violation)
    assert found.walk_hm == pytest.approx(best.walk_hm)


def test_a_lattice_falls_into_four_crossbars_round_their_hearts():
    square = lattice(4, 4, [100] * 16, HUNDREDS)
    found = draw(square, 4)
    assert grid_loads(square, found.labels).tolist() == [400] * 4
    assert found.walk_hm == pytest.approx(4 * 3 * 100 * 10)  # each heart has its three others 10 m away


@pytest.mark.parametrize("count", [1, 2, 5, 11, 40, 59, 60])
def test_every_number_of_grids_can_be_drawn_and_every_grid_is_connected(count):
    town = random_town(60, 3)
    found = draw(town, count, work=1)
    assert len(np.unique(found.labels)) == count
    cost = score(town, found.labels)
    assert cost.disconnected == 0
    assert cost.violation == found.violation
    assert cost.walk_hm == pytest.approx(found.walk_hm)


def test_the_same_rows_in_another_order_are_drawn_the_same():
    town = random_town(50, 5)
    rows = np.random.default_rng(0).permutation(50)
    place = np.argsort(rows)
    pairs = [(int(place[i]), int(place[j])) for i in range(50) for j in town.neighbours(i)]
    shuffled = make_territory([town.unit_ids[r] for r in rows], town.load[rows], town.xy[rows], pairs, town.band)
    assert draw(town, 12).labels.tolist() == draw(shuffled, 12).labels.tolist()


def test_one_seed_gives_one_drawing():
    town = random_town(80, 6)
    assert draw(town, 20).labels.tolist() == draw(town, 20).labels.tolist()


def test_units_all_at_one_place_are_still_drawn():
    n = 12
    town = make_territory(
        [f"u{i:02d}" for i in range(n)], [100] * n, np.zeros((n, 2)), [(i, i + 1) for i in range(n - 1)], HUNDREDS
    )
    found = draw(town, 3)
    assert (found.violation, found.walk_hm) == (0, 0.0)
    assert score(town, found.labels).disconnected == 0


def test_units_without_load_or_households_are_still_drawn():
    found = draw(lattice(3, 3, [0] * 9, HUNDREDS), 2)
    assert score(lattice(3, 3, [0] * 9, HUNDREDS), found.labels).disconnected == 0


def test_a_unit_heavier_than_the_band_costs_only_its_own_excess():
    town = lattice(3, 1, [400, 620, 400], HUNDREDS)
    assert draw(town, 3).violation == 120


def test_a_cancelled_search_still_returns_connected_grids():
    town = random_town(200, 8)
    found = draw(town, 40, stop=Stop(cancelled=lambda: True))
    assert len(np.unique(found.labels)) == 40
    assert score(town, found.labels).disconnected == 0


def test_every_better_drawing_is_told():
    seen = []
    search(random_town(120, 9), 30, seed=1, work=500_000, stop=Stop(), on_better=seen.append)
    assert seen
    assert [f.key for f in seen] == sorted((f.key for f in seen), reverse=True)


def test_seeds_differ_by_name_and_are_the_same_everywhere():
    assert seed_of(0, "a", 1) != seed_of(0, "b", 1)
    assert seed_of(0, "440101", 3) == 2710791459760161121
