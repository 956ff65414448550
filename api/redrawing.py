"""The workflow of an edit: the same few steps for every kind, once.

A request becomes a change; the store locks the plan, looks up the idempotency key, compares the
version, asks the hard rules, writes, and answers; then the touched grids are measured and everybody
who listens is told the new version.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from uuid import uuid4

from api.deps import PlanShelf
from api.edit_numbers import numbers_of
from api.edit_stack import EditStack, OvertakenError, RedrawChange, refuse_overtaken, repeated, taken_back
from api.edit_wire import EditAsked, LinkAsked, LocksAsked, RestoreAsked, Signed, StatusAsked, UndoAsked
from api.free_text import refuse_personal
from api.hard_rules import HardRules, refuse_link
from api.plan_at_hand import PlanAtHand
from api.plan_marks import PlanMarks
from api.plan_steps import NEXT_STEPS, refuse_not_draft, refuse_step
from gis.measures import called
from gis.model.codes import next_codes
from gis.model.errors import HardRuleError, SettingError, StaleVersionError, UnknownIdError
from gis.model.kinds import JobState, PlanStatus
from gis.model.plan import GridInfo, Plan
from gis.store import Change, Check, Edit

__all__ = ["Desk"]

ANSWERS_KEPT = 500  # of edits: whoever is stale asks for the last few


@dataclass(frozen=True, slots=True)
class _At:
    """Where and by whom an edit is made, and the key that tells a repeated request."""

    plan_id: str
    version: int
    author: str
    author_name: str
    key: str | None
    in_pieces: bool = False  # a grid may be in pieces afterwards

    @classmethod
    def of(cls, asked: Signed, plan_id: str, version: int, key: str | None, *, in_pieces: bool = False) -> _At:
        """Read who asks from what was asked."""
        return cls(plan_id, version, asked.author, asked.author_name.strip(), key, in_pieces)


class Desk:
    """Where plans are edited. Safe to share between threads."""

    def __init__(self, shelf: PlanShelf) -> None:
        self._shelf = shelf
        self.store = shelf.store
        self._at_hand: dict[str, PlanAtHand] = {}
        self._answers: OrderedDict[tuple[str, int], dict[str, Any]] = OrderedDict()
        self._prepared: set[str] = set()
        self._lock = Lock()

    def at_hand(self, plan_id: str) -> PlanAtHand:
        """Return the study and the rules of a plan, read once."""
        with self._lock:
            known = self._at_hand.get(plan_id)
        if known is None:
            study = self._shelf.study_of(plan_id)
            known = PlanAtHand(study, PlanMarks(self.store, plan_id))
            with self._lock:
                known = self._at_hand.setdefault(plan_id, known)
        return known

    def prepare(self, plan_id: str, version: int) -> None:
        """Measure one grid of a plan that was opened, once, so that the first edit finds what edits need."""
        with self._lock:
            if plan_id in self._prepared:
                return
            self._prepared.add(plan_id)
        at_hand, plan = self.at_hand(plan_id), self.store.load_plan(plan_id, version=version)
        one = sorted(plan.grids)[:1]
        numbers_of(at_hand.study_at(version), plan, one, pairs=at_hand.rules_at(version).pairs)

    def edit(self, asked: EditAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Move units; make, merge and rename grids; accept a proposal; note something.

        Raises
        ------
        HardRuleError
            If a grid would fall apart, cross a community, or something locked would change.
        StaleVersionError
            If the plan has moved on.
        """
        at = _At.of(asked, plan_id, base_version, key, in_pieces=asked.in_pieces)
        if asked.proposal is not None:
            return self._accept(at, asked.proposal, asked.note)
        if asked.kind == "note":
            return self._write_note(at, asked)
        at_hand = self.at_hand(plan_id)
        moves = {m.unit_id: m.grid_id for m in asked.moves}
        present = self.store.load_plan(plan_id, version=self._known(plan_id, base_version)).grids
        grids = tuple(
            replace(present[g.grid_id], name=g.name)
            if g.grid_id in present
            else called(
                GridInfo(g.grid_id, _community_of(g.grid_id, moves, at_hand.rules), name=g.name), at_hand.study
            )
            for g in asked.grids
        )
        new = [g for g in grids if g.grid_id not in present]

        def check(before: Plan, after: Plan) -> None:
            self._refuse_used_codes(plan_id, before, new)
            _refuse_nothing(before, after)

        change = RedrawChange(moves, grids, facts=_note(asked.note))
        return self._append(at, asked.kind, change, check)

    def _accept(self, at: _At, job_id: str, note: str) -> dict[str, Any]:
        """Take a proposal over; units that were moved on since it was asked for refuse it."""
        job = self.store.jobs.job(job_id)
        if job.plan_id != at.plan_id or job.state is not JobState.DONE or "moves" not in (job.result or {}):
            raise HardRuleError("proposal-not-ready", job_id=job_id, state=str(job.state))
        result = job.result or {}
        rules = self.at_hand(at.plan_id).rules
        moves = {m["unit_id"]: m["new_grid_id"] for m in result["moves"]}
        new = tuple(
            GridInfo(g["grid_id"], _community_of(g["grid_id"], moves, rules), name=g["name"])
            for g in result["new_grids"]
        )

        def check(before: Plan, after: Plan) -> None:
            self._refuse_used_codes(at.plan_id, before, new)
            for move in result["moves"]:
                found = before.grid_of(move["unit_id"])
                if found != move["old_grid_id"]:
                    raise OvertakenError("proposal-overtaken", unit_id=move["unit_id"], grid_id=found)
            _refuse_nothing(before, after)

        return self._append(at, "accept", RedrawChange(moves, new, facts={"proposal": job_id, **_note(note)}), check)

    def _write_note(self, at: _At, asked: EditAsked) -> dict[str, Any]:
        """Write a note on grids, or on the plan."""
        known = self.store.load_plan(at.plan_id, version=self._known(at.plan_id, at.version)).grids
        for grid_id in asked.notes_on:
            if grid_id not in known:
                raise UnknownIdError("unknown-grid", grid_id=grid_id)
        facts = {**_note(asked.note), "notes_on": sorted(set(asked.notes_on))}
        return self._append(at, "note", Change({}, facts=facts), _anything)

    def restore(
        self, asked: RestoreAsked, plan_id: str, base_version: int, *, key: str | None = None
    ) -> dict[str, Any]:
        """Bring an earlier version back, by an edit; what is locked now stays locked."""
        at = _At.of(asked, plan_id, base_version, key, in_pieces=asked.in_pieces)
        now = self.store.load_plan(plan_id, version=self._known(plan_id, base_version))
        wanted = self.store.load_plan(plan_id, version=asked.version)
        moves = {c.unit_id: str(c.new_grid_id) for c in wanted.diff(now)}
        grids = tuple(
            replace(g, locked=now.grids[i].locked if i in now.grids else g.locked) for i, g in wanted.grids.items()
        )
        gone = tuple(sorted(now.grids.keys() - wanted.grids))
        facts = {"restores": asked.version, **_note(asked.note)}
        return self._append(at, "restore", Change(moves, grids, gone, facts=facts), _refuse_nothing)

    def link(self, asked: LinkAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Join two units of a community as neighbours, or cut their link."""
        at = _At.of(asked, plan_id, base_version, key, in_pieces=asked.in_pieces)
        base = self._known(plan_id, base_version)
        at_hand = self.at_hand(plan_id)
        pair = (min(asked.unit_a, asked.unit_b), max(asked.unit_a, asked.unit_b))
        refuse_link(at_hand.rules_at(base), pair, joined=asked.joined)
        new_rules = at_hand.rules_with(base, pair, joined=asked.joined)

        def check(before: Plan, after: Plan) -> None:
            if not asked.in_pieces:
                new_rules.refuse_pieces(after, {after.grid_of(u) for u in pair}, than=at_hand.rules_at(base))

        link = {"unit_a": pair[0], "unit_b": pair[1], "joined": asked.joined}
        return self._append(at, "link", Change({}, facts={"links": [link], **_note(asked.note)}), check)

    def undo(self, asked: UndoAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Take back the author's last edit, by an edit."""
        at = _At.of(asked, plan_id, base_version, key, in_pieces=asked.in_pieces)
        stack = self._stack(at)
        if not stack.done:
            raise HardRuleError("nothing-to-undo")
        return self._step(at, "undo", stack.done[-1], asked.note)

    def redo(self, asked: UndoAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Make the edit again that the author took back last."""
        at = _At.of(asked, plan_id, base_version, key, in_pieces=asked.in_pieces)
        stack = self._stack(at)
        if not stack.undone:
            raise HardRuleError("nothing-to-redo")
        return self._step(at, "redo", stack.undone[-1], asked.note)

    def lock(self, asked: LocksAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Lock or unlock grids and units."""
        rules = self.at_hand(plan_id).rules
        for unit_id in asked.units:
            rules.community_of(unit_id)
        present = self.store.load_plan(plan_id, version=self._known(plan_id, base_version)).grids
        for grid_id in asked.grids:
            if grid_id not in present:
                raise UnknownIdError("unknown-grid", grid_id=grid_id)
        grids = tuple(replace(present[g], locked=asked.locked) for g in sorted(set(asked.grids)))
        locks = {"unit_locks": {"units": sorted(set(asked.units)), "locked": asked.locked}}

        def check(before: Plan, after: Plan) -> None:
            if not asked.units:
                _refuse_nothing(before, after)

        change = Change({}, grids, facts=_note(asked.note) | (locks if asked.units else {}))
        kind = "lock" if asked.locked else "unlock"
        return self._append(_At.of(asked, plan_id, base_version, key), kind, change, check)

    def step(self, asked: StatusAsked, plan_id: str, base_version: int, *, key: str | None = None) -> dict[str, Any]:
        """Take a plan to its next status."""
        base = self._known(plan_id, base_version)
        at_hand = self.at_hand(plan_id)
        now, rules = at_hand.marks.at(base).status, at_hand.rules_at(base)

        def check(before: Plan, after: Plan) -> None:
            refuse_step(now, asked.status)
            if asked.status is PlanStatus.SUBMITTED:
                rules.refuse_broken(after)

        change = Change({}, status=asked.status, facts=_note(asked.note))
        return self._append(_At.of(asked, plan_id, base_version, key), "status", change, check)

    def answer(self, edit: Edit) -> dict[str, Any]:
        """Say what an edit did; the same for the same edit, whenever it is asked, so it is kept for a while."""
        with self._lock:
            known = self._answers.get((edit.plan_id, edit.seq))
        if known is None:
            known = self._answer(edit)
            with self._lock:
                self._answers[edit.plan_id, edit.seq] = known
                while len(self._answers) > ANSWERS_KEPT:
                    self._answers.popitem(last=False)
        return known

    def _answer(self, edit: Edit) -> dict[str, Any]:
        at_hand = self.at_hand(edit.plan_id)
        plan = self.store.load_plan(edit.plan_id, version=edit.seq)
        moves, grids = edit.payload["moves"], edit.payload["grids"]
        links = edit.payload.get("links", ())
        touched = {m[side] for m in moves for side in ("from", "to")} | {c["grid_id"] for c in grids}
        told = touched | {*edit.payload.get("notes_on", ())}
        told |= {plan.grid_of(link[end]) for link in links for end in ("unit_a", "unit_b")}
        pairs = at_hand.rules_at(edit.seq).pairs
        numbers = numbers_of(at_hand.study_at(edit.seq), plan, told, pairs=pairs)
        status = at_hand.marks.at(edit.seq).status
        locks = edit.payload.get("unit_locks", {"units": [], "locked": True})
        return {
            "plan": edit.plan_id,
            "version": edit.seq,
            "base_version": edit.base_version,
            "kind": edit.kind,
            "author": edit.author,
            "author_name": edit.payload.get("author_name", ""),
            "at": edit.at,
            "status": str(status),
            "next_steps": [str(s) for s in NEXT_STEPS[status]],
            "moves": [{"unit_id": m["unit_id"], "old_grid_id": m["from"], "new_grid_id": m["to"]} for m in moves],
            "grids": numbers,
            "retired": sorted(touched - plan.grids.keys()),
            "locked_units": locks["units"] if locks["locked"] else [],
            "unlocked_units": [] if locks["locked"] else locks["units"],
            "links": list(links),
            "in_pieces": [g["grid_id"] for g in numbers if g["pieces"] > 1],
        }

    def since(self, plan_id: str, version: int) -> list[dict[str, Any]]:
        """Say what every edit after a version did, oldest first."""
        return [self.answer(e) for e in self.store.history(plan_id, after=version)]

    def codes_used(self, plan_id: str, plan: Plan) -> set[str]:
        """Return every grid code that the plan ever had."""
        gone = {c["grid_id"] for e in self.store.history(plan_id) for c in e.payload.get("grids", ())}
        return gone | plan.grids.keys()

    def _step(self, at: _At, kind: str, edit: Edit, note: str) -> dict[str, Any]:
        """Take an edit back, or repeat it."""

        def check(before: Plan, after: Plan) -> None:
            refuse_overtaken(edit, before, side="to" if kind == "undo" else "from")

        change = taken_back(edit) if kind == "undo" else repeated(edit)
        noted = replace(change, facts={**(change.facts or {}), **_note(note)})
        try:
            return self._append(at, kind, noted, check)
        except UnknownIdError as gone:  # a grid that the edit knew is there no more
            first = next(iter(edit.payload["moves"]), {"unit_id": "", "to": ""})
            facts = {"unit_id": first["unit_id"], "grid_id": str(gone.facts.get("grid_id", first["to"]))}
            raise OvertakenError("undo-overtaken", version=edit.seq, **facts) from gone

    def _append(self, at: _At, kind: str, change: Change, check: Check) -> dict[str, Any]:
        at_hand = self.at_hand(at.plan_id)
        marks, rules = at_hand.marks.at(at.version), at_hand.rules_at(at.version)

        def check_all(before: Plan, after: Plan) -> None:
            if kind != "status":
                refuse_not_draft(at.plan_id, marks.status)
            check(before, after)
            rules.check(before, after, locked_units=marks.locked_units, in_pieces=at.in_pieces)

        change = replace(change, facts={**(change.facts or {}), **_said_by(at)})
        key = at.key or uuid4().hex
        edit = self.store.append_edit(
            at.plan_id, at.version, kind, change, author=at.author, idempotency_key=key, check=check_all
        )
        return self.answer(edit)

    def _refuse_used_codes(self, plan_id: str, before: Plan, new: Sequence[GridInfo]) -> None:
        if not new:
            return
        used = self.codes_used(plan_id, before)
        for info in new:
            if info.grid_id in used:
                (free,) = next_codes(info.community_id, 1, taken=used)
                raise HardRuleError("grid-code-used", grid_id=info.grid_id, next_code=free)

    def _stack(self, at: _At) -> EditStack:
        self._known(at.plan_id, at.version)
        edits = (e for e in self.store.history(at.plan_id) if e.seq <= at.version)
        return EditStack.of(edits, author=at.author)

    def _known(self, plan_id: str, base_version: int) -> int:
        """Return the version if the plan ever had it."""
        latest = self.store.plan_record(plan_id).version
        if not 1 <= base_version <= latest:
            raise StaleVersionError("plan-stale", plan_id=plan_id, version=latest, base_version=base_version)
        return base_version


def _community_of(grid_id: str, moves: dict[str, str], rules: HardRules) -> str:
    """Return the community of a new grid: that of the first unit that moves into it."""
    unit_id = next((u for u, g in sorted(moves.items()) if g == grid_id), None)
    if unit_id is None:
        raise HardRuleError("grid-without-units", grid_id=grid_id)
    return rules.community_of(unit_id)


def _refuse_nothing(before: Plan, after: Plan) -> None:
    if not after.diff(before) and dict(after.grids) == dict(before.grids):
        raise SettingError("edit-changes-nothing")


def _anything(before: Plan, after: Plan) -> None:
    """Refuse nothing."""


def _said_by(at: _At) -> dict[str, Any]:
    """Return what is kept of who asks beside the author: the name, and whether pieces are allowed."""
    refuse_personal(at.author_name)
    name = {"author_name": at.author_name} if at.author_name else {}
    return name | ({"in_pieces": True} if at.in_pieces else {})


def _note(note: str) -> dict[str, Any]:
    refuse_personal(note)
    return {"note": note} if note else {}
