"""The state of a drawing while units move, compiled: loads, lists of units and exact hearts.

A grid's cost is the household-metres to its best unit. Each unit keeps ``reach``, the household-metres
from all units of its grid to itself, so that the exact heart after a move is found in one pass over the grid.
"""

# ruff: noqa: PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints

State = tuple[Ints, Floats, Ints, Ints, Ints, Ints, Floats]
Ground = tuple[Floats, Floats, Floats]  # x and y of the units, and the metres between them: empty where straight


@compiled
def metres(u: int, v: int, ground: Ground) -> float:
    """Return the metres between two units."""
    x, y, gap = ground
    if len(gap) > 0:
        return float(gap[u, v])
    dx = x[u] - x[v]
    dy = y[u] - y[v]
    return float(np.sqrt(dx * dx + dy * dy))


@compiled
def build_state(ground: Ground, w: Floats, load: Ints, label: Ints, k: int) -> State:
    """Return (grid_load, grid_cost, grid_size, head, nxt, prv, reach) of a drawing."""
    n = len(label)
    grid_load = np.zeros(k, np.int64)
    grid_cost = np.zeros(k, np.float64)
    grid_size = np.zeros(k, np.int32)
    head = np.full(k, -1, np.int32)
    nxt = np.full(n, -1, np.int32)
    prv = np.full(n, -1, np.int32)
    reach = np.zeros(n, np.float64)
    for u in range(n - 1, -1, -1):
        g = label[u]
        grid_load[g] += load[u]
        grid_size[g] += 1
        nxt[u] = head[g]
        if head[g] >= 0:
            prv[head[g]] = u
        head[g] = u
    for g in range(k):
        grid_cost[g] = _refresh(g, ground, w, head, nxt, reach)
    return grid_load, grid_cost, grid_size, head, nxt, prv, reach


@compiled
def _refresh(g: int, ground: Ground, w: Floats, head: Ints, nxt: Ints, reach: Floats) -> float:
    best = np.inf
    u = head[g]
    while u >= 0:
        total = 0.0
        v = head[g]
        while v >= 0:
            total += w[v] * metres(u, v, ground)
            v = nxt[v]
        reach[u] = total
        best = min(best, total)
        u = nxt[u]
    return best if head[g] >= 0 else 0.0


@compiled
def cost_changed(
    g: int, out: int, into: int, ground: Ground, w: Floats, head: Ints, nxt: Ints, reach: Floats
) -> float:
    """Return the cost of grid ``g`` without unit ``out`` and with unit ``into`` (-1: none)."""
    best = np.inf
    own = 0.0
    wo = w[out] if out >= 0 else 0.0
    wi = w[into] if into >= 0 else 0.0
    v = head[g]
    while v >= 0:
        if v != out:
            total = reach[v]
            if out >= 0:
                total -= wo * metres(v, out, ground)
            if into >= 0:
                d = metres(v, into, ground)
                total += wi * d
                own += w[v] * d
            best = min(best, total)
        v = nxt[v]
    if into >= 0 and own < best:
        best = own
    return best if best < np.inf else 0.0


@compiled
def shift(
    u: int,
    h: int,
    ground: Ground,
    w: Floats,
    load: Ints,
    label: Ints,
    grid_load: Ints,
    grid_size: Ints,
    head: Ints,
    nxt: Ints,
    prv: Ints,
    reach: Floats,
) -> None:
    """Put unit ``u`` into grid ``h``; loads, lists and reaches follow, the caller sets the costs."""
    g = label[u]
    if prv[u] >= 0:
        nxt[prv[u]] = nxt[u]
    else:
        head[g] = nxt[u]
    if nxt[u] >= 0:
        prv[nxt[u]] = prv[u]
    v = head[g]
    while v >= 0:
        reach[v] -= w[u] * metres(u, v, ground)
        v = nxt[v]
    total = 0.0
    v = head[h]
    while v >= 0:
        d = metres(u, v, ground)
        reach[v] += w[u] * d
        total += w[v] * d
        v = nxt[v]
    reach[u] = total
    prv[u] = -1
    nxt[u] = head[h]
    if head[h] >= 0:
        prv[head[h]] = u
    head[h] = u
    label[u] = h
    grid_load[g] -= load[u]
    grid_load[h] += load[u]
    grid_size[g] -= 1
    grid_size[h] += 1
