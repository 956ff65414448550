"""Two neighbouring grids, cut anew along the edges of a random spanning tree, compiled.

Walls with few gates make a graph nearly a tree: a unit behind a gate can not be moved without all that lies behind
it, and moves of single units do not leave such valleys. A random spanning tree of two grids has an edge for every
pocket; removing one leaves two connected sides, and the subtree loads tell at once which edges keep the band.

D. DeFord, M. Duchin & J. Solomon (2021), Recombination: a family of Markov chains for redistricting,
doi:10.1162/99608f92.eb30390f; here the cheapest edge is taken, and accepted as in annealing.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.local_search import draw, outside
from optimize.partition.problem import Floats, Ints
from optimize.partition.recombination import root_of


@compiled
def _side_hm(units: Ints, first: int, last: int, within: bool, house: Floats, gap: Floats, most: float) -> float:
    """Return the household-metres to the heart of the units first .. last, or of all others; ``most`` at most."""
    s = len(units)
    best = most
    a = first if within else 0
    end = last if within else s
    while a < end:
        if not within and a == first:
            a = last
            continue
        total = 0.0
        if within:
            for b in range(first, last):
                total += house[units[b]] * gap[units[a], units[b]]
                if total >= best:
                    break
        else:
            for b in range(first):
                total += house[units[b]] * gap[units[a], units[b]]
                if total >= best:
                    break
            for b in range(last, s):
                if total >= best:
                    break
                total += house[units[b]] * gap[units[a], units[b]]
        best = min(best, total)
        a += 1
    return best


@compiled
def recut(
    indptr: Ints,
    indices: Ints,
    house: Floats,
    gap: Floats,
    load: Ints,
    lo: int,
    hi: int,
    label: Ints,
    best_label: Ints,
    best: float,
    price: float,
    heat: float,
    cooling: float,
    steps: int,
    table: Floats,
    rng: Ints,
) -> float:
    """Cut random pairs of neighbouring grids anew, ``steps`` times.

    Parameters
    ----------
    label, best_label, best
        The drawing, which is changed; the best one met and its cost, infinite at the start.
    gap
        Metres between units, shape (n, n).
    price
        Household-metres that one load unit outside the band costs.
    heat, cooling
        First temperature in household-metres, and its factor after each step.
    table
        Exponentially distributed thresholds.

    Returns
    -------
    float
        Cost of the best drawing: household-metres and priced load outside the band.
    """
    n = len(label)
    k = label.max() + 1
    cost = np.zeros(k, np.float64)
    for g in range(k):
        held = np.flatnonzero(label == g)
        cost[g] = _side_hm(held, 0, len(held), True, house, gap, np.inf) + price * outside(load[held].sum(), lo, hi)
    if float(cost.sum()) < best:
        best = float(cost.sum())
        best_label[:] = label
    members = np.empty(n, np.int64)
    units = np.empty(n, np.int64)
    place = np.full(n, -1, np.int64)
    ends = np.empty((len(indices), 2), np.int64)
    keys = np.empty(len(indices), np.float64)
    parent = np.empty(n, np.int64)
    above = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    sub = np.empty(n, np.int64)
    size = np.empty(n, np.int64)
    head = np.empty(n, np.int64)
    link = np.empty(2 * n, np.int64)
    to = np.empty(2 * n, np.int64)
    for _ in range(steps):
        heat *= cooling
        u = draw(rng, n)
        degree = indptr[u + 1] - indptr[u]
        if degree == 0:
            continue
        g = label[u]
        h = label[indices[indptr[u] + draw(rng, degree)]]
        if g == h:
            continue
        s = 0
        for u in range(n):
            if label[u] == g or label[u] == h:
                members[s] = u
                place[u] = s
                s += 1
        m = 0
        for a in range(s):
            u = members[a]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if v > u and (label[v] == g or label[v] == h):
                    ends[m, 0] = a
                    ends[m, 1] = place[v]
                    keys[m] = float(1 + draw(rng, 1 << 20)) * gap[u, v]
                    m += 1
        for a in range(s):
            parent[a] = a
            head[a] = -1
        filled = 0
        for e in np.argsort(keys[:m]):
            a = root_of(parent, ends[e, 0])
            b = root_of(parent, ends[e, 1])
            if a == b:
                continue
            parent[b] = a
            for side in range(2):
                at = ends[e, side]
                to[filled] = ends[e, 1 - side]
                link[filled] = head[at]
                head[at] = filled
                filled += 1
            if filled == 2 * (s - 1):
                break
        stack[0] = 0
        above[0] = -1
        depth = 1
        seen = 0
        while depth > 0:  # in preorder a subtree is a run
            depth -= 1
            a = stack[depth]
            order[seen] = a
            units[seen] = members[a]
            seen += 1
            sub[a] = load[members[a]]
            size[a] = 1
            e = head[a]
            while e >= 0:
                if to[e] != above[a]:
                    above[to[e]] = a
                    stack[depth] = to[e]
                    depth += 1
                e = link[e]
        for i in range(s - 1, 0, -1):
            sub[above[order[i]]] += sub[order[i]]
            size[above[order[i]]] += size[order[i]]
        total = sub[0]
        limit = cost[g] + cost[h] + heat * table[draw(rng, len(table))]
        taken = -1
        cost_g = cost_h = 0.0
        for i in range(1, s):
            a = order[i]
            fine = price * outside(sub[a], lo, hi)
            other_fine = price * outside(total - sub[a], lo, hi)
            if fine + other_fine >= limit:
                continue
            last = i + size[a]
            one = fine + _side_hm(units[:s], i, last, True, house, gap, limit - fine - other_fine)
            two = other_fine + _side_hm(units[:s], i, last, False, house, gap, limit - one - other_fine)
            if one + two < limit:
                limit = one + two
                taken = i
                cost_g, cost_h = one, two
        if taken < 0:
            continue
        last = taken + size[order[taken]]
        for i in range(s):
            label[units[i]] = g if taken <= i < last else h
        cost[g], cost[h] = cost_g, cost_h
        now = float(cost.sum())
        if now < best - 1e-9 * best:
            best = now
            best_label[:] = label
    return best
