"""What a plan's edits mark beside its grids: its status, locked units, and links between units made or cut.

They are read from the edits; every version's answer never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
import pandas as pd

from gis.model.kinds import PlanStatus, Via
from gis.model.study import StudyArea
from gis.store import Edit, Store

__all__ = ["Links", "Marks", "PlanMarks", "linked"]

Links = Mapping[tuple[str, str], bool]
"""unit_a < unit_b -> True where they were joined, False where their link was cut."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked at a version."""

    status: PlanStatus = PlanStatus.DRAFT  # as every plan begins
    locked_units: frozenset[str] = frozenset()
    links: Links = field(default_factory=dict)


class PlanMarks:
    """The marks of one plan, by version; only edits that are new are read."""

    def __init__(self, store: Store, plan_id: str) -> None:
        self._store = store
        self._plan_id = plan_id
        self._read_up_to = 0
        self._changes: list[tuple[int, Marks]] = [(0, Marks())]
        self._lock = Lock()

    def at(self, version: int) -> Marks:
        """Return what is marked at a version."""
        with self._lock:
            if version > self._read_up_to:
                for edit in self._store.history(self._plan_id, after=self._read_up_to):
                    self._take(edit)
            return next(marks for seq, marks in reversed(self._changes) if seq <= version)

    def _take(self, edit: Edit) -> None:
        self._read_up_to = edit.seq
        marks = self._changes[-1][1]
        if "status" in edit.payload:
            marks = replace(marks, status=PlanStatus(edit.payload["status"]["to"]))
        locks = edit.payload.get("unit_locks")
        if locks is not None:
            units = frozenset(locks["units"])
            now = marks.locked_units | units if locks["locked"] else marks.locked_units - units
            marks = replace(marks, locked_units=now)
        links = edit.payload.get("links")
        if links is not None:
            made = {(link["unit_a"], link["unit_b"]): bool(link["joined"]) for link in links}
            marks = replace(marks, links={**marks.links, **made})
        if marks is not self._changes[-1][1]:
            self._changes.append((edit.seq, marks))


def linked(study: StudyArea, links: Links) -> StudyArea:
    """Return a study with some links between its units made or cut.

    A pair that is joined and was a neighbour before, or is cut and was none, is as it was.
    """
    if not links:
        return study
    table = study.adjacency
    there = set(zip(table["unit_a"].tolist(), table["unit_b"].tolist(), strict=True))
    cut = {pair for pair, joined in links.items() if not joined}
    made = sorted(pair for pair, joined in links.items() if joined and pair not in there)
    keep = np.array([pair not in cut for pair in zip(table["unit_a"], table["unit_b"], strict=True)], dtype=bool)
    more = pd.DataFrame(
        {
            "unit_a": [a for a, _ in made],
            "unit_b": [b for _, b in made],
            "shared_m": 0.0,
            "via": str(Via.JOINED),
        }
    ).astype({name: dtype for name, dtype in table.dtypes.items() if name in {"unit_a", "unit_b", "via"}})
    both = pd.concat([table[keep], more], ignore_index=True) if made else table[keep]
    return replace(study, adjacency=both.sort_values(["unit_a", "unit_b"], ignore_index=True))
