"""Ready-made units: polygons taken as they are, mended only where they leave gaps or overlap."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.space.barriers import Barriers
from gis.space.counts import COUNTS, counts_of
from gis.space.cover import cover_of
from gis.space.groundless import without_groundless
from gis.space.pieces import NOBODY, Pieces

__all__ = ["COVER_TOLERANCE_M2", "ReadyMade", "ready_made_units"]

COVER_TOLERANCE_M2 = 1.0  # gap or overlap of a community that is still an exact cover
_FAULTS = ("gap_m2", "overlap_m2", "outside_m2")

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]


class ReadyMade(NamedTuple):
    """The units table, what was found, and the unit that stands for each one without ground."""

    table: pd.DataFrame
    findings: list[Finding]
    host: dict[str, str]


def ready_made_units(
    units: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    barriers: Barriers,
    groups: tuple[str, ...],
    residents_per_household: float,
) -> ReadyMade:
    """Take ready-made polygons as units.

    Where they cover their community exactly they stay as they are. Otherwise what sticks out is
    clipped, an overlap goes to the unit with the smaller id, a gap to the neighbour with the
    longest border, and the square metres are told. What lies wholly under others joins the unit it
    stands on. A community without any unit gets one.
    """
    units = units.sort_index().rename_axis("unit_id")
    ground = np.asarray(communities.geometry.to_numpy(), dtype=object)
    polygons = np.asarray(units.geometry.to_numpy(), dtype=object)
    bent = ~shapely.is_valid(polygons)
    polygons[bent] = shapely.buffer(polygons[bent], 0)
    community = _communities_of(units, polygons, communities)
    findings = []
    if (community < 0).any():
        lost = units.index[community < 0]
        findings.append(Finding("units-left-out", {"count": len(lost), "unit_id": str(lost[0])}, table="units"))
        units, polygons, community = (v[community >= 0] for v in (units, polygons, community))
    table = _counts(units, groups, residents_per_household)
    table["community_id"] = pd.array(communities.index.to_numpy(dtype=object)[community], dtype="str")
    table, polygons, community = _with_bare(table, polygons, community, communities)
    faults = _faults(polygons, community, ground)
    if not faults.empty or not shapely.coverage_is_valid(polygons):
        own, polygons = polygons, _mend(polygons, community, ground, barriers)
        findings += _told(faults, communities)
        table["x"], table["y"] = shapely.get_coordinates(shapely.point_on_surface(own)).T
    table["geometry"] = polygons
    table, host, told = without_groundless(table, "units-overlap", "units")
    findings += told
    polygons = np.asarray(table["geometry"].to_numpy(), dtype=object)
    table["area_m2"] = shapely.area(polygons)
    middle = shapely.centroid(polygons)
    inside = shapely.intersects(polygons, middle)
    middle = np.where(inside, middle, shapely.point_on_surface(polygons))
    table["x"], table["y"] = shapely.get_x(middle), shapely.get_y(middle)
    return ReadyMade(table, findings, host)


def _communities_of(units: gpd.GeoDataFrame, polygons: Geometries, communities: gpd.GeoDataFrame) -> Ints:
    """Return the community that holds most of each unit; the one it states wins when it holds any of it."""
    found = np.full(len(units), -1, dtype=np.int64)
    ground = np.asarray(communities.geometry.to_numpy(), dtype=object)
    at, area = shapely.STRtree(ground).query(polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(polygons[at], ground[area]))
    stated = np.full(len(units), -1, dtype=np.int64)
    if "community_id" in units:
        stated = pd.Index(communities.index).get_indexer(pd.Index(units["community_id"]))
    order = np.lexsort((area, -np.round(shared, 3), area != stated[at], at))
    order = order[shared[order] > 0]
    first = np.unique(at[order], return_index=True)[1]
    found[at[order][first]] = area[order][first]
    return found


def _counts(units: gpd.GeoDataFrame, groups: tuple[str, ...], mean: float) -> pd.DataFrame:
    """Return the counts of the units; buildings are not known, so each with households counts as one."""
    table = counts_of(units, groups=groups, default_households=0, residents_per_household=mean)
    table.index = pd.Index(units.index, name="unit_id", dtype="str")
    for column in COUNTS:
        table[column] = np.rint(table[column]).astype(np.int64)
    table["buildings"] = (table["households"] > 0).astype(np.int64)
    table["compound"] = pd.array(table["compound"].to_numpy(dtype=object), dtype="str")
    table["workload_h"] = 0.0
    locked = units["locked"].fillna(False).astype(bool) if "locked" in units else False
    return table.assign(locked=locked)


def _with_bare(
    table: pd.DataFrame, polygons: Geometries, community: Ints, communities: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, Geometries, Ints]:
    """Add one unit for each community without any."""
    bare = np.setdiff1d(np.arange(len(communities)), community)
    if len(bare) == 0:
        return table, polygons, community
    ids = communities.index.to_numpy(dtype=object)[bare]
    added = pd.DataFrame(0, index=pd.Index([f"{c}-empty" for c in ids], dtype="str"), columns=table.columns)
    added = added.assign(community_id=ids, compound=None, workload_h=0.0, locked=False)
    both = pd.concat([table, added.astype(table.dtypes)]).rename_axis("unit_id")
    order = np.argsort(both.index.to_numpy(dtype=object))
    shapes = np.concatenate([polygons, np.asarray(communities.geometry.to_numpy(), dtype=object)[bare]])
    return both.iloc[order], shapes[order], np.concatenate([community, bare])[order]


def _faults(polygons: Geometries, community: Ints, ground: Geometries) -> pd.DataFrame:
    """Return gap_m2, overlap_m2 and outside_m2 of each community where one exceeds the tolerance."""
    rows = []
    for c in range(len(ground)):
        own = polygons[community == c]
        union = shapely.union_all(own)
        overlap = float(shapely.area(own).sum() - union.area)
        rows.append((c, ground[c].difference(union).area, overlap, union.difference(ground[c]).area))
    table = pd.DataFrame(rows, columns=["community", *_FAULTS])
    return table[(table.drop(columns="community") > COVER_TOLERANCE_M2).any(axis=1)]


def _told(faults: pd.DataFrame, communities: gpd.GeoDataFrame) -> list[Finding]:
    """Tell the faults of each community."""
    ids = communities.index[faults["community"].to_numpy()]
    areas = faults[list(_FAULTS)].round().astype(int)
    return [
        Finding("units-mended", {"community_id": str(c), **dict(zip(_FAULTS, row, strict=True))}, table="units")
        for c, row in zip(ids, areas.to_numpy().tolist(), strict=True)
    ]


def _mend(polygons: Geometries, community: Ints, ground: Geometries, barriers: Barriers) -> Geometries:
    """Clip, fill and separate the polygons into an exact cover of the communities."""
    unit = np.arange(len(polygons), dtype=np.int64)
    inside = shapely.intersection(polygons, ground[community])
    own = Pieces.of(inside, community, unit, np.ones(len(unit), dtype=bool))
    gaps = np.array(
        [shapely.difference(ground[c], shapely.union_all(polygons[community == c])) for c in range(len(ground))],
        dtype=object,
    )
    nobody = np.full(len(ground), NOBODY)
    holes = Pieces.of(gaps, np.arange(len(ground)), nobody, np.zeros(len(ground), dtype=bool))
    return cover_of(Pieces.together(own, holes), ground, len(polygons), barriers)
