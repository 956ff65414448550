"""An exact cover: every community's ground belongs to its units without gap or overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.space.barriers import Barriers
from gis.space.linework import GRID_M, edge_pairs, edges_of
from gis.space.pieces import NOBODY, Pieces

__all__ = ["cover_of"]

_ALONG_M = 0.005  # an edge so near to a barrier lies on it: both were rounded to millimetres
_PREFER_OPEN, _PREFER_MEANT, _ANY = range(3)

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Borders:
    """Shared borders of the atoms of one community each: positions, metres, and whether a barrier lies there."""

    first: Ints
    second: Ints
    length_m: Floats
    open_m: Floats


def cover_of(pieces: Pieces, communities: Geometries, unit_count: int, barriers: Barriers) -> Geometries:
    """Make the polygons of the units from `pieces`, exactly side by side.

    All lines are brought to whole millimetres and cut where they meet, so that neighbours,
    also of two communities, have every corner in common. Stray pieces go to the neighbour with
    the longest border that no barrier takes, else to the unit they were meant for, else to
    the longest border of all. Cost: one overlay of all lines, near-linear.

    Parameters
    ----------
    pieces
        What each unit is meant to have.
    communities
        Polygons of the communities.
    unit_count
        Number of units; positions in `pieces.unit` are below it.
    barriers
        Barriers, which decide what counts as the same side.

    Returns
    -------
    ndarray
        One polygon or multipolygon a unit.
    """
    atoms, piece = _atoms(pieces, communities)
    unit = np.where(pieces.home[piece], pieces.unit[piece], NOBODY)
    unit[piece < 0] = NOBODY
    meant = np.where(piece >= 0, pieces.unit[piece], NOBODY)
    community = np.where(piece >= 0, pieces.community[piece], NOBODY)
    lost = np.flatnonzero(piece < 0)
    community[lost] = _holding(atoms[lost], communities)
    kept = community >= 0
    atoms, unit, meant, community = atoms[kept], unit[kept], meant[kept], community[kept]
    unit = _give_strays(unit, meant, _borders(atoms, community, unit, barriers))
    return _dissolve(atoms, unit, unit_count)


def _atoms(pieces: Pieces, communities: Geometries) -> tuple[Geometries, Ints]:
    """Cut the ground into the smallest polygons that all lines make; each with the piece it lies in, or -1."""
    rings = shapely.get_rings(pieces.polygons)
    outlines = shapely.get_rings(shapely.get_parts(communities))
    noded = shapely.union_all(_unique_segments(np.concatenate([rings, outlines])), grid_size=GRID_M)
    atoms = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    return atoms, _holding(atoms, pieces.polygons)


def _unique_segments(rings: Geometries) -> Geometries:
    """Return every straight segment of `rings` once, on whole millimetres, in canonical order."""
    coordinates, of = shapely.get_coordinates(rings, return_index=True)
    keys = np.rint(coordinates / GRID_M).astype(np.int64)
    follows = of[1:] == of[:-1]
    start, end = keys[:-1][follows], keys[1:][follows]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(swap[:, None], np.hstack([end, start]), np.hstack([start, end]))
    ends = np.unique(ends[(ends[:, :2] != ends[:, 2:]).any(axis=1)], axis=0)
    return np.asarray(shapely.linestrings((ends * GRID_M).reshape(-1, 2, 2)), dtype=object)


def _holding(atoms: Geometries, polygons: Geometries) -> Ints:
    """Return the first polygon that holds an inner point of each atom, -1 for none."""
    found = np.full(len(atoms), -1, dtype=np.int64)
    at, polygon = shapely.STRtree(polygons).query(shapely.point_on_surface(atoms), predicate="intersects")
    order = np.lexsort((polygon, at))
    first = np.unique(at[order], return_index=True)[1]
    found[at[order][first]] = polygon[order][first]
    return found


def _borders(atoms: Geometries, community: Ints, unit: Ints, barriers: Barriers) -> _Borders:
    """Return the shared borders of atoms in one community where at least one has no unit yet."""
    edges = edges_of(atoms)
    pairs = edge_pairs(edges)
    a, b = edges.owner[pairs.first], edges.owner[pairs.second]
    asks = (community[a] == community[b]) & ((unit[a] == NOBODY) | (unit[b] == NOBODY))
    which = pairs.first[asks]
    length = edges.length_m[which]
    free = length.copy()
    if barriers and len(which):
        middle = shapely.points((edges.ends_m[which, :2] + edges.ends_m[which, 2:]) / 2)
        near = shapely.STRtree(barriers.segments()).query(middle, predicate="dwithin", distance=_ALONG_M)[0]
        free[near] = 0.0
    return _Borders(a[asks], b[asks], length, free)


def _give_strays(unit: Ints, meant: Ints, borders: _Borders) -> Ints:
    """Give every stray atom to a unit, wave by wave, the best reason first."""
    unit = unit.copy()
    reason = _PREFER_OPEN
    while (unit == NOBODY).any() and reason <= _ANY:
        taken = _wave(unit, meant, borders, reason)
        reason = _PREFER_OPEN if taken.any() else reason + 1
    alone = unit == NOBODY
    unit[alone] = meant[alone]
    return unit


def _wave(unit: Ints, meant: Ints, borders: _Borders, reason: int) -> NDArray[np.bool_]:
    """Give the strays that touch a unit to the one with the longest border; change `unit` in place."""
    stray = np.concatenate([borders.first, borders.second])
    to = unit[np.concatenate([borders.second, borders.first])]
    weight = np.tile(borders.open_m if reason == _PREFER_OPEN else borders.length_m, 2)
    ask = (unit[stray] == NOBODY) & (to != NOBODY) & (weight > 0)
    if reason == _PREFER_MEANT:
        ask &= to == meant[stray]
    stray, to, weight = stray[ask], to[ask], weight[ask]
    offers, at = np.unique(np.column_stack([stray, to]), axis=0, return_inverse=True)
    total = np.round(np.bincount(at.ravel(), weights=weight, minlength=len(offers)), 6)
    order = np.lexsort((offers[:, 1], -total, offers[:, 0]))
    best = order[np.unique(offers[order, 0], return_index=True)[1]]
    taken = np.zeros(len(unit), dtype=bool)
    taken[offers[best, 0]] = True
    unit[offers[best, 0]] = offers[best, 1]
    return taken


def _dissolve(atoms: Geometries, unit: Ints, unit_count: int) -> Geometries:
    """Put the atoms of each unit together."""
    order = np.argsort(unit, kind="stable")
    order = order[unit[order] != NOBODY]
    units, first, counts = np.unique(unit[order], return_index=True, return_counts=True)
    made = np.full(unit_count, None, dtype=object)
    single = counts == 1
    made[units[single]] = atoms[order[first[single]]]
    for u, start, count in zip(units[~single], first[~single], counts[~single], strict=True):
        made[u] = shapely.coverage_union_all(atoms[order[start : start + count]])
    return made
