"""``plan.gpkg``: a study, its plan and everything measured of it, in one file that opens styled in QGIS."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from gis.files.rules import rules_table
from gis.files.styles import PLAN_STYLES, layer_styles
from gis.model.exceptions import BY_ENTRANCE
from gis.model.kinds import FacilityStatus
from gis.model.results import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.outcome import Outcome
    from gis.model.study import StudyArea

__all__ = ["GEOMETRY_COLUMN", "MICRO_COLUMN", "PRESENT_COLUMN", "plan_layers", "write_layers", "write_plan"]

GEOMETRY_COLUMN = "geometry"
PRESENT_COLUMN = "present_grid_id"  # of the units, where the study has a present plan
MICRO_COLUMN = "micro_grid_id"  # of the units, where grids are cut into micro-grids
_POLYGONS = ("areas", "units", "grids", "micro_grids")


def write_plan(outcome: Outcome, path: str | Path) -> Path:
    """Write an outcome as ``plan.gpkg``, replacing a file that is there.

    Parameters
    ----------
    outcome
        What to write. Contacts are no part of it: no person stands in the file.
    path
        File to write.

    Returns
    -------
    Path
        The file.
    """
    return write_layers(plan_layers(outcome), path, styles=PLAN_STYLES)


def write_layers(layers: Mapping[str, pd.DataFrame], path: str | Path, *, styles: Mapping[str, str]) -> Path:
    """Write tables as layers of one GeoPackage, in their order, with a style (layer -> style) inside."""
    target = Path(path)
    target.unlink(missing_ok=True)
    for name, table in layers.items():
        _write_layer(target, name, table)
    table = layer_styles(styles, geometry_column=GEOMETRY_COLUMN)
    pyogrio.write_dataframe(table, target, layer="layer_styles", driver="GPKG", append=True, FID="id")
    return target


def _write_layer(path: Path, name: str, table: pd.DataFrame) -> None:
    options: dict[str, object] = {"layer": name, "driver": "GPKG", "append": path.exists()}
    if isinstance(table, gpd.GeoDataFrame):
        options |= {"geometry_type": _geometry_type(name, table), "GEOMETRY_NAME": GEOMETRY_COLUMN}
        options["promote_to_multi"] = str(options["geometry_type"]).startswith("Multi")
    pyogrio.write_dataframe(table, path, **options)


def _geometry_type(name: str, table: gpd.GeoDataFrame) -> str:
    """Return the one geometry type of a layer, ``Unknown`` where barriers or facilities mix several."""
    kinds = sorted(set(table.geometry.geom_type))
    if name in _POLYGONS:
        return "MultiPolygon" if "MultiPolygon" in kinds else "Polygon"
    if not kinds:
        return "Point" if name == "facilities" else "LineString"
    return kinds[0] if len(kinds) == 1 else "Unknown"


def plan_layers(outcome: Outcome) -> dict[str, pd.DataFrame]:
    """Return the layers of ``plan.gpkg`` by name: columns and order of the contract, rows sorted by id."""
    return {
        "areas": _areas(outcome),
        "units": _units(outcome),
        "grids": _grids(outcome),
        "adjacency": _plain(outcome.study.adjacency, ["unit_a", "unit_b", "shared_m", "via"]),
        "barriers": _barriers(outcome),
        "rules": rules_table(outcome.study.settings, _facts(outcome)),
        "postings": _plain(outcome.staffing.postings, ["worker_id", "grid_id", "role", "hours_h", "walk_m"]),
        "facilities": _facilities(outcome),
        "coverage": outcome.coverage.table,
        "coverage_rates": outcome.coverage.rates,
        "scorecard": outcome.scorecard.table(),
        "sitings": _sitings(outcome),
        "site_reach": _site_reach(outcome),
        "territories": _territories(outcome),
        **({} if outcome.study.borders is None else {"borders": _borders(outcome.study.borders)}),
        **({} if outcome.study.walks is None else {"walks": outcome.study.walks.table().reset_index()}),
        **({} if outcome.micro_grids is None else {"micro_grids": _micro_grids(outcome.micro_grids)}),
        **({} if outcome.study.work_items is None else {"work_items": _work_items(outcome.study.work_items)}),
    }


def _with_id(table: gpd.GeoDataFrame, id_column: str, columns: list[str]) -> gpd.GeoDataFrame:
    """Return the table sorted, its id as first column, the named columns it has, the geometry last."""
    flat = table.sort_index().rename_axis(id_column).reset_index()
    names = [id_column, *(c for c in dict.fromkeys(columns) if c in flat and c != table.geometry.name)]
    geometry = flat.geometry.rename(GEOMETRY_COLUMN)
    return gpd.GeoDataFrame(_texts(pd.DataFrame(flat[names])), geometry=geometry, crs=table.crs)


def _plain(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return _texts(table.reindex(columns=columns).reset_index(drop=True))


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with columns of mixed kind as text, missing where they are missing."""
    mixed = [c for c in table.columns if table[c].dtype == object]
    return table.astype(dict.fromkeys(mixed, "str"))


def _areas(outcome: Outcome) -> gpd.GeoDataFrame:
    columns = ["level", "name", "parent_id", "settlement", "profile", "region"]
    return _with_id(outcome.study.areas, "area_id", columns)


def _units(outcome: Outcome) -> gpd.GeoDataFrame:
    columns = ["grid_id", "community_id", "compound", "households", "residents", "buildings", "workload_h"]
    columns += ["area_m2", "locked", *outcome.study.group_columns, "x", "y", PRESENT_COLUMN, MICRO_COLUMN]
    units, present = outcome.units, outcome.study.present
    if present is not None:
        units = units.assign(**{PRESENT_COLUMN: present.reindex(units.index).astype("str")})
    if outcome.micro_of is not None:
        units = units.assign(**{MICRO_COLUMN: outcome.micro_of.reindex(units.index).astype("str")})
    return _with_id(units, "unit_id", columns)


def _borders(table: pd.DataFrame) -> pd.DataFrame:
    return _plain(table, ["unit_a", "unit_b", "length_m", "mapped_m"])


def _micro_grids(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return _with_id(table, MICRO_COLUMN, list(table.columns))


def _grids(outcome: Outcome) -> gpd.GeoDataFrame:
    locked = [outcome.plan.grids[g].locked for g in outcome.grids.index]
    grids = outcome.grids.assign(locked=locked)
    return _with_id(grids, "grid_id", list(grids.columns))


def _barriers(outcome: Outcome) -> gpd.GeoDataFrame:
    barriers = outcome.study.barriers
    table = barriers.reset_index(drop=True)
    names = [c for c in ("kind", "name") if c in table]
    return gpd.GeoDataFrame(_texts(pd.DataFrame(table[names])), geometry=table.geometry, crs=outcome.study.crs)


def _facilities(outcome: Outcome) -> gpd.GeoDataFrame:
    columns = ["kind", "name", "status", "capacity_residents", "floor_area_m2", "cost", "tier"]
    return _with_id(outcome.facilities, "facility_id", columns)


def _work_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the register of work items: what is asked of the grids, by whom, and with what means."""
    return _texts(items.rename_axis("item_id").reset_index())


def _sitings(outcome: Outcome) -> pd.DataFrame:
    """Return one row a chosen site, in the order chosen, with how the solver ended."""
    rows = [
        (s.service, f, rank, float(s.gains.get(f, 0.0)), *_answer(s.answer))
        for s in outcome.sitings
        for rank, f in enumerate(s.chosen, start=1)
    ]
    columns = ["service", "facility_id", "rank", "gain", "status", "objective", "bound", "gap_share", "seconds"]
    table = pd.DataFrame(rows, columns=[*columns, "engine"])
    numbers = dict.fromkeys(["gain", "objective", "bound", "gap_share", "seconds"], float)
    return table.astype({"service": "str", "facility_id": "str", "rank": "int64", **numbers, "engine": "str"})


def _answer(answer: object) -> tuple[object, ...]:
    return tuple(getattr(answer, n) for n in ("status", "objective", "bound", "gap_share", "seconds", "engine"))


def _site_reach(outcome: Outcome) -> pd.DataFrame:
    """Return who could walk to the candidate sites within the widest standard: what gap answers name sites by."""
    study = outcome.study
    widest = max((s.max_walk_m for s in study.settings.services), default=0.0)
    sites = study.facilities.index[study.facilities["status"].eq(str(FacilityStatus.CANDIDATE))]
    near = study.reach[study.reach["facility_id"].isin(sites) & (study.reach["walk_m"] <= widest)]
    near = near.sort_values(["unit_id", "walk_m", "facility_id"], kind="stable")
    return _plain(near, ["unit_id", "facility_id", "walk_m", "walk_basis"])


def _territories(outcome: Outcome) -> pd.DataFrame:
    rows = []
    for t in sorted(outcome.report.territories, key=lambda t: t.territory_id):
        reason = t.reason or Reason("", {})
        row = {name: getattr(t, name) for name in ("territory_id", "community_id", "units", "households", "grids")}
        row |= {"band_violation": t.band_violation, "objective": t.objective, "bound": t.bound}
        row |= {"violation_bound": t.violation_bound, "proof": str(t.proof), "reason": reason.code}
        row["facts"] = json.dumps(dict(reason.facts), ensure_ascii=False, sort_keys=True)
        row["ways"] = json.dumps([[way.code, dict(way.facts)] for way in reason.ways], ensure_ascii=False)
        row |= {"parts_hm": json.dumps(dict(t.parts_hm)), "grid_ids": json.dumps(t.grid_ids)}
        rows.append(row | {"other_counts": json.dumps([astuple(o) for o in t.other_counts])})
    texts = [
        "territory_id",
        "community_id",
        "proof",
        "reason",
        "facts",
        "ways",
        "parts_hm",
        "grid_ids",
        "other_counts",
    ]
    counts = ["units", "households", "grids"]
    numbers = ["band_violation", "objective", "bound", "violation_bound"]
    table = pd.DataFrame(rows, columns=[*texts[:2], *counts, *numbers, *texts[2:]])
    table[texts] = table[texts].astype("str")
    table[counts] = table[counts].astype("int64")
    table[numbers] = table[numbers].astype(float)
    return table


def _facts(outcome: Outcome) -> dict[str, object]:
    """Return what the file needs beside the settings: origin, bands, and how plan and postings were made."""
    study, report, staffing = outcome.study, outcome.report, outcome.staffing
    facts: dict[str, object] = {
        "study.crs": study.crs,
        "study.reach_m": study.reach_m,
        "study.group_columns": list(study.group_columns),
        **({"study.by_entrance": split} if (split := _by_entrance(study)) else {}),
        "plan.digest": outcome.plan.digest,
        "plan.version": outcome.plan.version,
        "report.engine": report.engine,
        "report.rng_seed": report.rng_seed,
        "report.stopped_by": str(report.stopped_by),
        "report.seconds": report.seconds,
        **({"report.retired": list(report.retired)} if report.retired else {}),
        "staffing.vacancies": list(staffing.vacancies),
        "staffing.overloads": {g: staffing.overloads[g] for g in sorted(staffing.overloads)},
        "staffing.answer": list(_answer(staffing.answer)),
    }
    for community_id in study.communities.index:
        band = study.band_of(community_id)
        facts[f"band.{community_id}"] = [band.minimum, band.target, band.maximum]
    return facts


def _by_entrance(study: StudyArea) -> list[dict[str, object]]:
    """Return what was found of each building that is taken apart by entrance."""
    return [dict(f.facts) for f in study.findings.items if f.code == BY_ENTRANCE]


def single_parts(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with multipolygons of one part as polygons."""
    shapes = table.geometry.to_numpy()
    lone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = shapes.copy()
    shapes[lone] = shapely.get_geometry(shapes[lone], 0)
    return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
