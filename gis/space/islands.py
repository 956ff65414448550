"""Islands and empty pockets, joined to the nearest unit so that no unit is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.model.findings import Finding

__all__ = ["Joined", "join_islands", "label_pieces"]

Ints = NDArray[np.int64]


class Joined(NamedTuple):
    """Pairs of unit positions joined over a gap, and what was found."""

    ends: Ints
    findings: tuple[Finding, ...]


def label_pieces(count: int, ends: Ints) -> Ints:
    """Return the connected piece of each of `count` units: the position of the first unit in it."""
    links = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    labels = connected_components(links, directed=False)[1]
    return np.unique(labels, return_index=True)[1][labels].astype(np.int64)


def join_islands(
    units: pd.DataFrame,
    polygons: NDArray[np.object_],
    community: Ints,
    *,
    land: Ints,
    linked: Ints,
    barred: Callable[[int, int], bool] = lambda _a, _b: False,
) -> Joined:
    """Join what is out of reach to the nearest unit of its community.

    Parameters
    ----------
    units
        Index ``unit_id``, sorted; community_id, households.
    polygons, community
        Polygon and community number of each unit.
    land
        Number of the piece of ground that each unit is on, barriers left aside: pieces of ground
        are islands to each other and all are joined.
    linked
        Number of the piece that each unit is in after barriers and crossings. Pieces with
        households stay apart; those without are pockets and are joined.
    barred
        Whether a fixed boundary line runs between two units, so that they are not joined.
    """
    ends: list[tuple[int, int]] = []
    findings: list[Finding] = []
    households = units["households"].to_numpy()
    many = _with_many(community, land) | _with_many(community, linked)
    for c in np.flatnonzero(many):
        here = np.flatnonzero(community == c)
        for piece in _outlying(land[here], households[here]):
            island = here[land[here] == piece]
            a, b, away_m = _bridge(polygons, island, here[land[here] != piece])
            if barred(a, b):
                findings.append(_finding("boundary-pocket", units, island, b, away_m))
                continue
            ends.append((a, b))
            land = np.where(land == piece, land[b], land)
            linked = np.where(linked == linked[a], linked[b], linked)
            findings.append(_finding("island-joined", units, island, b, away_m))
        for piece in _outlying(linked[here], households[here]):
            pocket = here[linked[here] == piece]
            if households[pocket].sum() > 0:
                findings.append(_finding("barrier-pocket", units, pocket, int(pocket[0]), 0.0))
                continue
            a, b, away_m = _bridge(polygons, pocket, here[linked[here] != piece])
            if barred(a, b):
                findings.append(_finding("boundary-pocket", units, pocket, b, away_m))
                continue
            ends.append((a, b))
            linked = np.where(linked == piece, linked[b], linked)
            findings.append(_finding("pocket-joined", units, pocket, b, away_m))
    pairs = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return Joined(np.sort(pairs, axis=1), tuple(findings))


def _with_many(community: Ints, piece: Ints) -> NDArray[np.bool_]:
    """Return which communities fall into more than one piece."""
    pairs = np.unique(np.column_stack([community, piece]), axis=0)
    return np.bincount(pairs[:, 0], minlength=int(community.max(initial=-1)) + 1) > 1


def _outlying(piece: Ints, households: NDArray[np.int64]) -> list[int]:
    """Return the pieces but the largest, those with the fewest households first; ties by their number."""
    numbers, at = np.unique(piece, return_inverse=True)
    weight = np.bincount(at, weights=households)
    order = np.lexsort((-numbers, np.bincount(at), weight))
    return [int(p) for p in numbers[order][:-1]]


def _bridge(polygons: NDArray[np.object_], piece: Ints, others: Ints) -> tuple[int, int, float]:
    """Return the nearest pair (in the piece, outside it) and the metres between them; ties by position."""
    tree = shapely.STRtree(polygons[others])
    (inside, outside), away = tree.query_nearest(polygons[piece], return_distance=True, all_matches=True)
    best = np.lexsort((others[outside], piece[inside], np.round(away, 3)))[0]
    return int(piece[inside[best]]), int(others[outside[best]]), float(away[best])


def _finding(code: str, units: pd.DataFrame, piece: Ints, to: int, away_m: float) -> Finding:
    """Tell one island or pocket by its first unit."""
    return Finding(
        code,
        {
            "community_id": str(units["community_id"].iloc[piece[0]]),
            "unit_id": str(units.index[piece[0]]),
            "units": len(piece),
            "households": int(units["households"].iloc[piece].sum()),
            "to_unit_id": str(units.index[to]),
            "away_m": round(away_m),
        },
    )
