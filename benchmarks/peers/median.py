"""A capacitated p-median matheuristic, written for this comparison.

After Gnägi & Baumann 2021, "A matheuristic for large-scale capacitated clustering", doi:10.1016/j.cor.2021.105304:
medians spread by chance weighted by distance, units assigned to near medians by an integer programme, medians moved,
until nothing is won; then groups of near clusters are solved anew as small p-median models. A cluster's load is held
between both ends of the band; nothing asks for connected clusters.
"""

from __future__ import annotations

import numpy as np
from highspy import Highs
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from optimize.partition.problem import Territory

NEAR = 12  # medians that a unit may be assigned to
ROUNDS = 12
GROUP = 4  # clusters solved together
NEAR_IN_GROUP = 20  # candidate medians of a unit in a group
SECONDS = {"assignment": 20.0, "group": 5.0}
ACCEPTED_GAP = 1e-3


def split(territory: Territory, count: int, seed: int) -> np.ndarray:
    """Return labels of ``count`` clusters."""
    Highs.resetGlobalScheduler(True)
    gaps = np.linalg.norm(territory.xy[:, None] - territory.xy[None], axis=2)
    costs = gaps * territory.households[:, None]
    medians = _spread(territory, gaps, count, np.random.default_rng(seed))
    best, labels = np.inf, np.zeros(len(territory), dtype=int)
    for _ in range(ROUNDS):
        near = NEAR
        found = None
        while found is None and near <= count:
            found = _assigned(territory, costs, medians, near)
            near *= 2
        if found is None:
            raise RuntimeError("no assignment keeps the band at these medians")
        cost = float(costs[np.arange(len(found)), medians[found]].sum())
        if cost >= best * (1 - 1e-6):
            break
        best, labels = cost, found
        medians = _medians(costs, labels, count)
    for c in range(count):
        group = np.argsort(gaps[medians[c], medians], kind="stable")[:GROUP]
        units = np.flatnonzero(np.isin(labels, group))
        new = _regrouped(territory, costs, units, len(group), labels, medians[group])
        if new is not None:
            labels[units] = group[new]
            medians = _medians(costs, labels, count)
    return labels


def _spread(territory: Territory, gaps: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    chosen = [int(rng.integers(len(territory)))]
    while len(chosen) < count:
        weight = territory.households * gaps[:, chosen].min(axis=1) ** 2
        chosen.append(int(rng.choice(len(territory), p=weight / weight.sum())))
    return np.array(chosen)


def _medians(costs: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    members = [np.flatnonzero(labels == c) for c in range(count)]
    return np.array([m[np.argmin(costs[np.ix_(m, m)].sum(axis=0))] for m in members])


def _assigned(territory: Territory, costs: np.ndarray, medians: np.ndarray, near: int) -> np.ndarray | None:
    n, k = len(territory), len(medians)
    options = np.argsort(costs[:, medians], axis=1, kind="stable")[:, :near]
    options[medians, 0] = np.arange(k)  # a median may serve itself
    unit, cluster = np.repeat(np.arange(n), near), options.ravel()
    at, ones = np.arange(len(unit)), np.ones(len(unit))
    once = coo_array((ones, (unit, at)), shape=(n, len(unit)))
    load = coo_array((territory.load[unit].astype(float), (cluster, at)), shape=(k, len(unit)))
    band = territory.band
    answer = milp(
        costs[unit, medians[cluster]],
        integrality=ones,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(load, band.min, band.max)],
        options={"time_limit": SECONDS["assignment"], "mip_rel_gap": ACCEPTED_GAP},
    )
    if answer.x is None:
        return None
    return options[np.arange(n), answer.x.reshape(n, near).argmax(axis=1)]


def _regrouped(
    territory: Territory, costs: np.ndarray, units: np.ndarray, count: int, labels: np.ndarray, medians: np.ndarray
) -> np.ndarray | None:
    """Return labels 0 .. count-1 of some units from a small p-median model, None where it wins nothing."""
    m = len(units)
    near = min(NEAR_IN_GROUP, m)
    inside = costs[np.ix_(units, units)]
    options = np.argsort(inside, axis=1, kind="stable")[:, :near]
    unit, heart = np.repeat(np.arange(m), near), options.ravel()
    at = np.arange(len(unit))
    ones = np.ones(len(unit))
    size = len(unit) + m
    once = coo_array((ones, (unit, at)), shape=(m, size))
    opened = coo_array((np.r_[ones, -ones], (np.r_[at, at], np.r_[at, len(unit) + heart])), shape=(len(unit), size))
    hearts = np.arange(m)
    loads = territory.load[units][unit].astype(float)
    band = territory.band
    low = coo_array(
        (np.r_[loads, np.full(m, -float(band.min))], (np.r_[heart, hearts], np.r_[at, len(unit) + hearts])),
        shape=(m, size),
    )
    high = coo_array(
        (np.r_[loads, np.full(m, -float(band.max))], (np.r_[heart, hearts], np.r_[at, len(unit) + hearts])),
        shape=(m, size),
    )
    number = coo_array((np.ones(m), (np.zeros(m, int), len(unit) + hearts)), shape=(1, size))
    answer = milp(
        np.r_[inside[unit, heart], np.zeros(m)],
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(opened, -np.inf, 0),
            LinearConstraint(low, 0, np.inf),
            LinearConstraint(high, -np.inf, 0),
            LinearConstraint(number, count, count),
        ],
        options={"time_limit": SECONDS["group"], "mip_rel_gap": ACCEPTED_GAP},
    )
    if answer.x is None:
        return None
    before = sum(
        costs[np.ix_(own, own)].sum(axis=0).min()
        for own in (np.flatnonzero(labels == c) for c in np.unique(labels[units]))
    )
    if answer.fun >= before * (1 - 1e-6):
        return None
    chosen = options[np.arange(m), answer.x[: len(unit)].reshape(m, near).argmax(axis=1)]
    return np.unique(chosen, return_inverse=True)[1]
