"""From what was read to a study area: units, neighbours and walks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.model.findings import Finding
from gis.model.inputs import StudyInputs
from gis.model.kinds import FacilityStatus, Level, Role, WalkBasis
from gis.model.messages import Fact
from gis.model.progress import Progress, between, silent
from gis.model.study import StudyArea
from gis.model.walks import UnitWalks
from gis.space.adjacency import build_adjacency
from gis.space.areas import complete_areas
from gis.space.barriers import Barriers
from gis.space.groupings import with_groupings
from gis.space.linework import GRID_M
from gis.space.mapped_borders import mapped_borders
from gis.space.present import present_grids
from gis.space.ready_made import COVER_TOLERANCE_M2
from gis.space.unit_walks import walks_between
from gis.space.units import RESIDENTS_PER_HOUSEHOLD, Units, make_units
from gis.space.walks import reach_metres, walking_reach

__all__ = ["build_study"]

Table = TypeVar("Table", bound=pd.DataFrame)

_FACILITIES = {"name": "str", "capacity_residents": "float64", "floor_area_m2": "float64", "cost": "float64"}
_WORKERS = {
    "contract": "str",
    "skills": "str",
    "languages": "str",
    "grid_id": "str",
    "community_id": "str",
    "x": "float64",
    "y": "float64",
}
_UNITS_SHARE, _ADJACENCY_SHARE = 0.5, 0.7  # rough shares of the time, for a progress bar


def build_study(
    inputs: StudyInputs,
    *,
    residents_per_household: float = RESIDENTS_PER_HOUSEHOLD,
    on_progress: Progress = silent,
) -> StudyArea:
    """Make units of what was read, find their neighbours and how far everything is.

    Parameters
    ----------
    inputs
        Typed tables in one CRS in metres. They are not changed.
    residents_per_household
        Stands in for residents that are not given.
    on_progress
        Told the share done.

    Returns
    -------
    StudyArea
        Tables sorted by id, the same for any order of the input's rows. `workload_h` is 0: the
        measures fill it. Community polygons are the union of their units, on whole millimetres.

    Raises
    ------
    InputRefusedError
        If units that are to be kept together or apart cannot be.
    SettingError
        If a community has too many units to measure the ways between them.
    """
    areas = complete_areas(inputs.areas)
    communities = areas[areas["level"] == str(Level.COMMUNITY)]
    barriers = _barriers(inputs)
    made = make_units(inputs, communities, Barriers.of(barriers), residents_per_household=residents_per_household)
    on_progress(_UNITS_SHARE)
    areas, shifted = _with_outlines(areas, made.table)
    adjacency = build_adjacency(made.table, barriers, min_shared_m=inputs.settings.min_shared_m)
    on_progress(_ADJACENCY_SHARE)
    facilities, told = _facilities(inputs.facilities)
    reach_m = reach_metres(inputs.settings.services)
    reach = walking_reach(
        made.table,
        facilities,
        inputs.paths,
        reach_m=reach_m,
        detour_factor=inputs.settings.detour_factor,
        on_progress=between(on_progress, _ADJACENCY_SHARE, 1.0),
    )
    present, doubts = _present(inputs, made)
    strays = _stray_counts(inputs, communities)
    found = (*made.findings, *adjacency.findings, *shifted, *told, *doubts, *strays)
    study = StudyArea(
        settings=inputs.settings,
        crs=inputs.crs,
        areas=areas,
        units=made.table,
        adjacency=adjacency.table,
        barriers=barriers,
        facilities=facilities,
        workers=_workers(inputs.workers),
        reach=reach,
        reach_m=reach_m,
        paths=inputs.paths,
        present=present,
        events=inputs.events,
        work_items=inputs.work_items,
        indicators=inputs.indicators,
        growth=inputs.growth,
        findings=inputs.findings + found,
        group_columns=made.group_columns,
        walks=_walks(inputs, made.table, adjacency.table),
        borders=mapped_borders(adjacency.border, made.table.sort_index().index, barriers, inputs.paths),
    )
    return with_groupings(study, made.unit_of, made.entrances)


def _with_outlines(areas: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Let each community be exactly the union of its units; tell where that is not the boundary as given."""
    polygons = np.asarray(units.geometry.to_numpy(), dtype=object)
    community = areas.index.get_indexer(pd.Index(units["community_id"]))
    outlines = np.asarray(areas.geometry.to_numpy(), dtype=object).copy()
    order = np.argsort(community, kind="stable")
    at, first = np.unique(community[order], return_index=True)
    for c, own in zip(at, np.split(polygons[order], first[1:]), strict=True):
        outlines[c] = shapely.coverage_union_all(own)
    given = np.asarray(areas.geometry.to_numpy(), dtype=object)
    differs = shapely.area(shapely.symmetric_difference(given[at], outlines[at]))
    allowed = COVER_TOLERANCE_M2 + GRID_M * shapely.length(given[at])
    found = tuple(
        Finding("cover-differs", {"community_id": str(areas.index[c]), "difference_m2": round(m2)}, table="areas")
        for c, m2 in zip(at[differs > allowed], differs[differs > allowed].tolist(), strict=True)
    )
    return areas.set_geometry(gpd.GeoSeries(outlines, index=areas.index, crs=areas.crs)), found


def _stray_counts(inputs: StudyInputs, communities: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Tell numbers of grids that are stated for communities which are not there."""
    grids = inputs.settings.grids
    stated = {
        "grid_count": grids.grid_count,
        "grid_count_min": grids.grid_count_min,
        "grid_count_max": grids.grid_count_max,
    }
    known = set(communities.index.astype(str))
    return tuple(
        Finding("grid-count-stray", {"key": f"grids.{key}", "community_id": community}, table="study")
        for key, counts in stated.items()
        if isinstance(counts, Mapping)
        for community in sorted(set(counts) - known)
    )


def _barriers(inputs: StudyInputs) -> gpd.GeoDataFrame:
    """Return the barriers as kind, name, geometry, in an order free of the rows' order."""
    table = inputs.barriers
    kept = table[~(table.geometry.isna() | table.geometry.is_empty)]
    names = kept["name"] if "name" in kept else pd.Series(None, index=kept.index, dtype="str")
    made = gpd.GeoDataFrame({"kind": kept["kind"], "name": names}, geometry=kept.geometry, crs=inputs.crs)
    shapes = shapely.to_wkb(np.asarray(made.geometry.to_numpy(), dtype=object))
    made = made.iloc[np.argsort(shapes, kind="stable")]
    return made.sort_values("kind", kind="stable").reset_index(drop=True)


def _walks(inputs: StudyInputs, units: pd.DataFrame, adjacency: pd.DataFrame) -> UnitWalks | None:
    """Return the walking metres between units, where grids are drawn by them."""
    if inputs.settings.grids.walk_basis is WalkBasis.STRAIGHT:
        return None
    return walks_between(units, adjacency, inputs.paths, detour_factor=inputs.settings.detour_factor)


def _facilities(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the facilities that have a place, with every column of the schema, sorted by id."""
    nowhere = table.geometry.isna() | table.geometry.is_empty
    made = _completed(table[~nowhere].sort_index().rename_axis("facility_id"), _FACILITIES)
    if "status" not in made:
        made["status"] = str(FacilityStatus.EXISTING)
    made["status"] = made["status"].fillna(str(FacilityStatus.EXISTING))
    points = np.asarray(shapely.centroid(made.geometry.to_numpy()), dtype=object)
    made = made.set_geometry(gpd.GeoSeries(points, index=made.index, crs=table.crs))
    if not nowhere.any():
        return made, ()
    lost = table.index[nowhere]
    facts: dict[str, Fact] = {"count": len(lost), "facility_id": str(min(lost))}
    return made, (Finding("facility-unplaced", facts, table="facilities"),)


def _workers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the workers with every column of the schema, sorted by id."""
    made = _completed(table.sort_index().rename_axis("worker_id"), _WORKERS)
    if "role" not in made:
        made["role"] = str(Role.GRID_WORKER)
    made["role"] = made["role"].fillna(str(Role.GRID_WORKER))
    made["fte"] = made["fte"].astype(float).fillna(1.0) if "fte" in made else 1.0
    return made


def _completed(table: Table, columns: Mapping[str, str]) -> Table:
    """Return a fresh table with the missing ones of `columns` (name -> dtype) added, empty."""
    missing = {c: pd.Series(None, index=table.index, dtype=kind) for c, kind in columns.items() if c not in table}
    return table.assign(**missing)


def _present(inputs: StudyInputs, made: Units) -> tuple[pd.Series[str] | None, tuple[Finding, ...]]:
    """Bring the present plan to the units, where there is one."""
    if inputs.present is None:
        return None, ()
    votes = None
    if inputs.households is not None and "households" in inputs.households:
        votes = inputs.households["households"]
    return present_grids(_at_entrances(inputs.present, made), made.unit_of, made.table, votes)


def _at_entrances(present: pd.DataFrame, made: Units) -> pd.DataFrame:
    """Return the present plan with a row an entrance for a building that is split and named whole."""
    if present.index.name == "household_id" or not made.entrances:
        return present
    whole = present.index.isin(list(made.entrances))
    rows = [(unit, building) for building in present.index[whole] for unit in made.entrances[str(building)]]
    parts = present.loc[[building for _, building in rows]]
    parts.index = pd.Index([unit for unit, _ in rows], name=present.index.name, dtype=present.index.dtype)
    return pd.concat([present[~whole], parts[~parts.index.isin(present.index)]])
