"""Bounds by hearts are never above the truth, and meet it within their gap where they are let to work."""

import networkx as nx
import numpy as np
import pytest

from optimize.partition.dominators import dominator_trees
from optimize.partition.heart_drawings import HeartDrawings
from optimize.partition.heart_programme import HeartTrees, best_prices
from optimize.partition.heart_relaxation import relax
from optimize.partition.heart_search import HeartEffort, _disjoint, _Search, heart_bound
from optimize.partition.problem import LoadBand, score
from optimize.partition.proof import FINE, prove
from optimize.partition.search import found_of, search
from optimize.partition.set_model import SetModel
from optimize.partition.tree_search import is_free
from optimize.stopping import Stop
from tests.optimize.partition.towns import brute_force, lattice, random_town


@pytest.mark.parametrize("work", [0, 200])
@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_never_above_brute_force(seed, work):
    territory = random_town(9, seed)
    count = max(2, round(territory.total_load / 400))
    truth = brute_force(territory, count)
    model = SetModel.of(territory)
    slack = truth.violation - model.unavoidable
    for known in (truth.walk_hm, 1.3 * truth.walk_hm):
        bound = heart_bound(model, count, slack, known, effort=HeartEffort(work=work, good_share=0.003))
        assert bound <= truth.walk_hm * (1 + 1e-9)
        if work and known == truth.walk_hm:
            assert bound >= truth.walk_hm * (1 - 0.003) - 1e-6


def test_the_bound_knows_what_lies_between():
    # a street of six: the two ends are no grid, however the loads would fit
    territory = lattice(6, 1, [100, 100, 100, 100, 100, 100], LoadBand(300, 300, 300))
    model = SetModel.of(territory)
    assert heart_bound(model, 2, 0, 4000.0, effort=HeartEffort(work=50, good_share=1e-6)) <= 4000.0
    assert found_of(territory, np.array([0, 0, 0, 1, 1, 1])).walk_hm == pytest.approx(4000.0)
    assert heart_bound(model, 2, 0, 4000.0, effort=HeartEffort(work=50, good_share=1e-6)) == pytest.approx(
        4000.0, 1e-5
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_dominators_are_those_of_the_graph(seed):
    territory = random_town(25, seed)
    n = len(territory)
    rng = np.random.default_rng(seed)
    allowed = rng.random((n, n)) < 0.8
    np.fill_diagonal(allowed, True)
    order, above, size = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32), np.zeros(n, np.int32)
    asked = allowed.copy()
    dominator_trees(np.arange(n), allowed, territory.indptr, territory.indices, order, above, size)
    for heart in range(n):
        inside = np.flatnonzero(asked[heart]).tolist()
        graph = nx.DiGraph((u, int(v)) for u in inside for v in territory.neighbours(u) if asked[heart, v])
        graph.add_node(heart)
        expected = nx.immediate_dominators(graph, heart)
        units = order[heart, : size[heart]]
        assert set(units.tolist()) == set(np.flatnonzero(allowed[heart]).tolist()) == {heart, *expected}
        for place, unit in enumerate(units[1:].tolist(), start=1):
            assert expected[unit] == units[above[heart, place]]


def test_a_proof_without_sets_is_bounded_by_hearts_and_never_worsens_the_drawing():
    territory = lattice(9, 7, [20 + u % 17 for u in range(63)], LoadBand(300, 400, 500))
    assert is_free(territory)
    found = search(territory, 4, seed=1, work=100_000, trees=8, stop=Stop())
    proof = prove(territory, found.labels, effort=FINE)
    assert proof.bound is not None
    assert proof.bound <= proof.objective <= found.walk_hm * (1 + 1e-9)
    assert proof.gap_share <= 0.01


def test_drawings_from_trees_are_no_worse_and_the_same_for_one_seed():
    territory = random_town(60, 3)
    count = round(territory.total_load / 400)
    plain = search(territory, count, seed=5, work=1, stop=Stop())
    trees = [search(territory, count, seed=5, work=1, trees=8, stop=Stop()) for _ in range(2)]
    assert trees[0].key <= plain.key
    assert (trees[0].labels == trees[1].labels).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_best_prices_are_the_dual_of_the_relaxation(seed):
    territory = random_town(14, seed, LoadBand(150, 400, 650))
    model, n = SetModel.of(territory), 14
    count = max(2, round(territory.total_load / 400))
    allowed = np.ones((n, n), np.bool_)
    hearts = np.arange(n)
    order, above, size = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32), np.zeros(n, np.int32)
    dominator_trees(hearts, allowed, territory.indptr, territory.indices, order, above, size)
    need = np.where(hearts < 5, 0, -1)
    found = best_prices(
        HeartTrees(hearts, order, above, size), model.house[None, :] * model.gap, model.load, (150, 650),
        grids=count, need=need, needs=1, dear=1e9,
    )  # fmt: skip
    assert found.open_share.sum() == pytest.approx(count)
    assert found.open_share[:5].sum() >= 1 - 1e-9
    assert found.held_share.sum(axis=0) == pytest.approx(np.ones(n))
    cost = float((found.held_share * model.house[None, :] * model.gap).sum())
    price, load = found.unit.copy(), found.load.copy()
    bound, _ = relax(
        hearts, order, above, size, model.gap, model.house, model.load, 150, 650, 400, 0.0, count, need, 1, price,
        load, 1e12, 1, 1.0, np.zeros((0, 2), np.int64), np.zeros(0), np.zeros((n, 0)), False, np.zeros(n),
        np.zeros((n, n)),
    )  # fmt: skip
    assert bound == pytest.approx(cost, rel=1e-6)


def test_hearts_show_a_search_where_the_grids_are():
    # a drawing in stripes is mended by what the prices hold
    territory = lattice(9, 6, [30 + u % 11 for u in range(54)], LoadBand(300, 400, 500))
    poor = np.repeat(np.arange(5), [10, 11, 11, 11, 11])
    model = SetModel.of(territory)
    drawings = HeartDrawings(territory, poor, Stop())
    before = float(model.columns_of(poor).cost_hm.sum())
    bound = heart_bound(
        model, 5, int(model.columns_of(poor).excess.sum()), before, effort=HeartEffort(work=300), drawings=drawings
    )
    drawn = model.columns_of(drawings.labels)
    after = float(drawn.cost_hm.sum())
    assert after < 0.9 * before
    assert score(territory, drawings.labels).disconnected == 0
    assert bound <= after


def test_a_ball_says_something_new():
    """A branch never leaves its child as the parent was: else the search turns on the spot."""
    territory = random_town(40, 2)
    count = round(territory.total_load / 400)
    found = search(territory, count, seed=1, work=100_000, trees=8, stop=Stop())
    looked = _Search(
        SetModel.of(territory), count, found.violation, found.walk_hm, effort=HeartEffort(work=150), stop=Stop()
    )
    look, seen = looked._look, []

    def watched(allowed, needs, first, here):
        node, bound = look(allowed, needs, first, here)
        if node is not None:
            seen.append(node)
        return node, bound

    looked._look = watched
    assert looked.run() <= found.walk_hm
    assert len(seen) > 1
    for node in seen:
        for allowed, needs in node.division.sides(node.allowed, node.needs):
            old, new = _disjoint(node.needs, node.allowed)[0], _disjoint(needs, allowed)[0]
            assert (allowed != node.allowed).any() or (old != new).any()
