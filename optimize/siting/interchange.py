"""Greedy and interchange for the p-median: compiled, on walks sparse within the reach.

Resende & Werneck 2007, doi:10.1016/j.ejor.2005.05.042: gains, losses and what a pair has in
common are read off the two nearest open sites of every point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MedianCosts", "interchange", "kick", "total_cost"]

_FIXED = -1  # a point that is served by what is there already, or by nobody
_WORTH = 1e-7  # person-metres that make an exchange worth while


class MedianCosts(NamedTuple):
    """Person-metres between points and sites, kept only where a site is nearer than what is there.

    Parameters
    ----------
    starts, sites, cost
        CSR by point, each row sorted by cost.
    base
        Cost of each point without any site.
    site_starts, site_points, site_cost
        The same entries by site.
    """

    starts: NDArray[np.int64]
    sites: NDArray[np.int32]
    cost: NDArray[np.float64]
    base: NDArray[np.float64]
    site_starts: NDArray[np.int64]
    site_points: NDArray[np.int32]
    site_cost: NDArray[np.float64]


class _State(NamedTuple):
    opened: NDArray[np.bool_]
    near: NDArray[np.int32]  # the site that serves a point
    first: NDArray[np.float64]  # what that costs
    second: NDArray[np.float64]  # what the next best would cost
    loss: NDArray[np.float64]  # what closing a site would cost
    shared: NDArray[np.float64]  # scratch, all zero between uses


@njit(cache=True)
def total_cost(costs: MedianCosts, opened: NDArray[np.bool_]) -> float:
    """Sum over points of the cheapest of `base` and the open sites."""
    total = 0.0
    for i in range(len(costs.base)):
        least = costs.base[i]
        for e in range(costs.starts[i], costs.starts[i + 1]):
            if opened[costs.sites[e]]:
                least = costs.cost[e]
                break
        total += least
    return total


@njit(cache=True)
def _refresh(i: int, costs: MedianCosts, state: _State) -> None:
    """Find the two cheapest ways to serve point `i`; keep the loss of its site right."""
    if state.near[i] != _FIXED:
        state.loss[state.near[i]] -= state.second[i] - state.first[i]
    base = costs.base[i]
    state.near[i], state.first[i], state.second[i] = _FIXED, base, base
    for e in range(costs.starts[i], costs.starts[i + 1]):
        if not state.opened[costs.sites[e]]:
            continue
        if state.near[i] == _FIXED:
            state.near[i], state.first[i] = costs.sites[e], costs.cost[e]
        else:
            state.second[i] = costs.cost[e]
            break
    if state.near[i] != _FIXED:
        state.loss[state.near[i]] += state.second[i] - state.first[i]


@njit(cache=True)
def _refresh_around(site: int, costs: MedianCosts, state: _State) -> None:
    for e in range(costs.site_starts[site], costs.site_starts[site + 1]):
        _refresh(costs.site_points[e], costs, state)


@njit(cache=True)
def _gain_of(site: int, costs: MedianCosts, state: _State) -> float:
    """Return what opening `site` would save."""
    gain = 0.0
    for e in range(costs.site_starts[site], costs.site_starts[site + 1]):
        gain += max(0.0, state.first[costs.site_points[e]] - costs.site_cost[e])
    return gain


@njit(cache=True)
def _open_greedily(costs: MedianCosts, state: _State, add: int) -> None:
    """Open the site that saves most until `add` are open."""
    number = len(costs.site_starts) - 1
    gain = np.array([_gain_of(j, costs, state) for j in range(number)])
    for _ in range(add - state.opened.sum()):
        best, best_gain = -1, _WORTH
        for j in np.argsort(-gain):
            if gain[j] <= best_gain:
                break  # gains only fall, so an old gain is an upper bound
            if not state.opened[j]:
                gain[j] = _gain_of(j, costs, state)
                if gain[j] > best_gain:
                    best, best_gain = j, gain[j]
        if best < 0:
            return
        state.opened[best] = True
        _refresh_around(best, costs, state)


@njit(cache=True)
def _leaver_for(enters: int, costs: MedianCosts, state: _State) -> int:
    """Return the open site whose exchange for `enters` saves most, or -1."""
    gain = _gain_of(enters, costs, state)
    begin, end = costs.site_starts[enters], costs.site_starts[enters + 1]
    for e in range(begin, end):
        i = costs.site_points[e]
        if state.near[i] != _FIXED and costs.site_cost[e] < state.second[i]:
            state.shared[state.near[i]] += state.second[i] - max(costs.site_cost[e], state.first[i])
    leaves, best = -1, _WORTH
    for k in range(len(state.opened)):
        if state.opened[k] and gain - state.loss[k] + state.shared[k] > best:
            leaves, best = k, gain - state.loss[k] + state.shared[k]
    for e in range(begin, end):
        if state.near[costs.site_points[e]] != _FIXED:
            state.shared[state.near[costs.site_points[e]]] = 0.0
    return leaves


@njit(cache=True)
def interchange(
    costs: MedianCosts, opened: NDArray[np.bool_], add: int, order: NDArray[np.int64], most_swaps: int
) -> int:
    """Open sites greedily up to `add`, then exchange one for one until nothing helps.

    Parameters
    ----------
    costs
        Person-metres.
    opened
        Which sites are open; changed in place.
    add
        How many may be open.
    order
        Order in which sites are tried for an exchange.
    most_swaps
        Work limit.

    Returns
    -------
    int
        Exchanges made.
    """
    points, number = len(costs.base), len(opened)
    near = np.full(points, _FIXED, dtype=np.int32)
    state = _State(opened, near, costs.base.copy(), costs.base.copy(), np.zeros(number), np.zeros(number))
    for i in range(points):
        _refresh(i, costs, state)
    _open_greedily(costs, state, add)
    swaps, since, at = 0, 0, 0
    while since < number and swaps < most_swaps:
        enters = order[at]
        at = (at + 1) % number
        since += 1
        leaves = -1 if opened[enters] else _leaver_for(enters, costs, state)
        if leaves < 0:
            continue
        opened[enters], opened[leaves] = True, False
        _refresh_around(enters, costs, state)
        _refresh_around(leaves, costs, state)
        swaps, since = swaps + 1, 0
    return swaps


@njit(cache=True)
def kick(opened: NDArray[np.bool_], draws: NDArray[np.float64]) -> None:
    """Exchange as many open sites for closed ones as there are rows of `draws` (rows of two in 0..1)."""
    for a in range(draws.shape[0]):
        inside, outside = np.flatnonzero(opened), np.flatnonzero(~opened)
        if len(inside) == 0 or len(outside) == 0:
            return
        opened[inside[int(draws[a, 0] * len(inside))]] = False
        opened[outside[int(draws[a, 1] * len(outside))]] = True
