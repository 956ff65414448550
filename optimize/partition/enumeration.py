"""Every connected set of units whose load fits, compiled (Redelmeier's counting of lattice animals).

Two ways in: `every_set` lists them all, each once, rooted at its first unit; `priced_sets` lists for one heart
those whose reduced cost stays under a limit, and cuts a branch as soon as the best conceivable completion, a
fractional knapsack over the units not yet refused, costs more. Nothing is dropped without a bound.

D. H. Redelmeier (1981), Counting polyominoes: yet another attack, doi:10.1016/0012-365X(81)90237-5.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917, SIM110
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Bools, Floats, Ints

Found = tuple[bool, int, Ints, Ints, Floats, Ints, Ints]

FIRST_ROOM = 1024


class Place(NamedTuple):
    """Where a listing of all sets stands, so that it can pause: written by `every_set`.

    Attributes
    ----------
    at
        First unit of the set at hand, and how many units it has; -1: the next first unit is to begin.
    seen, inside, queue, chosen, head, tail, sums
        What the listing remembers of the way there.
    """

    at: Ints
    seen: Bools
    inside: Bools
    queue: Ints
    chosen: Ints
    head: Ints
    tail: Ints
    sums: Ints


def beginning(n: int) -> Place:
    """Return the place where a listing of the sets of n units begins."""
    return Place(
        at=np.array([0, -1], np.int64),
        seen=np.zeros(n, np.bool_),
        inside=np.zeros(n, np.bool_),
        queue=np.zeros(n + 1, np.int32),
        chosen=np.zeros(n + 1, np.int32),
        head=np.zeros(n + 2, np.int64),
        tail=np.zeros(n + 2, np.int64),
        sums=np.zeros(n + 2, np.int64),
    )


@compiled
def _longer(array: Any, room: int) -> Any:
    wide = np.empty(room, array.dtype)
    wide[: len(array)] = array
    return wide


@compiled
def _heart(members: Ints, count: int, house: Floats, gap: Floats) -> tuple[int, float]:
    """Return (heart, household-metres); the first unit wins a tie."""
    best = np.inf
    heart = -1
    for a in range(count):
        at = members[a]
        walk = 0.0
        for b in range(count):
            walk += house[members[b]] * gap[at, members[b]]
            if walk > best:
                break
        if walk < best or (walk == best and at < heart):
            best = walk
            heart = at
    return heart, best


@compiled
def _hosted(
    members: Ints,
    count: int,
    house: Floats,
    gap: Floats,
    host_starts: Ints,
    hosts: Ints,
    tried: Bools,
    heart: int,
    best: float,
) -> tuple[int, float]:
    """Return the better heart among that given and the hosts beside a set; ``tried`` is false before and after."""
    for a in range(count):
        for e in range(host_starts[members[a]], host_starts[members[a] + 1]):
            at = hosts[e]
            if tried[at]:
                continue
            tried[at] = True
            walk = 0.0
            for b in range(count):
                walk += house[members[b]] * gap[at, members[b]]
                if walk >= best:
                    break
            if walk < best:
                heart, best = at, walk
    for a in range(count):
        for e in range(host_starts[members[a]], host_starts[members[a] + 1]):
            tried[hosts[e]] = False
    return heart, best


@compiled
def _side_hm(
    members: Ints,
    count: int,
    inside: Bools,
    indptr: Ints,
    indices: Ints,
    border: Floats,
    home: Ints,
    away: Floats,
    held: Floats,
) -> float:
    """Return what a set costs beside the walk: half of each border cut, and leaving home.

    Its home is the best one for it. ``held`` is zero before and after.
    """
    cost = 0.0
    if len(border) > 0:
        for a in range(count):
            for e in range(indptr[members[a]], indptr[members[a] + 1]):
                if not inside[indices[e]]:
                    cost += border[e] / 2
    if len(home) > 0:
        best = 0.0
        for a in range(count):
            u = members[a]
            cost += away[u]
            if home[u] >= 0:
                held[home[u]] += away[u]
                best = max(best, held[home[u]])
        for a in range(count):
            if home[members[a]] >= 0:
                held[home[members[a]]] = 0.0
        cost -= best
    return cost


@compiled
def _border_hm(u: int, among: Bools, other_than: Bools, indptr: Ints, indices: Ints, border: Floats) -> float:
    """Return half the price of the borders between ``u`` and units of one mark and not of the other."""
    cost = 0.0
    for e in range(indptr[u], indptr[u + 1]):
        if among[indices[e]] and not other_than[indices[e]]:
            cost += border[e] / 2
    return cost


@compiled
def _clashes(u: int, inside: Bools, rival_starts: Ints, rivals: Ints) -> bool:
    """Return whether a unit is in the set that never shares a grid with ``u``."""
    for e in range(rival_starts[u], rival_starts[u + 1]):
        if inside[rivals[e]]:
            return True
    return False


@compiled
def _torn(members: Ints, count: int, group: Ints, group_size: Ints, held: Ints) -> bool:
    """Return whether a set holds a part of a group only; ``held`` is zero before and after."""
    for a in range(count):
        if group[members[a]] >= 0:
            held[group[members[a]]] += 1
    torn = False
    for a in range(count):
        g = group[members[a]]
        if g >= 0:
            if held[g] > 0 and held[g] != group_size[g]:
                torn = True
            held[g] = 0
    return torn


@compiled
def every_set(
    indptr: Ints,
    indices: Ints,
    load: Ints,
    house: Floats,
    gap: Floats,
    lo: int,
    hi: int,
    slack: int,
    most: int,
    most_nodes: int,
    group: Ints,
    group_size: Ints,
    rival_starts: Ints,
    rivals: Ints,
    border: Floats,
    home: Ints,
    away: Floats,
    host_starts: Ints,
    hosts: Ints,
    place: Place,
    pause: int,
) -> Found:
    """List connected sets with at most ``slack`` of load outside lo .. hi, groups whole and rivals apart.

    Parameters
    ----------
    group, group_size
        Number of each unit's group, -1 for none, and the sizes; both empty where there are no groups.
    rival_starts, rivals
        Units that never share a set with each unit, in CSR form.
    border, home, away
        Price of each neighbour pair that is cut (as ``indices``), home and price of leaving it of each unit; empty
        where there are none.
    host_starts, hosts
        Hearts beside the units (further rows of ``gap``) that a set with each unit may have too, in CSR form; both
        empty where there are none.
    place, pause
        Where to go on, and after how many nodes to come back with a part; the next call then lists the next.

    Returns
    -------
    tuple
        complete, nodes, starts, units, cost_hm, heart, excess.
    """
    n = len(load)
    starts = np.zeros(FIRST_ROOM, np.int64)
    units = np.empty(8 * FIRST_ROOM, np.int32)
    cost = np.empty(FIRST_ROOM, np.float64)
    hearts = np.empty(FIRST_ROOM, np.int32)
    excess = np.empty(FIRST_ROOM, np.int64)
    m = 0
    filled = 0
    nodes = 0
    complete = True
    apart = len(rivals) > 0
    at, seen, inside, queue, chosen, head, tail, sums = place
    held = np.zeros(len(group_size), np.int64)
    at_home = np.zeros(home.max() + 1 if len(home) > 0 else 0, np.float64)
    tried = np.zeros(len(gap), np.bool_)
    for root in range(at[0], n):
        depth = at[1]
        at[0], at[1] = root, -1
        if depth < 0:
            queue[0] = root
            seen[root] = True
            head[0] = 0
            tail[0] = 1
            depth = 0
        while True:
            if nodes >= pause:
                at[1] = depth
                complete = False
                break
            if head[depth] == tail[depth]:
                if depth == 0:
                    break
                depth -= 1
                inside[chosen[depth]] = False
                for q in range(tail[depth], tail[depth + 1]):
                    seen[queue[q]] = False
                continue
            u = queue[head[depth]]
            head[depth] += 1
            total = sums[depth] + load[u]
            if total - hi > slack or (apart and _clashes(u, inside, rival_starts, rivals)):
                continue
            nodes += 1
            if nodes > most_nodes:
                complete = False
                break
            chosen[depth] = u
            inside[u] = True
            end = tail[depth]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if v > root and not seen[v]:
                    seen[v] = True
                    queue[end] = v
                    end += 1
            depth += 1
            tail[depth] = end
            head[depth] = head[depth - 1]
            sums[depth] = total
            outside = max(0, total - hi, lo - total)
            if outside > slack:
                continue
            if len(group_size) > 0 and _torn(chosen, depth, group, group_size, held):
                continue
            if m == most:
                complete = False
                break
            if m + 2 > len(starts):
                starts = _longer(starts, 2 * len(starts))
                cost = _longer(cost, 2 * len(cost))
                hearts = _longer(hearts, 2 * len(hearts))
                excess = _longer(excess, 2 * len(excess))
            if filled + depth > len(units):
                units = _longer(units, 2 * len(units) + depth)
            hearts[m], metres = _heart(chosen, depth, house, gap)
            if len(hosts) > 0:
                hearts[m], metres = _hosted(chosen, depth, house, gap, host_starts, hosts, tried, hearts[m], metres)
            cost[m] = metres + _side_hm(chosen, depth, inside, indptr, indices, border, home, away, at_home)
            excess[m] = outside
            for a in range(depth):
                units[filled + a] = chosen[a]
            filled += depth
            m += 1
            starts[m] = filled
        if not complete:
            break
        seen[root] = False
    return complete, nodes, starts[: m + 1], units[:filled], cost[:m], hearts[:m], excess[:m]


@compiled
def _completion(
    by_ratio: Ints,
    count: int,
    reduced: Floats,
    load: Ints,
    closed: Bools,
    have: int,
    lo: int,
    hi: int,
    slack: int,
    price: float,
) -> float:
    """Return the least that completing a set of load ``have`` can add: a fractional knapsack, no shape asked."""
    at = have
    added = 0.0
    for i in range(count):
        u = by_ratio[i]
        if closed[u]:
            continue
        cost = reduced[u]
        room = load[u]
        if room == 0:
            if cost < 0:
                added += cost
            continue
        slope = cost / room
        if at < lo - slack:
            take = min(room, lo - slack - at)
            added += slope * take
            at += take
            room -= take
        if room > 0 and lo - slack <= at < lo and slope - price < 0:
            take = min(room, lo - at)
            added += slope * take
            at += take
            room -= take
        if room > 0 and lo <= at < hi and slope < 0:
            take = min(room, hi - at)
            added += slope * take
            at += take
            room -= take
        if room > 0 and hi <= at < hi + slack and slope + price < 0:
            take = min(room, hi + slack - at)
            added += slope * take
            at += take
            room -= take
        if room > 0:
            break
    if at < lo - slack:
        return np.inf
    return added + price * max(0, lo - at, at - hi)


@compiled
def priced_sets(
    hearts_wanted: Ints,
    indptr: Ints,
    indices: Ints,
    load: Ints,
    house: Floats,
    gap: Floats,
    lo: int,
    hi: int,
    slack: int,
    dual: Floats,
    dual_count: float,
    price: float,
    limit: float,
    keep: int,
    most: int,
    most_nodes: int,
    by_walk: bool,
    group: Ints,
    group_size: Ints,
    rival_starts: Ints,
    rivals: Ints,
    border: Floats,
    home: Ints,
    away: Floats,
) -> tuple[bool, int, Ints, Ints, Floats, Ints, Ints, Floats]:
    """List connected sets around each heart whose reduced cost is at most ``limit``.

    Parameters
    ----------
    dual, dual_count, price
        Duals of the units, of the number of grids, and the price (>= 0) of load outside the band.
    keep
        Per heart, only the ``keep`` cheapest are sure to be listed, and the limit tightens as they are
        found; 0: all.
    most, most_nodes
        Limits on the sets listed and on the nodes searched *per heart*.
    by_walk
        Whether the household-metres are part of the cost.
    group, group_size, rival_starts, rivals
        Groups that are whole in every set and rivals that share none, as in `every_set`.
    border, home, away
        What a set costs beside the walk, as in `every_set`.

    Returns
    -------
    tuple
        complete, nodes, starts, units, cost_hm, heart, excess, floor: the proven least reduced cost of any set
        with that heart (not above 0 more than found).
    """
    n = len(load)
    starts = np.zeros(FIRST_ROOM, np.int64)
    units = np.empty(8 * FIRST_ROOM, np.int32)
    cost_hm = np.empty(FIRST_ROOM, np.float64)
    hearts = np.empty(FIRST_ROOM, np.int32)
    excess = np.empty(FIRST_ROOM, np.int64)
    floor = np.zeros(len(hearts_wanted), np.float64)
    m = 0
    filled = 0
    all_nodes = 0
    complete = True
    apart = len(rivals) > 0
    inside = np.zeros(n, np.bool_)
    held = np.zeros(len(group_size), np.int64)
    at_home = np.zeros(home.max() + 1 if len(home) > 0 else 0, np.float64)
    seen = np.zeros(n, np.bool_)
    nothing = np.zeros(n, np.bool_)
    closed = np.zeros(n, np.bool_)  # chosen or refused: not open to a completion
    queue = np.empty(n + 1, np.int32)
    chosen = np.empty(n + 1, np.int32)
    head = np.zeros(n + 2, np.int64)
    tail = np.zeros(n + 2, np.int64)
    sums = np.zeros(n + 2, np.int64)
    costs = np.zeros(n + 2, np.float64)
    cut_hm = np.zeros(n + 2, np.float64)  # of borders to units refused
    bordered = by_walk and len(border) > 0
    reduced = np.empty(n, np.float64)
    ratio = np.empty(n, np.float64)
    best_of = np.empty(keep, np.float64)
    for h in range(len(hearts_wanted)):
        heart = hearts_wanted[h]
        for u in range(n):
            reduced[u] = -dual[u]
            if by_walk:
                reduced[u] += house[u] * gap[heart, u]
            if load[u] > 0:
                ratio[u] = reduced[u] / load[u]
            elif reduced[u] < 0:
                ratio[u] = -np.inf
            else:
                ratio[u] = np.inf
        by_ratio = np.argsort(ratio)
        wanted = limit
        best_of[:] = np.inf
        nodes = 0
        cut = np.inf  # least bound of what was not searched
        found_least = np.inf
        seen[:] = False
        closed[:] = False
        inside[:] = False
        queue[0] = heart
        seen[heart] = True
        head[0] = 0
        tail[0] = 1
        sums[0] = 0
        costs[0] = -dual_count
        cut_hm[0] = 0.0
        depth = 0
        while True:
            back = head[depth] == tail[depth]
            if not back and depth > 0:
                rest = (
                    costs[depth]
                    + cut_hm[depth]
                    + _completion(by_ratio, n, reduced, load, closed, sums[depth], lo, hi, slack, price)
                )
                if rest > wanted:
                    cut = min(cut, rest)
                    back = True
            if back:
                if depth == 0:
                    break
                for q in range(head[depth - 1], head[depth]):
                    closed[queue[q]] = False
                depth -= 1
                inside[chosen[depth]] = False
                if bordered:
                    cut_hm[depth] += _border_hm(chosen[depth], inside, nothing, indptr, indices, border)
                for q in range(tail[depth], tail[depth + 1]):
                    seen[queue[q]] = False
                continue
            u = queue[head[depth]]
            head[depth] += 1
            closed[u] = True
            total = sums[depth] + load[u]
            if total - hi > slack or (apart and _clashes(u, inside, rival_starts, rivals)):
                if bordered:
                    cut_hm[depth] += _border_hm(u, inside, nothing, indptr, indices, border)
                continue
            nodes += 1
            if nodes > most_nodes:
                complete = False
                break
            chosen[depth] = u
            cost = costs[depth] + reduced[u]
            edge = cut_hm[depth]
            if bordered:
                edge += _border_hm(u, closed, inside, indptr, indices, border)
            bound = cost + edge + _completion(by_ratio, n, reduced, load, closed, total, lo, hi, slack, price)
            if bound > wanted:
                cut = min(cut, bound)
                if bordered:
                    cut_hm[depth] += _border_hm(u, inside, nothing, indptr, indices, border)
                continue
            end = tail[depth]
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                if not seen[v]:
                    seen[v] = True
                    queue[end] = v
                    end += 1
            inside[u] = True
            depth += 1
            tail[depth] = end
            head[depth] = head[depth - 1]
            sums[depth] = total
            costs[depth] = cost
            cut_hm[depth] = edge
            outside = max(0, total - hi, lo - total)
            if outside > slack or cost + edge + price * outside > wanted:
                continue
            if len(group_size) > 0 and _torn(chosen, depth, group, group_size, held):
                continue
            at, metres = _heart(chosen, depth, house, gap)
            if at != heart:
                continue
            beside = _side_hm(chosen, depth, inside, indptr, indices, border, home, away, at_home)
            value = cost + price * outside
            if by_walk:
                value += beside
            if value > wanted:
                cut = min(cut, value)
                continue
            found_least = min(found_least, value)
            if keep > 0:
                worst = np.argmax(best_of)
                if value < best_of[worst]:
                    best_of[worst] = value
                    wanted = min(wanted, best_of[np.argmax(best_of)])
            if m == most:
                complete = False
                break
            if m + 2 > len(starts):
                starts = _longer(starts, 2 * len(starts))
                cost_hm = _longer(cost_hm, 2 * len(cost_hm))
                hearts = _longer(hearts, 2 * len(hearts))
                excess = _longer(excess, 2 * len(excess))
            if filled + depth > len(units):
                units = _longer(units, 2 * len(units) + depth)
            hearts[m] = heart
            cost_hm[m] = metres + beside
            excess[m] = outside
            for a in range(depth):
                units[filled + a] = chosen[a]
            filled += depth
            m += 1
            starts[m] = filled
        all_nodes += nodes
        if nodes > most_nodes or m == most:
            # the search of this heart is not finished: only the completion of the empty set is known
            seen[:] = False
            closed[:] = False
            closed[heart] = True
            floor[h] = (
                reduced[heart]
                - dual_count
                + _completion(by_ratio, n, reduced, load, closed, load[heart], lo, hi, slack, price)
            )
        else:
            floor[h] = min(found_least, cut)
    return (
        complete,
        all_nodes,
        starts[: m + 1],
        units[:filled],
        cost_hm[:m],
        hearts[:m],
        excess[:m],
        floor,
    )
