"""The plan that its edits add up to, written in the same transaction as each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from gis.model.errors import StaleVersionError, UnknownIdError
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.store.change import grid_facts
from gis.store.edit_chain import chain
from gis.store.frames import write_columns
from gis.store.tables import tables

__all__ = ["lock_plan", "project", "read_plan", "refuse_stale", "write_plan"]


def lock_plan(connection: Connection, plan_id: str) -> RowMapping:
    """Read the plan's row and hold it until the transaction ends."""
    query = select(tables.plan).where(tables.plan.c.plan_id == plan_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UnknownIdError("unknown-plan", plan_id=plan_id)
    return row


def refuse_stale(row: RowMapping, base_version: int) -> None:
    """Raise StaleVersionError if the plan has moved on."""
    if row["version"] != base_version:
        raise StaleVersionError(
            "plan-stale", plan_id=row["plan_id"], version=row["version"], base_version=base_version
        )


def read_plan(connection: Connection, plan_id: str, *, version: int | None = None) -> Plan:
    """Read a plan at a version: the projection, with later edits taken back.

    Raises
    ------
    UnknownIdError
        If there is no such plan or version.
    """
    row = connection.execute(select(tables.plan).where(tables.plan.c.plan_id == plan_id)).mappings().first()
    if row is None:
        raise UnknownIdError("unknown-plan", plan_id=plan_id)
    wanted = row["version"] if version is None else version
    if not 1 <= wanted <= row["version"]:
        raise UnknownIdError("unknown-version", plan_id=plan_id, version=wanted, latest=row["version"])
    units = tables.assignment
    query = select(units.c.unit_id, units.c.grid_id).where(units.c.plan_id == plan_id)
    assignment: dict[str, str] = {row.unit_id: row.grid_id for row in connection.execute(query)}
    infos = {
        g["grid_id"]: _info(dict(g))
        for g in connection.execute(select(tables.plan_grid).where(tables.plan_grid.c.plan_id == plan_id)).mappings()
    }
    for edit in reversed(chain(connection, plan_id, after=wanted)):
        assignment |= {m["unit_id"]: m["from"] for m in edit.payload.get("moves", ())}
        for change in edit.payload.get("grids", ()):
            infos.pop(change["grid_id"], None)
            if change["before"] is not None:
                infos[change["grid_id"]] = _info({"grid_id": change["grid_id"], **change["before"]})
    series = pd.Series(list(assignment.values()), index=list(assignment), dtype=object)
    return Plan.of(row["study_id"], series, infos.values(), version=wanted)


def write_plan(connection: Connection, plan_id: str, plan: Plan) -> None:
    """Write a new plan's projection."""
    facts = [{"grid_id": g.grid_id, **(grid_facts(g) or {})} for g in plan.grids.values()]
    names = ("grid_id", "community_id", "kind", "name", "locked")
    keys = {"plan_id": plan_id}
    write_columns(connection, tables.plan_grid, {n: [f[n] for f in facts] for n in names}, keys=keys)
    assigned = plan.assignment
    columns = {"unit_id": assigned.index.tolist(), "grid_id": assigned.tolist()}
    write_columns(connection, tables.assignment, columns, keys=keys)


def _info(row: Mapping[str, Any]) -> GridInfo:
    return GridInfo(row["grid_id"], row["community_id"], GridKind(row["kind"]), row["name"], bool(row["locked"]))


def project(connection: Connection, plan_id: str, payload: Mapping[str, Any], version: int) -> None:
    """Write an edit into the projection and move the version on."""
    units, grids = tables.assignment, tables.plan_grid
    if payload["moves"]:
        of_unit = (units.c.plan_id == plan_id) & (units.c.unit_id == bindparam("moved"))
        moved = [{"moved": move["unit_id"], "into": move["to"]} for move in payload["moves"]]
        connection.execute(update(units).where(of_unit).values(grid_id=bindparam("into")), moved)
    for changed in payload["grids"]:
        of_grid = (grids.c.plan_id == plan_id) & (grids.c.grid_id == changed["grid_id"])
        connection.execute(delete(grids).where(of_grid))
        if changed["after"] is not None:
            connection.execute(insert(grids).values(plan_id=plan_id, grid_id=changed["grid_id"], **changed["after"]))
    new = {"version": version}
    if "status" in payload:
        new["status"] = payload["status"]["to"]
    connection.execute(update(tables.plan).where(tables.plan.c.plan_id == plan_id).values(**new))
