"""Polish of a drawing by set partitioning on windows: neighbouring grids are drawn anew, together and exactly.

A territory too large to be solved whole is mended piece by piece; what a window finds is at least as good as
what was there, so that the drawing never gets worse.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from optimize.partition.columns import columns_of_drawing
from optimize.partition.effort import Effort
from optimize.partition.problem import Ints, Territory, make_territory
from optimize.partition.proof import prove
from optimize.stopping import Stop

__all__ = ["WINDOW", "Window", "polish"]


SHORT = Effort(
    listed=20_000, priced=20_000, heart_nodes=500, pricing_nodes=200_000, pricing_rounds=15, heart_goals=()
)


@dataclass(frozen=True)
class Window:
    """How windows are cut and how long each may take.

    Attributes
    ----------
    units
        Units of a window, about.
    passes
        Times that every grid is visited.
    effort
        Work of one window.
    """

    units: int = 40
    passes: int = 2
    effort: Effort = SHORT


WINDOW = Window()
SAME = 1e-9  # share by which sums of the same metres may differ


def polish(territory: Territory, labels: Ints, *, window: Window = WINDOW, stop: Stop | None = None) -> Ints:
    """Return a drawing that is never worse, with as many grids.

    Parameters
    ----------
    territory, labels
        A drawing with connected grids.
    window
        Size and work of the windows.
    stop
        Asked between windows.

    Returns
    -------
    Ints
        New labels; grids keep their numbers where they keep most of their places.
    """
    stop = stop or Stop()
    best = labels.copy()
    stale: set[frozenset[int]] = set()  # windows that were tried and not changed since
    for _ in range(window.passes):
        changed = False
        covered = np.zeros(int(best.max()) + 1, dtype=bool)
        for grid in range(len(covered)):
            if stop.now():
                return best
            if covered[grid]:
                continue
            grids = _around(territory, best, grid, window.units)
            covered[grids[: (len(grids) + 1) // 2]] = True
            units = np.flatnonzero(np.isin(best, grids))
            key = frozenset(units.tolist())
            if len(grids) < 2 or key in stale:
                continue
            drawn = _redrawn(territory, best, units, window.effort, stop)
            if drawn is None:
                stale.add(key)
            else:
                best[units] = np.array(sorted(grids))[drawn]
                changed = True
        if not changed:
            break
    return best


def _around(territory: Territory, labels: Ints, grid: int, most: int) -> list[int]:
    """Return a grid and its neighbours, nearest in steps first, until they hold about ``most`` units."""
    sizes = np.bincount(labels)
    grids, held = [grid], int(sizes[grid])
    queue = deque([grid])
    while queue and held < most:
        for unit in np.flatnonzero(labels == queue.popleft()).tolist():
            for beside in labels[territory.neighbours(unit)].tolist():
                if beside not in grids and held + sizes[beside] <= most + most // 4:
                    grids.append(beside)
                    queue.append(beside)
                    held += int(sizes[beside])
    return grids


def _redrawn(territory: Territory, labels: Ints, units: Ints, effort: Effort, stop: Stop) -> Ints | None:
    """Return better labels 0 .. k-1 of the units of a window, or None."""
    part = part_of(territory, units)
    old = np.unique(labels[units], return_inverse=True)[1]
    proven = prove(part, old, effort=effort, stop=stop)
    before = columns_of_drawing(part, old, part.load)
    walk = float(before.cost_hm.sum())
    if (proven.violation, proven.objective) < (int(before.excess.sum()), walk * (1 - SAME)):
        return proven.labels
    return None


def part_of(territory: Territory, units: Ints) -> Territory:
    """Return some units of a territory as a territory of their own."""
    place = np.full(len(territory), -1, dtype=np.int64)
    place[units] = np.arange(len(units))
    pairs = [
        (int(place[u]), int(place[v])) for u in units for v in territory.neighbours(int(u)) if place[v] > place[u]
    ]
    return make_territory(
        [territory.unit_ids[u] for u in units],
        territory.load[units],
        territory.xy[units],
        pairs,
        territory.band,
        households=territory.households[units],
        anchor=territory.anchor[units],
        group=territory.group[units] if len(territory.group) else None,
        rivals=[(int(place[a]), int(place[b])) for a, b in territory.rivals if place[a] >= 0 and place[b] >= 0],
        territory_id=territory.territory_id,
        community_id=territory.community_id,
    )
