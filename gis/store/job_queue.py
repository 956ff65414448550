"""Jobs: work that the engine is asked for, in a queue that outlives the process that works on it.

Whoever works on a job holds it by a lease and a *ticket*: the number of the attempt. A lease that runs out, because
its holder died, gives the job to the next one who asks; what an earlier attempt still says is not heard. So a job has
never two results.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, func, insert, or_, select, update

from gis.model.errors import GisError, UnknownIdError
from gis.model.kinds import JobState
from gis.store.database import reading
from gis.store.edit_chain import EditKeyReusedError, canonical
from gis.store.tables import tables

__all__ = ["Job", "JobAsked", "JobLostError", "JobQueue", "Ticket", "end_job"]

MOST_ATTEMPTS = 3  # a job whose process dies again and again is given up
LISTED = 200  # jobs


class JobLostError(GisError, RuntimeError):
    """A job was cancelled, or went to another process."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What says that one is at work on a job: its id and the number of the attempt."""

    job_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class JobAsked:
    """What a person asks for.

    Parameters
    ----------
    kind
        Name of the work.
    plan_id, base_version
        The plan and the version that it is about; None where it is about a study only.
    asked
        Settings of the work, plain JSON.
    """

    kind: str
    study_id: str
    asked: Mapping[str, Any]
    plan_id: str | None = None
    base_version: int | None = None
    author: str = "planner"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Parameters
    ----------
    progress_share
        Share that is done, 0 to 1.
    stage
        Message code of what is being done.
    best
        Numbers of the best drawing so far.
    result
        What came out, of a job that is done.
    problem
        ``code`` and ``facts`` of what went wrong, of one that failed.
    """

    job_id: str
    kind: str
    study_id: str
    plan_id: str | None
    base_version: int | None
    author: str
    asked: Mapping[str, Any]
    state: JobState
    attempt: int
    progress_share: float
    stage: str
    best: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    problem: Mapping[str, Any] | None
    created_at: str
    started_at: str | None
    ended_at: str | None

    @property
    def ticket(self) -> Ticket:
        """The ticket of the attempt that is under way."""
        return Ticket(self.job_id, self.attempt)


Writing = Callable[[], AbstractContextManager[Connection]]


class JobQueue:
    """The jobs of a store. Safe to share between threads and processes."""

    def __init__(self, engine: Engine, writing: Writing, *, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writing = writing
        self._now = now

    def ask(self, asked: JobAsked, *, key: str | None = None) -> Job:
        """Put a job into the queue; the same key with the same request gives the same job again.

        Raises
        ------
        EditKeyReusedError
            If the key was used for another job.
        """
        jobs = tables.job
        with self._writing() as connection:
            if key is not None:
                known = connection.execute(select(jobs).where(jobs.c.key == key)).mappings().first()
                if known is not None:
                    if _asked_of(_job(known)) != asked:
                        raise EditKeyReusedError("edit-key-reused", idempotency_key=key)
                    return _job(known)
            seq = (connection.execute(select(func.max(jobs.c.seq))).scalar_one() or 0) + 1
            connection.execute(
                insert(jobs).values(
                    job_id=f"job-{seq}", seq=seq, kind=asked.kind, study_id=asked.study_id, plan_id=asked.plan_id,
                    base_version=asked.base_version, author=asked.author, asked=canonical(asked.asked), key=key,
                    state=str(JobState.QUEUED), attempt=0, lease_until_s=0.0, progress_share=0.0, stage="",
                    created_at=self._stamp(),
                )
            )  # fmt: skip
            return _read(connection, f"job-{seq}")

    def take(self, kinds: Sequence[str], *, lease_s: float) -> Job | None:
        """Begin the oldest job that waits, or whose lease ran out; None where there is none."""
        with reading(self._engine) as connection:
            if connection.execute(self._open(kinds)).first() is None:
                return None
        with self._writing() as connection:
            while True:
                row = connection.execute(self._open(kinds).with_for_update()).mappings().first()
                if row is None:
                    return None
                if row["attempt"] >= MOST_ATTEMPTS:
                    gave_up = {"code": "job-gave-up", "facts": {"job_id": row["job_id"], "attempts": row["attempt"]}}
                    end_job(connection, Ticket(row["job_id"], row["attempt"]), problem=gave_up, at=self._stamp())
                    continue
                begun = {"state": str(JobState.RUNNING), "attempt": row["attempt"] + 1, "started_at": self._stamp()}
                begun |= {
                    "lease_until_s": self._seconds() + lease_s,
                    "progress_share": 0.0,
                    "best": None,
                    "stage": "",
                }
                connection.execute(_of(row["job_id"]).values(**begun))
                return _read(connection, row["job_id"])

    def tell(
        self, ticket: Ticket, *, lease_s: float, share: float, stage: str = "", best: Mapping[str, Any] | None = None
    ) -> bool:
        """Say how far the work is and hold on to the job; False where it is no longer ours."""
        values: dict[str, Any] = {"progress_share": min(1.0, max(0.0, share)), "stage": stage}
        values |= {"lease_until_s": self._seconds() + lease_s, "best": None if best is None else canonical(best)}
        with self._writing() as connection:
            return connection.execute(_held(ticket).values(**values)).rowcount == 1

    def give_back(self, ticket: Ticket) -> None:
        """Put a job that was begun back into the queue, as if it had not been begun."""
        waiting = {"state": str(JobState.QUEUED), "attempt": max(0, ticket.attempt - 1), "lease_until_s": 0.0}
        with self._writing() as connection:
            connection.execute(_held(ticket).values(**waiting))

    def end(
        self, ticket: Ticket, *, result: Mapping[str, Any] | None = None, problem: Mapping[str, Any] | None = None
    ) -> None:
        """End a job with its result, or with what went wrong.

        Raises
        ------
        JobLostError
            If it was cancelled, or went to another process.
        """
        with self._writing() as connection:
            end_job(connection, ticket, result=result, problem=problem, at=self._stamp())

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; one that has ended stays as it is."""
        waits = tables.job.c.state.in_([str(JobState.QUEUED), str(JobState.RUNNING)])
        with self._writing() as connection:
            gone = {"state": str(JobState.CANCELLED), "ended_at": self._stamp()}
            connection.execute(_of(job_id).where(waits).values(**gone))
            return _read(connection, job_id)

    def job(self, job_id: str) -> Job:
        """Return a job as it stands.

        Raises
        ------
        UnknownIdError
            If there is no such job.
        """
        with reading(self._engine) as connection:
            return _read(connection, job_id)

    def listed(self, *, plan_id: str | None = None, study_id: str | None = None) -> tuple[Job, ...]:
        """List the latest jobs, the newest first."""
        query = select(tables.job).order_by(tables.job.c.seq.desc()).limit(LISTED)
        if plan_id is not None:
            query = query.where(tables.job.c.plan_id == plan_id)
        if study_id is not None:
            query = query.where(tables.job.c.study_id == study_id)
        with reading(self._engine) as connection:
            return tuple(_job(row) for row in connection.execute(query).mappings())

    def _open(self, kinds: Sequence[str]) -> Any:
        jobs = tables.job
        lost = and_(jobs.c.state == str(JobState.RUNNING), jobs.c.lease_until_s < self._seconds())
        waits = or_(jobs.c.state == str(JobState.QUEUED), lost)
        return select(jobs).where(jobs.c.kind.in_(list(kinds)), waits).order_by(jobs.c.seq).limit(1)

    def _seconds(self) -> float:
        return self._now().timestamp()

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")


def end_job(
    connection: Connection,
    ticket: Ticket,
    *,
    result: Mapping[str, Any] | None = None,
    problem: Mapping[str, Any] | None = None,
    at: str,
) -> None:
    """End a job inside a transaction; raise JobLostError where it is no longer this attempt's."""
    values: dict[str, Any] = {"state": str(JobState.DONE if problem is None else JobState.FAILED), "ended_at": at}
    values |= {"progress_share": 1.0} if problem is None else {}
    values |= {"result": None if result is None else canonical(result)}
    values |= {"problem": None if problem is None else canonical(problem)}
    if connection.execute(_held(ticket).values(**values)).rowcount != 1:
        raise JobLostError("job-lost", job_id=ticket.job_id)


def _of(job_id: str) -> Any:
    return update(tables.job).where(tables.job.c.job_id == job_id)


def _held(ticket: Ticket) -> Any:
    return _of(ticket.job_id).where(
        tables.job.c.state == str(JobState.RUNNING), tables.job.c.attempt == ticket.attempt
    )


def _read(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(tables.job).where(tables.job.c.job_id == job_id)).mappings().first()
    if row is None:
        raise UnknownIdError("unknown-job", job_id=job_id)
    return _job(row)


def _job(row: RowMapping) -> Job:
    names = ("job_id", "kind", "study_id", "plan_id", "base_version", "author", "attempt", "progress_share", "stage")
    plain: dict[str, Any] = {n: row[n] for n in names}
    loaded: dict[str, Any] = {
        n: None if row[n] is None else json.loads(row[n]) for n in ("asked", "best", "result", "problem")
    }
    stamps: dict[str, Any] = {n: row[n] for n in ("created_at", "started_at", "ended_at")}
    return Job(**plain, **loaded, **stamps, state=JobState(row["state"]))


def _asked_of(job: Job) -> JobAsked:
    return JobAsked(job.kind, job.study_id, job.asked, job.plan_id, job.base_version, job.author)
