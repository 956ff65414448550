"""A first drawing around locked units: each stays in the grid it is locked to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimize.partition.locked_cores import anchored_cores
from optimize.partition.problem import Ints, Territory
from optimize.partition.repair import grow, pieces_of

__all__ = ["anchor_count", "anchored_start", "draw_rest"]

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
    labels = anchored_cores(territory)
    draw_rest(territory, labels, anchor_count(territory), count, bisect)
    grow(territory, labels)
    return labels


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
