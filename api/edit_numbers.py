"""Numbers of some grids of a plan, by the measures that fill every table, without measuring the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from api.geojson import plain_records
from gis.measures import grid_balance, grid_hearts, grid_pieces, grid_sums, grid_workload
from gis.model.plan import Plan
from gis.model.study import StudyArea

__all__ = ["Pairs", "numbers_of"]

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


Pairs = Callable[[Sequence[str]], pd.DataFrame]
"""The neighbours among some units, as unit_a and unit_b."""


def numbers_of(
    study: StudyArea, plan: Plan, grid_ids: Iterable[str], *, pairs: Pairs | None = None
) -> list[dict[str, Any]]:
    """Measure the named grids, sorted; those that are not in the plan are passed over.

    Cost is square in the units of the named grids for hearts; without `pairs` all neighbours of the study are
    looked at as well.
    """
    wanted = sorted(set(grid_ids) & plan.grids.keys())
    if not wanted:
        return []
    mine = pd.concat([pd.Series(g, index=pd.Index(plan.units_of(g), dtype="str")) for g in wanted]).sort_index()
    mine = mine.rename_axis("unit_id").astype("str")
    part = Plan.of(plan.study_id, mine, [plan.grids[g] for g in wanted], version=plan.version)
    units = study.units.loc[mine.index]
    near = study.adjacency if pairs is None else pairs(mine.index.tolist())
    few = replace(study, units=units)
    hearts = grid_hearts(units, part)
    balance = grid_balance(few, part)
    infos = part.grids.values()
    table = grid_sums(units[["households", "residents"]], part)
    table["community_id"] = [i.community_id for i in infos]
    table["name"] = [i.name for i in infos]
    table["kind"] = [str(i.kind) for i in infos]
    table["locked"] = [i.locked for i in infos]
    table["units"] = mine.value_counts().reindex(table.index).fillna(0).astype("int64")
    table["workload_h"] = grid_workload(few, part)
    table["deviation_share"] = balance["deviation_share"]
    table["walk_mean_m"] = hearts["walk_mean_m"].reindex(table.index)
    table["pieces"] = grid_pieces(part, near)
    table["in_band"] = balance["in_band"]
    table["heart_unit_id"] = hearts["heart_unit_id"].reindex(table.index)
    return plain_records(table.reset_index(), _COLUMNS)
