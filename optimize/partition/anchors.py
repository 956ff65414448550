"""A first drawing around locked units: each stays in the grid it is locked to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from gis.model.errors import LockedError
from optimize.partition.problem import Bools, Ints, Territory
from optimize.partition.repair import grow, pieces_of

__all__ = ["anchor_count", "anchored_start", "draw_rest", "path_between"]

Bisect = Callable[[Territory, int], Ints]


def anchor_count(territory: Territory) -> int:
    """Return the number of grids that locked units hold open."""
    return len(np.unique(territory.anchor[territory.anchor >= 0]))


def anchored_start(territory: Territory, count: int, bisect: Bisect) -> Ints:
    """Return labels of ``count`` connected grids; locked units of one anchor share one, of two never.

    Parameters
    ----------
    count
        At least the number of anchors.
    bisect
        Draws the units that no locked grid needs.

    Raises
    ------
    LockedError
        When the locked units of a grid cannot be connected past the locked units of others.
    """
    labels = np.full(len(territory), -1, dtype=np.int64)
    anchors = np.unique(territory.anchor[territory.anchor >= 0])
    for number, anchor in enumerate(anchors):
        labels[territory.anchor == anchor] = number
    for number in range(len(anchors)):
        _connect(territory, labels, number)
    draw_rest(territory, labels, len(anchors), count, bisect)
    grow(territory, labels)
    return labels


def _connect(territory: Territory, labels: Ints, number: int) -> None:
    """Join the pieces of a locked grid by shortest paths over units nobody has."""
    members = np.flatnonzero(labels == number)
    reached = _reach(territory, labels, int(members[0]), number)
    while not all(reached[m] for m in members):
        path = _path(territory, labels, reached, number)
        if path is None:
            lost = territory.unit_ids[next(int(m) for m in members if not reached[m])]
            raise LockedError("locks-apart", unit_id=lost, other_unit_id=territory.unit_ids[int(members[0])])
        labels[path] = number
        reached = _reach(territory, labels, int(members[0]), number)


def path_between(territory: Territory, labels: Ints, start: int, end: int, number: int) -> list[int] | None:
    """Return the free units (-1) on a shortest way through a grid and free units; None where there is none.

    The ends belong to the grid ``number`` already; the way may go through units of it.
    """
    before = {start: -1}
    queue = deque([start])
    while queue:
        u = queue.popleft()
        if u == end:
            path = []
            while u >= 0:
                path.append(u)
                u = before[u]
            return [p for p in path if labels[p] < 0]
        for v in map(int, territory.neighbours(u)):
            if v not in before and labels[v] in (number, -1):
                before[v] = u
                queue.append(v)
    return None


def _reach(territory: Territory, labels: Ints, start: int, number: int) -> Bools:
    seen = np.zeros(len(territory), dtype=bool)
    seen[start] = True
    queue = deque([start])
    while queue:
        for v in territory.neighbours(queue.popleft()):
            if not seen[v] and labels[v] == number:
                seen[v] = True
                queue.append(int(v))
    return seen


def _path(territory: Territory, labels: Ints, reached: Bools, number: int) -> list[int] | None:
    """Return the free units between the reached piece and the nearest other piece of its grid."""
    before = {int(u): -1 for u in np.flatnonzero(reached)}
    queue = deque(sorted(before))
    while queue:
        u = queue.popleft()
        for v in map(int, territory.neighbours(u)):
            if v in before:
                continue
            if labels[v] == number:
                path = []
                while not reached[u]:
                    path.append(u)
                    u = before[u]
                return path
            if labels[v] < 0:
                before[v] = u
                queue.append(v)
    return None


def draw_rest(territory: Territory, labels: Ints, first: int, count: int, bisect: Bisect) -> None:
    """Draw the grids that no lock holds open in the heaviest parts of what is left."""
    parts = pieces_of(territory, np.flatnonzero(labels < 0))
    wanted = count - first
    if wanted <= 0 or not parts:
        return
    loads = [float(territory.load[part].sum()) + 1e-6 * len(part) for part in parts]
    shares = [0] * len(parts)
    for _ in range(min(wanted, sum(map(len, parts)))):
        open_ = [i for i, part in enumerate(parts) if shares[i] < len(part)]
        shares[max(open_, key=lambda i: (loads[i] / (shares[i] + 1), -i))] += 1
    for part, share in zip(parts, shares, strict=True):
        if share:
            labels[part] = first + bisect(territory.part(part), share)
            first += share
