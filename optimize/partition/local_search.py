"""Annealed moves and swaps of units between neighbouring grids, compiled.

A move is tested in the order of cost: band O(1), hearts O(grid) by `grid_state`, connectedness last.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.grid_state import Ground, State, cost_changed, shift
from optimize.partition.problem import Bools, Floats, Ints


@compiled
def draw(rng: Ints, span: int) -> int:
    """Return a random number below ``span``; xorshift64*, the state in ``rng[0]``."""
    s = rng[0]
    s ^= s >> np.uint64(12)
    s ^= s << np.uint64(25)
    s ^= s >> np.uint64(27)
    rng[0] = s
    high = (s * np.uint64(2685821657736338717)) >> np.uint64(32)
    return int((high * np.uint64(span)) >> np.uint64(32))


@compiled
def outside(load: int, lo: int, hi: int) -> int:
    """Return how far a load lies outside the band."""
    if load < lo:
        return lo - load
    if load > hi:
        return load - hi
    return 0


@compiled
def _farther_off(target: int, one: int, other: int, old_one: int, old_other: int) -> int:
    """Return how much farther off the target two loads lie than those before."""
    return abs(one - target) + abs(other - target) - abs(old_one - target) - abs(old_other - target)


@compiled
def _farther_above(cap: int, one: int, other: int, old_one: int, old_other: int) -> int:
    """Return how much farther above the cap two areas lie than those before."""
    return max(0, one - cap) + max(0, other - cap) - max(0, old_one - cap) - max(0, old_other - cap)


@compiled
def holds_without(u: int, indptr: Ints, indices: Ints, label: Ints, stamp: Ints, queue: Ints, mark: Ints) -> bool:
    """Return whether the grid of ``u`` stays in one piece when ``u`` leaves it (it has more units)."""
    g = label[u]
    inside = 0
    first = -1
    for e in range(indptr[u], indptr[u + 1]):
        v = indices[e]
        if label[v] == g:
            inside += 1
            if first < 0:
                first = v
    if inside <= 1:
        return inside == 1
    mark[0] += 1
    m = mark[0]
    for e in range(indptr[u], indptr[u + 1]):
        v = indices[e]
        if label[v] == g:
            stamp[v] = m  # wanted
    mark[0] += 1
    seen = mark[0]
    stamp[u] = seen
    stamp[first] = seen
    queue[0] = first
    end = 1
    at = 0
    left = inside - 1
    while at < end:
        v = queue[at]
        at += 1
        for e in range(indptr[v], indptr[v + 1]):
            t = indices[e]
            if label[t] == g and stamp[t] != seen:
                if stamp[t] == m:
                    left -= 1
                    if left == 0:
                        return True
                stamp[t] = seen
                queue[end] = t
                end += 1
    return False


@compiled
def _touches(u: int, h: int, skip: int, indptr: Ints, indices: Ints, label: Ints) -> bool:
    for e in range(indptr[u], indptr[u + 1]):
        v = indices[e]
        if v != skip and label[v] == h:
            return True
    return False


@compiled
def _swap_holds(
    u: int, v: int, indptr: Ints, indices: Ints, label: Ints, grid_size: Ints, stamp: Ints, queue: Ints, mark: Ints
) -> bool:
    """Return whether both grids are in one piece after ``u`` and ``v`` change places."""
    g = label[u]
    h = label[v]
    if not (_touches(u, h, v, indptr, indices, label) or grid_size[h] == 1):
        return False
    if not (_touches(v, g, u, indptr, indices, label) or grid_size[g] == 1):
        return False
    label[u] = h
    label[v] = g
    good = _whole(v, grid_size[g], indptr, indices, label, stamp, queue, mark) and _whole(
        u, grid_size[h], indptr, indices, label, stamp, queue, mark
    )
    label[u] = g
    label[v] = h
    return good


@compiled
def _whole(
    u: int, count: int, indptr: Ints, indices: Ints, label: Ints, stamp: Ints, queue: Ints, mark: Ints
) -> bool:
    """Return whether ``count`` units are reached from ``u`` inside its grid."""
    mark[0] += 1
    m = mark[0]
    g = label[u]
    stamp[u] = m
    queue[0] = u
    end = 1
    at = 0
    while at < end:
        v = queue[at]
        at += 1
        for e in range(indptr[v], indptr[v + 1]):
            t = indices[e]
            if label[t] == g and stamp[t] != m:
                stamp[t] = m
                queue[end] = t
                end += 1
    return end == count


@compiled
def _terms(
    u: int, g: int, h: int, indptr: Ints, indices: Ints, label: Ints, border: Floats, home: Ints, away: Floats
) -> float:
    """Return what moving ``u`` from ``g`` to ``h`` adds in borders and in units away from home."""
    delta = 0.0
    if len(border) > 0:
        for e in range(indptr[u], indptr[u + 1]):
            t = label[indices[e]]
            if t == g:
                delta += border[e]
            elif t == h:
                delta -= border[e]
    if len(home) > 0:
        if home[u] == g:
            delta += away[u]
        elif home[u] == h:
            delta -= away[u]
    return delta


@compiled
def _between(u: int, v: int, indptr: Ints, indices: Ints, border: Floats) -> float:
    """Return the price of the border between two units, 0 where they are not neighbours."""
    for e in range(indptr[u], indptr[u + 1]):
        if indices[e] == v:
            return float(border[e])
    return 0.0


@compiled
def _clashes(u: int, h: int, skip: int, rival_starts: Ints, rivals: Ints, label: Ints) -> bool:
    """Return whether grid ``h`` holds a unit, ``skip`` apart, that never shares a grid with ``u``."""
    for e in range(rival_starts[u], rival_starts[u + 1]):
        v = rivals[e]
        if v != skip and label[v] == h:
            return True
    return False


@compiled
def anneal(
    indptr: Ints,
    indices: Ints,
    ground: Ground,
    w: Floats,
    load: Ints,
    free: Bools,
    border: Floats,
    home: Ints,
    away: Floats,
    rival_starts: Ints,
    rivals: Ints,
    lo: int,
    hi: int,
    target: int,
    uneven: float,
    area: Ints,
    area_cap: int,
    area_price: float,
    label: Ints,
    state: State,
    price: float,
    heat: float,
    cooling: float,
    sweeps: int,
    window: int,
    table: Floats,
    rng: Ints,
    swap_share: int,
) -> int:
    """Anneal ``label`` in place for ``sweeps`` passes of one trial a unit.

    ``border`` holds household-metres per cut neighbour pair (aligned with ``indices``), ``away`` those of a
    unit outside its grid ``home``; both may be empty. ``uneven`` is what a grid pays for one unit of load off
    ``target``, ``area_price`` what one square metre above ``area_cap`` costs it; ``area`` is empty where that is
    nothing. ``rivals`` never come into one grid. ``price`` is the household-metres that one unit of band
    violation costs, ``heat`` the first temperature in household-metres, multiplied by ``cooling`` after each pass.
    Returns the work done (trials).
    """
    n = len(label)
    grid_load, grid_cost, grid_size, head, nxt, prv, reach = state
    stamp = np.zeros(n, np.int32)
    queue = np.empty(n, np.int32)
    mark = np.zeros(1, np.int64)
    terms = len(border) > 0 or len(home) > 0
    apart = len(rivals) > 0
    areal = len(area) > 0
    grid_area = np.zeros(len(grid_load) if areal else 0, np.int64)
    for u in range(len(area)):
        grid_area[label[u]] += area[u]
    for _ in range(sweeps):
        for base in range(0, n, window):
            span = min(window, n - base)
            for _trial in range(span):
                u = base + draw(rng, span)
                degree = indptr[u + 1] - indptr[u]
                if degree == 0:
                    continue
                v = indices[indptr[u] + draw(rng, degree)]
                g = label[u]
                h = label[v]
                if g == h or not free[u]:
                    continue
                limit = heat * table[draw(rng, len(table))]
                if draw(rng, 1024) < swap_share:
                    if not free[v]:
                        continue
                    if draw(rng, 2) == 1:
                        v = indices[indptr[v] + draw(rng, indptr[v + 1] - indptr[v])]
                        if label[v] != h or not free[v]:
                            continue
                    if apart and (
                        _clashes(u, h, v, rival_starts, rivals, label)
                        or _clashes(v, g, u, rival_starts, rivals, label)
                    ):
                        continue
                    new_g = grid_load[g] - load[u] + load[v]
                    new_h = grid_load[h] + load[u] - load[v]
                    delta = price * (
                        outside(new_g, lo, hi)
                        + outside(new_h, lo, hi)
                        - outside(grid_load[g], lo, hi)
                        - outside(grid_load[h], lo, hi)
                    )
                    if uneven > 0.0:
                        delta += uneven * _farther_off(target, new_g, new_h, grid_load[g], grid_load[h])
                    if areal:
                        more = area[v] - area[u]
                        delta += area_price * _farther_above(
                            area_cap, grid_area[g] + more, grid_area[h] - more, grid_area[g], grid_area[h]
                        )
                    if terms:
                        delta += _terms(u, g, h, indptr, indices, label, border, home, away)
                        delta += _terms(v, h, g, indptr, indices, label, border, home, away)
                        if len(border) > 0:
                            delta += 2 * _between(u, v, indptr, indices, border)
                    if delta - grid_cost[g] - grid_cost[h] > limit:
                        continue
                    cost_g = cost_changed(g, u, v, ground, w, head, nxt, reach)
                    delta += cost_g - grid_cost[g]
                    if delta - grid_cost[h] > limit:
                        continue
                    cost_h = cost_changed(h, v, u, ground, w, head, nxt, reach)
                    delta += cost_h - grid_cost[h]
                    if delta > limit or (delta == 0.0 and limit == 0.0):
                        continue
                    if not _swap_holds(u, v, indptr, indices, label, grid_size, stamp, queue, mark):
                        continue
                    shift(u, h, ground, w, load, label, grid_load, grid_size, head, nxt, prv, reach)
                    shift(v, g, ground, w, load, label, grid_load, grid_size, head, nxt, prv, reach)
                    if areal:
                        grid_area[g] += area[v] - area[u]
                        grid_area[h] += area[u] - area[v]
                    grid_cost[g] = cost_g
                    grid_cost[h] = cost_h
                else:
                    if grid_size[g] == 1 or (apart and _clashes(u, h, -1, rival_starts, rivals, label)):
                        continue
                    new_g = grid_load[g] - load[u]
                    new_h = grid_load[h] + load[u]
                    delta = price * (
                        outside(new_g, lo, hi)
                        + outside(new_h, lo, hi)
                        - outside(grid_load[g], lo, hi)
                        - outside(grid_load[h], lo, hi)
                    )
                    if uneven > 0.0:
                        delta += uneven * _farther_off(target, new_g, new_h, grid_load[g], grid_load[h])
                    if areal:
                        delta += area_price * _farther_above(
                            area_cap, grid_area[g] - area[u], grid_area[h] + area[u], grid_area[g], grid_area[h]
                        )
                    if terms:
                        delta += _terms(u, g, h, indptr, indices, label, border, home, away)
                    if delta - grid_cost[g] > limit:
                        continue
                    cost_g = cost_changed(g, u, -1, ground, w, head, nxt, reach)
                    delta += cost_g - grid_cost[g]
                    if delta - grid_cost[h] > limit:
                        continue
                    cost_h = cost_changed(h, -1, u, ground, w, head, nxt, reach)
                    delta += cost_h - grid_cost[h]
                    if delta > limit or (delta == 0.0 and limit == 0.0):
                        continue
                    if not holds_without(u, indptr, indices, label, stamp, queue, mark):
                        continue
                    shift(u, h, ground, w, load, label, grid_load, grid_size, head, nxt, prv, reach)
                    if areal:
                        grid_area[g] -= area[u]
                        grid_area[h] += area[u]
                    grid_cost[g] = cost_g
                    grid_cost[h] = cost_h
        heat *= cooling
    return n * sweeps
