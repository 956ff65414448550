"""Prices of units by Lagrangian relaxation of "each unit in one grid", compiled: a warm start for the duals.

Per heart a fractional knapsack over the units near it; the best hearts are chosen; prices move along the
subgradient with Polyak's step. Used to start column generation, never as a bound by itself.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints


@compiled
def unit_prices(
    load: Ints,
    house: Floats,
    gap: Floats,
    near: Ints,
    lo: int,
    hi: int,
    count: int,
    start: Floats,
    goal: float,
    rounds: int,
) -> Floats:
    """Return the unit prices of the best Lagrangian value found.

    Parameters
    ----------
    near
        Units near each heart, itself first, shape (n, c).
    start
        Prices to begin from.
    goal
        Cost of a drawing, the value aimed at.
    """
    n, c = near.shape
    price = start.copy()
    best_price = price.copy()
    best = -np.inf
    step = 1.0
    stale = 0
    value = np.empty(n, np.float64)
    part = np.empty((n, c), np.float64)
    ratio = np.empty(c, np.float64)
    for _ in range(rounds):
        for h in range(n):
            part[h, :] = 0.0
            part[h, 0] = 1.0
            total = -price[h]
            at = load[h]
            ratio[0] = np.inf
            for i in range(1, c):
                u = near[h, i]
                cost = house[u] * gap[h, u] - price[u]
                if load[u] > 0:
                    ratio[i] = cost / load[u]
                elif cost < 0:
                    ratio[i] = -np.inf
                else:
                    ratio[i] = np.inf
            for i in np.argsort(ratio):
                if ratio[i] == np.inf or at >= hi or (ratio[i] >= 0 and at >= lo):
                    break
                u = near[h, i]
                cost = house[u] * gap[h, u] - price[u]
                if load[u] == 0:
                    part[h, i] = 1.0
                    total += cost
                    continue
                room = hi - at if ratio[i] < 0 else lo - at
                share = min(1.0, room / load[u])
                part[h, i] = share
                total += share * cost
                at += share * load[u]
            value[h] = total
        order = np.argsort(value)
        now = price.sum()
        slope = np.ones(n)
        for r in range(count):
            h = order[r]
            now += value[h]
            for i in range(c):
                slope[near[h, i]] -= part[h, i]
        if now > best:
            if now > best + 1e-4 * abs(best):
                stale = 0
            best = now
            best_price[:] = price
        else:
            stale += 1
            if stale >= 8:
                step *= 0.6
                stale = 0
                price[:] = best_price
        length = (slope * slope).sum()
        if length < 1e-9 or step < 1e-3:
            break
        move = step * max(goal - now, 1e-3 * goal) / length
        for u in range(n):
            price[u] += move * slope[u]
    return best_price
