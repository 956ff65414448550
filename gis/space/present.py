"""The present plan, brought from households or units to the units of the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.model.findings import Finding
from gis.space.counts import largest_share

__all__ = ["present_grids"]


def present_grids(
    present: pd.DataFrame, unit_of: pd.Series[str], units: pd.DataFrame, households: pd.Series[int] | None
) -> tuple[pd.Series[str], tuple[Finding, ...]]:
    """Return the present grid of each unit, by the majority of its households.

    Parameters
    ----------
    present
        Index ``unit_id`` or ``household_id``, column grid_id.
    unit_of
        household_id or building_id -> unit_id.
    units
        Index ``unit_id``.
    households
        household_id -> number of households, the weight of a vote; None: one each.

    Returns
    -------
    tuple
        Series unit_id -> grid_id, named ``grid_id``, sorted, without units that have none; and
        findings on unknown ids and on units whose households lie in several grids.
    """
    rows = present[present["grid_id"].notna()]
    ids = pd.Index(rows.index.astype(str))
    direct = units.index.get_indexer(ids)
    mapped = units.index.get_indexer(pd.Index(unit_of.reindex(ids)))
    at = np.where((direct >= 0) & (present.index.name != "household_id"), direct, mapped)
    findings = []
    if (at < 0).any():
        unknown = ids[at < 0]
        findings.append(
            Finding("present-unknown", {"count": len(unknown), "example": str(min(unknown))}, table="present")
        )
    known = at >= 0
    grids = rows["grid_id"].astype("object")[known].reset_index(drop=True)
    votes = households.reindex(ids[known]).fillna(1) if households is not None else pd.Series(1, index=ids[known])
    found = largest_share(at[known].astype(np.int64), grids, votes.reset_index(drop=True), len(units))
    series = pd.Series(pd.array(found, dtype="str"), index=units.index, name="grid_id").dropna()
    torn = pd.Series(grids.to_numpy()).groupby(at[known]).nunique()
    torn = torn[torn > 1]
    if len(torn):
        findings.append(
            Finding("present-torn", {"count": len(torn), "unit_id": str(units.index[torn.index[0]])}, table="present")
        )
    return series, tuple(findings)
