import numpy as np
import pytest

from gis.model.errors import LockedError
from optimize.partition.anchors import anchor_count, anchored_start
from optimize.partition.problem import LoadBand, score
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
