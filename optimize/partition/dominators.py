"""Dominator trees, compiled: without which units a heart is not reached.

K. D. Cooper, T. J. Harvey & K. Kennedy (2001), A simple, fast dominance algorithm, Rice University TR-06-33870.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Bools, Floats, Ints


@compiled
def dominator_trees(
    hearts: Ints, allowed: Bools, indptr: Ints, indices: Ints, order: Ints, above: Ints, count: Ints
) -> int:
    """Write the dominator tree of every heart inside what it may hold; units out of reach are allowed no longer.

    Parameters
    ----------
    hearts
        The hearts in question.
    allowed
        Whether a heart may hold a unit, shape (heart, unit); changed in place.
    order, above, count
        Written: units of each heart's tree, each after its dominator; the dominators' places in ``order``;
        the number of units. Shapes (n, n), (n, n), (n,).

    Returns
    -------
    int
        Arcs that were taken away.
    """
    n = len(indptr) - 1
    rank = np.empty(n, np.int32)  # place of a unit, -1 unseen, -2 on the stack
    stack = np.empty(n, np.int32)
    at = np.empty(n, np.int32)
    gone = 0
    for h in hearts:
        rank[:] = -1
        left = 0
        for u in range(n):
            left += allowed[h, u]
        filled = left  # postorder is written from the end
        stack[0] = h
        at[0] = indptr[h]
        rank[h] = -2
        depth = 0
        while depth >= 0:
            u = stack[depth]
            if at[depth] < indptr[u + 1]:
                v = indices[at[depth]]
                at[depth] += 1
                if rank[v] == -1 and allowed[h, v]:
                    rank[v] = -2
                    depth += 1
                    stack[depth] = v
                    at[depth] = indptr[v]
            else:
                filled -= 1
                order[h, filled] = u
                depth -= 1
        c = left - filled
        for i in range(c):
            order[h, i] = order[h, filled + i]
        for i in range(c):
            rank[order[h, i]] = i
            above[h, i] = -1
        count[h] = c
        above[h, 0] = 0
        changed = True
        while changed:
            changed = False
            for i in range(1, c):
                u = order[h, i]
                new = -1
                for e in range(indptr[u], indptr[u + 1]):
                    p = rank[indices[e]]
                    if p < 0 or not allowed[h, indices[e]] or above[h, p] < 0:
                        continue
                    if new < 0:
                        new = p
                        continue
                    q = p
                    while new != q:
                        while new > q:
                            new = above[h, new]
                        while q > new:
                            q = above[h, q]
                if above[h, i] != new:
                    above[h, i] = new
                    changed = True
        if c < left:
            for u in range(n):
                if allowed[h, u] and rank[u] < 0:
                    allowed[h, u] = False
                    gone += 1
    return gone


@compiled
def load_behind(hearts: Ints, order: Ints, above: Ints, count: Ints, load: Ints) -> Floats:
    """Return the most load that hangs on each unit in the trees of some hearts, a heart's own unit apart."""
    most = np.zeros(len(load), np.float64)
    held = np.empty(len(load), np.float64)
    for h in hearts:
        for i in range(count[h]):
            held[i] = load[order[h, i]]
        for i in range(count[h] - 1, 0, -1):
            held[above[h, i]] += held[i]
            most[order[h, i]] = max(most[order[h, i]], held[i])
    return most
