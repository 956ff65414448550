"""Maximum cover: the most demand within the standard for a number of sites or a budget.

Church & ReVelle 1974, doi:10.1007/BF01942293.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy import sparse

from gis.model.results import SolverAnswer
from optimize.siting.problem import SitingProblem
from optimize.solution import Solution
from optimize.solver import solve, solve_sparse

__all__ = ["CoverProblem", "cover_greedily", "cover_model", "cover_problem", "max_cover"]

MOST_PULP_VARIABLES = 100_000  # above, building the readable model takes longer than solving it
_EPS = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CoverProblem:
    """Demand by the set of sites that can cover it; points with the same set are one row.

    Parameters
    ----------
    near
        0/1 matrix (rows, sites); every row has at least one site.
    demand
        Demand of each row.
    costs, limit
        As in :class:`SitingProblem`.
    """

    near: sparse.csr_matrix
    demand: NDArray[np.float64]
    costs: NDArray[np.float64]
    limit: float


def cover_problem(problem: SitingProblem, *, radius_m: float | None = None) -> CoverProblem:
    """Keep the points that are not covered yet and can be, and merge those with the same sites."""
    radius = problem.standard_m if radius_m is None else radius_m
    near = problem.within(radius)
    open_rows = np.flatnonzero((problem.fixed_m > radius) & (np.diff(near.indptr) > 0))
    near = near[open_rows]
    near.sort_indices()
    groups: dict[bytes, int] = {}
    row_of = np.empty(len(open_rows), dtype=np.int64)
    for i in range(len(open_rows)):
        key = near.indices[near.indptr[i] : near.indptr[i + 1]].tobytes()
        row_of[i] = groups.setdefault(key, len(groups))
    first = np.unique(row_of, return_index=True)[1] if len(row_of) else np.empty(0, dtype=np.int64)
    demand = np.zeros(len(groups))
    np.add.at(demand, row_of, problem.demand[open_rows])
    return CoverProblem(near[first], demand, problem.costs, problem.limit)


def max_cover(
    problem: SitingProblem, *, node_limit: int | None, seconds: float | None
) -> tuple[list[int], SolverAnswer]:
    """Choose sites that cover the most demand.

    Returns
    -------
    list of int, SolverAnswer
        The sites; objective and bound are the demand newly covered.
    """
    cover = cover_problem(problem)
    start = cover_greedily(cover)
    if len(cover.demand) == 0:
        return [], SolverAnswer("optimal", 0.0, 0.0, 0.0, 0.0, "nothing left to cover")
    rows, sites = cover.near.shape
    if rows + sites <= MOST_PULP_VARIABLES:
        model = cover_model(cover)
        guess = _start_values(cover, start)
        answer = solve(model, node_limit=node_limit, seconds=seconds, start=guess)
        values = None if answer.values is None else answer.values[rows:]
    else:
        answer = _solve_large(cover, start, node_limit=node_limit, seconds=seconds)
        values = None if answer.values is None else answer.values[rows:]
    found = None if values is None else [int(j) for j in np.flatnonzero(values > 0.5)]
    return _better(cover, start, found, answer)


def cover_model(cover: CoverProblem) -> pulp.LpProblem:
    """Write maximum cover as a PuLP model: the readable reference."""
    rows, sites = cover.near.shape
    model = pulp.LpProblem("max_cover", pulp.LpMaximize)
    covered = [model.add_variable(f"a_covered_{i:07d}", 0, 1) for i in range(rows)]
    opened = [model.add_variable(f"b_open_{j:07d}", cat="Binary") for j in range(sites)]
    model += pulp.lpSum(float(d) * z for d, z in zip(cover.demand, covered, strict=True))
    for i in range(rows):
        near = cover.near.indices[cover.near.indptr[i] : cover.near.indptr[i + 1]]
        model += covered[i] <= pulp.lpSum(opened[j] for j in near)
    model += pulp.lpSum(float(c) * y for c, y in zip(cover.costs, opened, strict=True)) <= cover.limit
    return model


def _solve_large(cover: CoverProblem, start: list[int], *, node_limit: int | None, seconds: float | None) -> Solution:
    """Hand the same model over as one sparse matrix."""
    rows, sites = cover.near.shape
    near = cover.near.tocoo()
    row = np.concatenate([np.arange(rows), near.row, np.full(sites, rows)])
    column = np.concatenate([np.arange(rows), rows + near.col, rows + np.arange(sites)])
    value = np.concatenate([np.ones(rows), -near.data, cover.costs])
    return solve_sparse(
        np.concatenate([cover.demand, np.zeros(sites)]),
        sparse.csr_matrix((value, (row, column)), shape=(rows + 1, rows + sites)),
        np.full(rows + 1, -np.inf),
        np.concatenate([np.zeros(rows), [cover.limit]]),
        high=1.0,
        integral=np.concatenate([np.zeros(rows, dtype=bool), np.ones(sites, dtype=bool)]),
        maximise=True,
        node_limit=node_limit,
        seconds=seconds,
        start=_start_values(cover, start),
    )


def _start_values(cover: CoverProblem, chosen: list[int]) -> NDArray[np.float64]:
    rows, sites = cover.near.shape
    values = np.zeros(rows + sites)
    values[rows:][chosen] = 1.0
    values[:rows] = np.minimum(cover.near @ values[rows:], 1.0)
    return values


def _better(
    cover: CoverProblem, start: list[int], found: list[int] | None, answer: Solution
) -> tuple[list[int], SolverAnswer]:
    """Keep the greedy start when the solver was stopped before it did better."""
    if found is not None and _covered(cover, found) >= _covered(cover, start) - _EPS:
        chosen, value = found, _covered(cover, found)
    else:
        chosen, value = start, _covered(cover, start)
    bound = answer.bound if answer.bound is not None else float(cover.demand.sum())
    status = "optimal" if answer.status == "optimal" else "feasible"
    gap = max(0.0, bound - value) / value if value > 0 else None
    if status == "optimal":
        bound, gap = value, 0.0
    return chosen, SolverAnswer(status, value, bound, gap, answer.seconds, answer.engine)


def _covered(cover: CoverProblem, chosen: list[int]) -> float:
    if not chosen:
        return 0.0
    hit = np.asarray(cover.near[:, chosen].sum(axis=1)).ravel() > 0
    return float(cover.demand[hit].sum())


def cover_greedily(cover: CoverProblem) -> list[int]:
    """Choose sites one at a time by demand per cost, then exchange one for one while that helps.

    Near (1 - 1/e) of the optimum by Nemhauser, Wolsey & Fisher 1978 before the exchanges.
    """
    if len(cover.demand) == 0:
        return []
    to_site = cover.near.T.tocsr()
    chosen: list[int] = []
    times = np.zeros(len(cover.demand))
    _fill(cover, to_site, chosen, times)
    improved = True
    while improved:
        improved = False
        for old in sorted(chosen):
            without = times - _column(to_site, old, len(times))
            gains = _affordable_gains(cover, to_site, [c for c in chosen if c != old], without)
            best = int(np.argmax(gains))
            if gains[best] > gains[old] + _EPS:
                chosen[chosen.index(old)] = best
                times = without + _column(to_site, best, len(times))
                _fill(cover, to_site, chosen, times)
                improved = True
    return sorted(chosen)


def _fill(cover: CoverProblem, to_site: sparse.csr_matrix, chosen: list[int], times: NDArray[np.float64]) -> None:
    """Add sites while there is money and something to gain; changes `chosen` and `times`."""
    while True:
        gains = _affordable_gains(cover, to_site, chosen, times)
        worth = gains / np.maximum(cover.costs, _EPS)
        best = int(np.argmax(worth))
        if gains[best] <= _EPS:
            return
        chosen.append(best)
        times += _column(to_site, best, len(times))


def _affordable_gains(
    cover: CoverProblem, to_site: sparse.csr_matrix, chosen: list[int], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    gains = np.asarray(to_site @ (cover.demand * (times < 0.5)), dtype=np.float64)
    gains[cover.costs > cover.limit - cover.costs[chosen].sum() + _EPS] = 0.0
    gains[chosen] = 0.0
    return gains


def _column(to_site: sparse.csr_matrix, site: int, rows: int) -> NDArray[np.float64]:
    hit = np.zeros(rows)
    hit[to_site.indices[to_site.indptr[site] : to_site.indptr[site + 1]]] = 1.0
    return hit
