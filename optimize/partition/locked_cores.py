"""The cores of locked grids: locked units and the fewest others that join them."""

from __future__ import annotations

from collections import deque

import numpy as np

from gis.model.errors import LockedError
from optimize.partition.problem import Bools, Ints, Territory

__all__ = ["anchored_cores", "path_between"]


def anchored_cores(territory: Territory) -> Ints:
    """Return the number of its grid for each locked unit and for units that join these, -1 for all others.

    A grid that the paths of others leave no way is joined before them. No core holds rivals.

    Raises
    ------
    LockedError
        When the locked units of a grid cannot be connected.
    """
    anchors, locked_to = np.unique(territory.anchor[territory.anchor >= 0], return_inverse=True)
    order = list(range(len(anchors)))
    moved: set[int] = set()
    while True:
        labels = np.full(len(territory), -1, dtype=np.int64)
        labels[territory.anchor >= 0] = locked_to
        for number in order:
            lost = _connect(territory, labels, number)
            if lost is not None:
                break
        else:
            return labels
        if number in moved or number == order[0]:
            ids = [territory.unit_ids[u] for u in lost]
            raise LockedError("locks-apart", unit_id=ids[1], other_unit_id=ids[0])
        moved.add(number)
        order = [number, *(other for other in order if other != number)]


def _connect(territory: Territory, labels: Ints, number: int) -> tuple[int, int] | None:
    """Join the pieces of a locked grid by shortest paths over units nobody has; return two that no path joins."""
    members = np.flatnonzero(labels == number)
    reached = _reach(territory, labels, int(members[0]), number)
    while not all(reached[m] for m in members):
        path = _path_apart(territory, labels, reached, number)
        if path is None:
            return int(members[0]), next(int(m) for m in members if not reached[m])
        labels[path] = number
        reached = _reach(territory, labels, int(members[0]), number)
    return None


def _path_apart(territory: Territory, labels: Ints, reached: Bools, number: int) -> list[int] | None:
    """Return the free units of a short way to another piece of a locked grid, none of them a rival of another."""
    barred = labels.copy()
    for a, b in (*territory.rivals.tolist(), *territory.rivals[:, ::-1].tolist()):
        if labels[a] == number and labels[b] < 0:
            barred[b] = number + len(labels)  # as if another grid had it
    while True:
        path = _path(territory, barred, reached, number)
        at_odds = [] if path is None else [b for a, b in territory.rivals.tolist() if a in path and b in path]
        if not at_odds:
            return path
        barred[at_odds] = number + len(labels)


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
