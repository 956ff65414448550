"""What was measured of one version of a plan: grids, postings, coverage, rates, scores, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, func, insert, select

from gis.model.kinds import Better
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.results import Coverage, Siting, SolverAnswer, SolveReport, Staffing
from gis.model.scorecard import Score, Scorecard
from gis.model.study import StudyArea
from gis.store.documents import dump_record, load_record
from gis.store.frames import columns_of, read_frame, write_columns
from gis.store.tables import tables

__all__ = ["measured_version", "read_outcome", "write_measured"]


@dataclass(frozen=True, slots=True)
class _StaffingAnswer:
    vacancies: tuple[str, ...]
    overloads: Mapping[str, float]
    answer: SolverAnswer


@dataclass(frozen=True, slots=True)
class _Sitings:
    sitings: tuple[Siting, ...]


def write_measured(connection: Connection, outcome: Outcome, *, plan_id: str, version: int) -> None:
    """Store what was measured of a version."""
    keys = {"plan_id": plan_id, "version": version}
    scores = outcome.scorecard.table().rename(columns={"version": "formula"})
    for table, frame in (
        (tables.grids, outcome.grids),
        (tables.postings, outcome.staffing.postings),
        (tables.coverage, outcome.coverage.table),
        (tables.rates, outcome.coverage.rates),
        (tables.scores, scores),
    ):
        write_columns(connection, table, columns_of(table, frame), keys=keys)
    staffing = outcome.staffing
    connection.execute(
        insert(tables.plan_answer).values(
            **keys,
            report=dump_record(outcome.report),
            staffing=dump_record(_StaffingAnswer(staffing.vacancies, staffing.overloads, staffing.answer)),
            sitings=dump_record(_Sitings(outcome.sitings)),
        )
    )


def measured_version(connection: Connection, plan_id: str, version: int) -> int | None:
    """Return the last measured version of a plan that is not after `version`."""
    answers = tables.plan_answer
    query = select(func.max(answers.c.version)).where(answers.c.plan_id == plan_id, answers.c.version <= version)
    found: int | None = connection.execute(query).scalar_one()
    return found


def read_outcome(connection: Connection, study: StudyArea, plan: Plan, *, plan_id: str, version: int) -> Outcome:
    """Put the outcome of a measured version together again."""
    keys = {"plan_id": plan_id, "version": version}
    answers = tables.plan_answer
    query = select(answers).where(answers.c.plan_id == plan_id, answers.c.version == version)
    answer = connection.execute(query).mappings().one()
    staffing = load_record(_StaffingAnswer, answer["staffing"])
    grids = read_frame(connection, tables.grids, keys, index="grid_id", crs=study.crs)
    return Outcome(
        study=study,
        plan=plan,
        report=load_record(SolveReport, answer["report"]),
        grids=gpd.GeoDataFrame(grids),
        staffing=Staffing(
            read_frame(connection, tables.postings, keys),
            staffing.vacancies,
            staffing.overloads,
            staffing.answer,
        ),
        sitings=load_record(_Sitings, answer["sitings"]).sitings,
        coverage=Coverage(read_frame(connection, tables.coverage, keys), read_frame(connection, tables.rates, keys)),
        scorecard=_scorecard(read_frame(connection, tables.scores, keys)),
    )


def _scorecard(table: pd.DataFrame) -> Scorecard:
    def missing(value: Any) -> bool:
        return bool(pd.isna(value))

    rows = zip(table["measure"], table["value"], table["unit"], table["better"], table["formula"], strict=True)
    return Scorecard(
        tuple(
            Score(m, None if missing(v) else float(v), u, None if missing(b) else Better(b), int(f))
            for m, v, u, b, f in rows
        )
    )
