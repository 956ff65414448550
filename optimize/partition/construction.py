"""A first drawing by recursive bisection, compiled.

Each part is cut across the best of several directions where the loads of the two sides are in the
proportion of their numbers of grids; stray pieces go to the other side, so that both sides are connected.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917
from __future__ import annotations

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints


@compiled
def _side_pieces(
    part: Ints, count: int, value: int, side: Ints, indptr: Ints, indices: Ints, piece: Ints, queue: Ints
) -> int:
    """Write the number of each unit's connected piece of a side into ``piece``; return how many there are."""
    for i in range(count):
        piece[part[i]] = -1
    pieces = 0
    for i in range(count):
        u = part[i]
        if side[u] != value or piece[u] >= 0:
            continue
        piece[u] = pieces
        queue[0] = u
        end = 1
        at = 0
        while at < end:
            v = queue[at]
            at += 1
            for e in range(indptr[v], indptr[v + 1]):
                t = indices[e]
                if side[t] == value and piece[t] < 0:
                    piece[t] = pieces
                    queue[end] = t
                    end += 1
        pieces += 1
    return pieces


@compiled
def _keep_largest(
    part: Ints,
    count: int,
    value: int,
    other: int,
    side: Ints,
    load: Ints,
    indptr: Ints,
    indices: Ints,
    piece: Ints,
    queue: Ints,
) -> None:
    """Give all pieces but the heaviest of one side to the other side."""
    pieces = _side_pieces(part, count, value, side, indptr, indices, piece, queue)
    if pieces <= 1:
        return
    weight = np.zeros(pieces, np.int64)
    for i in range(count):
        u = part[i]
        if side[u] == value:
            weight[piece[u]] += load[u] * 1024 + 1
    best = np.argmax(weight)
    for i in range(count):
        u = part[i]
        if side[u] == value and piece[u] != best:
            side[u] = other


@compiled
def bisect(
    indptr: Ints, indices: Ints, x: Floats, y: Floats, load: Ints, k: int, directions: int, turn: float
) -> Ints:
    """Return labels 0 .. k-1 of a first drawing; ``turn`` (radians) turns the first direction."""
    n = len(x)
    label = np.zeros(n, np.int32)
    if k <= 1:
        return label
    order = np.arange(n).astype(np.int32)
    side = np.full(n, -1, np.int32)  # number of the part's side, -1 outside the part
    best_side = np.zeros(n, np.int8)
    piece = np.empty(n, np.int32)
    queue = np.empty(n, np.int32)
    starts = np.empty(2 * k + 2, np.int64)
    stops = np.empty(2 * k + 2, np.int64)
    counts = np.empty(2 * k + 2, np.int64)
    firsts = np.empty(2 * k + 2, np.int64)
    starts[0], stops[0], counts[0], firsts[0] = 0, n, k, 0
    top = 1
    while top > 0:
        top -= 1
        a, b, parts, first = starts[top], stops[top], counts[top], firsts[top]
        part = order[a:b]
        m = b - a
        if parts == 1:
            for i in range(m):
                label[part[i]] = first
            continue
        total = np.int64(0)
        for i in range(m):
            total += load[part[i]]
        left_parts = parts // 2
        goal = total * left_parts / parts
        best = np.inf
        best_left = 0
        cuts = directions if m < 20000 else min(directions, 3)
        key = np.empty(m, np.float64)
        for d in range(cuts):
            angle = turn + np.pi * d / cuts
            cx = np.cos(angle)
            cy = np.sin(angle)
            for i in range(m):
                key[i] = x[part[i]] * cx + y[part[i]] * cy
            by_key = np.argsort(key, kind="mergesort")
            run = np.int64(0)
            for i in range(m):
                u = part[by_key[i]]
                if i < m - 1 and (i == 0 or run + load[u] / 2 <= goal):
                    side[u] = 0
                else:
                    side[u] = 1
                run += load[u]
            _keep_largest(part, m, 0, 1, side, load, indptr, indices, piece, queue)
            _keep_largest(part, m, 1, 0, side, load, indptr, indices, piece, queue)
            left = np.int64(0)
            left_units = 0
            cut = 0.0
            for i in range(m):
                u = part[i]
                if side[u] == 0:
                    left += load[u]
                    left_units += 1
                    for e in range(indptr[u], indptr[u + 1]):
                        if side[indices[e]] == 1:
                            cut += 1.0
            want, miss = _share(parts, int(left), int(total), left_units, m)
            value = miss * 8.0 + cut / np.sqrt(m)
            if value < best:
                best = value
                best_left = want
                for i in range(m):
                    best_side[part[i]] = side[part[i]]
        swap = part.copy()
        i0 = 0
        for i in range(m):
            if best_side[swap[i]] == 0:
                part[i0] = swap[i]
                i0 += 1
        split = a + i0
        for i in range(m):
            if best_side[swap[i]] != 0:
                part[i0] = swap[i]
                i0 += 1
        for i in range(m):
            side[part[i]] = -1
        starts[top], stops[top], counts[top], firsts[top] = a, split, best_left, first
        top += 1
        starts[top], stops[top], counts[top], firsts[top] = split, b, parts - best_left, first + best_left
        top += 1
    return label


@compiled
def _share(parts: int, left: int, total: int, left_units: int, units: int) -> tuple[int, float]:
    """Return how many grids the left side gets, and by what share its mean grid misses the part's."""
    want = int(np.floor(parts * (left / total) + 0.5)) if total > 0 else parts // 2
    want = max(want, 1, parts - (units - left_units))
    want = min(want, parts - 1, left_units)
    if total == 0:
        return want, 0.0
    mean = total / parts
    a = abs(left / want / mean - 1.0)
    b = abs((total - left) / (parts - want) / mean - 1.0)
    return want, max(a * want, b * (parts - want)) / np.sqrt(parts)
