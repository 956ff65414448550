import math

import numpy as np
import pulp
import pytest
from scipy import sparse

import optimize.solver as door
from optimize.solver import solve, solve_sparse


def knapsack() -> pulp.LpProblem:
    problem = pulp.LpProblem("knapsack", pulp.LpMaximize)
    items = [problem.add_variable(f"take_{i}", cat="Binary") for i in range(4)]
    problem += pulp.lpSum(v * x for v, x in zip([10, 13, 7, 8], items, strict=True)) + 1
    problem += pulp.lpSum(w * x for w, x in zip([4, 6, 3, 5], items, strict=True)) <= 10
    return problem


@pytest.fixture(params=["highs", "cbc"])
def engine(request, monkeypatch):
    if request.param == "cbc":
        monkeypatch.setattr(door, "highspy", None)
    return request.param


def test_a_knapsack_is_solved_to_its_known_optimum(engine):
    problem = knapsack()
    answer = solve(problem)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(24)
    assert answer.gap_share == pytest.approx(0, abs=1e-9)
    assert engine in answer.engine.lower()
    taken = {v.name for v in problem.variables() if v.varValue > 0.5}
    assert taken == {"take_0", "take_1"}
    assert problem.sol_status == pulp.LpSolutionOptimal


def test_an_impossible_model_is_called_infeasible_and_has_no_values(engine):
    problem = pulp.LpProblem("impossible", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 1, cat="Integer")
    problem += x
    problem += 2 * x == 1
    answer = solve(problem)
    assert answer.status == "infeasible"
    assert not answer.has_values
    assert answer.objective is None


def test_an_unbounded_model_is_called_unbounded():
    answer = solve_sparse([-1.0], sparse.csr_matrix([[0.0]]), [-math.inf], [1.0])
    assert answer.status == "unbounded"


def hard_model():
    rng = np.random.default_rng(3)
    weights = rng.integers(50, 1000, size=(6, 60)).astype(float)
    room = np.floor(weights.sum(axis=1) / 2)
    return rng.integers(50, 1000, size=60).astype(float), sparse.csr_matrix(weights), room


def test_a_stopped_search_is_called_feasible_not_optimal():
    value, weights, room = hard_model()
    answer = solve_sparse(
        value, weights, -math.inf * np.ones(6), room, low=0, high=1, integral=True, maximise=True, node_limit=1
    )
    assert answer.status == "feasible"
    assert answer.bound >= answer.objective
    assert answer.gap_share > 0


def test_a_cancelled_search_stops_and_does_not_claim_optimality():
    value, weights, room = hard_model()
    answer = solve_sparse(
        value,
        weights,
        -math.inf * np.ones(6),
        room,
        low=0,
        high=1,
        integral=True,
        maximise=True,
        cancelled=lambda: True,
    )
    assert answer.status in ("feasible", "none")


def test_duals_of_a_linear_model_price_its_rows():
    # min 2x + 3y, x + y >= 4, x <= 3: one more unit demanded costs 3
    answer = solve_sparse([2.0, 3.0], sparse.csr_matrix([[1.0, 1.0]]), [4.0], [math.inf], high=[3.0, math.inf])
    assert answer.objective == pytest.approx(9)
    assert answer.row_duals == pytest.approx([3.0])
    assert answer.values == pytest.approx([3.0, 1.0])


def test_the_sparse_door_and_the_model_door_agree(engine):
    problem = knapsack()
    direct = solve_sparse(
        [10, 13, 7, 8],
        sparse.csr_matrix([[4.0, 6.0, 3.0, 5.0]]),
        [-math.inf],
        [10.0],
        low=0,
        high=1,
        integral=True,
        maximise=True,
        offset=1.0,
    )
    assert direct.objective == pytest.approx(solve(problem).objective)


def test_an_empty_model_is_optimal_at_its_constant():
    answer = solve_sparse(np.zeros(0), sparse.csr_matrix((0, 0)), np.zeros(0), np.zeros(0), offset=5.0)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(5.0)


def test_a_start_is_used_by_a_search_that_may_not_search():
    value, weights, room = hard_model()
    full = solve_sparse(
        value, weights, -math.inf * np.ones(6), room, low=0, high=1, integral=True, maximise=True, node_limit=200
    )
    again = solve_sparse(
        value,
        weights,
        -math.inf * np.ones(6),
        room,
        low=0,
        high=1,
        integral=True,
        maximise=True,
        node_limit=1,
        start=full.values,
    )
    assert again.objective >= full.objective - 1e-6


def test_changing_the_threads_between_solves_still_answers():
    for threads in (1, 2, 1):
        assert solve(knapsack(), threads=threads).status == "optimal"


def test_an_answer_cannot_be_changed():
    answer = solve(knapsack())
    with pytest.raises(ValueError, match="read-only"):
        answer.values[0] = 7
