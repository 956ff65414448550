"""Set cover: the fewest (or cheapest) sites that cover everybody who can be covered.

Toregas et al. 1971, doi:10.1287/opre.19.6.1363; the reductions are those of Beasley 1987.
"""

from __future__ import annotations

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from gis.model.results import SolverAnswer
from optimize.solver import solve, solve_sparse

__all__ = ["cover_model_all", "fewest"]

MOST_PULP_VARIABLES = 100_000


def fewest(
    near: sparse.csr_matrix,
    costs: NDArray[np.float64],
    *,
    node_limit: int | None = None,
    seconds: float | None = None,
) -> tuple[list[int], SolverAnswer]:
    """Choose the cheapest sites so that every row has one.

    Dominated rows and sites are left out first and what remains is split into parts that share
    nothing, each solved by itself.

    Parameters
    ----------
    near
        0/1 matrix (rows, sites); every row has at least one site.
    costs
        Cost of each site, above 0.

    Returns
    -------
    list of int, SolverAnswer
        The sites, sorted; objective and bound are total costs.
    """
    rows, sites = _reduced(near, costs)
    chosen: list[int] = []
    answers: list[SolverAnswer] = []
    for part_rows, part_sites in _parts(near, rows, sites):
        if len(part_sites) == 1:
            chosen.append(int(part_sites[0]))
            cost = float(costs[part_sites[0]])
            answers.append(SolverAnswer("optimal", cost, cost, 0.0, 0.0, "reduction"))
            continue
        picked, answer = _solve_part(
            near[part_rows][:, part_sites].tocsr(), costs[part_sites], node_limit=node_limit, seconds=seconds
        )
        chosen.extend(int(part_sites[j]) for j in picked)
        answers.append(answer)
    return sorted(chosen), _summed(answers)


def _reduced(near: sparse.csr_matrix, costs: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Leave out rows that are covered whenever another is, and sites that another replaces."""
    rows = np.arange(near.shape[0])
    sites = np.arange(near.shape[1])
    while True:
        size = (len(rows), len(sites))
        part = near[rows][:, sites].tocsr()
        sites = sites[~_dominated(part.T.tocsr(), costs[sites], larger_wins=True)]
        part = near[rows][:, sites].tocsr()
        rows = rows[~_dominated(part, np.ones(len(rows)), larger_wins=False)]
        if (len(rows), len(sites)) == size:
            return rows, sites


def _dominated(sets: sparse.csr_matrix, costs: NDArray[np.float64], *, larger_wins: bool) -> NDArray[np.bool_]:
    """Mark sets that a superset (or subset) at no higher cost makes superfluous; of equals the first stays."""
    count = np.diff(sets.indptr)
    shared = (sets @ sets.T).tocoo()
    a, b, common = shared.row, shared.col, shared.data
    inside = (common == count[a]) & (a != b) & (costs[b] <= costs[a])
    equal = inside & (count[a] == count[b]) & (costs[a] == costs[b])
    strict = inside & ~equal
    gone = np.zeros(sets.shape[0], dtype=bool)
    gone[(a if larger_wins else b)[strict]] = True
    gone[a[equal & (b < a)]] = True
    if larger_wins:
        gone[count == 0] = True
    return gone


def _parts(
    near: sparse.csr_matrix, rows: NDArray[np.int64], sites: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    part = near[rows][:, sites].tocoo()
    size = len(rows) + len(sites)
    links = sparse.csr_matrix((part.data, (part.row, len(rows) + part.col)), shape=(size, size))
    number, label = connected_components(links, directed=False)
    row_label, site_label = label[: len(rows)], label[len(rows) :]
    return [(rows[row_label == k], sites[site_label == k]) for k in range(number) if (row_label == k).any()]


def _solve_part(
    near: sparse.csr_matrix, costs: NDArray[np.float64], *, node_limit: int | None, seconds: float | None
) -> tuple[list[int], SolverAnswer]:
    rows, sites = near.shape
    greedy = _greedy(near, costs)
    start = np.zeros(sites)
    start[greedy] = 1.0
    if sites <= MOST_PULP_VARIABLES:
        answer = solve(cover_model_all(near, costs), node_limit=node_limit, seconds=seconds, start=start)
    else:
        answer = solve_sparse(
            costs, near, np.ones(rows), np.full(rows, np.inf), high=1.0, integral=True,
            node_limit=node_limit, seconds=seconds, start=start,
        )  # fmt: skip
    picked = greedy if answer.values is None else [int(j) for j in np.flatnonzero(answer.values > 0.5)]
    if costs[greedy].sum() < costs[picked].sum():
        picked = greedy
    total = float(costs[picked].sum())
    status = "optimal" if answer.status == "optimal" else "feasible"
    bound = total if status == "optimal" else answer.bound
    gap = None if bound is None else max(0.0, total - bound) / total
    return picked, SolverAnswer(status, total, bound, gap, answer.seconds, answer.engine)


def cover_model_all(near: sparse.csr_matrix, costs: NDArray[np.float64]) -> pulp.LpProblem:
    """Write set cover as a PuLP model: the readable reference."""
    model = pulp.LpProblem("fewest", pulp.LpMinimize)
    opened = [model.add_variable(f"open_{j:07d}", cat="Binary") for j in range(near.shape[1])]
    model += pulp.lpSum(float(c) * y for c, y in zip(costs, opened, strict=True))
    for i in range(near.shape[0]):
        model += pulp.lpSum(opened[j] for j in near.indices[near.indptr[i] : near.indptr[i + 1]]) >= 1
    return model


def _greedy(near: sparse.csr_matrix, costs: NDArray[np.float64]) -> list[int]:
    to_site = near.T.tocsr()
    left = np.ones(near.shape[0])
    chosen: list[int] = []
    while left.any():
        best = int(np.argmax((to_site @ left) / costs))
        chosen.append(best)
        left[to_site.indices[to_site.indptr[best] : to_site.indptr[best + 1]]] = 0.0
    return chosen


def _summed(answers: list[SolverAnswer]) -> SolverAnswer:
    objective = float(sum(a.objective or 0.0 for a in answers))
    bounds = [a.bound for a in answers]
    bound = None if any(b is None for b in bounds) else float(sum(b for b in bounds if b is not None))
    optimal = all(a.status == "optimal" for a in answers)
    gap = None if bound is None else (max(0.0, objective - bound) / objective if objective else 0.0)
    engine = next((a.engine for a in answers if a.engine != "reduction"), "reduction")
    seconds = sum(a.seconds for a in answers)
    return SolverAnswer("optimal" if optimal else "feasible", objective, bound, gap, seconds, engine)
