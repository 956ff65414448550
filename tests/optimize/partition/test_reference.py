"""The readable model held to brute force, and the engine held to the model, with all that can be asked for."""

from dataclasses import replace

import numpy as np
import pytest

from gis.model.errors import GroupingError, LockedError
from gis.model.kinds import Proof
from optimize.partition.effort import Effort
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.partition.explanation import Explanation
from optimize.partition.plan_making import territory_report
from optimize.partition.problem import LoadBand, score, terms_hm
from optimize.partition.proof import FINE, THOROUGH, prove
from optimize.partition.reference import reference_drawing
from optimize.partition.search import search
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.mixed_towns import best_by_trying, mixed_town, obeys, with_homes
from tests.optimize.partition.towns import HUNDREDS, brute_force, lattice, random_town

EFFORTS = (replace(THOROUGH, listed=5, listed_of_few=5), Effort(listed=5, listed_of_few=5, listed_at_last=5), FINE)


@pytest.mark.parametrize(("seed", "band"), [(0, HUNDREDS), (1, HUNDREDS), (2, LoadBand(350, 360, 380))])
def test_the_model_agrees_with_brute_force(seed, band):
    territory = random_town(8, seed, band=band)
    truth = brute_force(territory, 2)
    violation, walk_hm = reference_drawing(territory, 2)
    assert violation == truth.violation
    assert walk_hm == pytest.approx(truth.walk_hm)


@pytest.mark.parametrize("seed", range(30))
def test_the_model_agrees_with_brute_force_on_all_that_can_be_asked_for(seed):
    town = mixed_town(seed, 6)
    if seed % 2 and town.terms.walk:
        town = with_homes(town, np.where(town.anchor == 3, 1, np.where(town.anchor == 7, 0, np.arange(6) % 3)), seed)
    truth = best_by_trying(town, 2)
    if truth is None:
        with pytest.raises(ValueError, match="no 2 connected grids"):
            reference_drawing(town, 2)
    else:
        violation, cost = reference_drawing(town, 2)
        assert (violation, cost) == (truth[0], pytest.approx(truth[1]))


@pytest.mark.parametrize("seed", range(3))
def test_the_proof_agrees_with_the_model_where_brute_force_gives_up(seed):
    territory = random_town(11, seed)
    count = round(territory.total_load / 400)
    violation, walk_hm = reference_drawing(territory, count)
    proof = prove(territory, search(territory, count, seed=1, work=1, stop=Stop()).labels)
    assert proof.violation == violation
    assert proof.objective == pytest.approx(walk_hm)
    assert proof.bound == pytest.approx(walk_hm)


def drawn(town, count, *, first=None) -> Answer | None:
    """Return what the engine draws; None where it refuses or draws more grids, which the model must not outdo."""
    try:
        names = () if first is None else tuple(range(count))
        answer = draw_territory(Task(town, count, PartitionSettings(work=5_000), first=first, names=names), Stop())
    except (LockedError, GroupingError):
        answer = None
    if answer is None or answer.found.labels.max() + 1 != count:
        with pytest.raises(ValueError, match="connected grids"):
            reference_drawing(town, count)
        return None
    return answer


@pytest.mark.parametrize("seed", range(16))
def test_the_engine_is_held_to_the_model_whatever_is_asked_for(seed):
    n, count = 7 + seed % 4, 2 + seed % 2
    town = mixed_town(seed, n)
    answer = drawn(town, count)
    if seed % 3 == 0 and answer is not None and town.terms.walk:
        town = with_homes(town, answer.found.labels, seed)
        answer = drawn(town, count, first=answer.found.labels)
    if answer is None:
        return
    found = answer.found
    reached = score(town, found.labels)
    cost = (reached.walk_hm if town.terms.walk else 0.0) + float(terms_hm(town, found.labels).sum())
    least, best = reference_drawing(town, count)
    assert reached.disconnected == 0
    assert obeys(town, found.labels)
    told = territory_report(answer, Explanation(None, {}))
    assert (found.violation, told.objective) == (reached.violation, pytest.approx(cost))
    assert told.violation_bound <= least <= found.violation
    if found.violation == least:
        assert told.bound <= best * (1 + 1e-6)
        assert cost >= best * (1 - 1e-6)
    if told.proof is Proof.OPTIMAL:
        assert (found.violation, cost) == (least, pytest.approx(best))
    for effort in EFFORTS if town.terms.walk else ():
        proven = prove(town, found.labels, effort=effort)
        assert proven.violation_bound <= least <= proven.violation
        if proven.violation == least:
            assert proven.bound is None or proven.bound <= best * (1 + 1e-6)
            if proven.proof is Proof.OPTIMAL and not len(town.terms.home):
                assert proven.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", [9, 24, 49])
def test_a_few_units_are_proven_however_far_they_leave_the_band(seed):
    town = random_town(8, seed, band=LoadBand(390, 400, 410), most=300)
    answer = drawn(town, 3)
    least, best = reference_drawing(town, 3)
    assert least > 100
    assert answer.proven.proof is Proof.OPTIMAL
    assert (answer.proven.violation_bound, answer.proven.objective) == (least, pytest.approx(best))


@pytest.mark.parametrize("seed", range(4))
def test_where_units_are_locked_what_the_proof_finds_is_drawn(seed):
    anchor = np.full(10, -1)
    anchor[[seed, 9 - seed]] = (0, seed % 2)
    town = replace(random_town(10, seed), anchor=anchor)
    task = Task(town, 3, PartitionSettings(work=1))
    answer = draw_territory(task, Stop())
    assert obeys(town, answer.found.labels)
    told = territory_report(answer, Explanation(None, {}))
    assert told.proof is Proof.OPTIMAL
    assert (answer.found.violation, told.objective) == pytest.approx(reference_drawing(town, 3))


@pytest.mark.parametrize("seed", [3, 5, 8, 17, 34, 49])
def test_where_units_have_homes_the_grids_of_the_proof_go_on_from_those_that_keep_most(seed):
    town, locked = random_town(10, seed, band=LoadBand(350, 400, 450)), seed % 10
    first = search(replace(town, band=LoadBand(0, 400, 800)), 3, seed=1, work=1, stop=Stop()).labels
    town = replace(town, anchor=np.where(np.arange(10) == locked, first[locked], -1))
    town = with_homes(town, first, seed)
    answer = draw_territory(Task(town, 3, PartitionSettings(work=1), first=first, names=(0, 1, 2)), Stop())
    assert answer.found.labels[locked] == first[locked]
    cost = answer.found.walk_hm + answer.found.terms_hm
    assert (answer.found.violation, cost) == pytest.approx(reference_drawing(town, 3))


def test_too_many_units_are_refused():
    with pytest.raises(ValueError, match="up to 14 units, got 15"):
        reference_drawing(lattice(5, 3, [100] * 15, HUNDREDS), 4)
