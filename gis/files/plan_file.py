"""Reading ``plan.gpkg`` back: maps, API and gap tables need nothing but the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from gis.files.geopackage import MICRO_COLUMN, PRESENT_COLUMN, single_parts
from gis.files.rules import read_rules, settings_of_rules
from gis.model.errors import FileRefusedError
from gis.model.exceptions import BY_ENTRANCE
from gis.model.findings import Finding, Findings
from gis.model.kinds import Better, GridKind, Proof, StoppedBy
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan
from gis.model.results import (
    CountOption,
    Coverage,
    Reason,
    Siting,
    SolverAnswer,
    SolveReport,
    Staffing,
    TerritoryReport,
)
from gis.model.scorecard import Score, Scorecard
from gis.model.study import StudyArea
from gis.model.walks import UnitWalks

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PLAN_LAYERS", "indexed_layer", "outcome_of_layers", "read_layers", "read_plan"]

PLAN_LAYERS = (
    "areas",
    "units",
    "grids",
    "adjacency",
    "barriers",
    "rules",
    "postings",
    "facilities",
    "coverage",
    "coverage_rates",
    "scorecard",
)
_FURTHER = ("sitings", "site_reach", "territories", "work_items", "micro_grids", "borders", "walks")
_INDEX = {
    "areas": "area_id",
    "units": "unit_id",
    "grids": "grid_id",
    "facilities": "facility_id",
    "work_items": "item_id",
    "micro_grids": "micro_grid_id",
    "walks": "unit_id",
}
_NULLABLE = {"grids": {"in_band": "boolean"}, "coverage_rates": {"shortfall": "Int64"}}


def read_layers(path: str | Path) -> dict[str, pd.DataFrame]:
    """Read the layers of a plan file as tables, ids as index where rows have one.

    Raises
    ------
    FileRefusedError
        If the file is no GeoPackage or lacks a layer of the contract.
    """
    source = Path(path)
    try:
        held = {str(name) for name in pyogrio.list_layers(source)[:, 0]}
    except DataSourceError as error:
        raise FileRefusedError("plan-unreadable", file=source.name) from error
    missing = [name for name in PLAN_LAYERS if name not in held]
    if missing:
        raise FileRefusedError("plan-layer-missing", file=source.name, layers=", ".join(missing))
    return {name: _read_layer(source, name) for name in (*PLAN_LAYERS, *_FURTHER) if name in held}


def _read_layer(path: Path, name: str) -> pd.DataFrame:
    return indexed_layer(name, pyogrio.read_dataframe(path, layer=name))


def indexed_layer(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a layer's table as the other rooms know it: kinds of columns, single polygons, id as index."""
    kinds = {c: k for c, k in _NULLABLE.get(name, {}).items() if c in table}
    table = table.astype(kinds)
    if name in ("areas", "units", "grids", "micro_grids"):
        table = single_parts(table)
    indexed: pd.DataFrame = table.set_index(_INDEX[name]) if name in _INDEX else table
    return indexed


def read_plan(path: str | Path) -> Outcome:
    """Read a plan file.

    The study in it knows its areas, units, neighbours, barriers, facilities and settings; of
    workers only who is posted, of walks only those to the nearest facility and to candidate
    sites. Paths, events and the other inputs are not in the file.

    Raises
    ------
    FileRefusedError
        If the file is no plan file, or its walks are not whole.
    IncompletePlanError, UnknownIdError
        If units and grids do not agree.
    """
    return outcome_of_layers(read_layers(path))


def outcome_of_layers(layers: Mapping[str, pd.DataFrame]) -> Outcome:
    """Build the outcome that the layers of a plan file tell of; see `read_plan`."""
    rules = read_rules(layers["rules"])
    study = _study(layers, rules)
    return Outcome(
        study=study,
        plan=_plan(study.study_id, layers, rules),
        report=_report(layers, rules),
        grids=layers["grids"].drop(columns="locked", errors="ignore"),
        staffing=_staffing(layers, rules),
        sitings=_sitings(layers.get("sitings")),
        coverage=Coverage(table=layers["coverage"], rates=layers["coverage_rates"]),
        scorecard=_scorecard(layers["scorecard"]),
        micro_grids=layers.get("micro_grids"),
        micro_of=_micro_of(layers["units"]) if "micro_grids" in layers else None,
    )


def _micro_of(units: pd.DataFrame) -> pd.Series[str]:
    return units[MICRO_COLUMN].dropna().sort_index()


def _study(layers: Mapping[str, pd.DataFrame], rules: Mapping[str, Any]) -> StudyArea:
    postings = layers["postings"]
    units = layers["units"]
    workers = postings.drop_duplicates("worker_id").set_index("worker_id")[["role", "grid_id"]].sort_index()
    return StudyArea(
        settings=settings_of_rules(rules),
        crs=rules["study.crs"],
        areas=layers["areas"],
        units=units.drop(columns=["grid_id", PRESENT_COLUMN, MICRO_COLUMN], errors="ignore"),
        adjacency=layers["adjacency"],
        barriers=layers["barriers"],
        facilities=layers["facilities"],
        workers=workers,
        reach=_reach(layers),
        reach_m=float(rules["study.reach_m"]),
        present=units[PRESENT_COLUMN].rename("grid_id") if PRESENT_COLUMN in units else None,
        work_items=layers.get("work_items"),
        group_columns=tuple(rules["study.group_columns"]),
        borders=layers.get("borders"),
        walks=_walks(layers["walks"]) if "walks" in layers else None,
        findings=_findings(rules),
    )


def _walks(table: pd.DataFrame) -> UnitWalks:
    try:
        return UnitWalks.of_table(table)
    except (ValueError, OverflowError) as error:
        raise FileRefusedError("plan-walks-wrong") from error


def _findings(rules: Mapping[str, Any]) -> Findings:
    """Return what the file tells of its reading: the buildings that were taken apart by entrance."""
    split = rules.get("study.by_entrance", ())
    return Findings(tuple(Finding(BY_ENTRANCE, f, table="households", feature=str(f["building_id"])) for f in split))


def _reach(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the walks that the file knows: to the nearest facility of each service, and to candidate sites."""
    coverage = layers["coverage"]
    columns = ["unit_id", "facility_id", "walk_m", "walk_basis"]
    nearest = coverage[coverage["walk_m"].notna()].rename(columns={"nearest_facility_id": "facility_id"})[columns]
    tables = [nearest, *([layers["site_reach"]] if "site_reach" in layers else [])]
    reach = pd.concat(tables, ignore_index=True).drop_duplicates(["unit_id", "facility_id"])
    return reach.sort_values(["unit_id", "walk_m", "facility_id"], ignore_index=True)


def _plan(study_id: str, layers: Mapping[str, pd.DataFrame], rules: Mapping[str, Any]) -> Plan:
    grids = layers["grids"]
    locked = grids["locked"] if "locked" in grids else pd.Series(data=False, index=grids.index)
    infos = [
        GridInfo(str(g), str(community), GridKind(kind), _text(name), bool(lock))
        for g, community, kind, name, lock in zip(
            grids.index, grids["community_id"], grids["kind"], grids["name"], locked, strict=True
        )
    ]
    return Plan.of(study_id, layers["units"]["grid_id"], infos, version=int(rules["plan.version"]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _report(layers: Mapping[str, pd.DataFrame], rules: Mapping[str, Any]) -> SolveReport:
    table = layers.get("territories")
    territories = () if table is None else tuple(_territory(row) for row in table.to_dict("records"))
    return SolveReport(
        engine=rules["report.engine"],
        rng_seed=rules["report.rng_seed"],
        stopped_by=StoppedBy(rules["report.stopped_by"]),
        seconds=rules["report.seconds"],
        territories=territories,
        retired=tuple(rules.get("report.retired", ())),
    )


def _territory(row: Mapping[Any, Any]) -> TerritoryReport:
    code = _text(row["reason"])
    ways = tuple(Reason(way, facts) for way, facts in json.loads(_text(row.get("ways")) or "[]"))
    return TerritoryReport(
        territory_id=row["territory_id"],
        community_id=row["community_id"],
        units=int(row["units"]),
        households=int(row["households"]),
        grids=int(row["grids"]),
        band_violation=float(row["band_violation"]),
        objective=float(row["objective"]),
        bound=_number(row["bound"]),
        proof=Proof(row["proof"]),
        violation_bound=_number(row["violation_bound"]),
        reason=Reason(code, json.loads(row["facts"]), ways) if code else None,
        parts_hm=json.loads(_text(row.get("parts_hm")) or "{}"),
        grid_ids=tuple(json.loads(_text(row.get("grid_ids")) or "[]")),
        other_counts=tuple(CountOption(*o) for o in json.loads(_text(row.get("other_counts")) or "[]")),
    )


def _staffing(layers: Mapping[str, pd.DataFrame], rules: Mapping[str, Any]) -> Staffing:
    return Staffing(
        postings=layers["postings"],
        vacancies=tuple(rules["staffing.vacancies"]),
        overloads=dict(rules["staffing.overloads"]),
        answer=SolverAnswer(*rules["staffing.answer"]),
    )


def _sitings(table: pd.DataFrame | None) -> tuple[Siting, ...]:
    if table is None:
        return ()
    found = []
    for service, rows in table.sort_values("rank", kind="stable").groupby("service", sort=True):
        first = rows.to_dict("records")[0]
        answer = SolverAnswer(
            status=first["status"],
            objective=_number(first["objective"]),
            bound=_number(first["bound"]),
            gap_share=_number(first["gap_share"]),
            seconds=float(first["seconds"]),
            engine=first["engine"],
        )
        chosen = tuple(rows["facility_id"])
        found.append(Siting(str(service), chosen, dict(zip(chosen, rows["gain"].astype(float), strict=True)), answer))
    return tuple(found)


def _scorecard(table: pd.DataFrame) -> Scorecard:
    return Scorecard(
        tuple(
            Score(
                measure=row["measure"],
                value=_number(row["value"]),
                unit=row["unit"],
                better=Better(row["better"]) if _text(row["better"]) else None,
                version=int(row["version"]),
            )
            for row in table.to_dict("records")
        )
    )
