"""A lower bound on the p-median by Lagrangian relaxation of "every point is served once".

Narula, Ogbu & Samuelsson 1977, doi:10.1287/opre.25.4.709; step sizes as in Held, Wolfe & Crowder 1974.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimize.siting.interchange import MedianCosts

__all__ = ["MedianBound", "lagrangian_bound"]

_PATIENCE = 20  # steps without a better bound after which the step is halved
_SMALLEST_STEP = 1e-4
_PROVEN = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class MedianBound:
    """A bound and what it says of single sites.

    Parameters
    ----------
    value
        Lower bound on the cost.
    worth
        What each site brings at the prices of the bound; below 0, the lower the better.
    last
        Worth of the last site that is worth opening there: a site whose worth is more than
        ``upper - value`` above it is open in no better solution.
    """

    value: float
    worth: NDArray[np.float64]
    last: float


def lagrangian_bound(
    costs: MedianCosts, prices: NDArray[np.float64], *, add: int, upper: float, iterations: int
) -> MedianBound:
    """Climb the Lagrangian dual by subgradients.

    Parameters
    ----------
    costs
        Person-metres.
    prices
        Multipliers to begin from, for example the costs in a good solution.
    add
        How many sites may be open.
    upper
        Cost of a known solution.
    iterations
        Work limit.
    """
    price = np.minimum(prices, costs.base)
    best = MedianBound(-np.inf, np.zeros(0), 0.0)
    step, still = 2.0, 0
    for _ in range(iterations):
        worth = _worth(costs, price)
        order = np.argsort(worth, kind="stable")[:add]
        value = float(price.sum() + worth[order].sum())
        if len(best.worth) == 0 or value > best.value + _PROVEN * max(1.0, abs(value)):
            last = float(worth[order[-1]]) if len(order) == add and add > 0 else 0.0
            best, still = MedianBound(value, worth, last), 0
        else:
            still += 1
        if still >= _PATIENCE:
            step, still = step / 2, 0
        slope = _slope(costs, price, order)
        norm = float(slope @ slope)
        if norm == 0 or step < _SMALLEST_STEP or upper - best.value <= _PROVEN * max(1.0, abs(upper)):
            break
        size = step * max(upper * 1.01 - value, _PROVEN) / norm
        price = np.clip(price + size * slope, 0.0, costs.base)
    return best


@njit(cache=True)
def _worth(costs: MedianCosts, price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each site brings when it serves everybody who pays more than he costs."""
    worth = np.zeros(len(costs.site_starts) - 1)
    for j in range(len(worth)):
        for e in range(costs.site_starts[j], costs.site_starts[j + 1]):
            worth[j] += min(0.0, costs.site_cost[e] - price[costs.site_points[e]])
    return worth


@njit(cache=True)
def _slope(costs: MedianCosts, price: NDArray[np.float64], opened: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1 - times served; 0 where a price at its cap would have to rise."""
    slope = np.ones(len(costs.base))
    for j in opened:
        for e in range(costs.site_starts[j], costs.site_starts[j + 1]):
            if costs.site_cost[e] < price[costs.site_points[e]]:
                slope[costs.site_points[e]] -= 1.0
    for i in range(len(slope)):
        if price[i] >= costs.base[i] and slope[i] > 0:
            slope[i] = 0.0
    return slope
