"""Schemas of the typed tables that travel between the rooms: columns, kinds and ranges.

A table is checked once, where it is made; inside, it is trusted. Input tables,
as people hand them in, have schemas of their own in ``gis.files``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import pandas as pd
import pandera.pandas as pa

from gis.model.kinds import BarrierKind, FacilityStatus, Level, Role, Via, WalkBasis

__all__ = ["GROUP_COLUMNS", "SCHEMAS", "check_table"]

T = TypeVar("T", bound=pd.DataFrame)

GROUP_COLUMNS = (
    "elder_80_alone",
    "elder_special",
    "child_at_risk",
    "disabled_severe",
    "low_income",
    "extreme_poverty",
    "floating_household",
    "business_premises",
)


def _text(*, nullable: bool = False, required: bool = True) -> pa.Column:
    return pa.Column(None, nullable=nullable, required=required)


def _one_of(kind: type[Level | BarrierKind | FacilityStatus | Via | WalkBasis | Role]) -> pa.Column:
    return pa.Column(None, pa.Check.isin([str(k) for k in kind]))


def _count(*, required: bool = True) -> pa.Column:
    return pa.Column("int64", pa.Check.ge(0), required=required)


def _metres(*, nullable: bool = False) -> pa.Column:
    return pa.Column(float, pa.Check.ge(0), nullable=nullable)


SCHEMAS: Mapping[str, pa.DataFrameSchema] = {
    "areas": pa.DataFrameSchema(
        {
            "level": _one_of(Level),
            "name": _text(),
            "parent_id": _text(nullable=True),
            "settlement": _text(nullable=True),
            "profile": _text(nullable=True),
            "geometry": _text(),
        },
        index=pa.Index(None, unique=True, name="area_id"),
    ),
    "units": pa.DataFrameSchema(
        {
            "community_id": _text(),
            "compound": _text(nullable=True),
            "households": _count(),
            "residents": _count(),
            "buildings": _count(),
            "workload_h": _metres(),
            "area_m2": _metres(),
            "locked": pa.Column(bool),
            **{name: _count(required=False) for name in GROUP_COLUMNS},
            "x": pa.Column(float),
            "y": pa.Column(float),
            "geometry": _text(),
        },
        index=pa.Index(None, unique=True, name="unit_id"),
    ),
    "adjacency": pa.DataFrameSchema(
        {"unit_a": _text(), "unit_b": _text(), "shared_m": _metres(), "via": _one_of(Via)},
        unique=["unit_a", "unit_b"],
        checks=pa.Check(lambda t: t["unit_a"] < t["unit_b"], name="unit_a < unit_b"),
    ),
    "barriers": pa.DataFrameSchema({"kind": _one_of(BarrierKind), "name": _text(nullable=True), "geometry": _text()}),
    "facilities": pa.DataFrameSchema(
        {
            "kind": _text(),
            "name": _text(nullable=True),
            "status": _one_of(FacilityStatus),
            "capacity_residents": pa.Column(float, nullable=True),
            "floor_area_m2": pa.Column(float, nullable=True),
            "cost": pa.Column(float, nullable=True),
            "geometry": _text(),
        },
        index=pa.Index(None, unique=True, name="facility_id"),
    ),
    "workers": pa.DataFrameSchema(
        {
            "role": _one_of(Role),
            "contract": _text(nullable=True),
            "fte": pa.Column(float, pa.Check.in_range(0, 1)),
            "skills": _text(nullable=True),
            "languages": _text(nullable=True),
            "grid_id": _text(nullable=True),
            "community_id": _text(nullable=True),
            "x": pa.Column(float, nullable=True),
            "y": pa.Column(float, nullable=True),
        },
        index=pa.Index(None, unique=True, name="worker_id"),
    ),
    "reach": pa.DataFrameSchema(
        {"unit_id": _text(), "facility_id": _text(), "walk_m": _metres(), "walk_basis": _one_of(WalkBasis)},
        unique=["unit_id", "facility_id"],
    ),
}


def check_table(name: str, table: T) -> T:
    """Return `table` if it obeys the schema `name`; raise pandera's SchemaErrors with all faults otherwise."""
    SCHEMAS[name].validate(table, lazy=True)
    return table
