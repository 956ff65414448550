"""The relaxation by hearts as a linear programme: the best prices of a node that has few arcs left.

Its dual is what `heart_relaxation` climbs step by step; where hearts and the units each may hold are few, HiGHS is at
the top at once. Prices from here are weighed by `relax` as any others, so that a bound never rests on the solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from optimize.column_programme import ColumnProgramme
from optimize.partition.problem import Floats, Ints

__all__ = ["HeartPrices", "HeartTrees", "best_prices"]


@dataclass(frozen=True, eq=False)
class HeartPrices:
    """A solution of the relaxation.

    Attributes
    ----------
    unit, load
        Prices of the units, and of the load of every heart's grid, shape (n,).
    open_share, held_share
        How much each heart is open, shape (n,), and holds each unit, shape (heart, unit).
    """

    unit: Floats
    load: Floats
    open_share: Floats
    held_share: Floats


@dataclass(frozen=True, eq=False)
class HeartTrees:
    """Hearts in question and their dominator trees, as `dominator_trees` writes them."""

    hearts: Ints
    order: Ints
    above: Ints
    size: Ints


def best_prices(
    trees: HeartTrees,
    costs: Floats,
    load: Ints,
    band: tuple[int, int],
    *,
    grids: int,
    need: Ints,
    needs: int,
    dear: float,
) -> HeartPrices | None:
    """Return the best prices of a node; None where the solver has none.

    Parameters
    ----------
    costs
        Of a heart's holding a unit, shape (heart, unit).
    load, band
        Of the units, and what a grid may have of it, both ends inclusive.
    need, needs
        Number of the needed set of each heart, -1 for none, and how many sets there are.
    dear
        Cost of a unit that nothing holds, which keeps the prices in a box.
    """
    hearts, order, above, size = trees.hearts, trees.order, trees.above, trees.size
    lo, hi = band
    n = len(load)
    heart = np.repeat(hearts, size[hearts])
    place = np.concatenate([np.arange(size[h]) for h in hearts])
    unit = order[heart, place].astype(np.int64)
    parent = above[heart, place]
    first = np.cumsum(size[hearts]) - size[hearts]  # arc of each heart to itself
    own = np.repeat(first, size[hearts])
    arcs = len(heart)
    row = np.repeat(np.arange(len(hearts)), size[hearts])
    arc = np.arange(arcs)
    below = np.flatnonzero(place > 0)

    def matrix(rows: Ints, columns: Ints, values: Floats | Ints, height: int) -> sparse.csr_matrix:
        return sparse.csr_matrix((values, (rows, columns)), shape=(height, arcs))

    ones = np.ones(arcs)
    weight = load[unit].astype(np.float64)
    held = matrix(unit, arc, ones, n)
    full = matrix(row, arc, weight, len(hearts))
    opened = matrix(np.arange(len(hearts)), first, np.ones(len(hearts)), len(hearts))
    chain = matrix(
        np.concatenate([np.arange(len(below))] * 2),
        np.concatenate([below, own[below] + parent[below]]),
        np.concatenate([ones[below], -ones[below]]),
        len(below),
    )
    needed = np.flatnonzero(need[hearts] >= 0)
    wanted = matrix(need[hearts][needed], first[needed], np.ones(len(needed)), needs)
    count = matrix(np.zeros(len(hearts), np.int64), first, np.ones(len(hearts)), 1)
    rows = sparse.vstack([held, full - lo * opened, full - hi * opened, chain, wanted, count])
    endless = np.inf
    low = np.concatenate(
        [np.ones(n), np.zeros(len(hearts)), np.full(len(hearts) + len(below), -endless), np.ones(needs), [grids]]
    )
    high = np.concatenate(
        [
            np.ones(n),
            np.full(len(hearts), endless),
            np.zeros(len(hearts) + len(below)),
            np.full(needs, endless),
            [grids],
        ]
    )
    programme = ColumnProgramme(low, high)
    missing = sparse.vstack([sparse.identity(n), sparse.csr_matrix((rows.shape[0] - n, n))])
    programme.add_columns(
        np.concatenate([costs[heart, unit], np.full(n, dear)]), sparse.csc_matrix(sparse.hstack([rows, missing]))
    )
    solution = programme.solve()
    if solution is None:
        return None
    loads = np.zeros(n)
    loads[hearts] = (
        solution.row_duals[n : n + len(hearts)] + solution.row_duals[n + len(hearts) : n + 2 * len(hearts)]
    )
    open_share, held_share = np.zeros(n), np.zeros((n, n))
    open_share[hearts] = solution.values[first]
    held_share[heart, unit] = solution.values[:arcs]
    return HeartPrices(solution.row_duals[:n].copy(), loads, open_share, held_share)
