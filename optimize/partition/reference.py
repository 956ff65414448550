"""The readable reference: set partitioning written out in PuLP, for small territories and for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pulp

from optimize.partition.problem import Ints, Territory, heart_of, piece_count
from optimize.solver import solve

__all__ = ["MOST_UNITS", "reference_drawing"]

MOST_UNITS = 14  # every subset is looked at


@dataclass(frozen=True)
class _Grid:
    """A possible grid: its units, and the home that it goes on from, -1 for a new grid."""

    units: tuple[int, ...]
    home: int
    outside: int
    cost: float


def reference_drawing(territory: Territory, count: int) -> tuple[int, float]:
    """Return (least load outside the band, least cost at it) of ``count`` connected grids.

    Two models in a row over every connected set of units that groups, rivals and locks allow: the first makes the
    violation small, the second the walk and what is asked for beside it, at no larger violation. Where units have
    homes a set is listed once for each home that it could go on from, and once as a new grid; no two grids go on
    from one home, and locked units are at theirs. O(2^n).

    Raises
    ------
    ValueError
        When the territory is too large to look at every subset, or no such grids exist.
    """
    n = len(territory)
    if n > MOST_UNITS:
        raise ValueError(f"reference_drawing takes up to {MOST_UNITS} units, got {n}")
    grids = list(_grids(territory))
    violation = _model(n, count, grids, [float(grid.outside) for grid in grids])
    least = round(_solved(violation, count))
    cost = _model(n, count, grids, [grid.cost for grid in grids], most_outside=least)
    return least, _solved(cost, count)


def _grids(territory: Territory) -> Iterator[_Grid]:
    n = len(territory)
    for size in range(1, n + 1):
        for units in combinations(range(n), size):
            if _allowed(territory, units):
                outside = int(territory.band.violation(territory.load[_array(units)].sum()))
                parts = (_walk_hm, _cut_hm, _uneven_hm, _area_hm)
                beside_homes = sum(part(territory, units) for part in parts)
                for home in _homes(territory, units):
                    yield _Grid(units, home, outside, beside_homes + _away_hm(territory, units, home))


def _model(
    n: int, count: int, grids: list[_Grid], costs: list[float], *, most_outside: int | None = None
) -> pulp.LpProblem:
    problem = pulp.LpProblem("grids", pulp.LpMinimize)
    chosen = [problem.add_variable(f"grid_{j:06d}", cat=pulp.LpBinary) for j in range(len(grids))]
    listed = list(zip(grids, chosen, strict=True))
    problem += pulp.lpSum(cost * x for cost, x in zip(costs, chosen, strict=True))
    for unit in range(n):
        problem += pulp.lpSum(x for grid, x in listed if unit in grid.units) == 1
    for home in sorted({grid.home for grid in grids} - {-1}):
        problem += pulp.lpSum(x for grid, x in listed if grid.home == home) <= 1
    problem += pulp.lpSum(chosen) == count
    if most_outside is not None:
        problem += pulp.lpSum(grid.outside * x for grid, x in listed) <= most_outside
    return problem


def _solved(problem: pulp.LpProblem, count: int) -> float:
    objective = solve(problem).objective
    if objective is None:
        raise ValueError(f"no {count} connected grids obey groups, rivals and locks")
    return float(objective)


def _allowed(territory: Territory, units: tuple[int, ...]) -> bool:
    """Whether units can be a grid: one piece, groups and locked grids whole, no two of these, rivals apart."""
    if piece_count(territory, _array(units)) != 1 or any(a in units and b in units for a, b in territory.rivals):
        return False
    one_lock = len({int(territory.anchor[u]) for u in units} - {-1}) <= 1
    return one_lock and _holds_whole(territory.anchor, units) and _holds_whole(territory.group, units)


def _holds_whole(number: Ints, units: tuple[int, ...]) -> bool:
    """Whether units with one number (-1: none) are in the set together or not at all; ``number`` may be empty."""
    held = {int(number[u]) for u in units if len(number)} - {-1}
    return all(u in units for u in range(len(number)) if int(number[u]) in held)


def _walk_hm(territory: Territory, units: tuple[int, ...]) -> float:
    return heart_of(territory, _array(units))[1] if territory.terms.walk else 0.0


def _cut_hm(territory: Territory, units: tuple[int, ...]) -> float:
    """Half the price of each neighbour pair that the set cuts: the grid on the other side pays as much."""
    border = territory.terms.border
    pairs = ((u, e) for u in units for e in range(territory.indptr[u], territory.indptr[u + 1]) if len(border))
    return sum(float(border[e]) / 2 for u, e in pairs if territory.indices[e] not in units)


def _uneven_hm(territory: Territory, units: tuple[int, ...]) -> float:
    load = int(territory.load[_array(units)].sum())
    return territory.terms.uneven * abs(load - territory.band.target)


def _area_hm(territory: Territory, units: tuple[int, ...]) -> float:
    terms = territory.terms
    area = int(territory.area[_array(units)].sum()) if terms.area_price else 0
    return terms.area_price * max(0, area - terms.area_cap)


def _homes(territory: Territory, units: tuple[int, ...]) -> list[int]:
    """Return the homes that a grid of these units may go on from: that of locked ones, else any of theirs or none."""
    home = territory.terms.home
    of_units = {int(home[u]) for u in units if len(home)} - {-1}
    of_locked = {int(home[u]) for u in units if len(home) and territory.anchor[u] >= 0} - {-1}
    if of_locked:
        return list(of_locked) if len(of_locked) == 1 else []
    return [-1, *sorted(of_units)]


def _away_hm(territory: Territory, units: tuple[int, ...], home: int) -> float:
    terms = territory.terms
    return sum(float(terms.away[u]) for u in units if len(terms.home) and (home < 0 or terms.home[u] != home))


def _array(units: tuple[int, ...]) -> Ints:
    return np.array(units, dtype=np.int64)
