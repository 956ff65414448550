"""p-median: the sites that make the walks of all together shortest. Hakimi 1964, doi:10.1287/opre.12.3.450."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from gis.model.results import SolverAnswer
from optimize.siting.interchange import MedianCosts, interchange, kick, total_cost
from optimize.siting.lagrangian import lagrangian_bound
from optimize.siting.median_model import median_model, solve_median
from optimize.siting.problem import SitingProblem

__all__ = ["p_median"]

MOST_EXACT_VARIABLES = 200_000  # above, the search and its bound are the answer
SUBGRADIENT_STEPS = 1000
KICKS = 80  # restarts of the interchange from a shaken solution
KICK_SHARE = 0.04  # of the open sites exchanged at random in one kick
_PROVEN = 1e-9


def p_median(
    problem: SitingProblem,
    *,
    rng_seed: int,
    node_limit: int | None = None,
    seconds: float | None = None,
    exact: bool = True,
) -> tuple[list[int], SolverAnswer]:
    """Choose sites that make demand x metres to the nearest facility smallest.

    Greedy and interchange find a solution, a Lagrangian relaxation bounds it and rules sites out;
    where a gap is left and the model is small enough HiGHS closes it. Whoever is farther than
    `far_m` from everything counts with `far_m`.

    Returns
    -------
    list of int, SolverAnswer
        The sites; objective and bound are demand x metres.
    """
    began = perf_counter()
    costs = _costs(problem)
    if not problem.counts_sites or _number(costs) == 0 or len(costs.base) == 0 or problem.limit < 1:
        return _by_model(problem, costs, np.arange(_number(costs)), None, node_limit=node_limit, seconds=seconds)
    add = min(int(problem.limit), _number(costs))
    opened = _search(costs, add, rng_seed)
    upper = float(total_cost(costs, opened))
    bound = lagrangian_bound(costs, _paid(costs, opened), add=add, upper=upper, iterations=SUBGRADIENT_STEPS)
    chosen = [int(j) for j in np.flatnonzero(opened)]
    left = np.flatnonzero((bound.worth <= bound.last + (upper - bound.value) + _PROVEN * max(1.0, upper)) | opened)
    size = int(np.isin(costs.sites, left).sum()) + len(left)
    if upper - bound.value <= _PROVEN * max(1.0, upper):
        return chosen, SolverAnswer("optimal", upper, upper, 0.0, perf_counter() - began, "interchange + Lagrangian")
    if exact and size <= MOST_EXACT_VARIABLES:
        found, answer = _by_model(problem, costs, left, opened, node_limit=node_limit, seconds=seconds)
        return found, _with_bound(answer, bound.value, perf_counter() - began)
    gap = (upper - bound.value) / upper if upper > 0 else 0.0
    return chosen, SolverAnswer(
        "feasible", upper, bound.value, gap, perf_counter() - began, "interchange + Lagrangian"
    )


def _costs(problem: SitingProblem) -> MedianCosts:
    base = problem.demand * problem.fixed_m
    walks = problem.walks.tocoo()
    cost = walks.data * problem.demand[walks.row]
    keep = cost < base[walks.row]  # a site no nearer than what is there serves nobody
    point, site, cost = walks.row[keep], walks.col[keep], cost[keep]
    by_point, by_site = np.lexsort((site, cost, point)), np.lexsort((point, site))
    rows, columns = problem.walks.shape
    return MedianCosts(
        starts=_starts(point, rows),
        sites=site[by_point].astype(np.int32),
        cost=cost[by_point],
        base=base,
        site_starts=_starts(site, columns),
        site_points=point[by_site].astype(np.int32),
        site_cost=cost[by_site],
    )


def _number(costs: MedianCosts) -> int:
    return len(costs.site_starts) - 1


def _starts(labels: NDArray[np.int32], number: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(labels, minlength=number))]).astype(np.int64)


def _search(costs: MedianCosts, add: int, rng_seed: int) -> NDArray[np.bool_]:
    """Interchange from the greedy start, then from shaken copies of the best; the best is kept."""
    rng = np.random.default_rng(rng_seed)
    best = np.zeros(_number(costs), dtype=np.bool_)
    best_cost = _improve(costs, best, add, np.arange(_number(costs)))
    if add in (0, _number(costs)):
        return best
    for _ in range(KICKS):
        trial = best.copy()
        kick(trial, rng.random((max(2, int(add * KICK_SHARE)), 2)))
        cost = _improve(costs, trial, add, rng.permutation(_number(costs)))
        if cost < best_cost - _PROVEN * max(1.0, best_cost):
            best, best_cost = trial, cost
    return best


def _improve(costs: MedianCosts, opened: NDArray[np.bool_], add: int, order: NDArray[np.int64]) -> float:
    interchange(costs, opened, add, order, 100 * len(opened))
    return float(total_cost(costs, opened))


def _paid(costs: MedianCosts, opened: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return what each point pays for its second nearest way, a good first price."""
    paid = costs.base.copy()
    entry_point = np.repeat(np.arange(len(paid)), np.diff(costs.starts))
    isopen = opened[costs.sites]
    point, cost = entry_point[isopen], costs.cost[isopen]
    second = np.flatnonzero((point[1:] == point[:-1]) & np.r_[True, point[1:-1] != point[:-2]]) + 1
    if len(second):
        paid[point[second]] = cost[second]
    return paid


def _by_model(
    problem: SitingProblem,
    costs: MedianCosts,
    sites: NDArray[np.int64],
    opened: NDArray[np.bool_] | None,
    *,
    node_limit: int | None,
    seconds: float | None,
) -> tuple[list[int], SolverAnswer]:
    """Solve the model over some of the sites; the others are proven to be in no better solution."""
    model = median_model(costs, sites, problem.costs, problem.limit)
    start = None if opened is None else model.values_of(opened[sites])
    answer = solve_median(model, start=start, node_limit=node_limit, seconds=seconds)
    if answer.values is not None:
        isopen = answer.values[: len(sites)] > 0.5
        everywhere = np.zeros(_number(costs), dtype=np.bool_)
        everywhere[sites[isopen]] = True
    elif opened is not None:
        everywhere = opened
    else:
        everywhere = np.zeros(_number(costs), dtype=np.bool_)
    value = float(total_cost(costs, everywhere))
    status = "optimal" if answer.status == "optimal" else "feasible"
    bound = value if status == "optimal" else answer.bound
    gap = None if bound is None else (max(0.0, value - bound) / value if value else 0.0)
    chosen = [int(j) for j in np.flatnonzero(everywhere)]
    return chosen, SolverAnswer(status, value, bound, gap, answer.seconds, answer.engine)


def _with_bound(answer: SolverAnswer, bound: float, seconds: float) -> SolverAnswer:
    """Join the bound of the relaxation to that of the model."""
    objective = answer.objective or 0.0
    best = bound if answer.bound is None else max(bound, answer.bound)
    gap = max(0.0, objective - best) / objective if objective else 0.0
    return SolverAnswer(answer.status, answer.objective, best, gap, seconds, answer.engine)
