"""What differs between two versions of plans of one study."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from api.edit_numbers import numbers_of
from gis.measures import changes_grid
from gis.model.plan import GridInfo, Plan
from gis.model.study import StudyArea

__all__ = ["plan_diff"]


def plan_diff(study: StudyArea, base: Plan, plan: Plan) -> dict[str, Any]:
    """Say which units and grids differ, with old and new numbers; a grid with another name is no other grid."""
    households = study.units["households"]
    coded = {c.unit_id: (c.old_grid_id, c.new_grid_id) for c in plan.diff(base)}
    changes = changes_grid(base.assignment, plan, households)
    changing = frozenset(map(str, changes.index[changes]))
    kept = {unit_id: (base.grid_of(unit_id),) * 2 for unit_id in changing - coded.keys()}
    moved = dict(sorted({**coded, **kept}.items()))
    touched = {g for pair in moved.values() for g in pair if g is not None}
    touched |= {g for g in {*base.grids, *plan.grids} if _unnamed(base.grids.get(g)) != _unnamed(plan.grids.get(g))}
    old = {n["grid_id"]: n for n in numbers_of(study, base, touched)}
    new = {n["grid_id"]: n for n in numbers_of(study, plan, touched)}
    counts: pd.Series[int] = households.reindex(list(moved)).fillna(0).astype("int64")
    return {
        "units": [
            {
                "unit_id": unit_id,
                "old_grid_id": old_id,
                "new_grid_id": new_id,
                "households": int(counts[unit_id]),
                "changes_grid": unit_id in changing,
            }
            for unit_id, (old_id, new_id) in moved.items()
        ],
        "grids": [{"grid_id": g, "old": old.get(g), "new": new.get(g)} for g in sorted(touched)],
        "new": sorted(plan.grids.keys() - base.grids.keys()),
        "retired": sorted(base.grids.keys() - plan.grids.keys()),
        "households_in_moved_units": int(counts[list(coded)].sum()),
        "households_that_change_grid": int(households.reindex(sorted(changing)).sum()),
    }


def _unnamed(info: GridInfo | None) -> GridInfo | None:
    return None if info is None else replace(info, name="")
