"""Connected sets around a heart whose reduced cost stays under a limit, compiled.

A branch is cut as soon as the best conceivable completion, a fractional knapsack over the units not yet refused,
costs more. Nothing is dropped without a bound. Sets grow as in `optimize.partition.all_sets`.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.found_sets import FoundSets, first_sets, has_room, no_sets, put, roomier
from optimize.partition.problem import Bools, Floats, Ints
from optimize.partition.set_rules import SetRules, above_cap_hm, border_hm, clashes, heart_within, side_hm, torn


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
    rules: SetRules,
    slack: int,
    dual: Floats,
    dual_count: float,
    price: float,
    limit: float,
    keep: int,
    most: int,
    most_nodes: int,
    by_walk: bool,
) -> tuple[bool, int, FoundSets, Floats]:
    """List connected sets around each heart whose reduced cost is at most ``limit``.

    Hearts beside the units are not known here.

    Parameters
    ----------
    slack
        Load of a set that may lie outside the band.
    dual, dual_count, price
        Duals of the units, of the number of grids, and the price (>= 0) of load outside the band.
    keep
        Per heart, only the ``keep`` cheapest are sure to be listed, and the limit tightens as they are
        found; 0: all.
    most, most_nodes
        Limits on the sets listed and on the nodes searched *per heart*.
    by_walk
        Whether the household-metres are part of the cost.

    Returns
    -------
    tuple
        complete, nodes, the sets, floor: the proven least reduced cost of any set with that heart (not above 0
        more than found).
    """
    indptr, indices, load, house, gap = rules.indptr, rules.indices, rules.load, rules.house, rules.gap
    lo, hi = rules.low, rules.high
    n = len(load)
    found = no_sets()
    floor = np.zeros(len(hearts_wanted), np.float64)
    m = 0
    all_nodes = 0
    complete = True
    apart = len(rules.rivals) > 0
    inside = np.zeros(n, np.bool_)
    held = np.zeros(len(rules.group_size), np.int64)
    at_home = np.zeros(rules.home.max() + 1 if len(rules.home) > 0 else 0, np.float64)
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
    bordered = by_walk and len(rules.border) > 0
    areas = np.zeros(n + 2, np.int64)
    above_hm = np.zeros(n + 2, np.float64)  # of the areas, which only grow
    areal = by_walk and len(rules.area) > 0
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
                    + above_hm[depth]
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
                    cut_hm[depth] += border_hm(chosen[depth], inside, nothing, rules)
                for q in range(tail[depth], tail[depth + 1]):
                    seen[queue[q]] = False
                continue
            u = queue[head[depth]]
            head[depth] += 1
            closed[u] = True
            total = sums[depth] + load[u]
            if total - hi > slack or (apart and clashes(u, inside, rules)):
                if bordered:
                    cut_hm[depth] += border_hm(u, inside, nothing, rules)
                continue
            nodes += 1
            if nodes > most_nodes:
                complete = False
                break
            chosen[depth] = u
            cost = costs[depth] + reduced[u]
            edge = cut_hm[depth]
            if bordered:
                edge += border_hm(u, closed, inside, rules)
            above = 0.0
            if areal:
                above = above_cap_hm(areas[depth] + rules.area[u], rules)
            bound = cost + edge + above + _completion(by_ratio, n, reduced, load, closed, total, lo, hi, slack, price)
            if bound > wanted:
                cut = min(cut, bound)
                if bordered:
                    cut_hm[depth] += border_hm(u, inside, nothing, rules)
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
            if areal:
                areas[depth] = areas[depth - 1] + rules.area[u]
                above_hm[depth] = above
            tail[depth] = end
            head[depth] = head[depth - 1]
            sums[depth] = total
            costs[depth] = cost
            cut_hm[depth] = edge
            outside = max(0, total - hi, lo - total)
            if outside > slack:
                continue
            least = cost + edge + above + price * outside
            if least > wanted:
                if least < cut and heart_within(chosen, depth, rules)[0] == heart:
                    cut = least
                continue
            if len(held) > 0 and torn(chosen, depth, rules, held):
                continue
            at, metres = heart_within(chosen, depth, rules)
            if at != heart:
                continue
            beside = side_hm(chosen, depth, inside, rules, at_home)
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
            if not has_room(found, m, depth):
                found = roomier(found, m, depth)
            put(found, m, chosen, depth, metres + beside, heart, outside)
            m += 1
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
    return complete, all_nodes, first_sets(found, m), floor
