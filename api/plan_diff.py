"""What differs between two versions of plans of one study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.edit_numbers import numbers_of
from gis.measures import moved_households
from gis.model.plan import Plan
from gis.model.study import StudyArea

__all__ = ["plan_diff"]


def plan_diff(study: StudyArea, base: Plan, plan: Plan) -> dict[str, Any]:
    """Say which units and grids differ, with old and new numbers."""
    households = study.units["households"]
    changes = plan.diff(base)
    touched = {g for c in changes for g in (c.old_grid_id, c.new_grid_id) if g is not None}
    touched |= {g for g in {*base.grids, *plan.grids} if base.grids.get(g) != plan.grids.get(g)}
    old = {n["grid_id"]: n for n in numbers_of(study, base, touched)}
    new = {n["grid_id"]: n for n in numbers_of(study, plan, touched)}
    counts: pd.Series[int] = households.reindex([c.unit_id for c in changes]).fillna(0).astype("int64")
    return {
        "units": [
            {"unit_id": c.unit_id, "old_grid_id": c.old_grid_id, "new_grid_id": c.new_grid_id, "households": int(h)}
            for c, h in zip(changes, counts, strict=True)
        ],
        "grids": [{"grid_id": g, "old": old.get(g), "new": new.get(g)} for g in sorted(touched)],
        "new": sorted(plan.grids.keys() - base.grids.keys()),
        "retired": sorted(base.grids.keys() - plan.grids.keys()),
        "households_in_moved_units": int(counts.sum()),
        "households_that_change_grid": moved_households(base.assignment, plan, households),
    }
