"""Exact answers held to brute force on cases small enough to try everything."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from optimize.siting import covering, median_model
from optimize.siting.centre import p_centre
from optimize.siting.covering import cover_greedily, cover_model, cover_problem, max_cover
from optimize.siting.fewest import fewest
from optimize.siting.median import p_median
from optimize.siting.placement import cover_gains, walk_gains
from optimize.siting.problem import SitingProblem
from optimize.solver import solve

FAR_M = 60.0
NO_LIMIT = {"node_limit": None, "seconds": None}


def town(seed, *, points=14, sites=8, limit=3.0, costs=None, fixed=True):
    """Points and sites on a square of 100 m; walks are straight and end at 60 m."""
    rng = np.random.default_rng(seed)
    people, places = rng.uniform(0, 100, (points, 2)), rng.uniform(0, 100, (sites, 2))
    metres = np.round(np.hypot(*(people[:, None] - places[None]).transpose(2, 0, 1)))
    near = np.argwhere(metres <= FAR_M)
    walks = sparse.csr_matrix((metres[tuple(near.T)], tuple(near.T)), shape=metres.shape)
    home = np.minimum(np.round(np.hypot(*(people - 50).T)), FAR_M) if fixed else np.full(points, FAR_M)
    return SitingProblem(
        site_ids=tuple(f"s{j}" for j in range(sites)),
        costs=np.ones(sites) if costs is None else np.asarray(costs, dtype=float),
        limit=limit,
        demand=rng.integers(1, 9, points).astype(float),
        fixed_m=home,
        walks=walks,
        standard_m=25.0,
        far_m=FAR_M,
    )


def dense(problem):
    full = np.full(problem.walks.shape, FAR_M)
    entries = problem.walks.tocoo()
    full[entries.row, entries.col] = entries.data
    return full


def nearest_m(problem, chosen):
    columns = [problem.fixed_m, *(dense(problem)[:, j] for j in chosen)]
    return np.minimum.reduce(columns)


def choices(problem):
    number = len(problem.site_ids)
    for size in range(number + 1):
        for chosen in combinations(range(number), size):
            if problem.costs[list(chosen)].sum() <= problem.limit:
                yield chosen


def newly_covered(problem, chosen):
    before = problem.fixed_m <= problem.standard_m
    return problem.demand[(nearest_m(problem, chosen) <= problem.standard_m) & ~before].sum()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("budget", [False, True])
def test_max_cover_is_the_best_of_all_choices(seed, budget):
    costs = np.random.default_rng(seed).integers(1, 6, 8) if budget else None
    problem = town(seed, costs=costs, limit=7.0 if budget else 3.0)
    chosen, answer = max_cover(problem, **NO_LIMIT)
    assert answer.status == "optimal"
    assert answer.objective == max(newly_covered(problem, c) for c in choices(problem))
    assert newly_covered(problem, chosen) == answer.objective
    assert problem.costs[chosen].sum() <= problem.limit


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("budget", [False, True])
def test_p_median_is_the_best_of_all_choices(seed, budget):
    costs = np.random.default_rng(seed).integers(2, 6, 8) if budget else None
    problem = town(seed, costs=costs, limit=9.0 if budget else 3.0)
    chosen, answer = p_median(problem, rng_seed=0)
    best = min((problem.demand * nearest_m(problem, c)).sum() for c in choices(problem))
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(best)
    assert (problem.demand * nearest_m(problem, chosen)).sum() == pytest.approx(best)
    assert problem.costs[chosen].sum() <= problem.limit


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("limit", [1.0, 3.0, 6.0])
def test_p_centre_is_the_best_of_all_choices(seed, limit):
    problem = town(seed, limit=limit)
    chosen, answer = p_centre(problem)
    can = nearest_m(problem, range(8)) < FAR_M
    best = min(nearest_m(problem, c)[can].max() for c in choices(problem))
    assert (answer.status, answer.objective, answer.bound) == ("optimal", best, best)
    assert nearest_m(problem, chosen)[can].max() == best
    assert len(chosen) <= limit


@pytest.mark.parametrize("seed", range(8))
def test_fewest_covers_everybody_who_can_be_at_the_least_cost(seed):
    costs = np.random.default_rng(seed).integers(1, 4, 8).astype(float)
    problem = town(seed, costs=costs, limit=np.inf)
    cover = cover_problem(problem)
    chosen, answer = fewest(cover.near, costs)
    everything = newly_covered(problem, range(8))
    assert newly_covered(problem, chosen) == everything
    complete = (c for c in choices(problem) if newly_covered(problem, c) == everything)
    assert answer.objective == min(costs[list(c)].sum() for c in complete)
    assert answer.status == "optimal"


@pytest.mark.parametrize("solver", [max_cover, lambda p, **_: p_median(p, rng_seed=0)])
def test_the_sparse_matrix_gives_the_same_answer_as_the_readable_model(solver, monkeypatch):
    problem = town(3, costs=[2, 3, 1, 4, 2, 5, 1, 2], limit=6.0)
    readable = solver(problem, **NO_LIMIT)[1].objective
    monkeypatch.setattr(covering, "MOST_PULP_VARIABLES", 0)
    monkeypatch.setattr(median_model, "MOST_PULP_VARIABLES", 0)
    assert solver(problem, **NO_LIMIT)[1].objective == pytest.approx(readable)


@pytest.mark.parametrize("seed", range(5))
def test_the_search_for_the_p_median_lies_between_its_bound_and_the_optimum(seed):
    problem = town(seed, points=60, sites=40, limit=6.0, fixed=False)
    _, exact = p_median(problem, rng_seed=0)
    _, search = p_median(problem, rng_seed=0, exact=False)
    assert search.bound <= exact.objective + 1e-6
    assert exact.objective <= search.objective + 1e-6
    assert search.objective <= exact.objective * 1.01
    assert exact.status == "optimal"


def test_one_seed_gives_one_p_median():
    problem = town(1, points=80, sites=50, limit=9.0)
    assert p_median(problem, rng_seed=5, exact=False)[0] == p_median(problem, rng_seed=5, exact=False)[0]


def test_points_with_the_same_sites_are_one_row_of_the_model():
    problem = town(2, points=200, sites=4)
    cover = cover_problem(problem)
    assert cover.near.shape[0] <= 2**4
    assert cover.demand.sum() == newly_covered(problem, range(4))


def test_a_stopped_solver_still_answers_with_the_greedy_sites_and_does_not_call_them_optimal():
    problem = town(0, points=400, sites=60, limit=8.0)
    chosen, answer = max_cover(problem, node_limit=0, seconds=1e-3)
    greedy = newly_covered(problem, cover_greedily(cover_problem(problem)))
    assert newly_covered(problem, chosen) >= greedy
    assert answer.objective <= answer.bound
    assert answer.status == "feasible" or answer.gap_share == 0.0


def test_greedy_never_beats_the_readable_model():
    cover = cover_problem(town(4, points=40, sites=12, limit=3.0))
    chosen = cover_greedily(cover)
    reached = cover.demand[np.asarray(cover.near[:, chosen].sum(axis=1)).ravel() > 0].sum()
    assert reached <= solve(cover_model(cover)).objective + 1e-9


def test_what_the_sites_add_one_at_a_time_sums_to_the_whole():
    problem = town(6)
    chosen, answer = max_cover(problem, **NO_LIMIT)
    gains = list(cover_gains(problem, chosen).values())
    assert sum(gains) == answer.objective
    assert gains == sorted(gains, reverse=True)
    saved = walk_gains(problem, list(range(8)))
    before, after = problem.fixed_m, nearest_m(problem, range(8))
    assert sum(saved.values()) == pytest.approx((problem.demand * (before - after)).sum())
