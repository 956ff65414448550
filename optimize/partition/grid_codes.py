"""Codes of drawn grids, in reading order inside each community."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from gis.model.codes import next_codes, reading_order
from gis.model.study import StudyArea

__all__ = ["DrawnGrid", "name_grids"]


@dataclass(frozen=True)
class DrawnGrid:
    """A grid that has no code yet; ``anchor`` is the number of the base grid it goes on from, or -1."""

    community_id: str
    unit_ids: tuple[str, ...]
    heart_xy: tuple[float, float]
    anchor: int
    load: int
    households: int


def name_grids(study: StudyArea, grids: Sequence[DrawnGrid], names: Sequence[str], *, taken: Set[str]) -> list[str]:
    """Return a code per grid: the base grid's where it goes on, else the next in reading order.

    Parameters
    ----------
    names
        Ids of the base grids that anchors number.
    taken
        Codes that exist already and are not given again.
    """
    if not grids:
        return []  # all are kept as they are
    heights = _heights_m(study, grids)
    codes = [""] * len(grids)
    by_weight = sorted(range(len(grids)), key=lambda i: (-grids[i].load, grids[i].unit_ids[0]))
    used: set[int] = set()
    for i in by_weight:
        anchor = grids[i].anchor
        if anchor >= 0 and anchor not in used:
            used.add(anchor)
            codes[i] = names[anchor]
    members: dict[str, list[int]] = {}
    for i, grid in enumerate(grids):
        members.setdefault(grid.community_id, []).append(i)
    busy = set(taken) | {code for code in codes if code}
    for community_id in sorted(members):
        group = [i for i in members[community_id] if not codes[i]]
        group.sort(key=lambda i: grids[i].unit_ids[0])
        places = np.array([grids[i].heart_xy for i in group], dtype=np.float64).reshape(-1, 2)
        row_m = float(np.median(heights[members[community_id]]))
        for position, code in zip(
            reading_order(places, row_m), next_codes(community_id, len(group), taken=busy), strict=True
        ):
            codes[group[int(position)]] = code
    return codes


def _heights_m(study: StudyArea, grids: Sequence[DrawnGrid]) -> np.ndarray:
    """Return the north-south extent of each grid."""
    bounds = study.units.geometry.bounds
    sizes = [len(grid.unit_ids) for grid in grids]
    rows = study.units.index.get_indexer([u for grid in grids for u in grid.unit_ids])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    low = np.minimum.reduceat(bounds["miny"].to_numpy()[rows], starts)
    high = np.maximum.reduceat(bounds["maxy"].to_numpy()[rows], starts)
    return np.asarray(high - low)
