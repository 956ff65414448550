"""The p-median as a mixed-integer model: readable in PuLP, or as one sparse matrix when large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy import sparse

from optimize.siting.interchange import MedianCosts
from optimize.solution import Solution
from optimize.solver import solve, solve_sparse

__all__ = ["MedianModel", "median_model", "solve_median", "write_median"]

MOST_PULP_VARIABLES = 100_000  # above, building the readable model takes longer than solving it


@dataclass(frozen=True, slots=True, eq=False)
class MedianModel:
    """Who may be served by which site, at what cost, and what the sites cost.

    Parameters
    ----------
    point, site, cost
        One entry a pair, by point and then by cost.
    base
        Cost of each point without any site.
    site_costs, limit
        Cost of each site and the greatest total of what is opened.
    """

    point: NDArray[np.int64]
    site: NDArray[np.int64]
    cost: NDArray[np.float64]
    base: NDArray[np.float64]
    site_costs: NDArray[np.float64]
    limit: float

    @property
    def size(self) -> int:
        """Number of variables: one a site and one a pair."""
        return len(self.site_costs) + len(self.cost)

    def values_of(self, opened: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the values of the variables when some sites are open and everybody takes the nearest."""
        serves = np.zeros(len(self.cost))
        may = np.flatnonzero(opened[self.site])
        serves[may[np.unique(self.point[may], return_index=True)[1]]] = 1.0
        return np.concatenate([opened.astype(np.float64), serves])


def median_model(
    costs: MedianCosts, sites: NDArray[np.int64], site_costs: NDArray[np.float64], limit: float
) -> MedianModel:
    """Make the model over some of the sites."""
    place = np.full(len(costs.site_starts) - 1, -1, dtype=np.int64)
    place[sites] = np.arange(len(sites))
    site = place[costs.sites]
    point = np.repeat(np.arange(len(costs.base)), np.diff(costs.starts))
    keep = site >= 0
    return MedianModel(point[keep], site[keep], costs.cost[keep], costs.base, site_costs[sites], limit)


def solve_median(
    model: MedianModel,
    *,
    start: NDArray[np.float64] | None = None,
    node_limit: int | None = None,
    seconds: float | None = None,
) -> Solution:
    """Solve the model; the first values are those of the sites."""
    if model.size <= MOST_PULP_VARIABLES:
        return solve(write_median(model), node_limit=node_limit, seconds=seconds, start=start)
    return _solve_large(model, start=start, node_limit=node_limit, seconds=seconds)


def write_median(model: MedianModel) -> pulp.LpProblem:
    """Write the model in PuLP, the readable reference: least cost of serving everybody at most once."""
    problem = pulp.LpProblem("p_median", pulp.LpMinimize)
    opened = [problem.add_variable(f"a_open_{j:07d}", cat="Binary") for j in range(len(model.site_costs))]
    serves = [problem.add_variable(f"b_serves_{e:07d}", 0, 1) for e in range(len(model.cost))]
    saved = model.cost - model.base[model.point]
    problem += pulp.lpSum(float(s) * x for s, x in zip(saved, serves, strict=True)) + float(model.base.sum())
    by_point: dict[int, list[pulp.LpVariable]] = {}
    for x, i, j in zip(serves, model.point.tolist(), model.site.tolist(), strict=True):
        by_point.setdefault(i, []).append(x)
        problem += x <= opened[j]
    for mine in by_point.values():
        problem += pulp.lpSum(mine) <= 1
    problem += pulp.lpSum(float(c) * y for c, y in zip(model.site_costs, opened, strict=True)) <= model.limit
    return problem


def _solve_large(
    model: MedianModel, *, start: NDArray[np.float64] | None, node_limit: int | None, seconds: float | None
) -> Solution:
    """Hand the same model over as one sparse matrix."""
    pairs, sites, points = len(model.cost), len(model.site_costs), len(model.base)
    each, ones = np.arange(pairs), np.ones(pairs)
    row = np.concatenate([each, each, pairs + model.point, np.full(sites, pairs + points)])
    column = np.concatenate([model.site, sites + each, sites + each, np.arange(sites)])
    value = np.concatenate([-ones, ones, ones, model.site_costs])
    return solve_sparse(
        np.concatenate([np.zeros(sites), model.cost - model.base[model.point]]),
        sparse.csr_matrix((value, (row, column)), shape=(pairs + points + 1, sites + pairs)),
        np.full(pairs + points + 1, -np.inf),
        np.concatenate([np.zeros(pairs), np.ones(points), [model.limit]]),
        high=1.0,
        integral=np.concatenate([np.ones(sites, dtype=bool), np.zeros(pairs, dtype=bool)]),
        offset=float(model.base.sum()),
        node_limit=node_limit,
        seconds=seconds,
        start=start,
    )
