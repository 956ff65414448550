import pytest

from optimize.partition.grid_count import count_range, natural_count, share_out
from optimize.partition.problem import LoadBand
from tests.optimize.partition.towns import lattice

HUNDREDS = LoadBand(300, 400, 500)


def strip(load, units=20):
    """A load spread evenly, to one household."""
    return lattice(units, 1, [load // units + (i < load % units) for i in range(units)], HUNDREDS)


@pytest.mark.parametrize(
    ("load", "count"),
    [(0, 1), (100, 1), (400, 1), (500, 1), (550, 1), (580, 2), (600, 2), (1000, 2), (1001, 3), (2000, 5), (7239, 18)],
)
def test_the_number_of_grids_leaves_the_band_least_and_is_nearest_the_target(load, count):
    assert natural_count(strip(load)) == count


def test_there_are_never_more_grids_than_units():
    assert natural_count(strip(4000, units=3)) == 3


def test_a_unit_above_the_band_counts_as_one_grid():
    heavy = lattice(3, 1, [900, 200, 200], HUNDREDS)
    assert natural_count(heavy) == 2
    assert 2 in count_range(heavy)


@pytest.mark.parametrize(("load", "counts"), [(1000, [2, 3]), (550, [1]), (2000, [4, 5, 6]), (400, [1])])
def test_the_range_holds_every_number_whose_mean_is_in_the_band(load, counts):
    assert list(count_range(strip(load))) == counts


def test_a_total_is_shared_out_by_largest_remainders():
    assert share_out(10, [strip(load) for load in (600, 300, 100)]) == [6, 3, 1]
    assert share_out(18, [strip(load) for load in (2000, 1700, 1800, 1500)]) == [5, 4, 5, 4]


def test_every_territory_gets_a_grid_even_when_the_total_is_short():
    assert share_out(2, [strip(500), strip(500), strip(1)]) == [1, 1, 1]


def test_a_small_territory_takes_no_share_of_the_large_ones():
    assert share_out(5, [strip(1000), strip(1)]) == [4, 1]


def test_a_total_is_kept_where_a_territory_needs_more_than_its_share():
    assert share_out(9, [strip(3000), strip(600)], [1, 3]) == [6, 3]
    assert share_out(3, [strip(3000), strip(600)], [1, 3]) == [1, 3]
