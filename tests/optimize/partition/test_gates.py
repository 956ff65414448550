"""Gates bound the load outside the band from below, and the bound is written for anybody to check."""

import copy
import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from optimize.partition.effort import Effort
from optimize.partition.explanation import explain
from optimize.partition.gates import gate_bound, gates, least_outside
from optimize.partition.problem import LoadBand, make_territory, score
from optimize.partition.proof import FINE, prove
from optimize.partition.search import search
from optimize.partition.ways import Stuck, ways_out
from optimize.partition.witness_record import witness_record
from optimize.stopping import Stop
from tests.optimize.partition.towns import HUNDREDS, brute_force, random_town
from tests.optimize.partition.witness_checker import check
from tests.optimize.partition.witness_parts import WitnessError

WALLED = replace(FINE, record=True, heart_work=10)
NO_SETS = replace(WALLED, pricing_nodes=1)


def tree(n, seed, band, *, links=1):
    """Return a random tree of lumpy units with a few more links."""
    rng = np.random.default_rng(seed)
    edges = [(u, int(rng.integers(0, u))) for u in range(1, n)]
    edges += [tuple(rng.choice(n, 2, replace=False).tolist()) for _ in range(links)]
    xy = rng.uniform(0, 100, (n, 2))
    return make_territory([f"u{i:02d}" for i in range(n)], rng.integers(20, 220, n), xy, edges, band)


def town_of(loads, edges, band=HUNDREDS):
    xy = [(10.0 * i, 7.0 * (i % 3)) for i in range(len(loads))]
    return make_territory([f"u{i:02d}" for i in range(len(loads))], loads, xy, edges, band)


def walled():
    """Return the shape of a walled community of the family: pockets of 282 and 205 behind one unit of 72."""
    loads = [150, 132, 72, 105, 100, 160, 150, 170, 170, 160]
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (2, 5), (5, 6), (6, 7), (5, 7), (7, 8), (8, 9), (6, 9)]
    return town_of(loads, edges)


def long_pockets():
    """Return the same pockets in 66 small units, too many for a proof by sets."""
    loads = [14] * 20 + [2, 72] + [41] * 5 + [30] * 39
    edges = [(i, i + 1) for i in range(26)] + [(21, 27)] + [(i, i + 1) for i in range(27, 65)]
    return town_of(loads, edges)


def drawn(territory, count):
    return search(territory, count, seed=1, work=20_000, stop=Stop()).labels


def written(territory, count, effort):
    proof = prove(territory, drawn(territory, count), effort=effort)
    return proof, json.loads(json.dumps(witness_record(territory, proof)))


def gate_of(territory, count):
    truth = brute_force(territory, count).violation
    gate = gate_bound(territory, np.minimum(territory.load, territory.band.max), count, 10**6)
    return (0 if gate is None else gate.bound), truth


def by_loads(own, parts, band, grids):
    """Return the least load outside by trying every load that the gate's grid takes of each part."""
    best = 10**6
    for shared in product(range(grids), repeat=len(parts)):
        if sum(shared) != grids - 1:
            continue
        for taken in product(*(range(load + 1) for load in parts)):
            if any(not inside and took < load for inside, took, load in zip(shared, taken, parts, strict=True)):
                continue
            outside = int(band.violation(np.array(own + sum(taken))))
            for inside, took, load in zip(shared, taken, parts, strict=True):
                outside += max(0, inside * band.min - (load - took), (load - took) - inside * band.max)
            best = min(best, outside)
    return best


@pytest.mark.parametrize("seed", range(30))
def test_no_way_to_share_loads_and_grids_out_leaves_the_band_less(seed):
    rng = np.random.default_rng(seed)
    low = int(rng.integers(1, 6))
    band = LoadBand(low, low, low + int(rng.integers(0, 4)))
    own, parts = int(rng.integers(0, band.max + 1)), rng.integers(0, 14, rng.integers(1, 4)).tolist()
    grids = int(rng.integers(1, 5))
    truth = by_loads(own, parts, band, grids)
    assert least_outside(own, parts, band, grids=grids, enough=10**6) == truth
    assert least_outside(own, parts, band, grids=grids, enough=truth // 2) == truth // 2


def test_the_bound_is_never_more_than_the_least_and_often_as_much():
    sure = met = 0
    for seed in range(60):
        territory = tree(8, seed, LoadBand(180, 200, 240), links=seed % 3)
        bound, truth = gate_of(territory, max(2, round(territory.total_load / 200)))
        assert bound <= truth
        sure += bound > 0
        met += 0 < bound == truth
    assert sure > 30
    assert met > 10


def test_a_town_that_nothing_parts_has_no_gate():
    territory = random_town(12, 1)
    assert [gate for gate, _ in gates(territory)] == []
    assert gate_bound(territory, territory.load, 3, 10**6) is None


@pytest.mark.parametrize("effort", [Effort(record=True), WALLED, NO_SETS], ids=["few", "walled", "no sets"])
def test_pockets_behind_one_unit_prove_what_leaves_the_band(effort):
    territory = walled()
    assert brute_force(territory, 4).violation == 18
    proof, record = written(territory, 4, effort)
    assert proof.violation == proof.violation_bound == 18
    assert record["violation_witness"] == {"by": "gate", "unit": 2, "bound": 18}
    assert check(record)[0] == 18


def test_a_heavy_unit_keeps_its_own_share_beside_a_gate():
    territory = walled()
    loads = territory.load.copy()
    loads[8] += 400
    territory = replace(territory, load=loads, households=loads)
    proof, record = written(territory, 5, NO_SETS)
    assert proof.violation_bound <= brute_force(territory, 5).violation
    assert record["violation_witness"]["by"] == "gate"
    assert record["violation_bound"] > 70
    assert check(record)[0] == record["violation_bound"]


@pytest.mark.parametrize("seed", range(12))
def test_units_without_anyone_do_not_mislead_a_gate(seed):
    territory = tree(9, seed, LoadBand(150, 200, 260))
    loads = np.where(np.random.default_rng(seed).random(9) < 0.4, 0, territory.load)
    territory = replace(territory, load=loads, households=loads)
    count = max(2, round(int(loads.sum()) / 200))
    proof, record = written(territory, count, Effort(record=True))
    truth = brute_force(territory, count).violation
    assert proof.violation >= truth >= proof.violation_bound
    assert proof.violation_bound <= check(record)[0] <= truth


def _more(record):
    record["violation_bound"] += 1
    record["violation_witness"]["bound"] += 1


def _claimed_alone(record):
    record["violation_bound"] += 1


def _no_gate(record):
    record["violation_witness"]["unit"] = 0


def _another_gate(record):
    record["violation_witness"]["unit"] = 3


def _way_round(record):
    record["neighbours"].append([4, 5])


def _a_wider_band(record):
    record["band"] = [280, 500]
    record["violation"] = 0


@pytest.mark.parametrize("forge", [_more, _claimed_alone, _no_gate, _another_gate, _way_round, _a_wider_band])
def test_the_checker_sees_forged_gates(forge):
    _, record = written(walled(), 4, WALLED)
    check(record)
    forged = copy.deepcopy(record)
    forge(forged)
    with pytest.raises(WitnessError):
        check(forged)


def test_pockets_that_only_together_are_too_heavy_are_told_with_their_gate():
    territory = walled()
    told = explain(territory, drawn(territory, 4))
    (reason,) = told.grids.values()
    assert reason == told.territory
    assert reason.code == "band-pockets"
    assert reason.facts == {"unit_id": "u02", "pockets": 2, "most": 282, "min": 300, "joined": 559, "max": 500}
    for language, words in (("en", "2 pockets behind unit u02"), ("zh", "单元 u02 之后有 2 个角落")):
        assert words in reason.text(language)
    for low, high, count in ((282, 500, 4), (300, 559, 3)):
        assert brute_force(replace(territory, band=LoadBand(low, 400, high)), count).violation == 0


def test_a_gate_too_heavy_by_itself_has_no_pockets():
    territory = town_of([300, 620, 400, 280], [(0, 1), (1, 2), (2, 3)])
    codes = {grid: reason.code for grid, reason in explain(territory, np.array([0, 1, 2, 3])).grids.items()}
    assert codes == {1: "band-heavy-unit", 3: "band-pocket"}


def test_a_gate_proves_the_smallest_widening_of_many_units():
    territory = long_pockets()
    labels = drawn(territory, 5)
    assert score(territory, labels).violation == 18
    ways = {way.code: way for way in ways_out(Stuck(territory, labels, 0, 1), lambda: False)}
    assert ways["way-lower"].facts["low"] == 282
    assert "proven smallest" in ways["way-lower"].text("en")
