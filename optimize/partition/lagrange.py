"""Prices of units by Lagrangian relaxation of "each unit in one grid", compiled.

Per heart a fractional knapsack over the units near it; the best hearts are chosen; prices move along the
subgradient with Polyak's step. They start column generation and bounds by hearts, and are `median_bound`'s own.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints
from optimize.stopping import Stop

AT_ONCE = 8_000_000  # units near hearts that are passed between two looks at the clock


class Medians(NamedTuple):
    """The capacitated median problem that is relaxed.

    Attributes
    ----------
    load, house
        Loads and households of the units, shape (n,).
    metres, near
        Metres to the units near each heart, and these, itself first, shape (n, c).
    lo, hi
        The band.
    slack, outside
        Load that may lie outside the band, all grids together, and its price.
    grids
        Number of grids.
    goal
        Cost of a drawing, the value aimed at.
    """

    load: Ints
    house: Floats
    metres: Floats
    near: Ints
    lo: int
    hi: int
    slack: int
    outside: float
    grids: int
    goal: float


@compiled
def _wanted(ratio: float, lo: int, hi: int, slack: int, price: float) -> int:
    """Return the load up to which a heart takes units of a cost by load, ``price`` that of load off the band."""
    if ratio >= price:
        return max(0, lo - slack)
    if ratio >= 0.0:
        return lo
    if ratio >= -price:
        return hi
    return hi + slack


@compiled
def _rounds(
    medians: Medians,
    rounds: int,
    price: Floats,
    best_price: Floats,
    best_last: Floats,
    pace: Floats,
) -> bool:
    """Move the prices for some rounds, in place; return whether more rounds win anything. ``pace`` is where it is."""
    load, house, metres, near, lo, hi, slack, outside, grids, goal = medians
    n, c = near.shape
    best, step, stale = pace
    value = np.empty(n, np.float64)
    last = np.zeros(n, np.float64)
    part = np.empty((n, c), np.float64)
    ratio = np.empty(c, np.float64)
    for _ in range(rounds):
        for h in range(n):
            part[h, :] = 0.0
            part[h, 0] = 1.0
            total = -price[h]
            at = float(load[h])
            last[h] = 0.0
            ratio[0] = np.inf
            for i in range(1, c):
                u = near[h, i]
                cost = house[u] * metres[h, i] - price[u]
                if load[u] > 0:
                    ratio[i] = cost / load[u]
                elif cost < 0:
                    ratio[i] = -np.inf
                else:
                    ratio[i] = np.inf
            for i in np.argsort(ratio):
                if ratio[i] == np.inf:
                    break
                most = _wanted(ratio[i], lo, hi, slack, outside)
                if at >= most:
                    break
                u = near[h, i]
                cost = house[u] * metres[h, i] - price[u]
                if load[u] == 0:
                    part[h, i] = 1.0
                    total += cost
                    continue
                share = min(1.0, (most - at) / load[u])
                part[h, i] = share
                total += share * cost
                at += share * load[u]
                last[h] = ratio[i]
            value[h] = total + outside * max(lo - at, at - hi, 0.0)
        order = np.argsort(value)
        now = price.sum() - outside * slack
        slope = np.ones(n)
        for r in range(grids):
            h = order[r]
            now += value[h]
            for i in range(c):
                slope[near[h, i]] -= part[h, i]
        if now > best:
            if now > best + 1e-4 * abs(best):
                stale = 0
            best = now
            best_price[:] = price
            best_last[:] = last
        else:
            stale += 1
            if stale >= 8:
                step *= 0.6
                stale = 0
                price[:] = best_price
        length = (slope * slope).sum()
        if length < 1e-9 or step < 1e-3:
            return False
        move = step * max(goal - now, 1e-3 * goal) / length
        for u in range(n):
            price[u] += move * slope[u]
    pace[:] = best, step, stale
    return True


def unit_prices(medians: Medians, start: Floats, rounds: int, stop: Stop | None = None) -> tuple[Floats, Floats]:
    """Return the unit prices of the best Lagrangian value found, and the last cost by load that each heart took.

    Prices begin from ``start``, shape (n,).
    """
    price, best_price, last = start.copy(), start.copy(), np.zeros(len(start))
    pace = np.array([-np.inf, 1.0, 0.0])
    at_once = max(1, AT_ONCE // medians.near.size)
    for done in range(0, rounds, at_once):
        more = _rounds(medians, min(at_once, rounds - done), price, best_price, last, pace)
        if not more or (stop is not None and stop.now()):
            break
    return best_price, last


@compiled
def add_wanted(
    units: Ints,
    starts: Ints,
    hearts: Ints,
    metres: Floats,
    house: Floats,
    load: Ints,
    price: Floats,
    thetas: Floats,
    value: Floats,
) -> None:
    """Add to every heart's ``value`` what units around it are worth to it at each price of its load, in place.

    Parameters
    ----------
    units, starts, hearts, metres
        Some units, and by unit in CSR form the hearts around it and the metres to them.
    thetas, value
        Prices of the load of every heart's grid that are tried, and its value at each, shape (n, tried).
    """
    for i in range(len(units)):
        u = units[i]
        for e in range(starts[i], starts[i + 1]):
            h = hearts[e]
            if h == u:
                continue
            cost = house[u] * metres[e] - price[u]
            for t in range(thetas.shape[1]):
                worth = cost - thetas[h, t] * load[u]
                if worth < 0.0:
                    value[h, t] += worth
