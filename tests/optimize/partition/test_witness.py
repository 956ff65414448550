"""Witnesses as they are written hold before an independent checker, and corrupted ones do not."""

import copy
import json
from dataclasses import replace
from functools import cache
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from optimize.partition import selection
from optimize.partition.effort import Effort
from optimize.partition.problem import LoadBand, Terms
from optimize.partition.proof import FINE, prove
from optimize.partition.search import search
from optimize.partition.witness_record import witness_record
from optimize.stopping import Stop
from tests.optimize.partition.mixed_towns import with_areas
from tests.optimize.partition.towns import brute_force, lattice, random_town
from tests.optimize.partition.witness_checker import Town, Tree, check
from tests.optimize.partition.witness_parts import WitnessError

WRITTEN = Effort(record=True)
PRICED = Effort(record=True, listed=5, listed_of_few=5, listed_at_last=5)
HEARTS = replace(FINE, record=True, heart_work=40)  # some twenty nodes: the checker is slow


@cache
def truth_of(seed):
    territory = random_town(10, seed)
    return brute_force(territory, round(territory.total_load / 400))


def written(territory, count, effort):
    labels = search(territory, count, seed=1, work=1, stop=Stop()).labels
    proof = prove(territory, labels, effort=effort)
    return json.loads(json.dumps(witness_record(territory, proof)))


def street():
    return lattice(7, 3, [40 + 37 * u % 90 for u in range(21)], LoadBand(300, 400, 500))


@pytest.mark.parametrize("effort", [WRITTEN, PRICED, HEARTS], ids=["listed", "priced", "hearts"])
@pytest.mark.parametrize("seed", range(6))
def test_what_is_written_proves_what_is_told(seed, effort):
    territory = random_town(10, seed)
    record = written(territory, round(territory.total_load / 400), effort)
    least, bound = check(record)
    truth = truth_of(seed)
    assert least <= truth.violation
    if bound is not None and record["violation"] == truth.violation:
        assert bound <= truth.walk_hm * (1 + 1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_a_proof_without_bare_units_is_one_of_the_whole(seed):
    town = random_town(11, seed, LoadBand(150, 400, 650))
    loads = np.where(np.random.default_rng(seed).random(11) < 0.4, 0, town.load)
    territory = replace(town, load=loads, households=loads)
    record = written(territory, 2, WRITTEN)
    truth = brute_force(territory, 2)
    least, bound = check(record)
    assert (least, bound) == (truth.violation, pytest.approx(truth.walk_hm, 1e-5))


@pytest.mark.parametrize("effort", [WRITTEN, HEARTS], ids=["sets", "hearts"])
@pytest.mark.parametrize("seed", [0, 1])
def test_larger_towns_are_checked_too(seed, effort):
    territory = random_town(20, seed)
    record = written(territory, round(territory.total_load / 400), effort)
    assert record["bound"] is not None
    assert check(record)[1] >= record["bound"] * (1 - 1e-5)


@pytest.mark.parametrize("effort", [WRITTEN, PRICED, HEARTS], ids=["listed", "priced", "hearts"])
@pytest.mark.parametrize("uneven", [0.0, 25.0])
@pytest.mark.parametrize("homes", [False, True])
def test_prices_of_borders_homes_and_loads_are_witnessed(homes, uneven, effort):
    territory = random_town(11, 2, LoadBand(150, 400, 650))
    rng = np.random.default_rng(2)
    weight = rng.uniform(0, 4000, (11, 11)) * (rng.random((11, 11)) < 0.4)
    rows = np.repeat(np.arange(11), np.diff(territory.indptr))
    terms = Terms(border=(weight + weight.T)[rows, territory.indices], uneven=uneven)
    if homes:
        terms = replace(terms, home=rng.integers(-1, 3, 11), away=rng.uniform(0, 3000, 11))
    record = written(replace(territory, terms=terms), round(territory.total_load / 400), effort)
    assert record["bound"] > 0
    check(record)
    record["cut_costs"] = [(a, b, cost / 4) for a, b, cost in record["cut_costs"]]
    with pytest.raises(WitnessError):
        check(record)


@pytest.mark.parametrize("effort", [WRITTEN, PRICED, HEARTS], ids=["listed", "priced", "hearts"])
def test_prices_of_areas_are_witnessed(effort):
    territory = with_areas(random_town(11, 2, LoadBand(150, 400, 650)), 2)
    record = written(territory, round(territory.total_load / 400), effort)
    least, bound = check(record)
    assert (least, bound) <= (record["violation"], record["objective"] * (1 + 1e-6))
    assert bound >= record["bound"] * (1 - 1e-5)


def test_a_witness_that_leans_on_a_higher_price_of_areas_is_refused():
    territory = with_areas(random_town(11, 2, LoadBand(150, 400, 650)), 2)
    territory = replace(territory, terms=replace(territory.terms, area_cap=10))
    record = written(territory, round(territory.total_load / 400), WRITTEN)
    check(record)
    record["above_cap_cost"] = 0.0
    with pytest.raises(WitnessError):
        check(record)


def hearts_of_a_tree():
    """Return a record by hearts that divides."""
    for seed in range(40):
        territory = random_town(16, seed)
        record = written(territory, round(territory.total_load / 400), HEARTS)
        if record["witness"] and len(record["witness"]["nodes"]) > 4:
            return record
    raise AssertionError("none divides")


def test_hearts_write_their_branches_and_each_is_needed():
    record = hearts_of_a_tree()
    check(record)
    for number in range(1, len(record["witness"]["nodes"])):
        forged = copy.deepcopy(record)
        nodes = forged["witness"]["nodes"]
        if any(node["parent"] == number for node in nodes):
            continue
        moved = {old: new for new, old in enumerate(i for i in range(len(nodes)) if i != number)}
        forged["witness"]["nodes"] = [
            {**node, "parent": moved.get(node["parent"], -1)} for i, node in enumerate(nodes) if i != number
        ]
        with pytest.raises(WitnessError, match="leaves something out"):
            check(forged)


def _dearer(record):
    record["bound"] *= 1.02
    record["witness"]["bound"] *= 1.02


def _forged_prices(record):
    for node in record["witness"]["nodes"]:
        for step in node["steps"]:
            step["unit_prices"] = [2 * price for price in step["unit_prices"]]


def _no_prices(record):
    for node in record["witness"]["nodes"]:
        node["steps"] = []


def _one_side_only(record):
    for node in record["witness"]["nodes"]:
        node["within"] = True


def _another_ball(record):
    record["witness"]["nodes"][2]["hearts"] = [0]
    record["witness"]["nodes"][1]["hearts"] = [1]


def _less_slack(record):
    record["witness"]["slack"] = -1


def _a_nearer_goal(record):
    record["witness"]["goal"] /= 2


@pytest.mark.parametrize(
    "forge", [_dearer, _forged_prices, _no_prices, _one_side_only, _another_ball, _less_slack, _a_nearer_goal]
)
def test_the_checker_sees_forged_branches_of_hearts(forge):
    record = hearts_of_a_tree()
    forge(record)
    with pytest.raises(WitnessError):
        check(record)


@pytest.mark.parametrize("seed", range(4))
def test_the_checkers_tree_is_no_dearer_than_any_connected_set(seed):
    record = written(random_town(9, seed), 2, HEARTS)
    town = Town(record)
    rng = np.random.default_rng(seed)
    prices = rng.uniform(0, 8000, 9).tolist()
    for theta in (-12.0, 0.0, 9.0):
        for heart in range(9):
            tree = Tree(town, 0, heart, set(range(9)), prices, theta)
            for size in range(1, 10):
                for units in map(set, combinations(range(9), size)):
                    if heart in units and town.outside(units) == 0 and nx.is_connected(town.graph.subgraph(units)):
                        cost = town.walk(heart, units) - sum(prices[u] for u in units)
                        assert tree.value <= cost + 1e-6
                        assert all(tree.value + tree.more(u) <= cost + 1e-6 for u in units)


def test_a_solvers_part_is_written_as_branches(monkeypatch):
    monkeypatch.setattr(selection, "CUTS_IN_A_ROW", 0)  # so that something is left to the solver
    found = []
    for seed in range(12):
        territory = random_town(14, seed)
        record = written(territory, round(territory.total_load / 400), WRITTEN)
        check(record)
        assert not record["witness"]["by_solver"]
        found += [record] if record["witness"]["nodes"] else []
    assert found
    for record in found:
        for node in record["witness"]["nodes"]:
            if node["prices"]:
                node["prices"]["unit_prices"] = [2 * price for price in node["prices"]["unit_prices"]]
        with pytest.raises(WitnessError):
            check(record)


def test_a_violation_that_cannot_be_less_is_shown():
    shown = 0
    for seed in range(10):
        territory = random_town(8, seed, most=350)
        count = round(territory.total_load / 400)
        record = written(territory, count, WRITTEN)
        least, _ = check(record)
        assert record["violation_bound"] <= least <= brute_force(territory, count).violation
        if record["violation_witness"]:
            shown += 1
            record["violation_bound"] = least + 1
            with pytest.raises(WitnessError):
                check(record)
    assert shown


def test_the_checker_sees_a_forged_price_of_a_stage():
    record = written(random_town(11, 0), round(random_town(11, 0).total_load / 400), WRITTEN)
    for stage in record["witness"]["stages"]:
        stage["unit_prices"] = [2 * price for price in stage["unit_prices"]]
    record["witness"]["nodes"], record["witness"]["by_solver"] = [], False
    with pytest.raises(WitnessError):
        check(record)


def test_nothing_is_recorded_unless_asked_for():
    territory = street()
    labels = search(territory, 4, seed=1, work=1, stop=Stop()).labels
    plain, asked = (
        prove(territory, labels, effort=replace(HEARTS, record=False)),
        prove(territory, labels, effort=HEARTS),
    )
    assert plain.bound == pytest.approx(asked.bound, rel=1e-12)
    assert plain.witness is None or plain.witness.record is None
    assert witness_record(territory, plain)["witness"] is None


def test_a_node_that_no_drawing_fits_is_closed_by_prices_too():
    territory = random_town(100, 25)  # some parts of its branches leave a unit that no set covers
    labels = search(territory, 31, seed=1, work=20_000, stop=Stop()).labels
    witness = prove(territory, labels, effort=WRITTEN).witness
    assert witness.branches
    assert not witness.by_solver
