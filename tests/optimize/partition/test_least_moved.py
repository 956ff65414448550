"""The fewest households that change their grid, held to brute force; a bound above, honest where it is cut short."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from gis.model.plan import GridInfo, Plan
from optimize.partition.least_moved import MoveEffort, least_moved
from optimize.partition.problem import LoadBand, Terms, grid_loads, piece_count
from optimize.partition.redraw import redraw_grids
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import HUNDREDS, labellings, lattice, random_town, study_of


def at_home(territory, home):
    return replace(territory, terms=Terms(home=np.asarray(home), away=territory.households * 1000.0))


def moved(territory, labels):
    home = territory.terms.home
    return int(territory.households[(home >= 0) & (home != labels)].sum())


def brute_force(territory, count, violation):
    """Return the fewest households moved of all connected drawings with named grids and no larger violation."""
    best = None
    for labels in labellings(len(territory), count):
        if any(piece_count(territory, np.flatnonzero(labels == g)) > 1 for g in range(count)):
            continue
        if int(territory.band.violation(grid_loads(territory, labels)).sum()) > violation:
            continue
        for names in permutations(range(count)):
            cost = moved(territory, np.array(names)[labels])
            best = cost if best is None else min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_fewest_moved_are_what_brute_force_finds(seed):
    """Homes are scattered, so that many units must move and pieces must be made whole."""
    town = random_town(8, seed)
    rng = np.random.default_rng(seed)
    home = rng.integers(-1, 3, 8)
    territory = at_home(town, home)
    drawn = next(iter(sorted(labellings(8, 3), key=lambda x: _cost(territory, x))))
    violation = int(town.band.violation(grid_loads(town, drawn)).sum())
    expected = brute_force(territory, 3, violation)
    known = int(town.households.sum()) + 1
    found = least_moved(territory, 3, violation, known)
    assert found.bound == expected
    assert moved(territory, found.labels) == expected
    assert all(piece_count(town, np.flatnonzero(found.labels == g)) == 1 for g in range(3))
    assert least_moved(territory, 3, violation, expected).bound == expected


def _cost(territory, labels):
    pieces = sum(piece_count(territory, np.flatnonzero(labels == g)) for g in range(3))
    return (pieces, int(territory.band.violation(grid_loads(territory, labels)).sum()))


def test_groups_and_rivals_are_kept():
    strip = at_home(lattice(6, 1, [100] * 6, LoadBand(100, 300, 500)), [0, 0, 0, 1, 1, 1])
    together = replace(strip, group=np.array([-1, -1, 0, 0, -1, -1]))
    assert least_moved(together, 2, 0, 600).bound == 100
    apart = replace(strip, rivals=np.array([[1, 2]]))
    assert least_moved(apart, 2, 0, 600).bound == 100


def test_work_that_is_cut_short_leaves_a_bound_that_holds():
    town = random_town(9, 3)
    territory = at_home(town, [0, 1, 2] * 3)
    violation = int(town.band.violation(town.load).sum())
    expected = brute_force(territory, 3, violation)
    bounds = [least_moved(territory, 3, violation, 10_000, effort=MoveEffort(k, 1)).bound for k in (0, 1, 3, 60)]
    assert bounds[0] == 0
    assert bounds == sorted(bounds)
    assert bounds[-1] <= expected


def plan_of(study, grids):
    units = sorted(study.units.index)
    return Plan.of("town", dict(zip(units, grids, strict=True)), [GridInfo(g, "C") for g in set(grids)])


def test_a_redraw_says_when_the_households_moved_are_the_fewest():
    study = study_of(lattice(5, 1, [200, 200, 150, 50, 200], HUNDREDS))
    base = plan_of(study, ["C001"] * 3 + ["C002"] * 2)
    redrawn = redraw_grids(study, PartitionSettings(work=20_000), base)
    assert (redrawn.households_moved, redrawn.moved_bound, redrawn.moved_gap) == (150, 150, 0)
    untold = redraw_grids(study, PartitionSettings(work=20_000, prove=False), base)
    assert untold.moved_bound is None
    assert untold.moved_gap is None


def test_a_plan_that_is_left_as_it_is_moves_nobody_and_that_is_proven():
    study = study_of(lattice(6, 1, [200] * 6, HUNDREDS))
    base = plan_of(study, ["C001"] * 2 + ["C002"] * 2 + ["C003"] * 2)
    redrawn = redraw_grids(study, PartitionSettings(work=5_000), base)
    assert (redrawn.households_moved, redrawn.moved_bound) == (0, 0)
