"""Undo and redo are edits: what the next one would take back or repeat is read from the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gis.model.errors import HardRuleError
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.store import Change, Edit

__all__ = ["EditStack", "OvertakenError", "RedrawChange", "refuse_overtaken", "repeated", "taken_back"]

UNDOABLE = ("move", "new_grid", "merge", "rename", "accept", "restore", "link")


class OvertakenError(HardRuleError):
    """What an edit changed was changed again since."""


@dataclass(frozen=True, slots=True)
class RedrawChange(Change):
    """A change after which no grid is left without units by it."""

    def applied(self, plan: Plan) -> Plan:
        """Return the plan after the change, without the grids that it emptied."""
        after = Change.applied(self, plan)
        left = {str(c.old_grid_id) for c in after.diff(plan)} - set(self.moves.values())
        return after.changed({}, retired=[g for g in sorted(left) if not after.units_of(g)])


@dataclass(frozen=True, slots=True)
class EditStack:
    """One author's edits that can be taken back, and those that can be repeated; the next one is last."""

    done: tuple[Edit, ...]
    undone: tuple[Edit, ...]

    @classmethod
    def of(cls, edits: Iterable[Edit], *, author: str) -> EditStack:
        """Walk through a history, oldest first."""
        done: list[Edit] = []
        undone: list[Edit] = []
        for edit in edits:
            if edit.author != author:
                continue
            if edit.kind in UNDOABLE:
                done.append(edit)
                undone.clear()
            elif edit.kind == "undo":
                undone.append(done.pop())
            elif edit.kind == "redo":
                done.append(undone.pop())
        return cls(tuple(done), tuple(undone))


def taken_back(edit: Edit) -> RedrawChange:
    """Return the change that takes an edit back."""
    moves = {m["unit_id"]: m["from"] for m in edit.payload["moves"]}
    return RedrawChange(moves, _grids(edit, "before"), facts={"undoes": edit.seq, **_links(edit, back=True)})


def repeated(edit: Edit) -> RedrawChange:
    """Return the change that makes an edit again after it was taken back."""
    moves = {m["unit_id"]: m["to"] for m in edit.payload["moves"]}
    return RedrawChange(moves, _grids(edit, "after"), facts={"redoes": edit.seq, **_links(edit, back=False)})


def refuse_overtaken(edit: Edit, before: Plan, *, side: str) -> None:
    """Raise OvertakenError where a unit no longer stands where the edit (or its undo) had put it.

    Parameters
    ----------
    side
        ``to`` before an undo, ``from`` before a redo.
    """
    for move in edit.payload["moves"]:
        found = before.grid_of(move["unit_id"])
        if found != move[side]:
            raise OvertakenError("undo-overtaken", unit_id=move["unit_id"], version=edit.seq, grid_id=found)


def _links(edit: Edit, *, back: bool) -> dict[str, Any]:
    """Return the links of an edit, taken back or made again."""
    links = edit.payload.get("links")
    if links is None:
        return {}
    return {"links": [{**link, "joined": bool(link["joined"]) is not back} for link in links]}


def _grids(edit: Edit, side: str) -> tuple[GridInfo, ...]:
    return tuple(
        GridInfo(c["grid_id"], f["community_id"], GridKind(f["kind"]), f["name"], bool(f["locked"]))
        for c in edit.payload["grids"]
        if (f := c[side]) is not None
    )
