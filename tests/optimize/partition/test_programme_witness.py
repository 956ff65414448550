"""Bounds of integer programmes as they are written hold before an independent checker, and corrupted ones do not."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest

from gis.model.kinds import GridObjective
from gis.model.plan import GridInfo, Plan
from optimize.partition import draw_grids, redraw_grids
from optimize.partition.cut_edges import cut_terms, prove_cut
from optimize.partition.least_moved import least_moved
from optimize.partition.problem import LoadBand, Terms, grid_loads, terms_hm
from optimize.partition.search import search
from optimize.partition.witness_record import witness_record
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.programme_checker import check_programme
from tests.optimize.partition.test_cut_edges import by_brute_force, cutting
from tests.optimize.partition.test_least_moved import at_home, brute_force
from tests.optimize.partition.towns import HUNDREDS, lattice, random_town, study_of
from tests.optimize.partition.witness_checker import check
from tests.optimize.partition.witness_parts import WitnessError


def narrow(seed, count, n=8, share=0.03):
    town = random_town(n, seed)
    mean = town.total_load / count
    return cutting(replace(town, band=LoadBand(int(mean * (1 - share)), round(mean), int(mean * (1 + share)))))


def written(territory, count, *, moved=None):
    labels = search(territory, count, seed=1, work=200, stop=Stop()).labels
    proof = prove_cut(territory, labels, record=True)
    return json.loads(json.dumps(witness_record(territory, proof, moved=moved)))


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_fewest_cut_edges_are_shown(seed, count):
    territory = narrow(seed, count)
    record = written(territory, count)
    assert check(record) == by_brute_force(territory, count) == (record["violation"], record["objective"])


def test_a_violation_that_cannot_be_less_is_shown():
    territory = cutting(lattice(3, 2, [130, 150, 120, 3, 2, 5], LoadBand(180, 200, 220)))
    record = written(territory, 2)
    assert record["violation_witness"]["nodes"]
    least, fewest = by_brute_force(territory, 2)
    assert (record["violation_bound"], check(record)) == (least, (least, fewest))


def test_metres_of_border_are_shown_as_they_are():
    town = random_town(9, 5)
    ids = town.unit_ids
    metres = {
        (ids[u], ids[int(v)]): 1.5 + (7 * u + 3 * int(v)) % 11 for u in range(9) for v in town.neighbours(u) if u < v
    }
    territory = replace(narrow(5, 3, 9, 0.2), terms=cut_terms(town, metres))
    record = written(territory, 3)
    assert check(record)[1] == pytest.approx(by_brute_force(territory, 3)[1], rel=1e-5)


def test_a_proof_cut_off_shows_as_much_as_it_says(monkeypatch):
    monkeypatch.setattr("optimize.partition.cut_edges.WRITTEN_NODES", 3)
    shown = written(narrow(1, 3, 12), 3)["witness"]
    assert shown["bound"] < shown["goal"]
    assert len(shown["nodes"]) <= 5


@pytest.mark.parametrize("seed", range(8))
def test_the_fewest_households_moved_are_shown(seed):
    record = moved_record(seed)
    shown = record["moved_witness"]
    assert check_programme(record, shown) == shown["goal"] == record["fewest"]


def moved_record(seed):
    """Return a record of a town of scattered homes with what shows the fewest moved, and those by brute force."""
    town = random_town(8, seed)
    labels = search(town, 3, seed=1, work=200, stop=Stop()).labels
    violation = int(town.band.violation(grid_loads(town, labels)).sum())
    territory = at_home(town, np.random.default_rng(seed).integers(-1, 3, 8))
    least = least_moved(territory, 3, violation, int(town.households.sum()) + 1, record=True)
    cut = replace(territory, terms=Terms(home=territory.terms.home, away=territory.terms.away, walk=False))
    record = witness_record(cut, prove_cut(cutting(town), labels), moved=least.witness)
    return {**json.loads(json.dumps(record)), "fewest": brute_force(territory, 3, violation)}


def test_groups_and_rivals_are_rows_of_their_own():
    town = random_town(8, 3)
    group = np.full(8, -1)
    group[[0, 5]] = 0
    ruled = replace(town, group=group, rivals=np.array([[1, 2]]))
    territory = at_home(ruled, np.random.default_rng(3).integers(0, 3, 8))
    least = least_moved(territory, 3, int(town.total_load), int(town.households.sum()) + 1, record=True)
    record = json.loads(
        json.dumps(witness_record(territory, prove_cut(cutting(town), least.labels), moved=least.witness))
    )
    assert check_programme(record, record["moved_witness"]) == least.bound > 0
    record["together"], record["apart"] = [], []
    with pytest.raises(WitnessError, match=r"not together|not apart|claimed"):
        check_programme(record, record["moved_witness"])


def _more(record):
    record["bound"] += 1


def _prices_of_nothing(record):
    for node in record["witness"]["nodes"]:
        node["prices"] = node["prices"] and []


def _dearer_rows(record):
    for node in record["witness"]["nodes"]:
        node["prices"] = node["prices"] and [[*name, 3 * price] for *name, price in node["prices"]]


def _only_inside(record):
    for node in record["witness"]["nodes"]:
        node["inside"] = True


def _all_impossible(record):
    for node in record["witness"]["nodes"]:
        node["possible"] = False


def _cuts_that_cut_nothing(record):
    record["witness"]["cuts"] = [[0, 1, []]]


def _of_fewer_drawings(record):
    record["witness"]["violation"] = record["violation"] - 1


def _of_moved(record):
    record["witness"]["of"] = "moved"


def _no_leaf(record):
    record["witness"]["nodes"].pop()


FORGED = [
    _more, _prices_of_nothing, _dearer_rows, _only_inside, _all_impossible, _cuts_that_cut_nothing, _of_moved,
    _of_fewer_drawings, _no_leaf,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGED)
def test_the_checker_sees_forged_programmes(forge):
    record = written(narrow(1, 3, 9), 3)
    assert len(record["witness"]["nodes"]) > 1
    check(record)
    forged = copy.deepcopy(record)
    forge(forged)
    with pytest.raises(WitnessError):
        check(forged)


def test_a_goal_that_nobody_reaches_is_not_shown():
    record = moved_record(1)
    record["moved_witness"]["goal"] += 50
    record["moved_witness"]["bound"] += 50
    with pytest.raises(WitnessError):
        check_programme(record, record["moved_witness"])


def test_a_study_writes_them_where_it_is_asked():
    study = study_of(lattice(4, 4, [50] * 16, LoadBand(180, 200, 220)))
    settings = PartitionSettings(objective=GridObjective.CUT_EDGES, grid_count=2, witness=True)
    (told,) = draw_grids(study, settings).report.territories
    assert check(json.loads(json.dumps(told.witness))) == (0, 4)
    (plain,) = draw_grids(study, replace(settings, witness=False)).report.territories
    assert plain.witness is None


def test_a_redraw_shows_that_no_fewer_households_move():
    territory = lattice(6, 2, [60] * 12, LoadBand(180, 240, 250))
    study = study_of(territory)
    ids = territory.unit_ids
    grids = ("a", "a", "a", "a", "a", "b") * 2  # 600 and 120 households: the first is too heavy, the second too light
    base = Plan.of("town", dict(zip(ids, grids, strict=True)), [GridInfo("a", "c"), GridInfo("b", "c")])
    redrawn = redraw_grids(study, PartitionSettings(witness=True), base)
    records = [json.loads(json.dumps(t.witness)) for t in redrawn.drawn.report.territories]
    shown = [record["moved_witness"]["bound"] for record in records if record.get("moved_witness")]
    assert sum(shown) == redrawn.moved_bound > 0
    for record in records:
        check(record)


def test_the_bound_of_a_large_redraw_counts_the_households_that_must_move():
    """42 units in two grids: hearts bound the walk, the programme the moves, and both stand in the certificate."""
    territory = lattice(7, 6, [21] * 42, HUNDREDS)
    study = study_of(territory)
    info = GridInfo("a", study.units["community_id"].iloc[0])
    base = Plan.of("town", dict.fromkeys(territory.unit_ids, "a"), [info])  # 882 in one grid
    redrawn = redraw_grids(study, PartitionSettings(witness=True), base)
    (told,) = redrawn.drawn.report.territories
    record = json.loads(json.dumps(told.witness))
    assert record["witness"]["by"] == "hearts"
    assert redrawn.moved_bound > 0
    assert told.bound == pytest.approx(record["witness"]["bound"] + redrawn.moved_bound * 1000.0)
    assert told.bound <= told.objective < told.bound * 1.01
    assert check(record)[1] >= told.bound * (1 - 1e-5)
    del record["moved_witness"]
    with pytest.raises(WitnessError, match="claimed"):
        check(record)


def test_nothing_is_written_unless_asked_for():
    territory = narrow(0, 2)
    labels = search(territory, 2, seed=1, work=200, stop=Stop()).labels
    proof = prove_cut(territory, labels)
    assert proof.witness is None
    assert terms_hm(territory, proof.labels).sum() == proof.objective
