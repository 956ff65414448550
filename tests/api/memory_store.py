"""A store of one plan in memory: the steps of an edit as ``gis.store`` takes them, without a database.

It lets thousands of sequences of edits walk through the real workflow and the real hard rules; the same
sequences walk through a database in smaller number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from gis.model.errors import StaleVersionError
from gis.model.kinds import JobState, PlanStatus
from gis.model.plan import Plan
from gis.store import Change, Check, Edit, JobAsked, PlanRecord
from gis.store.change import payload_of
from gis.store.edit_chain import EditKeyReusedError, digest, seal, verify_chain

__all__ = ["MemoryStore"]

AT = "2026-01-01T00:00:00.000000+00:00"
FIRST = "0" * 64


@dataclass(frozen=True)
class _Job:
    job_id: str
    plan_id: str
    state: JobState
    result: dict[str, Any] | None
    ticket: str


@dataclass
class _Jobs:
    """Jobs that end when they are told to; nobody works on them."""

    known: dict[str, _Job] = field(default_factory=dict)

    def ask(self, asked: JobAsked) -> _Job:
        name = f"job-{len(self.known)}"
        self.known[name] = _Job(name, str(asked.plan_id), JobState.QUEUED, None, name)
        return self.known[name]

    def take(self, _kinds: tuple[str, ...], *, lease_s: float) -> _Job:
        assert lease_s > 0
        return next(j for j in self.known.values() if j.state is JobState.QUEUED)

    def end(self, ticket: str, *, result: dict[str, Any]) -> None:
        self.known[ticket] = replace(self.known[ticket], state=JobState.DONE, result=result)

    def job(self, job_id: str) -> _Job:
        return self.known[job_id]


class MemoryStore:
    """One plan, its versions and its edits."""

    def __init__(self, plan: Plan, plan_id: str = "town-1") -> None:
        self.plan_id = plan_id
        self.jobs = _Jobs()
        self._versions = {1: plan.at_version(1)}
        self._status = PlanStatus.DRAFT
        self._edits: list[Edit] = []
        self._keep(1, "draw", {"moves": [], "grids": []}, author="wangge", key="draw", request="")

    def plan_record(self, plan_id: str) -> PlanRecord:
        return PlanRecord(plan_id, self._versions[1].study_id, len(self._edits), self._status, AT)

    def load_plan(self, _plan_id: str, *, version: int | None = None) -> Plan:
        return self._versions[len(self._edits) if version is None else version]

    def history(self, _plan_id: str, *, after: int = 0) -> tuple[Edit, ...]:
        return tuple(self._edits[after:])

    def verify(self, _plan_id: str) -> None:
        verify_chain(tuple(self._edits))

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
        request = digest([base_version, kind, author, change.as_request()])
        known = next((e for e in self._edits if e.idempotency_key == idempotency_key), None)
        if known is not None:
            if known.request_hash != request:
                raise EditKeyReusedError("edit-key-reused", idempotency_key=idempotency_key)
            return known
        version = len(self._edits)
        if base_version != version:
            raise StaleVersionError("plan-stale", plan_id=plan_id, version=version, base_version=base_version)
        before = self._versions[version]
        after = change.applied(before)
        check(before, after)
        payload = payload_of(before, after, change, str(self._status))
        self._versions[version + 1] = after
        self._status = change.status or self._status
        return self._keep(version + 1, kind, payload, author=author, key=idempotency_key, request=request)

    def _keep(self, seq: int, kind: str, payload: dict[str, Any], *, author: str, key: str, request: str) -> Edit:
        fields = {
            "plan_id": self.plan_id, "seq": seq, "base_version": seq - 1, "author": author, "at": AT, "kind": kind,
            "payload": payload, "idempotency_key": key, "request_hash": request,
            "prev_hash": self._edits[-1].hash if self._edits else FIRST,
        }  # fmt: skip
        edit = Edit(**fields, hash=seal(fields))
        self._edits.append(edit)
        return edit
