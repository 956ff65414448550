"""From a study area to territories: the connected parts of every community, after barriers."""

from __future__ import annotations

from collections.abc import Set
from itertools import combinations, pairwise
from math import ceil, floor

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.model.errors import GroupingError
from gis.model.kinds import BalanceOn
from gis.model.standards import Band
from gis.model.study import StudyArea
from optimize.partition.problem import Ints, LoadBand, Territory, make_territory
from optimize.settings import PartitionSettings

__all__ = ["LOAD_SCALE", "SQUARE_KM_M2", "area_cap_m2", "band_of", "load_band", "territories_of"]

SQUARE_KM_M2 = 1_000_000
LOAD_SCALE = {BalanceOn.HOUSEHOLDS: 1, BalanceOn.RESIDENTS: 1, BalanceOn.WORKLOAD_H: 10}  # units of 0.1 h


def band_of(study: StudyArea, community_id: str, settings: PartitionSettings) -> Band:
    """Return the band that holds in a community: the settings' own, else the study's."""
    band = study.band_of(community_id) if settings.band is None else settings.band
    if settings.band_share is None:
        return band
    low, high = (band.target * (1 + sign * settings.band_share) for sign in (-1, 1))
    return Band(max(band.minimum, low), band.target, min(band.maximum, high))


def load_band(band: Band, scale: int) -> LoadBand:
    """Return a band in whole load units: the whole numbers inside it."""
    low, high = ceil(band.minimum * scale), floor(band.maximum * scale)
    high = max(1, low, high)
    return LoadBand(low, min(max(low, round(band.target * scale), 1), high), high)


def area_cap_m2(study: StudyArea, community_id: str) -> int | None:
    """Return the soft cap of a grid's area in a community; None where its profile has none."""
    cap_km2 = study.profile_of(community_id).area_soft_max_km2
    return None if cap_km2 is None else round(cap_km2 * SQUARE_KM_M2)


def territories_of(
    study: StudyArea,
    settings: PartitionSettings,
    *,
    kept: Set[str] = frozenset(),
    anchors: pd.Series[int] | None = None,
) -> list[Territory]:
    """Return the territories of a study, sorted by community and first unit.

    Parameters
    ----------
    study
        Columns used: units community_id, compound, households, x, y, the balanced one, and area_m2 where it has a
        price; adjacency; walks.
    kept
        Units that are drawn already and left out (dedicated and locked grids).
    anchors
        unit_id -> number of the grid that a locked unit stays in.

    Raises
    ------
    GroupingError
        When units that must share a grid lie in two territories, or in one and in a kept grid.
    """
    units = study.units[~study.units.index.isin(kept)].sort_index()
    if units.empty:
        return []
    ids = units.index.to_numpy(dtype=object)
    pairs = _inner_pairs(study.adjacency, units)
    community = units["community_id"].to_numpy(dtype=object)
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(ids), len(ids)))
    _, part = connected_components(graph, directed=False)
    scale = LOAD_SCALE[settings.balance_on]
    load = np.rint(units[str(settings.balance_on)].to_numpy(dtype=np.float64) * scale).astype(np.int64)
    households = units["households"].to_numpy(dtype=np.int64)
    xy = units[["x", "y"]].to_numpy(dtype=np.float64)
    compound = _numbers(units["compound"]) if "compound" in units else np.full(len(ids), -1)
    anchor = (
        np.full(len(ids), -1) if anchors is None else anchors.reindex(units.index).fillna(-1).to_numpy(dtype=np.int64)
    )
    rows_of, edges_of = _by_part(part, pairs)
    group = _groups(study, units, part)
    rivals_of = _rivals(study, units, part)
    area_m2 = units["area_m2"].to_numpy(dtype=np.float64) if settings.area_price_hm > 0 else None
    names = _territory_names(community, rows_of)
    place = np.empty(len(ids), dtype=np.int64)
    made = []
    for number, (name, rows, edges) in enumerate(zip(names, rows_of, edges_of, strict=True)):
        place[rows] = np.arange(len(rows))
        of = str(community[rows[0]])
        made.append(
            make_territory(
                ids[rows],
                load[rows],
                xy[rows],
                place[edges],
                load_band(band_of(study, of, settings), scale),
                households=households[rows],
                compound=compound[rows],
                anchor=anchor[rows],
                group=group[rows] if (group[rows] >= 0).any() else None,
                rivals=place[rivals_of[number]] if number in rivals_of else (),
                gap=None if study.walks is None else study.walks.between(ids[rows], xy[rows]),
                area=None if area_m2 is None or area_cap_m2(study, of) is None else area_m2[rows],
                territory_id=name,
                community_id=of,
            )
        )
    return sorted(made, key=lambda t: (t.community_id, t.unit_ids[0]))


def _inner_pairs(adjacency: pd.DataFrame, units: pd.DataFrame) -> Ints:
    """Return neighbours inside one community as pairs of rows of ``units``."""
    a = units.index.get_indexer(pd.Index(adjacency["unit_a"]))
    b = units.index.get_indexer(pd.Index(adjacency["unit_b"]))
    community = pd.factorize(units["community_id"])[0]
    inside = (a >= 0) & (b >= 0)
    inside[inside] = community[a[inside]] == community[b[inside]]
    return np.stack([a[inside], b[inside]], axis=1).astype(np.int64)


def _groups(study: StudyArea, units: pd.DataFrame, part: Ints) -> Ints:
    """Return the number of the group that each row must share a grid with, -1 for none."""
    group = np.full(len(units), -1, dtype=np.int64)
    for number, ids in enumerate(study.settings.grids.together):
        rows = units.index.get_indexer(pd.Index(ids))
        outside = (rows < 0) | (part[rows] != part[rows[0]])
        if outside.all():
            continue
        if outside.any():
            inside, other = ids[int(np.argmin(outside))], ids[int(np.argmax(outside))]
            raise GroupingError("together-disconnected-here", unit_id=inside, other_unit_id=other)
        group[rows] = number
    return group


def _rivals(study: StudyArea, units: pd.DataFrame, part: Ints) -> dict[int, Ints]:
    """Return the pairs of rows that must not share a grid, by the part that both lie in."""
    found: dict[int, list[tuple[int, int]]] = {}
    for ids in study.settings.grids.apart:
        rows = units.index.get_indexer(pd.Index(ids)).tolist()
        for a, b in combinations([row for row in rows if row >= 0], 2):
            if part[a] == part[b]:
                found.setdefault(int(part[a]), []).append((a, b))
    return {number: np.array(pairs, dtype=np.int64) for number, pairs in found.items()}


def _by_part(part: Ints, pairs: Ints) -> tuple[list[Ints], list[Ints]]:
    """Return the rows and the pairs of every connected part."""
    parts = np.arange(int(part.max()) + 2)
    rows = np.argsort(part, kind="stable")
    row_at = np.searchsorted(part[rows], parts)
    by_pair = np.argsort(part[pairs[:, 0]], kind="stable")
    pair_at = np.searchsorted(part[pairs[by_pair, 0]], parts)
    return (
        [rows[a:b] for a, b in pairwise(row_at)],
        [pairs[by_pair[a:b]] for a, b in pairwise(pair_at)],
    )


def _territory_names(community: np.ndarray, rows_of: list[Ints]) -> list[str]:
    """Name a territory for its community, numbered where a community has several."""
    owners = [str(community[rows[0]]) for rows in rows_of]
    several = pd.Series(owners).value_counts()
    seen: dict[str, int] = {}
    names = []
    for owner in owners:
        seen[owner] = seen.get(owner, 0) + 1
        names.append(owner if several[owner] == 1 else f"{owner}/{seen[owner]}")
    return names


def _numbers(column: pd.Series[str]) -> Ints:
    """Return a number per name, -1 where there is none."""
    text = column.where(column.notna() & (column.astype("str").str.len() > 0))
    return np.asarray(pd.factorize(text, sort=True)[0], dtype=np.int64)
