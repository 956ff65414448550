"""The store: studies, plans and their versions in one database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

import pandas as pd
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select

from gis.model.errors import UnknownIdError
from gis.model.kinds import PlanStatus
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.study import StudyArea
from gis.store.change import Change, payload_of
from gis.store.comments import CommentBook
from gis.store.database import open_database, reading, writing
from gis.store.edit_chain import Edit, EditKeyReusedError, append, chain, digest, find_by_key, verify_chain
from gis.store.frames import Columns, read_frame, write_columns
from gis.store.job_queue import JobQueue, Ticket, end_job
from gis.store.measured import measured_version, read_outcome, write_measured
from gis.store.plan_versions import PlanVersions
from gis.store.projection import lock_plan, project, refuse_stale, write_plan
from gis.store.studies import latest_edition, read_study, write_study
from gis.store.tables import tables

__all__ = ["Check", "Contact", "PlanRecord", "Store", "StudyRecord"]

_PLAN_BY_ID = select(tables.plan).where(tables.plan.c.plan_id == bindparam("plan_id"))  # asked on every request

Check = Callable[[Plan, Plan], None]
"""Asked inside the transaction with the plan before and after; raises HardRuleError to refuse."""


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan in the list of plans."""

    plan_id: str
    study_id: str
    version: int
    status: PlanStatus
    created_at: str


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """A study in the list of studies, as it was loaded last."""

    study_id: str
    name: str
    edition_id: str
    loaded_at: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A duty contact: who answers for a grid. Shown only by the register, the notice and `locate`."""

    worker_id: str
    display_name: str
    duty_phone: str
    public: bool


class Store:
    """Studies, plans and their versions. Open one with :meth:`open`; safe to share between threads.

    The store checks nothing about plans by itself: whoever appends an edit passes the check.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self._now = now or (lambda: datetime.now(UTC))
        self._one_writer = Lock()
        self._versions = PlanVersions()
        self.jobs = JobQueue(engine, self._writing, now=self._now)
        self.comments = CommentBook(engine, self._writing, now=self._now)

    @classmethod
    def open(cls, url: str, *, now: Callable[[], datetime] | None = None) -> Store:
        """Open a database by its SQLAlchemy URL, for example ``sqlite:///wangge.db``."""
        return cls(open_database(url), now=now)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def save_outcome(
        self,
        outcome: Outcome,
        *,
        author: str = "wangge",
        contacts: pd.DataFrame | None = None,
        of_job: Ticket | None = None,
    ) -> str:
        """Store a study, its plan as version 1 and all that was measured; return the plan's id.

        Parameters
        ----------
        contacts
            Index or column worker_id; display_name, duty_phone, public. They replace those of the study.
        of_job
            The job that drew it, which ends in the same transaction: there is never a second result.

        Raises
        ------
        JobLostError
            If the job was cancelled, or is done by another process.
        """
        plan = outcome.plan
        with self._writing() as connection:
            now = self._now()
            edition = write_study(connection, outcome.study, at=now)
            study_id = outcome.study.study_id
            newest = select(func.max(tables.plan.c.seq)).where(tables.plan.c.study_id == study_id)
            seq = (connection.execute(newest).scalar_one() or 0) + 1
            plan_id = f"{study_id}-{seq}"
            connection.execute(
                insert(tables.plan).values(
                    plan_id=plan_id, study_id=study_id, seq=seq, edition_id=edition, version=1,
                    status=str(PlanStatus.DRAFT), created_at=_stamp(now),
                )
            )  # fmt: skip
            payload = {"digest": plan.digest, "units": len(plan), "grids_drawn": len(plan.grids)}
            append(
                connection,
                {
                    "plan_id": plan_id, "seq": 1, "base_version": 0, "author": author, "at": _stamp(now),
                    "kind": "draw", "payload": payload, "idempotency_key": plan_id, "request_hash": plan.digest,
                },
            )  # fmt: skip
            write_plan(connection, plan_id, plan)
            write_measured(connection, outcome, plan_id=plan_id, version=1)
            if contacts is not None:
                _write_contacts(connection, study_id, contacts)
            if of_job is not None:
                end_job(connection, of_job, result={"plan": plan_id}, at=_stamp(now))
        return plan_id

    def save_measured(self, plan_id: str, outcome: Outcome) -> None:
        """Store what was measured of a later version, the one that ``outcome.plan`` names."""
        with self._writing() as connection:
            lock_plan(connection, plan_id)
            write_measured(connection, outcome, plan_id=plan_id, version=outcome.plan.version)

    def append_edit(
        self,
        plan_id: str,
        base_version: int,
        kind: str,
        change: Change,
        *,
        author: str,
        idempotency_key: str,
        check: Check,
    ) -> Edit:
        """Accept one edit, or refuse it whole.

        In one transaction: hold the plan's row, look the key up, compare the version, ask `check`,
        write the edit and the projection. The same key with the same request gives the first answer
        again, whatever the version is by then.

        Raises
        ------
        UnknownIdError
            If the plan, a unit or a grid is not there.
        EditKeyReusedError
            If the key was used for another edit.
        StaleVersionError
            If the plan has moved on since `base_version`.
        HardRuleError
            If `check` refuses.
        """
        request = digest([base_version, kind, author, change.as_request()])
        with self._writing() as connection:
            row = lock_plan(connection, plan_id)
            known = find_by_key(connection, plan_id, idempotency_key)
            if known is not None:
                if known.request_hash != request:
                    raise EditKeyReusedError("edit-key-reused", idempotency_key=idempotency_key)
                return known
            refuse_stale(row, base_version)
            before = self._versions.read(connection, plan_id, base_version)
            after = change.applied(before)
            check(before, after)
            payload = payload_of(before, after, change, row["status"])
            edit = append(
                connection,
                {
                    "plan_id": plan_id, "seq": base_version + 1, "base_version": base_version, "author": author,
                    "at": _stamp(self._now()), "kind": kind, "payload": payload,
                    "idempotency_key": idempotency_key, "request_hash": request,
                },
            )  # fmt: skip
            project(connection, plan_id, payload, edit.seq)
        self._versions.keep(plan_id, after)
        return edit

    def plans(self, *, study_id: str | None = None) -> tuple[PlanRecord, ...]:
        """List the plans, by study and then by age."""
        query = select(tables.plan).order_by(tables.plan.c.study_id, tables.plan.c.seq)
        if study_id is not None:
            query = query.where(tables.plan.c.study_id == study_id)
        with reading(self._engine) as connection:
            return tuple(
                PlanRecord(r["plan_id"], r["study_id"], r["version"], PlanStatus(r["status"]), r["created_at"])
                for r in connection.execute(query).mappings()
            )

    def plan_record(self, plan_id: str) -> PlanRecord:
        """Return one plan's record; cheap enough to ask for its version on every request."""
        with reading(self._engine) as connection:
            row = connection.execute(_PLAN_BY_ID, {"plan_id": plan_id}).mappings().first()
        if row is None:
            raise UnknownIdError("unknown-plan", plan_id=plan_id)
        status = PlanStatus(row["status"])
        return PlanRecord(row["plan_id"], row["study_id"], row["version"], status, row["created_at"])

    def studies(self) -> tuple[StudyRecord, ...]:
        """List the studies, each as it was loaded last."""
        editions = tables.study_edition
        query = select(editions).order_by(editions.c.study_id, editions.c.seq)
        with reading(self._engine) as connection:
            newest = {r["study_id"]: r for r in connection.execute(query).mappings()}
        return tuple(
            StudyRecord(s, json.loads(r["settings"])["name"], r["edition_id"], r["loaded_at"])
            for s, r in newest.items()
        )

    def load_study(self, study_id: str) -> StudyArea:
        """Read a study as it was loaded last."""
        with reading(self._engine) as connection:
            return read_study(connection, latest_edition(connection, study_id))

    def edition_of(self, plan_id: str) -> str:
        """Return the edition of the study that a plan was drawn on."""
        edition = select(tables.plan.c.edition_id).where(tables.plan.c.plan_id == plan_id)
        with reading(self._engine) as connection:
            found = connection.execute(edition).scalar_one_or_none()
        if found is None:
            raise UnknownIdError("unknown-plan", plan_id=plan_id)
        return str(found)

    def load_edition(self, edition_id: str) -> StudyArea:
        """Read one edition of a study."""
        with reading(self._engine) as connection:
            return read_study(connection, edition_id)

    def load_plan(self, plan_id: str, *, version: int | None = None) -> Plan:
        """Read a plan, at a version or as it is now."""
        held = None if version is None else self._versions.held(plan_id, version)
        if held is not None:
            return held
        with reading(self._engine) as connection:
            return self._versions.read(connection, plan_id, version)

    def load_outcome(self, plan_id: str, *, version: int | None = None, study: StudyArea | None = None) -> Outcome:
        """Read a plan with its study and all that was measured of it.

        ``plan.version`` tells the version; where it was edited and not measured since, the tables
        are those of the last measured version before it.

        Parameters
        ----------
        study
            The plan's edition of the study, where it is at hand.
        """
        with reading(self._engine) as connection:
            plan = self._versions.read(connection, plan_id, version)
            if study is None:
                edition = select(tables.plan.c.edition_id).where(tables.plan.c.plan_id == plan_id)
                study = read_study(connection, connection.execute(edition).scalar_one())
            measured = measured_version(connection, plan_id, plan.version)
            return read_outcome(connection, study, plan, plan_id=plan_id, version=measured or 1)

    def postings(self, plan_id: str, *, version: int = 1) -> pd.DataFrame:
        """Return who was posted where in a measured version, the first by default."""
        with reading(self._engine) as connection:
            return read_frame(connection, tables.postings, {"plan_id": plan_id, "version": version})

    def measured_version(self, plan_id: str, version: int) -> int:
        """Return the last version up to `version` that was measured; the first always was."""
        with reading(self._engine) as connection:
            return measured_version(connection, plan_id, version) or 1

    def history(self, plan_id: str, *, after: int = 0) -> tuple[Edit, ...]:
        """Return the edits of a plan after a version, oldest first."""
        with reading(self._engine) as connection:
            return chain(connection, plan_id, after=after)

    def verify(self, plan_id: str) -> None:
        """Raise EditChainBrokenError if an edit of the plan was tampered with."""
        verify_chain(self.history(plan_id))

    def contacts(self, study_id: str) -> tuple[Contact, ...]:
        """Return the duty contacts of a study, by worker."""
        query = select(tables.contact).where(tables.contact.c.study_id == study_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(tables.contact.c.worker_id)).mappings()
            return tuple(
                Contact(r["worker_id"], r["display_name"] or "", r["duty_phone"] or "", bool(r["public"]))
                for r in rows
            )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._one_writer, writing(self._engine) as connection:
            yield connection


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _write_contacts(connection: Connection, study_id: str, contacts: pd.DataFrame) -> None:
    flat = contacts.reset_index() if contacts.index.name == "worker_id" else contacts
    connection.execute(delete(tables.contact).where(tables.contact.c.study_id == study_id))
    shown = {name: [None if pd.isna(v) else str(v) for v in flat[name]] for name in ("display_name", "duty_phone")}
    public = [v in (True, "yes") for v in flat["public"]]
    columns: Columns = {"worker_id": [str(w) for w in flat["worker_id"]], **shown, "public": public}
    write_columns(connection, tables.contact, columns, keys={"study_id": study_id})
