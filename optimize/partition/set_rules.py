"""What a set of units costs and whether it may be a grid, compiled: for the listings of sets."""

# ruff: noqa: SIM110
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Bools, Floats, Ints


class SetRules(NamedTuple):
    """A territory as the listings of its sets read it.

    Attributes
    ----------
    indptr, indices
        Neighbours, in CSR form.
    load, house
        Loads, and households as floats.
    gap
        Metres from hearts to units; rows beyond the units are hearts beside them.
    low, high, target
        Ends of the band, and what it aims at.
    uneven
        Price of one unit of load off the target.
    area, area_cap, area_price
        Area of each unit, empty where it costs nothing; area that a set has for nothing, and the price of one more.
    group, group_size
        Number of each unit's group, which is whole in every set, -1 for none, and the sizes; both empty where there
        are no groups.
    rival_starts, rivals
        Units that never share a set with each unit, in CSR form.
    border, home, away
        Price of each neighbour pair that is cut (as ``indices``), home and price of leaving it of each unit; empty
        where there are none.
    host_starts, hosts
        Hearts beside the units that a set with each unit may have too, in CSR form; both empty where there are none.
    """

    indptr: Ints
    indices: Ints
    load: Ints
    house: Floats
    gap: Floats
    low: int
    high: int
    target: int
    uneven: float
    area: Ints
    area_cap: int
    area_price: float
    group: Ints
    group_size: Ints
    rival_starts: Ints
    rivals: Ints
    border: Floats
    home: Ints
    away: Floats
    host_starts: Ints
    hosts: Ints


@compiled
def heart_within(members: Ints, count: int, rules: SetRules) -> tuple[int, float]:
    """Return (heart, household-metres); the first unit wins a tie."""
    house, gap = rules.house, rules.gap
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
def heart_beside(members: Ints, count: int, rules: SetRules, tried: Bools) -> tuple[int, float]:
    """Return (heart, household-metres) with hosts beside the set too; ``tried`` is false before and after."""
    heart, best = heart_within(members, count, rules)
    house, gap, host_starts, hosts = rules.house, rules.gap, rules.host_starts, rules.hosts
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
def _sums_hm(members: Ints, count: int, rules: SetRules) -> float:
    """Return what a set costs for its load off the target and its area above the cap."""
    cost = 0.0
    if rules.uneven > 0.0:
        load = 0
        for a in range(count):
            load += rules.load[members[a]]
        cost = rules.uneven * abs(load - rules.target)
    if len(rules.area) > 0:
        area = 0
        for a in range(count):
            area += rules.area[members[a]]
        cost += above_cap_hm(area, rules)
    return cost


@compiled
def above_cap_hm(area: int, rules: SetRules) -> float:
    """Return what an area costs for being above the cap."""
    return rules.area_price * max(0, area - rules.area_cap)


@compiled
def side_hm(members: Ints, count: int, inside: Bools, rules: SetRules, held: Floats) -> float:
    """Return what a set costs beside the walk: its load and area, half of each border cut, and leaving home.

    Its home is the best one for it. ``held`` is zero before and after.
    """
    indptr, indices, border, home, away = rules.indptr, rules.indices, rules.border, rules.home, rules.away
    cost = _sums_hm(members, count, rules)
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
def border_hm(u: int, among: Bools, other_than: Bools, rules: SetRules) -> float:
    """Return half the price of the borders between ``u`` and units of one mark and not of the other."""
    indptr, indices, border = rules.indptr, rules.indices, rules.border
    cost = 0.0
    for e in range(indptr[u], indptr[u + 1]):
        if among[indices[e]] and not other_than[indices[e]]:
            cost += border[e] / 2
    return cost


@compiled
def clashes(u: int, inside: Bools, rules: SetRules) -> bool:
    """Return whether a unit is in the set that never shares a grid with ``u``."""
    rival_starts, rivals = rules.rival_starts, rules.rivals
    for e in range(rival_starts[u], rival_starts[u + 1]):
        if inside[rivals[e]]:
            return True
    return False


@compiled
def torn(members: Ints, count: int, rules: SetRules, held: Ints) -> bool:
    """Return whether a set holds a part of a group only; ``held`` is zero before and after."""
    group, group_size = rules.group, rules.group_size
    for a in range(count):
        if group[members[a]] >= 0:
            held[group[members[a]]] += 1
    is_torn = False
    for a in range(count):
        g = group[members[a]]
        if g >= 0:
            if held[g] > 0 and held[g] != group_size[g]:
                is_torn = True
            held[g] = 0
    return is_torn
