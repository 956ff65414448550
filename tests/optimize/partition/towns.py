"""Small territories and studies whose numbers add up in the head, and the brute force they are held to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.model.study import StudyArea, StudySettings
from optimize.partition.problem import LoadBand, Score, Territory, make_territory, score

STUDY_CRS = "EPSG:3857"
SPACING_M = 10.0
HUNDREDS = LoadBand(300, 400, 500)


def lattice(columns: int, rows: int, loads: Sequence[int], band: LoadBand, **options) -> Territory:
    """Return a lattice of units named by row and column, 10 m apart, rook neighbours."""
    at = [(c, r) for r in range(rows) for c in range(columns)]
    number = {place: i for i, place in enumerate(at)}
    edges = [
        (number[c, r], number[c + dc, r + dr])
        for c, r in at
        for dc, dr in ((1, 0), (0, 1))
        if (c + dc, r + dr) in number
    ]
    return make_territory(
        [f"u{r:02d}{c:02d}" for c, r in at],
        loads,
        [(c * SPACING_M, r * SPACING_M) for c, r in at],
        edges,
        band,
        **options,
    )


def random_town(n: int, seed: int, band: LoadBand = HUNDREDS, most: int = 220) -> Territory:
    """Return a connected town of lumpy buildings: a path through all of them and links to near ones."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 40 * np.sqrt(n), (n, 2))
    order = np.argsort(xy[:, 0] // 60 * 1000 + xy[:, 1])
    gaps = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    near = np.argsort(gaps, axis=1)[:, 1:4]
    edges = [(int(a), int(b)) for a, b in pairwise(order)]
    edges += [(i, int(j)) for i in range(n) for j in near[i]]
    return make_territory([f"u{i:04d}" for i in range(n)], rng.integers(10, most, n), xy, edges, band)


def study_of(*territories: Territory, **settings) -> StudyArea:
    """Return a study whose communities are the territories."""
    rows, pairs = [], []
    for t in territories:
        for i, unit_id in enumerate(t.unit_ids):
            rows.append((unit_id, t.community_id, int(t.households[i]), int(t.load[i]), *t.xy[i]))
            pairs += [(unit_id, t.unit_ids[j]) for j in t.neighbours(i) if unit_id < t.unit_ids[j]]
    columns = ["unit_id", "community_id", "households", "residents", "x", "y"]
    table = pd.DataFrame(rows, columns=columns).set_index("unit_id")
    table = table.assign(compound="", locked=False, workload_h=table["residents"] / 10, area_m2=100.0, buildings=1)
    units = gpd.GeoDataFrame(table, geometry=shapely.buffer(shapely.points(table[["x", "y"]]), 5), crs=STUDY_CRS)
    ids = sorted(set(units["community_id"]))
    areas = gpd.GeoDataFrame(
        {"level": "community", "name": ids, "parent_id": None, "settlement": "urban", "profile": None},
        index=pd.Index(ids, name="area_id"),
        geometry=[shapely.box(0, 0, 1, 1)] * len(ids),
        crs=STUDY_CRS,
    )
    adjacency = pd.DataFrame(pairs, columns=["unit_a", "unit_b"]).assign(shared_m=10.0, via="border")
    none = gpd.GeoDataFrame(geometry=[], crs=STUDY_CRS)
    return StudyArea(
        StudySettings("town", "town", **settings), STUDY_CRS, areas, units, adjacency, none, none,
        pd.DataFrame(), pd.DataFrame(), 0.0,
    )  # fmt: skip


def brute_force(territory: Territory, count: int) -> Score:
    """Return the best score of all drawings with ``count`` connected grids."""

    @cache
    def part(units: tuple[int, ...]) -> Score:
        return score(territory.part(np.array(units)), np.zeros(len(units), dtype=np.int64))

    best = None
    for labels in labellings(len(territory), count):
        parts = [part(tuple(np.flatnonzero(labels == grid).tolist())) for grid in range(count)]
        if all(p.disconnected == 0 for p in parts):
            cost = Score(0, sum(p.violation for p in parts), sum(p.walk_hm for p in parts))
            best = cost if best is None else min(best, cost)
    assert best is not None
    return best


def labellings(n: int, count: int) -> Iterator[np.ndarray]:
    """Yield every way to split n units into ``count`` named-by-first-unit grids."""

    def grow(labels: list[int], used: int) -> Iterator[list[int]]:
        if n - len(labels) < count - used:
            return
        if len(labels) == n:
            yield labels
            return
        for grid in range(min(used + 1, count)):
            yield from grow([*labels, grid], max(used, grid + 1))

    for labels in grow([], 0):
        yield np.array(labels)
