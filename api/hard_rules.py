"""The hard rules that every accepted edit obeys: one community, connected, complete, locks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from gis.model.errors import (
    CrossCommunityError,
    DisconnectedGridError,
    GroupingError,
    HardRuleError,
    IncompletePlanError,
    LockedError,
    UnknownIdError,
)
from gis.model.plan import Plan, PlanChange
from gis.model.study import StudyArea

__all__ = ["HardRules", "refuse_link"]

_BRIDGES_NAMED = 5  # units named in a refusal
_GRIDS_NAMED = 10


class HardRules:
    """The rules of one study; asked with the plan before and after an edit."""

    def __init__(self, study: StudyArea) -> None:
        self._community_of: Mapping[str, str] = study.units["community_id"].astype(object).to_dict()
        locked = study.units["locked"]
        self._locked = frozenset(map(str, locked.index[locked.fillna(False).astype(bool)]))
        grids = study.settings.grids
        self._together = [[str(u) for u in group if u in locked.index] for group in grids.together]
        pairs = [pair for group in grids.apart for pair in combinations(group, 2)]
        self._apart = [(a, b) for a, b in pairs if a in locked.index and b in locked.index]
        self._neighbours: dict[str, list[str]] = {}
        for a, b in zip(study.adjacency["unit_a"].tolist(), study.adjacency["unit_b"].tolist(), strict=True):
            self._neighbours.setdefault(a, []).append(b)
            self._neighbours.setdefault(b, []).append(a)

    def community_of(self, unit_id: str) -> str:
        """Return the community of a unit."""
        try:
            return self._community_of[unit_id]
        except KeyError:
            raise UnknownIdError("unknown-unit", unit_id=unit_id) from None

    @property
    def locked_units(self) -> frozenset[str]:
        """Units that the study itself has locked."""
        return self._locked

    def check(
        self, before: Plan, after: Plan, *, locked_units: frozenset[str] = frozenset(), in_pieces: bool = False
    ) -> None:
        """Raise HardRuleError if `after` breaks a rule that `before` did not.

        Parameters
        ----------
        locked_units
            Units that the plan has locked, beside those of the study.
        in_pieces
            Whether a grid may be in pieces afterwards: a planner passes through that on purpose.
        """
        moved = after.diff(before)
        if len(after) != len(before) or any(c.new_grid_id is None or c.old_grid_id is None for c in moved):
            raise IncompletePlanError("unit-unassigned", count=1, unit_id=moved[0].unit_id if moved else "")
        self._refuse_locked(before, after, moved, locked_units | self._locked)
        for change in moved:
            grid = after.grids[str(change.new_grid_id)]
            if self.community_of(change.unit_id) != grid.community_id:
                raise CrossCommunityError(
                    "grid-across-communities",
                    unit_id=change.unit_id,
                    community_id=self.community_of(change.unit_id),
                    grid_id=grid.grid_id,
                    grid_community_id=grid.community_id,
                )
        self._refuse_groupings(before, after, {c.unit_id for c in moved})
        if not in_pieces:
            self._refuse_pieces(before, after, moved)

    def neighbours(self, unit_id: str) -> frozenset[str]:
        """Return the neighbours of a unit."""
        return frozenset(self._neighbours.get(unit_id, ()))

    def refuse_broken(self, plan: Plan) -> None:
        """Raise DisconnectedGridError if any grid of a plan is in pieces."""
        pieces = self._pieces(plan, set(plan.grids))
        broken = [g for g in sorted(pieces) if pieces[g] > 1]
        if broken:
            named = ", ".join(broken[:_GRIDS_NAMED]) + (" …" if len(broken) > _GRIDS_NAMED else "")
            raise DisconnectedGridError("submit-in-pieces", count=len(broken), grid_ids=named)

    def refuse_pieces(self, plan: Plan, grid_ids: set[str], *, than: HardRules) -> None:
        """Raise DisconnectedGridError if one of the grids is in more pieces than other rules say."""
        now, was = self._pieces(plan, grid_ids), than._pieces(plan, grid_ids)
        for grid_id in sorted(grid_ids):
            if now[grid_id] > was[grid_id]:
                raise DisconnectedGridError("link-holds-grid", grid_id=grid_id, pieces=now[grid_id])

    def _refuse_locked(
        self, before: Plan, after: Plan, moved: tuple[PlanChange, ...], locked_units: frozenset[str]
    ) -> None:
        for change in moved:
            for plan, grid_id in ((before, change.old_grid_id), (after, change.new_grid_id)):
                if plan.grids[str(grid_id)].locked:
                    raise LockedError("grid-locked", grid_id=str(grid_id))
            if change.unit_id in locked_units:
                raise LockedError("unit-locked-here", unit_id=change.unit_id, grid_id=str(change.old_grid_id))

    def _refuse_groupings(self, before: Plan, after: Plan, moved: set[str]) -> None:
        """Refuse to part what was together, and to join what was apart."""
        for group in self._together:
            if moved.isdisjoint(group) or len({before.grid_of(u) for u in group}) > 1:
                continue
            grid_id = after.grid_of(group[0])
            for other in group[1:]:
                if (other_grid_id := after.grid_of(other)) != grid_id:
                    at = {"grid_id": grid_id, "other_grid_id": other_grid_id}
                    raise GroupingError("together-parted", unit_id=group[0], other_unit_id=other, **at)
        for a, b in self._apart:
            if moved.isdisjoint((a, b)) or before.grid_of(a) == before.grid_of(b):
                continue
            if (grid_id := after.grid_of(a)) == after.grid_of(b):
                raise GroupingError("apart-joined", unit_id=a, other_unit_id=b, grid_id=grid_id)

    def _refuse_pieces(self, before: Plan, after: Plan, moved: tuple[PlanChange, ...]) -> None:
        """Refuse a grid in more pieces than before; only grids that were touched are looked at."""
        touched = {str(g) for c in moved for g in (c.old_grid_id, c.new_grid_id)}
        now = self._pieces(after, touched)
        for grid_id in sorted(now):
            if now[grid_id] <= 1:
                continue
            was = self._pieces(before, {grid_id}).get(grid_id, 1)
            if now[grid_id] > max(1, was):
                raise DisconnectedGridError(
                    "grid-disconnected",
                    grid_id=grid_id,
                    pieces=now[grid_id],
                    bridge_units=", ".join(self._ways_out(before, moved, grid_id)),
                )

    def pairs(self, unit_ids: Sequence[str]) -> pd.DataFrame:
        """Return the neighbours among some units: unit_a < unit_b."""
        inside = set(unit_ids)
        found = [(u, v) for u in unit_ids for v in self._neighbours.get(u, ()) if u < v and v in inside]
        first, second = pd.Index([u for u, _ in found], dtype="str"), pd.Index([v for _, v in found], dtype="str")
        return pd.DataFrame({"unit_a": first, "unit_b": second})

    def _pieces(self, plan: Plan, grid_ids: set[str]) -> dict[str, int]:
        """Count the pieces of some grids; the same as ``gis.measures.grid_pieces``, at the cost of these grids."""
        return {g: self._pieces_of(plan.units_of(g)) for g in sorted(grid_ids & plan.grids.keys())}

    def _pieces_of(self, unit_ids: Sequence[str]) -> int:
        unseen, pieces = set(unit_ids), 0
        while unseen:
            ahead, pieces = [unseen.pop()], pieces + 1
            while ahead:
                near = unseen.intersection(self._neighbours.get(ahead.pop(), ()))
                unseen -= near
                ahead.extend(near)
        return pieces

    def _ways_out(self, before: Plan, moved: tuple[PlanChange, ...], grid_id: str) -> list[str]:
        """Name the moved units that, left where they were or taken along, would keep the grid whole."""
        left = [c.unit_id for c in moved if c.old_grid_id == grid_id]
        came = [c.unit_id for c in moved if c.new_grid_id == grid_id]
        inside = set(before.units_of(grid_id)) if grid_id in before.grids else set()
        bridges = [u for u in left if sum(v in inside for v in self._neighbours.get(u, ())) > 1]
        return (bridges or left or came)[:_BRIDGES_NAMED]


def refuse_link(rules: HardRules, pair: tuple[str, str], *, joined: bool) -> None:
    """Raise HardRuleError where two units can not be joined, or have no link to cut.

    Raises
    ------
    UnknownIdError
        If there is no such unit.
    CrossCommunityError
        If they lie in two communities.
    """
    a, b = pair
    communities = rules.community_of(a), rules.community_of(b)
    facts = {"unit_id": a, "other_unit_id": b}
    if a == b:
        raise HardRuleError("link-to-itself", unit_id=a)
    if communities[0] != communities[1]:
        raise CrossCommunityError("link-across-communities", **facts)
    if (b in rules.neighbours(a)) is joined:
        raise HardRuleError("link-there" if joined else "link-not-there", **facts)
