"""Drawings made from what a bound by hearts holds: where the prices put the grids, a search may not have looked.

The hearts that stay open are gathered into as many groups as there are grids; every unit goes to the group that holds
most of it, loose pieces to a grid beside them; the drawing is annealed a little, cut anew along trees, and recombined
with the best one known. A Lagrangian heuristic (Beasley 1993, doi:10.1016/0377-2217(93)90118-7).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimize.partition.annealing import Schedule, Trial
from optimize.partition.ordering import arrays_of
from optimize.partition.problem import Floats, Ints, Territory, flood
from optimize.partition.tree_search import cut_trees, distances
from optimize.stopping import Stop

__all__ = ["HeartDrawings", "drawn_by_hearts"]

NEARLY = 0.75
FAR_M, TIE_M = 1e9, 1e-3
WARM = Schedule(sweeps=60, hot=1.0, cold=0.02, prices=(15.0, 40.0))


class HeartDrawings:
    """The best drawing known of a territory, and drawings made from hearts beside it.

    Parameters
    ----------
    territory, labels
        A territory whose units may go anywhere, and a drawing of it with connected grids.
    """

    def __init__(self, territory: Territory, labels: Ints, stop: Stop) -> None:
        self.territory, self.stop = territory, stop
        arrays = arrays_of(territory)
        self._best = Trial(territory, arrays, labels[arrays.order].astype(np.int32))
        self._gap = distances(self._best)
        self._turn = 0

    @property
    def labels(self) -> Ints:
        """The best drawing."""
        return self._best.found().labels

    def take(self, open_share: Floats, held_share: Floats, gap: Floats) -> bool:
        """Make a drawing of what hearts hold; return whether the best one became better.

        Parameters
        ----------
        open_share, held_share
            How much each heart is open, shape (n,), and holds each unit, shape (heart, unit).
        gap
            Metres between units.
        """
        labels = drawn_by_hearts(self.territory, self._best.grids, open_share, held_share, gap)
        before = self._best.key
        arrays, scale_hm = self._best.arrays, self._best.scale_hm
        self._turn += 1
        trial = Trial(self.territory, arrays, labels[arrays.order].astype(np.int32))
        trial.anneal(WARM, self._turn, scale_hm, self.stop)
        self._best.take(trial)
        cut_trees(trial, self._gap, self._turn, self._turn, self.stop)
        self._best.take_annealed(trial, WARM, seed=self._turn, scale_hm=scale_hm, stop=self.stop)
        return self._best.key < before


def drawn_by_hearts(territory: Territory, count: int, open_share: Floats, held_share: Floats, gap: Floats) -> Ints:
    """Return ``count`` connected grids like what the hearts hold."""
    centres = _centres(count, open_share, gap)
    some = np.flatnonzero(open_share > 0)
    group = np.argmin(gap[np.ix_(some, centres)], axis=1)
    held = np.zeros((count, len(territory)))
    np.add.at(held, group, held_share[some])
    held += 1e-6 / (1 + gap[centres])
    labels = np.argmax(held, axis=0)
    labels[centres] = np.arange(count)
    return _joined(territory, labels, centres)


def _centres(count: int, open_share: Floats, gap: Floats) -> Ints:
    """Return one heart a grid: each time the one round which nearly a whole heart is open within the least metres."""
    left, centres = open_share.copy(), np.zeros(0, np.int64)
    order = np.argsort(gap, axis=1, kind="stable")
    all_hearts = np.arange(len(gap))
    for _ in range(count):
        total = np.cumsum(left[order], axis=1)
        steps = np.argmax(total >= NEARLY, axis=1)
        reach = np.where(total[:, -1] >= NEARLY, gap[all_hearts, order[all_hearts, steps]], FAR_M)
        reach = reach - TIE_M * left
        reach[centres] = np.inf
        best = int(np.argmin(reach))
        centres = np.append(centres, best)
        left[order[best, : int(steps[best]) + 1]] = 0.0
    return centres


def _joined(territory: Territory, labels: Ints, centres: Ints) -> Ints:
    """Keep the piece of each grid that holds its heart, and give the rest to what is beside it."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    inside = labels[rows] == labels[territory.indices]
    ones = np.ones(int(inside.sum()), np.int8)
    graph = csr_array((ones, (rows[inside], territory.indices[inside])), shape=(len(labels),) * 2)
    piece = connected_components(graph, directed=False)[1]
    labels = np.where(piece == piece[centres][labels], labels, -1)
    flood(territory, labels)
    return labels
