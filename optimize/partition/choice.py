"""Which of many columns enter a linear programme, and as what, compiled."""

# ruff: noqa: PLR0912, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Bools, Floats, Ints

FIRST_ROOM = 256


@compiled
def choose_per_unit(starts: Ints, units: Ints, value: Floats, limit: float, taken: Bools, n: int, each: int) -> Ints:
    """Return columns below ``limit``, cheapest first, while one of their units has fewer than ``each``."""
    held = np.zeros(n, np.int64)
    below = np.flatnonzero(value < limit)
    order = below[np.argsort(value[below], kind="mergesort")]
    chosen = np.empty(len(order), np.int64)
    count = 0
    for column in order:
        if taken[column]:
            continue
        wanted = False
        for e in range(starts[column], starts[column + 1]):
            if held[units[e]] < each:
                wanted = True
                break
        if wanted:
            for e in range(starts[column], starts[column + 1]):
                held[units[e]] += 1
            chosen[count] = column
            count += 1
    return chosen[:count]


@compiled
def stacked(
    starts: Ints, units: Ints, excess: Ints, hit_starts: Ints, hits: Ints, n: int
) -> tuple[Floats, Ints, Ints]:
    """Return values, rows and starts of columns as the programme holds them.

    The rows: n units, the number of grids, the excess, then the cuts that a column hits.
    """
    columns = len(starts) - 1
    most = len(units) + len(hits) + 2 * columns
    values = np.ones(most, np.float64)
    rows = np.empty(most, np.int32)
    begins = np.zeros(columns + 1, np.int32)
    at = 0
    for c in range(columns):
        for e in range(starts[c], starts[c + 1]):
            rows[at] = units[e]
            at += 1
        rows[at] = n
        at += 1
        if excess[c] != 0:
            rows[at] = n + 1
            values[at] = excess[c]
            at += 1
        for e in range(hit_starts[c], hit_starts[c + 1]):
            rows[at] = n + 2 + hits[e]
            at += 1
        begins[c + 1] = at
    return values[:at], rows[:at], begins


@compiled
def violated_triples(
    starts: Ints, units: Ints, share: Floats, n: int, least: float, most: int
) -> tuple[Ints, Floats]:
    """Return triples of units of which columns holding two or three have shares that sum above 1.

    Parameters
    ----------
    starts, units, share
        The columns with a share above 0 in a fractional solution.
    least
        Least violation that counts.
    most
        Number of triples returned, the most violated first.
    """
    together = np.zeros((n, n), np.float64)
    columns = len(share)
    holds = np.zeros((columns, n), np.bool_)
    for c in range(columns):
        for a in range(starts[c], starts[c + 1]):
            holds[c, units[a]] = True
            for b in range(starts[c], starts[c + 1]):
                together[units[a], units[b]] += share[c]
    triples = np.empty((FIRST_ROOM, 3), np.int64)
    excess = np.empty(FIRST_ROOM, np.float64)
    count = 0
    for u in range(n):
        beside = np.flatnonzero(together[u] > 0)
        for p in range(len(beside)):
            v = beside[p]
            if v == u:
                continue
            for q in range(p + 1, len(beside)):
                w = beside[q]
                if w == u or (together[v, w] > 0 and (v < u or w < u)):
                    continue  # the first unit that shares a column with both others tells the triple
                total = together[u, v] + together[u, w] + together[v, w]
                if total <= 1 + least:
                    continue
                for c in range(columns):
                    if holds[c, u] and holds[c, v] and holds[c, w]:
                        total -= 2 * share[c]
                if total <= 1 + least:
                    continue
                if count == len(excess):
                    wide = np.empty((2 * count, 3), np.int64)
                    wide[:count] = triples
                    triples = wide
                    more = np.empty(2 * count, np.float64)
                    more[:count] = excess
                    excess = more
                triples[count, 0], triples[count, 1], triples[count, 2] = u, v, w
                excess[count] = total - 1
                count += 1
    order = np.argsort(-excess[:count], kind="mergesort")[:most]
    return triples[order], excess[order]
