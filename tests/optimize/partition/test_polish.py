import numpy as np

from optimize.partition.polish import Window, polish
from optimize.partition.problem import score
from optimize.partition.search import search
from optimize.stopping import Stop
from tests.optimize.partition.towns import random_town


def drawing(n, seed):
    territory = random_town(n, seed)
    count = round(territory.total_load / 400)
    return territory, search(territory, count, seed=1, work=1, stop=Stop()).labels


def test_a_polished_drawing_is_better_connected_and_has_as_many_grids():
    territory, labels = drawing(60, 4)
    before, after = score(territory, labels), score(territory, polished := polish(territory, labels))
    assert after < before
    assert after.disconnected == 0
    assert len(np.unique(polished)) == len(np.unique(labels))


def test_a_polish_changes_nothing_it_was_given():
    territory, labels = drawing(45, 2)
    kept = labels.copy()
    polish(territory, labels)
    assert labels.tolist() == kept.tolist()


def test_a_polish_is_the_same_twice():
    territory, labels = drawing(45, 3)
    assert polish(territory, labels).tolist() == polish(territory, labels).tolist()


def test_a_second_polish_finds_little_left():
    territory, labels = drawing(45, 5)
    once = polish(territory, labels, window=Window(passes=6))
    assert score(territory, polish(territory, once)) == score(territory, once)


def test_a_cancelled_polish_returns_the_drawing():
    territory, labels = drawing(45, 2)
    assert polish(territory, labels, stop=Stop(cancelled=lambda: True)).tolist() == labels.tolist()
