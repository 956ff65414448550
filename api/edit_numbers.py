"""Numbers of some grids of a plan, by the measures that fill every table, without measuring the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from api.geojson import plain_records
from gis.measures import grid_balance, grid_hearts, grid_pieces, grid_sums, grid_workload
from gis.model.plan import Plan
from gis.model.study import StudyArea

__all__ = ["numbers_of"]

_COLUMNS = (
    "grid_id",
    "community_id",
    "name",
    "kind",
    "locked",
    "units",
    "households",
    "residents",
    "workload_h",
    "deviation_share",
    "walk_mean_m",
    "pieces",
    "in_band",
    "heart_unit_id",
)


def numbers_of(study: StudyArea, plan: Plan, grid_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Measure the named grids, sorted; those that are not in the plan are passed over.

    Cost is linear in the units of the study for its sums, and square in the units of the named grids for hearts.
    """
    wanted = sorted(set(grid_ids) & plan.grids.keys())
    if not wanted:
        return []
    assigned = plan.assignment
    mine = assigned[assigned.isin(wanted)]
    part = Plan.of(plan.study_id, mine, [plan.grids[g] for g in wanted], version=plan.version)
    units = study.units.loc[mine.index]
    near = study.adjacency["unit_a"].isin(mine.index) & study.adjacency["unit_b"].isin(mine.index)
    hearts = grid_hearts(units, part)
    balance = grid_balance(study, part)
    infos = part.grids.values()
    table = grid_sums(units[["households", "residents"]], part)
    table["community_id"] = [i.community_id for i in infos]
    table["name"] = [i.name for i in infos]
    table["kind"] = [str(i.kind) for i in infos]
    table["locked"] = [i.locked for i in infos]
    table["units"] = mine.value_counts().reindex(table.index).fillna(0).astype("int64")
    table["workload_h"] = grid_workload(study, part)
    table["deviation_share"] = balance["deviation_share"]
    table["walk_mean_m"] = hearts["walk_mean_m"].reindex(table.index)
    table["pieces"] = grid_pieces(part, pd.DataFrame(study.adjacency[near]))
    table["in_band"] = balance["in_band"]
    table["heart_unit_id"] = hearts["heart_unit_id"].reindex(table.index)
    return plain_records(table.reset_index(), _COLUMNS)
