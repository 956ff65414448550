"""Units: the smallest pieces of ground that a plan hands to a grid, with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.model.inputs import StudyInputs
from gis.model.kinds import BalanceOn
from gis.model.study import DEDICATED, StudySettings
from gis.space.areas import locate
from gis.space.barriers import Barriers
from gis.space.counts import COUNTS, group_columns
from gis.space.cover import cover_of
from gis.space.entrances import by_entrance
from gis.space.faces import faces_of
from gis.space.groundless import without_groundless
from gis.space.places import Places, places_of
from gis.space.ready_made import ready_made_units
from gis.space.tessellation import tessellate

__all__ = ["EMPTY_SUFFIX", "RESIDENTS_PER_HOUSEHOLD", "Units", "make_units"]

RESIDENTS_PER_HOUSEHOLD = 2.62  # mean family household, Seventh National Census of China, 2020
EMPTY_SUFFIX = "-empty"  # unit_id of a community without any household or building: its id and this

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The `units` table, which id became which unit, and what was found.

    `unit_of` maps household_id and building_id to unit_id; `entrances` a building that is split to the units of
    its entrances.
    """

    table: gpd.GeoDataFrame
    unit_of: pd.Series[str]
    group_columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    entrances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def make_units(
    inputs: StudyInputs,
    communities: gpd.GeoDataFrame,
    barriers: Barriers,
    *,
    residents_per_household: float = RESIDENTS_PER_HOUSEHOLD,
) -> Units:
    """Make the units of a study, so that each community is covered without gap or overlap.

    Ready-made polygons are taken as they are; buildings with outlines get an enclosed
    tessellation; places without outlines Voronoi cells. A building heavier than its band is one unit
    an entrance where its households name entrances. A community without any place is one unit, its id
    followed by ``-empty``.

    Parameters
    ----------
    inputs
        What was read.
    communities
        Areas of level community, sorted by id.
    barriers
        Barriers, which end the cells.
    residents_per_household
        Stands in for residents that are not given.
    """
    groups = group_columns(inputs.units, inputs.households, inputs.buildings)
    findings = list(_missing_residents(inputs, residents_per_household))
    polygons = np.asarray(communities.geometry.to_numpy(), dtype=object)
    entrances: Mapping[str, tuple[str, ...]] = {}
    if inputs.units is not None:
        made = ready_made_units(inputs.units, communities, barriers, groups, residents_per_household)
        table, unit_of = made.table, pd.Series(made.table.index, index=made.table.index)
        unit_of = pd.concat([unit_of, pd.Series(made.host, dtype="str")])
        findings += made.findings
    else:
        places = places_of(inputs, groups=groups, residents_per_household=residents_per_household)
        located, told = _in_communities(places, communities)
        findings += told
        split = by_entrance(located, places.doors, _most(inputs.settings, located, communities), groups)
        findings += split.findings
        entrances = split.entrances
        table = _with_empty(split.table, communities)
        table = _with_cells(table, communities, polygons, barriers)
        table, host, told = without_groundless(table, "outlines-overlap", "buildings")
        findings += told
        unit_of = places.unit_of.replace({building: units[0] for building, units in entrances.items()})
        unit_of = split.unit_of.combine_first(unit_of) if len(unit_of) else unit_of
        unit_of = unit_of.replace(host)
        unit_of = unit_of[unit_of.isin(table.index)]
    columns = ["community_id", "compound", *COUNTS, "buildings", *groups, "workload_h", "area_m2", "locked", "x", "y"]
    table["area_m2"] = shapely.area(table["geometry"].to_numpy())
    units = gpd.GeoDataFrame(table[columns], geometry=table["geometry"], crs=inputs.crs)
    return Units(units.sort_index(), unit_of, groups, tuple(findings), entrances)


def _most(settings: StudySettings, table: pd.DataFrame, communities: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the households that the band of each place allows a grid at most; infinite on dedicated grounds.

    Where residents are balanced, their band is that of the households times the study's mean; the households of a
    place whose residents exceed it count as too many. Hours are not known yet: households stand in for them.
    """
    none = pd.Series(None, index=communities.index, dtype="str")
    own = communities.get("profile", none)
    names = own.where(own.isin(list(settings.profiles)), settings.profile)
    most = {
        c: np.inf if name == DEDICATED else settings.household_band(str(name)).maximum for c, name in names.items()
    }
    limit: NDArray[np.float64] = table["community_id"].map(most).to_numpy(dtype=np.float64)
    if settings.grids.balance_on is not BalanceOn.RESIDENTS:
        return limit
    mean = table["residents"].sum() / max(1, table["households"].sum())
    households, residents = table["households"].to_numpy(), table["residents"].to_numpy()
    few = np.minimum(limit, households - 1)
    return np.asarray(np.where(residents > limit * mean, few, np.maximum(limit, households)))


def _missing_residents(inputs: StudyInputs, mean: float) -> list[Finding]:
    """Tell where residents are estimated."""
    source = "units" if inputs.units is not None else "households" if inputs.households is not None else "buildings"
    table = getattr(inputs, source)
    missing = len(table) if "residents" not in table else int(table["residents"].isna().sum())
    return [Finding("residents-estimated", {"count": missing, "mean": mean}, table=source)] if missing else []


def _in_communities(places: Places, communities: gpd.GeoDataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Give every place its community by location; tell what is lost, and what contradicts the table."""
    table = places.table
    polygons = np.asarray(communities.geometry.to_numpy(), dtype=object)
    ids = communities.index.to_numpy(dtype=object)
    stated = pd.Index(communities.index).get_indexer(pd.Index(table["community_id"]))
    points = np.asarray(shapely.points(table["x"], table["y"]), dtype=object)
    found = locate(points, polygons, stated=stated)
    findings = []
    lost = found.community < 0
    if lost.any():
        findings.append(_about(table[lost], "place-outside", len(table)))
    near = found.outside & ~lost
    if near.any():
        findings.append(_about(table[near], "place-just-outside", len(table)))
    other = ~lost & (stated >= 0) & (stated != found.community)
    if other.any():
        findings.append(_about(table[other], "community-differs", len(table)))
    if len(places.unplaced):
        findings.append(
            Finding(
                "household-unplaced",
                {"count": len(places.unplaced), "household_id": str(min(places.unplaced))},
                table="households",
            )
        )
    kept = table[~lost].copy()
    kept["community_id"] = pd.array(ids[found.community[~lost]], dtype="str")
    return kept, findings


def _about(rows: pd.DataFrame, code: str, total: int) -> Finding:
    """Tell of some places by their number, their households and the first of them."""
    return Finding(
        code,
        {
            "count": len(rows),
            "total": total,
            "households": int(rows["households"].sum()),
            "unit_id": str(rows.index[0]),
        },
        table="households",
        feature=str(rows.index[0]),
    )


def _with_empty(table: pd.DataFrame, communities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add one unit for each community without any place."""
    bare = communities[~communities.index.isin(table["community_id"])]
    if len(bare) == 0:
        return table.sort_index()
    points = shapely.point_on_surface(np.asarray(bare.geometry.to_numpy(), dtype=object))
    added = pd.DataFrame(
        {"community_id": bare.index.to_numpy(), "x": shapely.get_x(points), "y": shapely.get_y(points)},
        index=pd.Index([f"{c}{EMPTY_SUFFIX}" for c in bare.index], name="unit_id", dtype="str"),
    )
    added["compound"], added["footprint"] = None, None
    for column in table.columns.difference(added.columns):
        added[column] = np.zeros(len(added), dtype=np.int64)
    return pd.concat([table, added[table.columns]]).sort_index() if len(table) else added.sort_index()


def _with_cells(
    table: pd.DataFrame, communities: gpd.GeoDataFrame, polygons: Geometries, barriers: Barriers
) -> pd.DataFrame:
    """Draw the cell of every place."""
    points = np.asarray(shapely.points(table["x"], table["y"]), dtype=object)
    community = pd.Index(communities.index).get_indexer(pd.Index(table["community_id"])).astype(np.int64)
    footprints = table["footprint"].to_numpy(dtype=object)
    drawn = footprints if table["footprint"].notna().any() else None
    pieces = tessellate(faces_of(polygons, barriers), points, community, footprints=drawn)
    cells = cover_of(pieces, polygons, len(table), barriers)
    made = table.drop(columns="footprint").assign(geometry=cells, workload_h=0.0, locked=False)
    made["compound"] = pd.array(made["compound"].to_numpy(dtype=object), dtype="str")
    return made
