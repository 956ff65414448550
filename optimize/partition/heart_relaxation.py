"""Lower bounds by hearts: every unit gets a price, every heart the cheapest set that hangs together, compiled.

Relaxing "each unit in exactly one grid" with prices leaves one small problem a heart: the cheapest set of units
around it whose load lies in the band. Connectedness is kept in part: a unit that is reached from the heart only
through another (its dominator) is in the set only with it. Without whole numbers that is a closure on a tree and one
price of the load, solved exactly in a few passes. The sum over the K cheapest hearts and the prices is a bound.

J. E. Beasley (1993), Lagrangean heuristics for location problems, doi:10.1016/0377-2217(93)90118-7; H. Validi,
A. Buchanan & E. Lykhovyd (2022), Imposing contiguity constraints in political districting models,
doi:10.1287/opre.2021.2141.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Bools, Floats, Ints

MOST_LINES = 12  # passes over a tree for the price of the load
TIGHT = 1e-9
TINY = 1e-6
DEFLECTION = 0.3  # share of the last direction that is kept
PATIENCE = 6  # rounds without a gain after which the step is halved
LEAST_STEP = 0.02


@compiled
def _weigh(
    h: int,
    c: int,
    order: Ints,
    gap: Floats,
    house: Floats,
    load: Ints,
    price: Floats,
    pairs: Ints,
    toll: Floats,
    own: Floats,
    cost: Floats,
    weight: Ints,
) -> None:
    """Write cost and load of every unit of a heart's tree at the units' prices and the tolls of its pairs."""
    for u in range(len(price)):
        own[u] = house[u] * gap[h, u] - price[u]
    for p in range(len(pairs)):
        own[pairs[p, 0]] += toll[p]
        own[pairs[p, 1]] -= toll[p]
    for i in range(c):
        u = order[h, i]
        cost[i] = own[u]
        weight[i] = load[u]


@compiled
def _closure(
    c: int, cost: Floats, weight: Ints, theta: float, above: Ints, g: Floats, inside: Bools
) -> tuple[float, int]:
    """Mark the cheapest closure with its root at ``cost - theta x weight``; return its cost and weight."""
    for i in range(c):
        g[i] = cost[i] - theta * weight[i]
    for i in range(c - 1, 0, -1):
        if g[i] < 0:
            g[above[i]] += g[i]
    inside[0] = True
    total = cost[0]
    held = weight[0]
    for i in range(1, c):
        inside[i] = inside[above[i]] and g[i] < 0
        if inside[i]:
            total += cost[i]
            held += weight[i]
    return total, held


@compiled
def _wanted(theta: float, lo: int, hi: int, target: int, uneven: float) -> tuple[int, float]:
    """Return the load that is cheapest at a price of the load, and what it costs for being off the target."""
    if theta > uneven:
        return lo, uneven * abs(target - lo)
    if theta < -uneven:
        return hi, uneven * abs(hi - target)
    return target, 0.0


@compiled
def _heart_value(
    c: int,
    cost: Floats,
    weight: Ints,
    above: Ints,
    lo: int,
    hi: int,
    target: int,
    uneven: float,
    warm: float,
    g: Floats,
    inside: Bools,
    share: Floats,
) -> tuple[float, float, int]:
    """Return the least cost of a heart's set, the price of its load, and the passes; ``share`` is the set."""
    total, held = _closure(c, cost, weight, 0.0, above, g, inside)
    passes = 1
    for i in range(c):
        share[i] = 1.0 if inside[i] else 0.0
    if (uneven == 0.0 and lo <= held <= hi) or (uneven > 0.0 and held == target):
        return total, 0.0, passes
    sign = 1.0 if held < (lo if uneven == 0.0 else target) else -1.0
    wanted = lo if sign > 0 else hi
    if sign > 0:
        far_total, far_held = 0.0, 0
        for i in range(c):
            far_total += cost[i]
            far_held += weight[i]
        if far_held < lo:
            return np.inf, 0.0, passes
    else:
        far_total, far_held = cost[0], weight[0]
        if far_held > hi:
            return np.inf, 0.0, passes
    near_total, near_held, near_theta = total, held, 0.0
    near_share = share.copy()
    for i in range(c):
        share[i] = 1.0 if sign > 0 or i == 0 else 0.0
    beside = 0.0
    if uneven > 0.0:
        edge = sign * uneven
        total, held = _closure(c, cost, weight, edge, above, g, inside)
        passes += 1
        if (held - target) * sign >= 0:  # the load is worth less than being off the target costs
            far_total, far_held, wanted = total, held, target
            for i in range(c):
                share[i] = 1.0 if inside[i] else 0.0
        elif (held - wanted) * sign >= 0:
            for i in range(c):
                share[i] = 1.0 if inside[i] else 0.0
            return total + edge * (target - held), edge, passes
        else:
            beside = uneven * abs(target - wanted)
            near_total, near_held, near_theta = total, held, edge
            for i in range(c):
                near_share[i] = 1.0 if inside[i] else 0.0
    best, best_theta = near_total + near_theta * (wanted - near_held) + beside, near_theta
    theta = warm
    if (theta - near_theta) * sign <= 0 or (uneven > 0.0 and wanted == target and abs(theta) >= uneven):
        theta = (far_total - near_total) / (far_held - near_held)
    for _ in range(MOST_LINES):
        total, held = _closure(c, cost, weight, theta, above, g, inside)
        passes += 1
        value = total + theta * (wanted - held) + beside
        if value > best:
            best, best_theta = value, theta
        if (held - wanted) * sign >= 0:
            far_total, far_held = total, held
            for i in range(c):
                share[i] = 1.0 if inside[i] else 0.0
        else:
            near_total, near_held = total, held
            for i in range(c):
                near_share[i] = 1.0 if inside[i] else 0.0
        if held == wanted:
            break
        if far_held == near_held:
            break
        new = (far_total - near_total) / (far_held - near_held)
        peak = near_total + new * (wanted - near_held) + beside
        if peak <= best + TIGHT * abs(best):
            break
        theta = new
    if near_held != far_held != wanted:
        part = (wanted - near_held) / (far_held - near_held)
        for i in range(c):
            share[i] = part * share[i] + (1 - part) * near_share[i]
    return best, best_theta, passes


@compiled
def _select(value: Floats, hearts: Ints, count: int, need: Ints, needs: int, chosen: Bools) -> float:
    """Mark the ``count`` cheapest hearts with one of each needed set; return their cost."""
    chosen[:] = False
    total = 0.0
    taken = 0
    for s in range(needs):
        best = -1
        for h in hearts:
            if need[h] == s and (best < 0 or value[h] < value[best]):
                best = h
        if best < 0 or value[best] == np.inf:
            return np.inf
        chosen[best] = True
        total += value[best]
        taken += 1
    if taken > count or len(hearts) < count:
        return np.inf
    for i in np.argsort(value[hearts]):
        if taken == count:
            break
        h = hearts[i]
        if not chosen[h]:
            if value[h] == np.inf:
                return np.inf
            chosen[h] = True
            total += value[h]
            taken += 1
    return total if taken == count else np.inf


@compiled
def _spread(h: int, c: int, order: Ints, share: Floats, held: Floats) -> None:
    """Write a heart's share of every unit."""
    held[:] = 0.0
    for i in range(c):
        held[order[h, i]] = share[i]


@compiled
def relax(
    hearts: Ints,
    order: Ints,
    above: Ints,
    count: Ints,
    gap: Floats,
    house: Floats,
    load: Ints,
    lo: int,
    hi: int,
    target: int,
    uneven: float,
    grids: int,
    need: Ints,
    needs: int,
    price: Floats,
    theta: Floats,
    goal: float,
    rounds: int,
    step: float,
    pairs: Ints,
    most_toll: Floats,
    toll: Floats,
    move_tolls: bool,
    open_share: Floats,
    held_share: Floats,
) -> tuple[float, int]:
    """Move the prices of the units towards the best bound; return it and the work done (units passed).

    Parameters
    ----------
    hearts, order, above, count
        Hearts in question and their trees.
    target, uneven
        What the band aims at, and what one unit of load off it costs.
    need, needs
        Number of the needed set of each heart, -1 for none, and how many sets there are.
    price, theta
        Start, and at the end the best: prices of the units, and of the load of every heart.
    goal
        A bound that is enough.
    rounds, step
        Of the subgradient method.
    pairs, most_toll
        Pairs of units that cost something when they are cut, shape (m, 2), and half of it.
    toll, move_tolls
        Per heart, what holding a pair's first unit costs and its second saves, shape (n, m), within ``most_toll``:
        never more than the cut. Start, and at the end the best where they move.
    open_share, held_share
        Written: how often, of late, a heart was chosen, shape (n,), and held a unit, shape (heart, unit).
    """
    n = len(load)
    value = np.full(n, np.inf)
    chosen = np.zeros(n, np.bool_)
    own = np.empty(n, np.float64)
    cost = np.empty(n, np.float64)
    weight = np.empty(n, np.int64)
    g = np.empty(n, np.float64)
    inside = np.empty(n, np.bool_)
    share = np.zeros((n, n), np.float64)
    slope = np.zeros(n, np.float64)
    way = np.zeros(n, np.float64)
    now = price.copy()
    tolls = toll.copy()
    move_tolls = move_tolls and len(pairs) > 0
    best = -np.inf
    best_theta = theta.copy()
    work = 0
    since = 0
    open_share[:] = 0.0
    held_share[:] = 0.0
    noted = 0
    for turn in range(rounds):
        for h in hearts:
            c = count[h]
            _weigh(h, c, order, gap, house, load, now, pairs, tolls[h], own, cost, weight)
            value[h], theta[h], passes = _heart_value(
                c, cost, weight, above[h], lo, hi, target, uneven, theta[h], g, inside, share[h]
            )
            work += passes * c
        bound = now.sum() + _select(value, hearts, grids, need, needs, chosen)
        if bound == np.inf:
            return np.inf, work
        if bound > best:
            if bound > best + 1e-4 * abs(best):
                since = 0
            best = bound
            price[:] = now
            best_theta[:] = theta
            if move_tolls:
                toll[:] = tolls
        else:
            since += 1
            if since >= PATIENCE:
                step *= 0.5
                since = 0
                now[:] = price
                if move_tolls:
                    tolls[:] = toll
        if best >= goal or step < LEAST_STEP:
            break
        slope[:] = 1.0
        for h in hearts:
            if chosen[h]:
                for i in range(count[h]):
                    slope[order[h, i]] -= share[h, i]
        if 3 * turn >= rounds:
            noted += 1
            for h in hearts:
                if chosen[h]:
                    open_share[h] += 1
                    for i in range(count[h]):
                        held_share[h, order[h, i]] += share[h, i]
        for u in range(n):
            way[u] = (1 - DEFLECTION) * slope[u] + DEFLECTION * way[u]
        length = (way * way).sum()
        if move_tolls:
            for h in hearts:
                if chosen[h]:
                    _spread(h, count[h], order, share[h], own)
                    for p in range(len(pairs)):
                        lean = own[pairs[p, 0]] - own[pairs[p, 1]]
                        if abs(tolls[h, p] + lean * TINY) <= most_toll[p]:
                            length += lean * lean
        if length < TIGHT:
            break
        move = step * max(goal - bound, 1e-3 * abs(goal)) / length
        if move_tolls:
            for h in hearts:
                if chosen[h]:
                    _spread(h, count[h], order, share[h], own)
                    for p in range(len(pairs)):
                        lean = own[pairs[p, 0]] - own[pairs[p, 1]]
                        tolls[h, p] = min(most_toll[p], max(-most_toll[p], tolls[h, p] + move * lean))
        for u in range(n):
            now[u] += move * way[u]
    theta[:] = best_theta
    if noted > 0:
        open_share /= noted
        held_share /= noted
    return best, work


@compiled
def fix(
    hearts: Ints,
    order: Ints,
    above: Ints,
    count: Ints,
    gap: Floats,
    house: Floats,
    load: Ints,
    lo: int,
    hi: int,
    target: int,
    uneven: float,
    grids: int,
    need: Ints,
    needs: int,
    price: Floats,
    theta: Floats,
    goal: float,
    pairs: Ints,
    toll: Floats,
    allowed: Bools,
) -> int:
    """Take away hearts and arcs that nothing below ``goal`` uses; return how many arcs went.

    A unit that a heart's cheapest set leaves out costs, forced in, itself and all that stands between.
    """
    n = len(load)
    value = np.full(n, np.inf)
    chosen = np.zeros(n, np.bool_)
    own = np.empty(n, np.float64)
    cost = np.empty(n, np.float64)
    weight = np.empty(n, np.int64)
    g = np.empty(n, np.float64)
    inside = np.empty(n, np.bool_)
    extra = np.empty((n, n), np.float64)
    for h in hearts:
        c = count[h]
        _weigh(h, c, order, gap, house, load, price, pairs, toll[h], own, cost, weight)
        total, held = _closure(c, cost, weight, theta[h], above[h], g, inside)
        if weight[:c].sum() < lo:
            value[h] = np.inf
            extra[h, :c] = 0.0
            continue
        wanted, beside = _wanted(theta[h], lo, hi, target, uneven)
        value[h] = total + theta[h] * (wanted - held) + beside
        extra[h, 0] = 0.0
        for i in range(1, c):
            extra[h, i] = extra[h, above[h, i]] + max(0.0, g[i])
    bound = price.sum() + _select(value, hearts, grids, need, needs, chosen)
    dearest = -np.inf
    for h in hearts:
        if chosen[h]:
            dearest = max(dearest, value[h])
    gone = 0
    for h in hearts:
        more = bound + max(0.0, value[h] - dearest)
        for i in range(count[h]):
            if more + extra[h, i] >= goal:
                u = order[h, i]
                if allowed[h, u]:
                    allowed[h, u] = False
                    gone += 1
    return gone
