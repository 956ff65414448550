"""The best of two drawings, piece by piece, compiled.

Two drawings of one territory agree on the outlines of some groups of grids: the connected components of
"shares a unit with". Inside such an outline either drawing may stand, so the better one is taken, outline
by outline (partition crossover; Whitley, Hains & Howe 2009, doi:10.1145/1569901.1570026).
"""

# ruff: noqa: PLR0912, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints


@compiled
def root_of(parent: Ints, g: int) -> int:
    """Return the root of a member of a union-find forest, halving the path."""
    while parent[g] != g:
        parent[g] = parent[parent[g]]
        g = parent[g]
    return g


@compiled
def recombine(
    label: Ints,
    other: Ints,
    violation: Ints,
    other_violation: Ints,
    cost: Floats,
    other_cost: Floats,
    named: bool,
) -> int:
    """Take into ``label`` every outline that ``other`` draws better with as many grids; return how many.

    ``violation`` and ``cost`` are per grid of ``label``, the others per grid of ``other``; both drawings
    have the same number of grids. Where grids are ``named``, a grid keeps its number.
    """
    n = len(label)
    k = len(cost)
    parent = np.arange(2 * k)
    for u in range(n):
        a = root_of(parent, label[u])
        b = root_of(parent, k + other[u])
        if a != b:
            parent[b] = a
    if named:
        for g in range(k):
            a = root_of(parent, g)
            b = root_of(parent, k + g)
            if a != b:
                parent[b] = a
    count = np.zeros(2 * k, np.int64)
    worse = np.zeros(2 * k, np.int64)
    dearer = np.zeros(2 * k, np.float64)
    for g in range(k):
        a = root_of(parent, g)
        count[a] += 1
        worse[a] += violation[g]
        dearer[a] += cost[g]
        b = root_of(parent, k + g)
        count[b] -= 1
        worse[b] -= other_violation[g]
        dearer[b] -= other_cost[g]
    spare = np.full(2 * k, -1, np.int64)  # first free grid number of label in each outline
    chain = np.full(k, -1, np.int64)
    taken = 0
    for g in range(k - 1, -1, -1):
        a = root_of(parent, g)
        if count[a] == 0 and (worse[a] > 0 or (worse[a] == 0 and dearer[a] > 1e-9)):
            if spare[a] < 0:
                taken += 1
            chain[g] = spare[a]
            spare[a] = g
    number = np.full(k, -1, np.int64)
    for u in range(n):
        h = other[u]
        a = root_of(parent, k + h)
        if spare[a] >= 0 or number[h] >= 0:
            if number[h] < 0:
                number[h] = h if named else spare[a]
                if not named:
                    spare[a] = chain[spare[a]]
            label[u] = number[h]
    return taken
