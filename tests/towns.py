"""Inputs of tiny towns whose numbers add up in the head; the fixtures of ``conftest.py`` build them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.model.inputs import StudyInputs
from gis.model.kinds import WalkBasis
from gis.model.standards import ServiceStandard
from gis.model.study import StudyArea, StudySettings
from gis.model.walks import UnitWalks

CRS = "EPSG:3414"
CLINIC_500 = ServiceStandard("clinic_500", "clinic", "residents", 500, "5min")


def town(
    *,
    communities: Mapping[str, shapely.Geometry],
    places: Mapping[str, tuple[float, float, int]] | None = None,
    households: gpd.GeoDataFrame | None = None,
    units: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    barriers: Sequence[tuple[str, shapely.Geometry]] = (),
    paths: Sequence[shapely.LineString] | None = None,
    clinics: Mapping[str, tuple[float, float]] | None = None,
    present: pd.DataFrame | None = None,
    min_shared_m: float = 1.0,
) -> StudyInputs:
    """Return the inputs of a town: `places` are household_id -> (x, y, households), 3 residents a household."""
    if households is None and places is not None:
        households = household_table(places)
    clinics = clinics or {}
    return StudyInputs(
        settings=StudySettings("town", "Town", services=(CLINIC_500,), min_shared_m=min_shared_m),
        crs=CRS,
        areas=area_table(communities),
        households=households,
        units=units,
        buildings=buildings,
        barriers=gpd.GeoDataFrame(
            {"kind": [k for k, _ in barriers], "name": [f"{k} {i}" for i, (k, _) in enumerate(barriers)]},
            geometry=[g for _, g in barriers],
            crs=CRS,
        ),
        paths=None if paths is None else gpd.GeoDataFrame(geometry=list(paths), crs=CRS),
        facilities=gpd.GeoDataFrame(
            {"kind": ["clinic"] * len(clinics), "name": list(clinics), "status": ["existing"] * len(clinics)},
            geometry=[shapely.Point(p) for p in clinics.values()],
            index=pd.Index(list(clinics), name="facility_id", dtype="str"),
            crs=CRS,
        ),
        workers=pd.DataFrame({"role": pd.Series([], dtype="str")}, index=pd.Index([], name="worker_id", dtype="str")),
        present=present,
    )


def area_table(communities: Mapping[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return one county and its communities."""
    whole = shapely.union_all(list(communities.values()))
    return gpd.GeoDataFrame(
        {"level": ["county"] + ["community"] * len(communities), "name": ["Town", *communities]},
        geometry=[whole, *communities.values()],
        index=pd.Index(["T", *communities], name="area_id", dtype="str"),
        crs=CRS,
    )


def household_table(places: Mapping[str, tuple[float, float, int]]) -> gpd.GeoDataFrame:
    """Return one row a place, with 3 residents a household."""
    return gpd.GeoDataFrame(
        {"households": [n for _, _, n in places.values()], "residents": [3 * n for _, _, n in places.values()]},
        geometry=[shapely.Point(x, y) for x, y, _ in places.values()],
        index=pd.Index(list(places), name="household_id", dtype="str"),
        crs=CRS,
    )


def strip6_inputs() -> StudyInputs:
    """Return six places in a row, 100 m apart, 100 households each: a strip of 600 m x 100 m."""
    return town(
        communities={"A": shapely.box(0, 0, 600, 100)},
        places={f"u{i}": (50.0 + 100 * i, 50.0, 100) for i in range(6)},
        clinics={"f1": (50.0, 50.0)},
    )


def lattice4x4_inputs() -> StudyInputs:
    """Return sixteen places on a lattice of 100 m, 50 households each; u00 is south-west, u30 south-east."""
    return town(
        communities={"A": shapely.box(0, 0, 400, 400)},
        places={f"u{c}{r}": (50.0 + 100 * c, 50.0 + 100 * r, 50) for c in range(4) for r in range(4)},
        clinics={"f1": (50.0, 50.0), "f2": (350.0, 350.0)},
    )


def river_town_inputs(*, bridge: bool = True) -> StudyInputs:
    """Return 4 x 2 places on each bank of a river at y = 200; the one bridge is at x = 150, from s11 to n10."""
    places = {f"s{c}{r}": (50.0 + 100 * c, 50.0 + 100 * r, 50) for c in range(4) for r in range(2)}
    places |= {f"n{c}{r}": (50.0 + 100 * c, 250.0 + 100 * r, 50) for c in range(4) for r in range(2)}
    barriers: list[tuple[str, shapely.Geometry]] = [("river", shapely.LineString([(-20, 200), (420, 200)]))]
    if bridge:
        barriers.append(("crossing", shapely.LineString([(150, 190), (150, 210)])))
    return town(
        communities={"A": shapely.box(0, 0, 400, 400)},
        places=places,
        barriers=barriers,
        paths=[
            shapely.LineString([(0, 50), (150, 50), (400, 50)]),
            shapely.LineString([(0, 350), (150, 350), (400, 350)]),
            shapely.LineString([(150, 50), (150, 350)]),
        ],
        clinics={"f1": (150.0, 40.0)},
    )


def by_streets(study: StudyArea) -> StudyArea:
    """Return a study whose walks lead east or west first, then north or south."""
    unit_ids, walks_dm = {}, {}
    for name, own in study.units.sort_index().groupby("community_id", sort=True):
        xy = own[["x", "y"]].to_numpy()
        unit_ids[str(name)] = own.index.astype(str).tolist()
        walks_dm[str(name)] = np.rint(10 * np.abs(xy[:, None] - xy[None, :]).sum(axis=2)).astype(np.int32)
    grids = replace(study.settings.grids, walk_basis=WalkBasis.NETWORK)
    settings = replace(study.settings, grids=grids)
    return replace(study, settings=settings, walks=UnitWalks(unit_ids, walks_dm))
