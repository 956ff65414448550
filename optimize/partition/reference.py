"""The readable reference: set partitioning written out in PuLP, for small territories and for the tests."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pulp

from optimize.partition.problem import Ints, Territory, heart_of, piece_count
from optimize.solver import solve

__all__ = ["MOST_UNITS", "reference_drawing"]

MOST_UNITS = 14  # every subset is looked at


def reference_drawing(territory: Territory, count: int) -> tuple[int, float]:
    """Return (least load outside the band, least household-metres at it) of ``count`` connected grids.

    Two models in a row over every connected set of units: the first makes the violation small, the second
    the distance at no larger violation. O(2^n).

    Raises
    ------
    ValueError
        When the territory is too large to look at every subset.
    """
    n = len(territory)
    if n > MOST_UNITS:
        raise ValueError(f"reference_drawing takes up to {MOST_UNITS} units, got {n}")
    sets = [units for size in range(1, n + 1) for units in combinations(range(n), size) if _allowed(territory, units)]
    outside = [int(territory.band.violation(territory.load[_array(units)].sum())) for units in sets]
    walk_hm = [heart_of(territory, _array(units))[1] for units in sets]

    violation = _model(n, count, sets, [float(load) for load in outside])
    least = round(solve(violation).objective or 0.0)
    distance = _model(n, count, sets, walk_hm, outside=outside, least=least)
    return least, float(solve(distance).objective or 0.0)


def _model(
    n: int,
    count: int,
    sets: list[tuple[int, ...]],
    costs: list[float],
    *,
    outside: list[int] | None = None,
    least: int = 0,
) -> pulp.LpProblem:
    problem = pulp.LpProblem("grids", pulp.LpMinimize)
    chosen = [problem.add_variable(f"grid_{j:06d}", cat=pulp.LpBinary) for j in range(len(sets))]
    problem += pulp.lpSum(cost * x for cost, x in zip(costs, chosen, strict=True))
    for unit in range(n):
        problem += pulp.lpSum(x for units, x in zip(sets, chosen, strict=True) if unit in units) == 1
    problem += pulp.lpSum(chosen) == count
    if outside is not None:
        problem += pulp.lpSum(load * x for load, x in zip(outside, chosen, strict=True)) <= least
    return problem


def _allowed(territory: Territory, units: tuple[int, ...]) -> bool:
    """Whether units can be a grid: one piece, groups whole, rivals apart."""
    if piece_count(territory, _array(units)) != 1 or any(a in units and b in units for a, b in territory.rivals):
        return False
    groups = {int(territory.group[u]) for u in units} - {-1} if len(territory.group) else set()
    return all(u in units for u in range(len(territory)) if len(territory.group) and territory.group[u] in groups)


def _array(units: tuple[int, ...]) -> Ints:
    return np.array(units, dtype=np.int64)
