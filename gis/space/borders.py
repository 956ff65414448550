"""Borders that units share, in metres, also where their corners do not match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.space.linework import Edges, edge_pairs, edges_of

__all__ = ["BORDER_TOLERANCE_M", "Border", "BorderPairs", "shared_borders"]

BORDER_TOLERANCE_M = 0.1  # borders drawn twice that lie so near are one border
_PARALLEL = 0.05  # sine of the angle up to which two edges run along each other

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class BorderPairs(NamedTuple):
    """Pairs of units (positions, the lower one first) and the metres they share; sorted."""

    ends: Ints
    shared_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """Pieces of shared border: straight lines between two units of one community.

    Parameters
    ----------
    ends
        Array (n, 2) of unit positions, the lower first.
    lines_m
        Array (n, 4) of x, y, x, y.
    length_m
        Length of each piece.
    """

    ends: Ints
    lines_m: Floats
    length_m: Floats

    def lines(self, which: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return some of the pieces as line geometries."""
        return np.asarray(shapely.linestrings(self.lines_m[which].reshape(-1, 2, 2)), dtype=object)

    def pairs(self, length_m: Floats, told_m: Floats, *, min_shared_m: float) -> BorderPairs:
        """Sum `told_m` of the pieces by pair, where `length_m` comes to `min_shared_m` and more than nothing."""
        if len(self.ends) == 0:
            return BorderPairs(np.empty((0, 2), dtype=np.int64), np.empty(0))
        ends, at = np.unique(self.ends, axis=0, return_inverse=True)
        decides, told = (
            np.asarray(np.bincount(at.ravel(), weights=m, minlength=len(ends)), dtype=np.float64).round(6)
            for m in (length_m, told_m)
        )
        enough = (decides >= min_shared_m) & (decides > 0)
        return BorderPairs(ends[enough], told[enough])


def shared_borders(polygons: NDArray[np.object_], community: Ints) -> Border:
    """Find the shared borders of `polygons` inside each community; cost near-linear in their edges.

    Equal edges are matched exactly. Where the polygons are no valid coverage within
    `BORDER_TOLERANCE_M`, edges that lie along each other are matched as well.
    """
    edges = edges_of(polygons)
    pairs = edge_pairs(edges)
    a, b = edges.owner[pairs.first], edges.owner[pairs.second]
    inside = community[a] == community[b]
    ends = np.sort(np.column_stack([a[inside], b[inside]]), axis=1)
    lines = edges.ends_m[pairs.first[inside]]
    length = edges.length_m[pairs.first[inside]]
    if not shapely.coverage_is_valid(polygons, gap_width=BORDER_TOLERANCE_M):
        near = _along_each_other(edges.at(pairs.alone), community)
        ends, lines = np.vstack([ends, near.ends]), np.vstack([lines, near.lines_m])
        length = np.concatenate([length, near.length_m])
    order = np.lexsort((lines[:, 3], lines[:, 2], lines[:, 1], lines[:, 0], ends[:, 1], ends[:, 0]))
    return Border(ends[order], lines[order], length[order])


def _along_each_other(edges: Edges, community: Ints) -> Border:
    """Match edges of two units that run side by side within the tolerance; the overlap counts."""
    lines = edges.lines()
    tree = shapely.STRtree(lines)
    i, j = tree.query(lines, predicate="dwithin", distance=BORDER_TOLERANCE_M)
    a, b = edges.owner[i], edges.owner[j]
    keep = (a < b) & (community[a] == community[b])
    i, j = i[keep], j[keep]
    start, _, along, length = _frame(edges.ends_m[i])
    other_start, other_end, other_along, _ = _frame(edges.ends_m[j])
    sine = np.abs(along[:, 0] * other_along[:, 1] - along[:, 1] * other_along[:, 0])
    t = np.sort(
        np.column_stack([((p - start) * along).sum(axis=1) for p in (other_start, other_end)]),
        axis=1,
    )
    low, high = np.maximum(t[:, 0], 0.0), np.minimum(t[:, 1], length)
    ok = (high > low) & (sine <= _PARALLEL)
    low, high = low[ok], high[ok]
    piece = np.hstack([start[ok] + along[ok] * low[:, None], start[ok] + along[ok] * high[:, None]])
    ends = np.column_stack([edges.owner[i][ok], edges.owner[j][ok]])
    return Border(ends.astype(np.int64), piece, high - low)


def _frame(ends_m: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return start, end, unit vector and length of straight lines."""
    start, end = ends_m[:, :2], ends_m[:, 2:]
    length = np.hypot(*(end - start).T)
    return start, end, (end - start) / length[:, None], length
