"""Edges of polygons as whole millimetres, so that equal edges are found exactly and fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["GRID_M", "EdgePairs", "Edges", "edge_pairs", "edges_of", "segments_of"]

GRID_M = 0.001  # every unit's corners lie on whole millimetres


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Straight edges of many polygons.

    Parameters
    ----------
    owner
        Position of the polygon that each edge belongs to.
    ends_m
        Array (n, 4) of x, y, x, y in metres; the smaller end first.
    """

    owner: NDArray[np.int64]
    ends_m: NDArray[np.float64]

    @property
    def length_m(self) -> NDArray[np.float64]:
        """Length of each edge."""
        return np.hypot(self.ends_m[:, 2] - self.ends_m[:, 0], self.ends_m[:, 3] - self.ends_m[:, 1])

    def lines(self) -> NDArray[np.object_]:
        """Return the edges as line geometries."""
        return np.asarray(shapely.linestrings(self.ends_m.reshape(-1, 2, 2)), dtype=object)

    def at(self, positions: NDArray[np.int64] | NDArray[np.bool_]) -> Edges:
        """Return some of the edges."""
        return Edges(self.owner[positions], self.ends_m[positions])


@dataclass(frozen=True, slots=True, eq=False)
class EdgePairs:
    """Edges that two polygons have in common: positions into `Edges`, the lower owner as `first`."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    alone: NDArray[np.int64]


def segments_of(lines: NDArray[np.object_]) -> Edges:
    """Take line strings or rings apart into straight segments; `owner` is the position in `lines`."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) == 0:
        return Edges(np.empty(0, dtype=np.int64), np.empty((0, 4)))
    follows = owner[1:] == owner[:-1]
    start, end = coordinates[:-1][follows], coordinates[1:][follows]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(swap[:, None], np.hstack([end, start]), np.hstack([start, end]))
    long = (ends[:, 0] != ends[:, 2]) | (ends[:, 1] != ends[:, 3])
    return Edges(owner[:-1][follows][long], ends[long])


def edges_of(polygons: NDArray[np.object_]) -> Edges:
    """Return the edges of all rings of `polygons`; `owner` is the position in `polygons`."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    edges = segments_of(rings)
    return Edges(owner[part[edges.owner]], edges.ends_m)


def edge_pairs(edges: Edges) -> EdgePairs:
    """Match equal edges of different polygons; cost of one sort.

    An edge that three polygons claim is matched between the first two of them.
    """
    keys = np.rint(edges.ends_m / GRID_M).astype(np.int64)
    order = np.lexsort((edges.owner, keys[:, 3], keys[:, 2], keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]).all(axis=1)
    opens = same.copy()
    opens[1:] &= ~same[:-1]  # the first of a run of equal edges
    at = np.flatnonzero(opens)
    first, second = order[at], order[at + 1]
    differ = edges.owner[first] != edges.owner[second]
    matched = np.zeros(len(keys), dtype=bool)
    matched[first] = matched[second] = True
    return EdgePairs(first[differ], second[differ], np.flatnonzero(~matched))
