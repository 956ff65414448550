"""A present drawing of a territory, mended into one that can be gone on from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from optimize.partition.grid_count import count_range
from optimize.partition.locked_cores import anchored_cores
from optimize.partition.problem import Ints, Territory, grid_loads

__all__ = ["Mended", "grow", "mend", "pieces_of"]


@dataclass(frozen=True)
class Mended:
    """Connected grids that go on from the present ones.

    Attributes
    ----------
    labels
        A drawing with every grid connected; labels 0 .. len(names)-1.
    home
        Label of each unit's present grid, -1 for a unit that had none or whose grid is retired.
    names
        Number of the present grid that each label goes on from, -1 for a new grid.
    whole
        Whether the present drawing was whole already: every unit in a connected grid, none retired or new.
    """

    labels: Ints
    home: Ints
    names: tuple[int, ...]
    whole: bool


def mend(territory: Territory, present: Ints, *, count: int | None = None) -> Mended:
    """Make a present drawing whole: stray pieces join a neighbour, a grid too many goes, one too few comes.

    Locked units stay in their grid, which takes in what joins them and is never dissolved: there may be more grids
    than wanted then.

    Parameters
    ----------
    present
        Number of each unit's present grid, -1 for none.
    count
        Number of grids wanted; None: as many as now, or the nearest number that the band allows.
    """
    numbers = np.unique(present[present >= 0])
    names = [int(number) for number in numbers]
    labels: Ints = np.searchsorted(numbers, present).astype(np.int64)
    labels[present < 0] = -1
    home: Ints = labels.copy()
    _hold_cores(territory, labels, numbers)
    for label in range(len(names) - 1, -1, -1):
        if not (labels == label).any():  # all of it joins locked units of others
            labels, home = _without(labels, label), _without(home, label)
            del names[label]
    for label in range(len(names)):
        _keep_main_piece(territory, labels, label)
    if not names:
        labels[0], names = 0, [-1]
    grow(territory, labels)
    whole = bool((labels == home).all())
    wanted = _nearest_count(territory, len(names)) if count is None else min(max(1, count), len(territory))
    while len(names) > wanted and len(_locked_labels(territory, labels)) < len(names):
        labels, home, names = _retire_lightest(territory, labels, home, names)
        whole = False
    while len(names) < wanted and _split_heaviest(territory, labels, len(names)):
        names.append(-1)
        whole = False
    return Mended(labels, home, tuple(names), whole)


def _nearest_count(territory: Territory, count: int) -> int:
    allowed = count_range(territory)
    return min(max(count, allowed.start), allowed.stop - 1)


def pieces_of(territory: Territory, units: Ints) -> list[Ints]:
    """Return the connected pieces of some units, each sorted, by their first unit."""
    left = set(map(int, units))
    pieces = []
    for start in sorted(left):
        if start not in left:
            continue
        left.discard(start)
        piece, queue = [start], deque([start])
        while queue:
            for v in map(int, territory.neighbours(queue.popleft())):
                if v in left:
                    left.discard(v)
                    piece.append(v)
                    queue.append(v)
        pieces.append(np.array(sorted(piece)))
    return pieces


def _hold_cores(territory: Territory, labels: Ints, numbers: Ints) -> None:
    """Give the units that join locked ones to their grid, where the present drawing has it."""
    core = anchored_cores(territory)
    for at, anchor in enumerate(np.unique(territory.anchor[territory.anchor >= 0])):
        if anchor in numbers:
            labels[core == at] = np.searchsorted(numbers, anchor)


def _locked_labels(territory: Territory, labels: Ints) -> Ints:
    """Return the labels of grids with locked units."""
    return np.unique(labels[territory.anchor >= 0])


def _keep_main_piece(territory: Territory, labels: Ints, label: int) -> None:
    """Let all pieces of a grid go but the one with locked units, else with most households."""
    pieces = pieces_of(territory, np.flatnonzero(labels == label))
    if len(pieces) > 1:
        locked = territory.anchor >= 0
        weight = [(int(locked[piece].sum()), int(territory.households[piece].sum())) for piece in pieces]
        main = max(range(len(pieces)), key=lambda i: (weight[i], -i))
        for i, piece in enumerate(pieces):
            if i != main:
                labels[piece] = -1


def grow(territory: Territory, labels: Ints) -> None:
    """Give every unit without a grid to the lightest grid beside it, until none is left."""
    loads = np.zeros(int(labels.max()) + 1, dtype=np.int64)
    held = labels >= 0
    np.add.at(loads, labels[held], territory.load[held])
    while (labels < 0).any():
        for u in np.flatnonzero(labels < 0):
            beside = sorted({int(labels[v]) for v in territory.neighbours(int(u)) if labels[v] >= 0})
            if beside:
                grid = min(beside, key=lambda g: (loads[g], g))
                labels[u] = grid
                loads[grid] += territory.load[u]


def _retire_lightest(
    territory: Territory, labels: Ints, home: Ints, names: list[int]
) -> tuple[Ints, Ints, list[int]]:
    """Dissolve the grid with the least load and no locked unit among its neighbours."""
    loads = grid_loads(territory, labels).astype(np.float64)
    loads[_locked_labels(territory, labels)] = np.inf
    gone = int(np.argmin(loads))
    labels = _without(labels, gone)
    grow(territory, labels)
    return labels, _without(home, gone), names[:gone] + names[gone + 1 :]


def _without(labels: Ints, gone: int) -> Ints:
    """Return labels numbered without one of them, -1 in its place."""
    kept: Ints = np.where(labels > gone, labels - 1, labels)
    kept[labels == gone] = -1
    return kept


def _split_heaviest(territory: Territory, labels: Ints, new: int) -> bool:
    """Give a part of the heaviest grid that can be split, grown from one of its ends, the label ``new``."""
    loads = grid_loads(territory, labels)
    for grid in np.argsort(-loads, kind="stable"):
        cut = _best_cut(territory, np.flatnonzero(labels == grid), int(loads[grid]))
        if cut is not None:
            labels[cut] = new
            return True
    return False


def _best_cut(territory: Territory, members: Ints, load: int) -> Ints | None:
    """Return the part of a grid that leaves it most even, both connected; locked units stay together in the other."""
    best: tuple[int, int] | None = None
    cut: Ints | None = None
    for u in members if len(members) > 1 else ():
        side = _grown(territory, members, int(u), load // 2)
        rest = np.setdiff1d(members, side)
        pieces = pieces_of(territory, rest)
        main = max(pieces, key=lambda p: (int(territory.load[p].sum()), -int(p[0])))
        side = np.setdiff1d(members, main)  # stray pieces of the rest go with the new grid: it stays connected
        miss = abs(2 * int(territory.load[side].sum()) - load)
        locked = [part for part in (side, main) if (territory.anchor[part] >= 0).any()]
        if len(locked) < 2 and (best is None or (miss, int(u)) < best):
            best, cut = (miss, int(u)), main if locked and locked[0] is side else side
    return cut


def _grown(territory: Territory, members: Ints, start: int, load: int) -> Ints:
    """Return units grown from one, breadth first, up to a load, leaving at least one."""
    inside = set(map(int, members))
    side, total, queue = [start], int(territory.load[start]), deque([start])
    seen = {start}
    while queue:
        for v in map(int, territory.neighbours(queue.popleft())):
            if v in inside and v not in seen and len(side) < len(members) - 1 and total + territory.load[v] <= load:
                seen.add(v)
                side.append(v)
                total += int(territory.load[v])
                queue.append(v)
    return np.array(sorted(side))
