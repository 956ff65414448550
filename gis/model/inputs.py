"""The typed tables of a study as they were read, before units are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from gis.model.findings import Findings
from gis.model.study import StudySettings

__all__ = ["StudyInputs"]


@dataclass(frozen=True, slots=True, eq=False)
class StudyInputs:
    """Everything ``gis.files`` hands on: columns renamed to ours, ids as text, one CRS in metres, no person.

    Every GeoDataFrame is in `crs`. Column names are those of the contract's input tables.

    Parameters
    ----------
    settings
        Resolved settings.
    crs
        Projected CRS in metres.
    areas
        Index ``area_id``; level, name, parent_id, settlement, profile, region, geometry (polygons).
    households
        Index ``household_id``, geometry (points); households, residents, building_id, compound,
        entrance, community_id, group counts; None when units are ready-made.
    units
        Index ``unit_id``, polygons with counts; None unless ready-made.
    buildings
        Index ``building_id``, polygons or points; None where there are none.
    barriers
        geometry, kind, name.
    paths
        geometry (lines), u, v, length_m, kind, name; None where there are none.
    facilities
        Index ``facility_id``, points.
    workers
        Index ``worker_id``.
    contacts
        Duty contacts by ``worker_id``; kept apart from everything else.
    present
        Index ``unit_id`` or ``household_id`` (see the index name), column ``grid_id``.
    work_items, targets, indicators, growth, events
        Further tables, None where absent.
    digests
        Input name -> sha256 of the file.
    findings
        All findings of reading.
    """

    settings: StudySettings
    crs: str
    areas: gpd.GeoDataFrame
    households: gpd.GeoDataFrame | None
    units: gpd.GeoDataFrame | None
    buildings: gpd.GeoDataFrame | None
    barriers: gpd.GeoDataFrame
    paths: gpd.GeoDataFrame | None
    facilities: gpd.GeoDataFrame
    workers: pd.DataFrame
    contacts: pd.DataFrame | None = None
    present: pd.DataFrame | None = None
    work_items: pd.DataFrame | None = None
    targets: pd.DataFrame | None = None
    indicators: pd.DataFrame | None = None
    growth: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
