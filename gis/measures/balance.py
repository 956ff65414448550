"""Balance: how far the grids' loads lie from their band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.sums import grid_totals
from gis.model.kinds import GridKind

if TYPE_CHECKING:
    from gis.model.plan import Plan
    from gis.model.study import StudyArea

__all__ = ["grid_balance"]

BAND_TOLERANCE = 1e-9  # relative; sums of hours are not exact


def grid_balance(study: StudyArea, plan: Plan) -> pd.DataFrame:
    """Set each grid's load beside the band of its community.

    The load is what the study balances on, summed over units: households, residents, or hours
    without the patrol. The ends of the band belong to it. Bands apply to general grids only; a
    grid of another kind gets missing values.

    Returns
    -------
    DataFrame
        Index ``grid_id``, sorted: load, minimum, target, maximum (in the balanced quantity),
        deviation_share (load / target - 1), violation (load outside the band),
        in_band (nullable boolean).
    """
    column = str(study.settings.grids.balance_on)
    totals = grid_totals(study.units[column], plan)
    load = totals.to_numpy(dtype=np.float64)
    infos = list(plan.grids.values())
    bands = {c: study.band_of(c) for c in sorted({i.community_id for i in infos})}
    ends = np.array([(b.minimum, b.target, b.maximum) for b in (bands[i.community_id] for i in infos)]).reshape(-1, 3)
    general = np.array([i.kind is GridKind.GENERAL for i in infos], dtype=bool)
    slack = BAND_TOLERANCE * ends[:, 2]
    violation = np.maximum.reduce([np.zeros(len(load)), ends[:, 0] - load, load - ends[:, 2]])
    in_band = pd.array(violation <= slack, dtype="boolean")
    in_band[~general] = pd.NA
    deviation = np.divide(load, ends[:, 1], out=np.full(len(load), np.nan), where=ends[:, 1] > 0) - 1
    return pd.DataFrame(
        {
            "load": load,
            "minimum": ends[:, 0],
            "target": ends[:, 1],
            "maximum": ends[:, 2],
            "deviation_share": np.where(general, deviation, np.nan),
            "violation": np.where(general & (violation > slack), violation, 0.0),
            "in_band": in_band,
        },
        index=totals.index,
    )
