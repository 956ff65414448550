"""Units that never share a grid: a first drawing that keeps them apart, and the fewest grids that do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from optimize.partition.anchors import anchor_count, anchored_start, draw_rest
from optimize.partition.locked_cores import anchored_cores, path_between
from optimize.partition.problem import Ints, Territory, grid_loads
from optimize.partition.repair import grow

__all__ = ["apart_start", "clashes", "keep_apart", "least_count"]

Bisect = Callable[[Territory, int], Ints]
MOST_TRIED = 2000  # ways to share few grids among rivals that are looked at


class NoRoomError(Exception):
    """No drawing with this number of grids was found that keeps rivals apart."""


def clashes(territory: Territory, labels: Ints) -> Ints:
    """Return the pairs of rivals that share a grid."""
    at = labels[territory.rivals]
    return np.asarray(territory.rivals[at[:, 0] == at[:, 1]])


def apart_start(territory: Territory, count: int, bisect: Bisect) -> Ints:
    """Return labels of ``count`` connected grids with no rivals in one, locked units in theirs.

    An ordinary first drawing is mended grid by grid; where that fails, every rival is a seed.

    Raises
    ------
    NoRoomError
        When no such drawing is found; with `least_count` grids there is one.
    """
    if (territory.anchor >= 0).any():
        drawn = anchored_start(territory, count, bisect)
        if not len(clashes(territory, drawn)):
            return drawn
    else:
        mended = keep_apart(territory, bisect(territory, count))
        if mended is not None:
            return mended
    return _seeded(territory, count, bisect)


def keep_apart(territory: Territory, labels: Ints) -> Ints | None:
    """Return a drawing with rivals apart: grids that hold some are cut anew with a neighbour; None: not so.

    Grids keep their numbers; locked units are left where they are, so a grid that holds some is not cut.
    """
    drawn = labels.copy()
    for _ in range(2 * len(territory.rivals) + 1):
        left = clashes(territory, drawn)
        if not len(left):
            return drawn
        best = _best_cut(territory, drawn, left)
        if best is None:
            return None
        drawn = best
    return None


def _best_cut(territory: Territory, labels: Ints, left: Ints) -> Ints | None:
    """Return the cut of two neighbouring grids that leaves fewest rivals together, then least outside the band."""
    best: tuple[tuple[int, int, int, int], Ints] | None = None
    for a, b in left:
        g = int(labels[a])
        beside = {int(labels[v]) for u in np.flatnonzero(labels == g) for v in territory.neighbours(int(u))} - {g}
        for h in sorted(beside):
            both = (labels == g) | (labels == h)
            if (territory.anchor[both] >= 0).any():
                continue
            for order, (seed, other) in enumerate(((a, b), (b, a))):
                cut = labels.copy()
                cut[both] = -1
                cut[seed], cut[other] = g, h
                _grow_pair(territory, cut, g, h)
                key = (len(clashes(territory, cut)), _outside(territory, cut), h, order)
                if key[0] < len(left) and (best is None or key < best[0]):
                    best = (key, cut)
    return None if best is None else best[1]


def _outside(territory: Territory, labels: Ints) -> int:
    return int(territory.band.violation(grid_loads(territory, labels)).sum())


def _grow_pair(territory: Territory, labels: Ints, g: int, h: int) -> None:
    """Grow two grids from their seeds over the units that have none, the lighter first, rivals apart if possible."""
    rivals = _rival_sets(territory)
    loads = {grid: int(territory.load[labels == grid].sum()) for grid in (g, h)}
    while (labels < 0).any():
        best: tuple[bool, int, int, int] | None = None
        for u in np.flatnonzero(labels < 0).tolist():
            for grid in sorted({int(labels[v]) for v in territory.neighbours(u)} & {g, h}):
                key = (any(labels[r] == grid for r in rivals.get(u, ())), loads[grid], u, grid)
                best = key if best is None or key < best else best
        if best is None:
            return
        _, _, u, grid = best
        labels[u] = grid
        loads[grid] += int(territory.load[u])


def _rival_sets(territory: Territory) -> dict[int, list[int]]:
    sets: dict[int, list[int]] = {}
    for a, b in territory.rivals.tolist():
        sets.setdefault(a, []).append(b)
        sets.setdefault(b, []).append(a)
    return sets


def _seeded(territory: Territory, count: int, bisect: Bisect) -> Ints:
    """Draw grids around locked units and rivals, each rival in a grid of its own as long as there are grids."""
    labels = anchored_cores(territory)
    seeded = next(_shared_out(territory, labels, count), None)
    if seeded is None:
        raise NoRoomError
    draw_rest(territory, seeded, int(seeded.max()) + 1, count, bisect)
    grow(territory, seeded)
    if len(clashes(territory, seeded)):
        raise NoRoomError
    return seeded


def _shared_out(territory: Territory, labels: Ints, count: int) -> Iterator[Ints]:
    """Yield ways to give every rival a grid: a new one while there are any, else one it can be joined to."""
    rivals = _rival_sets(territory)
    order = sorted((u for u in rivals if labels[u] < 0), key=lambda u: (-len(rivals[u]), u))
    tried = 0

    def place(at: int, now: Ints) -> Iterator[Ints]:
        nonlocal tried
        if at == len(order):
            yield now
            return
        u, used = order[at], int(now.max()) + 1
        if now[u] >= 0:
            yield from place(at + 1, now)
            return
        for grid in [*([used] if used < count else []), *range(used)]:
            tried += 1
            if tried > MOST_TRIED:
                return
            if any(now[r] == grid for r in rivals[u]):
                continue
            more = now.copy()
            more[u] = grid
            if grid < used:
                path = path_between(territory, more, int(np.flatnonzero(now == grid)[0]), u, grid)
                if path is None or any(now[r] == grid for p in path for r in rivals.get(p, ())):
                    continue
                more[path] = grid
                if len(clashes(territory, np.where(more < 0, -1 - np.arange(len(more)), more))):
                    continue
            yield from place(at + 1, more)

    yield from place(0, labels)


def least_count(territory: Territory, bisect: Bisect) -> int:
    """Return the fewest grids for which a drawing with rivals apart and locked units in their grids is found."""
    least = max(1, anchor_count(territory))
    if not len(territory.rivals):
        return least
    for count in range(max(2, least), len(territory) + 1):
        try:
            apart_start(territory, count, bisect)
        except NoRoomError:
            continue
        return count
    return len(territory)
