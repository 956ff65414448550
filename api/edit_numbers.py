"""Numbers of some grids of a plan, by the measures that fill every table, without measuring the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from api.geojson import plain, records_of
from gis.measures import grid_balance, grid_hearts, grid_pieces, grid_totals, grid_workload
from gis.model.plan import Plan
from gis.model.study import StudyArea

__all__ = ["Pairs", "numbers_of"]

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
    part = plan.only(wanted)
    near = study.adjacency if pairs is None else pairs(part.unit_ids.tolist())
    households, residents = (grid_totals(study.units[name], part).tolist() for name in ("households", "residents"))
    hearts = grid_hearts(study.units, part, walks=study.walks).reindex(wanted)
    balance = grid_balance(study, part)
    infos = part.grids.values()
    columns: dict[str, Sequence[Any]] = {
        "grid_id": wanted,
        "community_id": [i.community_id for i in infos],
        "name": [i.name for i in infos],
        "kind": [str(i.kind) for i in infos],
        "locked": [i.locked for i in infos],
        "units": np.bincount(part.grid_numbers, minlength=len(wanted)).tolist(),
        "households": households,
        "residents": residents,
        "workload_h": grid_workload(study, part).tolist(),
        "deviation_share": plain(balance["deviation_share"]),
        "walk_mean_m": plain(hearts["walk_mean_m"]),
        "pieces": grid_pieces(part, near).tolist(),
        "in_band": plain(balance["in_band"]),
        "heart_unit_id": plain(hearts["heart_unit_id"]),
    }
    return records_of(columns)
