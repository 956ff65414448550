"""What an edit asks for, and what it turns out to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.model.kinds import PlanStatus
from gis.model.plan import GridInfo, Plan

__all__ = ["Change", "grid_facts", "payload_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit asks for.

    Parameters
    ----------
    moves
        unit_id -> grid_id.
    grids
        Grids to add or to replace by id.
    retired
        Grids that are to go; they must hold no unit afterwards.
    status
        New status, None to keep it.
    facts
        Further facts to keep with the edit, such as a note.
    """

    moves: Mapping[str, str]
    grids: tuple[GridInfo, ...] = ()
    retired: tuple[str, ...] = ()
    status: PlanStatus | None = None
    facts: Mapping[str, Any] | None = None

    def as_request(self) -> dict[str, Any]:
        """Return what was asked for, to tell a repeated request from another one."""
        return {
            "moves": dict(self.moves),
            "grids": [{"grid_id": g.grid_id, **(grid_facts(g) or {})} for g in self.grids],
            "retired": list(self.retired),
            "status": None if self.status is None else str(self.status),
            "facts": dict(self.facts or {}),
        }

    def applied(self, plan: Plan) -> Plan:
        """Return the plan after the change, not yet checked against hard rules.

        Raises
        ------
        UnknownIdError
            If it names a unit or a grid that is not there.
        """
        return plan.changed(self.moves, self.grids, self.retired).at_version(plan.version + 1)


def payload_of(before: Plan, after: Plan, change: Change, status: str) -> dict[str, Any]:
    """Write down what changed so that it can be taken back."""
    old, new = before.grids, after.grids
    other = () if old is new else sorted(g for g in old.keys() | new.keys() if old.get(g) is not new.get(g))
    changed = [
        {"grid_id": g, "before": grid_facts(old.get(g)), "after": grid_facts(new.get(g))}
        for g in other
        if old.get(g) != new.get(g)
    ]
    moves = [{"unit_id": c.unit_id, "from": c.old_grid_id, "to": c.new_grid_id} for c in after.diff(before)]
    payload: dict[str, Any] = {"moves": moves, "grids": changed, **(change.facts or {})}
    if change.status is not None:
        payload["status"] = {"from": status, "to": str(change.status)}
    return payload


def grid_facts(info: GridInfo | None) -> dict[str, Any] | None:
    """Return what an edit writes down of a grid; None where there is none."""
    if info is None:
        return None
    return {"community_id": info.community_id, "kind": str(info.kind), "name": info.name, "locked": info.locked}
