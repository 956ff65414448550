"""Studies in the store: each loading is an edition; the same content is not stored twice."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select

from gis.model.errors import UnknownIdError
from gis.model.findings import Findings
from gis.model.study import StudyArea, StudySettings
from gis.model.walks import UnitWalks
from gis.store.documents import dump_record, load_record
from gis.store.frames import columns_of, digest_of, read_frame, write_columns
from gis.store.tables import tables

__all__ = ["latest_edition", "read_study", "write_study"]

_PARTS: dict[str, tuple[Table, str | None]] = {
    "areas": (tables.areas, "area_id"),
    "units": (tables.units, "unit_id"),
    "adjacency": (tables.adjacency, None),
    "barriers": (tables.barriers, None),
    "paths": (tables.paths, None),
    "facilities": (tables.facilities, "facility_id"),
    "workers": (tables.workers, "worker_id"),
    "reach": (tables.reach, None),
    "present": (tables.present, "unit_id"),
}
_OPTIONAL = ("paths", "present")
_FURTHER: dict[str, tuple[Table, str | None]] = {
    "borders": (tables.borders, None),
    "walks": (tables.walks, "unit_id"),
}
"""Parts that a study without rows of them does not have; its digest is the one from before they were kept."""
_ALL = _PARTS | _FURTHER


def write_study(connection: Connection, study: StudyArea, *, at: datetime) -> str:
    """Store a study and return the id of its edition; an equal one that is there already is taken."""
    frames = {name: _frame(study, name) for name in _ALL}
    columns = {
        name: columns_of(table, frames[name])
        for name, (table, _) in _ALL.items()
        if name in _PARTS or len(frames[name])
    }
    digest = hashlib.sha256()
    for own in columns.values():
        digest.update(digest_of(own))
    head = {
        "crs": study.crs,
        "settings": dump_record(study.settings),
        "findings": dump_record(study.findings),
        "group_columns": json.dumps(study.group_columns),
        "reach_m": study.reach_m,
        "absent": json.dumps([name for name in _OPTIONAL if getattr(study, name) is None]),
    }
    digest.update(repr(head).encode())
    editions = tables.study_edition
    mine = select(editions.c.edition_id, editions.c.digest).where(editions.c.study_id == study.study_id)
    known = {d: e for e, d in connection.execute(mine.order_by(editions.c.seq))}
    if digest.hexdigest() in known:
        return str(known[digest.hexdigest()])
    seq = len(known) + 1
    edition = f"{study.study_id}@{seq}"
    about = {"edition_id": edition, "study_id": study.study_id, "seq": seq, "loaded_at": at.isoformat()}
    connection.execute(insert(editions).values(**about, digest=digest.hexdigest(), **head))
    for name, own in columns.items():
        write_columns(connection, _ALL[name][0], own, keys={"edition_id": edition})
    return edition


def _frame(study: StudyArea, name: str) -> pd.DataFrame:
    value = getattr(study, name)
    if name == "paths" and value is None:
        return pd.DataFrame({"u": [], "v": [], "length_m": [], "geometry": []})
    if name == "walks":
        return pd.DataFrame() if study.walks is None else study.walks.table()
    if name == "present":
        none = pd.Series([], index=pd.Index([]), dtype="str")
        return pd.DataFrame({"grid_id": (none if value is None else value).rename_axis("unit_id")})
    return pd.DataFrame(value)  # no rows of what is not there


def read_study(connection: Connection, edition: str) -> StudyArea:
    """Read one edition back; events, work items, indicators and growth are not kept.

    Raises
    ------
    UnknownIdError
        If there is no such edition.
    """
    editions = tables.study_edition
    head = connection.execute(select(editions).where(editions.c.edition_id == edition)).mappings().first()
    if head is None:
        raise UnknownIdError("unknown-study", study_id=edition)
    frames: dict[str, Any] = {
        name: read_frame(connection, table, {"edition_id": edition}, index=index, crs=head["crs"])
        for name, (table, index) in _ALL.items()
    }
    frames["present"] = frames["present"]["grid_id"]
    frames |= dict.fromkeys([*json.loads(head["absent"]), *(name for name in _FURTHER if not len(frames[name]))])
    walks = frames.pop("walks")
    return StudyArea(
        settings=load_record(StudySettings, head["settings"]),
        crs=head["crs"],
        reach_m=head["reach_m"],
        findings=load_record(Findings, head["findings"]),
        group_columns=tuple(json.loads(head["group_columns"])),
        walks=None if walks is None else UnitWalks.of_table(walks),
        **frames,
    )


def latest_edition(connection: Connection, study_id: str) -> str:
    """Return the edition of a study that was loaded last."""
    editions = tables.study_edition
    newest = select(func.max(editions.c.seq)).where(editions.c.study_id == study_id).scalar_subquery()
    query = select(editions.c.edition_id).where(editions.c.study_id == study_id, editions.c.seq == newest)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise UnknownIdError("unknown-study", study_id=study_id)
    return str(found)
