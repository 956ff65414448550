"""Compounds (小区, hamlets) kept whole: what cutting one costs, and which ones a plan cuts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.model.plan import Plan
from gis.model.study import StudyArea
from optimize.partition.problem import Terms, Territory

__all__ = ["compound_terms", "split_compounds"]


def compound_terms(territory: Territory, price_m: float) -> Terms:
    """Return the price of cutting neighbours of one compound apart.

    A cut pair costs ``price_m`` times the mean households of its two units.
    """
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    columns = territory.indices
    same = (territory.compound[rows] >= 0) & (territory.compound[rows] == territory.compound[columns])
    if price_m <= 0 or not same.any():
        return Terms()
    mean = (territory.households[rows] + territory.households[columns]) / 2
    return Terms(border=np.where(same, mean * price_m, 0.0))


def split_compounds(study: StudyArea, plan: Plan) -> pd.Series[int]:
    """Return the number of grids of every compound that lies in more than one, by name, sorted.

    Compounds of one name in two communities are two compounds; they are named ``name (community_id)``.
    """
    units = study.units[["community_id", "compound"]].sort_index()
    units = units[units["compound"].notna() & (units["compound"].astype("str") != "")]
    grids = plan.assignment.reindex(units.index)
    counts = grids.groupby([units["compound"].astype("str"), units["community_id"].astype("str")]).nunique()
    split = counts[counts > 1]
    names = [f"{compound} ({community_id})" for compound, community_id in split.index]
    return pd.Series(split.to_numpy(), index=pd.Index(names, name="compound"), name="grids", dtype="int64")
