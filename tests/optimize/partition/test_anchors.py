import numpy as np
import pytest

from gis.model.errors import LockedError
from optimize.partition.anchors import anchor_count, anchored_start
from optimize.partition.locked_cores import anchored_cores
from optimize.partition.problem import LoadBand, make_territory, piece_count, score
from optimize.partition.search import search
from optimize.stopping import Stop
from tests.optimize.partition.towns import lattice

HUNDREDS = LoadBand(300, 400, 500)


def halves(territory, count):
    return np.arange(len(territory)) * count // len(territory)


def test_locked_units_far_apart_are_joined_by_a_path():
    anchor = [-1] * 9
    anchor[0] = anchor[8] = 5
    t = lattice(3, 3, [100] * 9, HUNDREDS, anchor=anchor)
    labels = anchored_start(t, 2, halves)
    assert anchor_count(t) == 1
    assert labels[0] == labels[8]
    assert score(t, labels).disconnected == 0


def test_locks_that_cannot_both_hold_are_refused_by_name():
    t = lattice(4, 1, [100] * 4, HUNDREDS, anchor=[0, 1, 0, 1])
    with pytest.raises(LockedError) as refused:
        anchored_start(t, 2, halves)
    assert refused.value.facts["unit_id"] == "u0002"


def test_locked_units_are_joined_past_what_must_not_share_their_grid():
    # the shortest way from the first unit to the third goes over the second, a rival of both
    t = lattice(3, 2, [100] * 6, HUNDREDS, anchor=[0, -1, 0, -1, -1, -1], rivals=[(0, 1)])
    core = anchored_cores(t)
    assert core.tolist() == [0, -1, 0, 0, 0, 0]
    labels = search(t, 2, seed=1, work=1_000, stop=Stop()).labels
    assert labels.tolist() == [0, 1, 0, 0, 0, 0]


def test_a_way_for_locked_units_holds_no_two_rivals():
    # from end to end of the upper row over two rivals, or around
    t = lattice(4, 2, [100] * 8, HUNDREDS, anchor=[0, -1, -1, 0, -1, -1, -1, -1], rivals=[(1, 2)])
    core = anchored_cores(t)
    assert piece_count(t, np.flatnonzero(core == 0)) == 1
    assert not (core[1] == core[2] == 0)


def test_locked_grids_are_joined_in_an_order_that_leaves_each_a_way():
    # a1 - middle - a2 is the shortest way of the first grid, and the only one from b1 to b2
    names = ["a1", "a2", "b1", "b2", "d1", "d2", "middle"]
    t = make_territory(
        names, [100] * 7, [(0, 0)] * 7, [(0, 6), (6, 1), (0, 4), (4, 5), (5, 1), (2, 6), (6, 3)], HUNDREDS,
        anchor=[0, 0, 1, 1, -1, -1, -1],
    )  # fmt: skip
    assert anchored_start(t, 2, halves).tolist() == [0, 0, 1, 1, 0, 0, 1]


def test_locked_units_that_only_a_rival_joins_are_refused_by_name():
    t = lattice(3, 1, [100] * 3, HUNDREDS, anchor=[0, -1, 0], rivals=[(0, 1)])
    with pytest.raises(LockedError) as refused:
        search(t, 2, seed=1, work=1_000, stop=Stop())
    assert (refused.value.code, refused.value.facts["unit_id"]) == ("locks-apart", "u0002")
