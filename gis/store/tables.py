"""Tables of the store. Geometry is WKB with its bounding box beside it; exact predicates are shapely's.

A *study edition* is a study as it was loaded once; a plan stands on one edition. What is measured
of a plan belongs to one version of it. A *job* is work that the engine is asked for. Nothing here
names a person; duty contacts have a table of their own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = ["SCHEMA_VERSION", "metadata", "tables"]

SCHEMA_VERSION = 3  # 2: jobs and comments; 3: borders and walks
metadata = MetaData()


def _id(name: str, **options: Any) -> Column[str]:
    return Column(name, String(200), nullable=False, **options)


def _text(name: str, *, nullable: bool = True) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=nullable)


def _number(name: str, *, dtype: str = "float64") -> Column[float]:
    return Column(name, Float(53), nullable=True, info={"dtype": dtype})


def _flag(name: str, *, nullable: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=nullable)


def _geometry() -> list[Column[Any]]:
    return [*(Column(end, Float(53)) for end in ("minx", "miny", "maxx", "maxy")), Column("wkb", LargeBinary)]


def _of_edition(name: str, *columns: Column[Any]) -> Table:
    edition = Column("edition_id", String(210), ForeignKey("study_edition.edition_id"), primary_key=True)
    return Table(name, metadata, edition, Column("row", Integer, primary_key=True), *columns, _text("extra"))


def _of_version(name: str, *columns: Column[Any]) -> Table:
    plan = Column("plan_id", String(210), ForeignKey("plan.plan_id"), primary_key=True)
    version = Column("version", Integer, primary_key=True)
    return Table(name, metadata, plan, version, Column("row", Integer, primary_key=True), *columns, _text("extra"))


class tables:  # noqa: N801 - a namespace of tables, used as tables.plan
    """Every table by name."""

    schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))
    study_edition = Table(
        "study_edition",
        metadata,
        _id("edition_id", primary_key=True),
        _id("study_id", index=True),
        _whole("seq"),
        _id("digest"),
        _text("loaded_at", nullable=False),
        _text("crs", nullable=False),
        _text("settings", nullable=False),
        _text("findings", nullable=False),
        _text("group_columns", nullable=False),
        Column("reach_m", Float(53), nullable=False),
        _text("absent", nullable=False),
        UniqueConstraint("study_id", "seq"),
    )
    areas = _of_edition(
        "area",
        _id("area_id"),
        _text("level"),
        _text("name"),
        _text("parent_id"),
        _text("settlement"),
        _text("profile"),
        *_geometry(),
    )
    units = _of_edition(
        "unit",
        _id("unit_id"),
        _text("community_id"),
        _text("compound"),
        _whole("households"),
        _whole("residents"),
        _whole("buildings"),
        _number("workload_h"),
        _number("area_m2"),
        _flag("locked"),
        _number("x"),
        _number("y"),
        *_geometry(),
    )
    adjacency = _of_edition("adjacency", _id("unit_a"), _id("unit_b"), _number("shared_m"), _text("via"))
    barriers = _of_edition("barrier", _text("kind"), _text("name"), *_geometry())
    paths = _of_edition("path", _text("u"), _text("v"), _number("length_m"), *_geometry())
    facilities = _of_edition(
        "facility",
        _id("facility_id"),
        _text("kind"),
        _text("name"),
        _text("status"),
        _number("capacity_residents"),
        _number("floor_area_m2"),
        _number("cost"),
        *_geometry(),
    )
    workers = _of_edition(
        "worker",
        _id("worker_id"),
        _text("role"),
        _text("contract"),
        _number("fte"),
        _text("skills"),
        _text("languages"),
        _text("grid_id"),
        _text("community_id"),
        _number("x"),
        _number("y"),
    )
    reach = _of_edition("reach", _id("unit_id"), _id("facility_id"), _number("walk_m"), _text("walk_basis"))
    present = _of_edition("present", _id("unit_id"), _text("grid_id"))
    borders = _of_edition("border", _id("unit_a"), _id("unit_b"), _number("length_m"), _number("mapped_m"))
    walks = _of_edition("unit_walk", _id("unit_id"), _text("community_id"), _text("walks_dm"))

    contact = Table(
        "contact",
        metadata,
        _id("study_id", primary_key=True),
        _id("worker_id", primary_key=True),
        _text("display_name"),
        _text("duty_phone"),
        _flag("public"),
    )

    plan = Table(
        "plan",
        metadata,
        _id("plan_id", primary_key=True),
        _id("study_id", index=True),
        _whole("seq"),
        Column("edition_id", String(210), ForeignKey("study_edition.edition_id"), nullable=False),
        _whole("version"),
        _id("status"),
        _text("created_at", nullable=False),
        UniqueConstraint("study_id", "seq"),
    )
    plan_edit = Table(
        "plan_edit",
        metadata,
        Column("plan_id", String(210), ForeignKey("plan.plan_id"), primary_key=True),
        Column("seq", Integer, primary_key=True),
        _whole("base_version"),
        _id("author"),
        _text("at", nullable=False),
        _id("kind"),
        _text("payload", nullable=False),
        _id("idempotency_key"),
        _id("request_hash"),
        _id("prev_hash"),
        _id("hash"),
        UniqueConstraint("plan_id", "idempotency_key"),
    )
    assignment = Table(
        "assignment",
        metadata,
        Column("plan_id", String(210), ForeignKey("plan.plan_id"), primary_key=True),
        _id("unit_id", primary_key=True),
        _id("grid_id"),
    )
    plan_grid = Table(
        "plan_grid",
        metadata,
        Column("plan_id", String(210), ForeignKey("plan.plan_id"), primary_key=True),
        _id("grid_id", primary_key=True),
        _id("community_id"),
        _id("kind"),
        _text("name", nullable=False),
        _flag("locked"),
    )

    grids = _of_version(
        "grid",
        _id("grid_id"),
        _text("community_id"),
        _text("name"),
        _text("kind"),
        _whole("units"),
        _whole("households"),
        _whole("residents"),
        _number("workload_h"),
        _number("deviation_share"),
        _number("walk_mean_m"),
        _whole("pieces"),
        _flag("in_band", nullable=True),
        _text("reason_zh"),
        _text("reason_en"),
        _text("heart_unit_id"),
        _text("sides_zh"),
        *_geometry(),
    )
    postings = _of_version(
        "posting", _id("worker_id"), _id("grid_id"), _text("role"), _number("hours_h"), _number("walk_m")
    )
    coverage = _of_version(
        "coverage",
        _id("unit_id"),
        _id("service"),
        _whole("residents"),
        _whole("households"),
        _whole("buildings"),
        _text("nearest_facility_id"),
        _number("walk_m"),
        _text("walk_basis"),
        _number("standard_m"),
        _flag("covered"),
    )
    rates = _of_version(
        "coverage_rate",
        _id("area_id"),
        _text("level"),
        _id("service"),
        _text("basis"),
        _whole("total"),
        _whole("covered"),
        _number("rate_share"),
        _number("target_share"),
        _whole("shortfall", nullable=True),
    )
    scores = _of_version(
        "score",
        _id("measure"),
        _number("value", dtype="Float64"),
        _text("unit"),
        _text("better"),
        Column("formula", Integer, nullable=False),
    )
    plan_answer = Table(
        "plan_answer",
        metadata,
        Column("plan_id", String(210), ForeignKey("plan.plan_id"), primary_key=True),
        Column("version", Integer, primary_key=True),
        _text("report", nullable=False),
        _text("staffing", nullable=False),
        _text("sitings", nullable=False),
    )
    job = Table(
        "job",
        metadata,
        _id("job_id", primary_key=True),
        Column("seq", Integer, nullable=False, unique=True),
        _id("kind"),
        _id("study_id", index=True),
        Column("plan_id", String(210), index=True),
        _whole("base_version", nullable=True),
        _id("author"),
        _text("asked", nullable=False),
        Column("key", String(200), unique=True),
        _id("state", index=True),
        _whole("attempt"),
        Column("lease_until_s", Float(53), nullable=False),
        Column("progress_share", Float(53), nullable=False),
        _text("stage", nullable=False),
        _text("best"),
        _text("result"),
        _text("problem"),
        _text("created_at", nullable=False),
        _text("started_at"),
        _text("ended_at"),
    )
    plan_comment = Table(
        "plan_comment",
        metadata,
        _id("comment_id", primary_key=True),
        Column("seq", Integer, nullable=False, unique=True),
        Column("plan_id", String(210), ForeignKey("plan.plan_id"), nullable=False, index=True),
        Column("grid_id", String(200)),
        Column("lon", Float(53)),
        Column("lat", Float(53)),
        _text("text", nullable=False),
        _id("author"),
        _text("at", nullable=False),
        _text("closed_at"),
        Column("closed_by", String(200)),
    )
