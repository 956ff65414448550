"""The walking metres of a plan file: told for every unit of a community, and none longer than they can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.model.findings import Finding
from gis.model.walks import DM_A_M, UnitWalks

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["neighbours_walk_straight", "walks_are_told"]

ROUNDED_DM = 0.5 + 1e-6  # a walk is told in whole decimetres
_NUMBERS = re.compile(r"(\d{1,9}( \d{1,9})*)?", re.ASCII)


def walks_are_told(units: gpd.GeoDataFrame, walks: pd.DataFrame) -> list[Finding]:
    """Every unit has one row, in its community, with a number for each unit of it whose id is smaller."""
    once = walks[~walks.index.duplicated()]
    told = once.reindex(units.index)
    texts = told["walks_dm"].fillna("").astype(str).tolist()
    numbers = [text.count(" ") + 1 if text else 0 for text in texts]
    before = units.groupby("community_id", sort=False).cumcount()
    sound = [_NUMBERS.fullmatch(text) is not None for text in texts]
    sound &= told["community_id"].eq(units["community_id"]).to_numpy() & (before.to_numpy() == numbers)
    twice = walks.index[walks.index.duplicated()]
    wrong = {*units.index[~sound], *walks.index[~walks.index.isin(units.index)], *twice}
    return [Finding("audit-walks-wrong", {"unit_id": u}) for u in sorted(map(str, wrong))]


def neighbours_walk_straight(units: gpd.GeoDataFrame, walks: pd.DataFrame, rebuilt: pd.DataFrame) -> list[Finding]:
    """No unit is further from a neighbour than straight metres; the walks have passed :func:`walks_are_told`."""
    known = UnitWalks.of_table(walks)
    pairs = rebuilt[["unit_a", "unit_b"]].sort_values(["unit_a", "unit_b"], kind="stable")
    metres = known.of_pairs(pairs["unit_a"].tolist(), pairs["unit_b"].tolist())
    a, b = (units[["x", "y"]].reindex(pairs[c]).to_numpy(dtype=np.float64) for c in pairs)
    straight = np.hypot(*(a - b).T)
    far = np.flatnonzero(metres > straight + ROUNDED_DM / DM_A_M)
    return [
        Finding(
            "audit-walk-far",
            {
                "unit_a": str(pairs["unit_a"].iloc[i]),
                "unit_b": str(pairs["unit_b"].iloc[i]),
                "walk_m": round(float(metres[i]), 1),
                "straight_m": round(float(straight[i]), 1),
            },
        )
        for i in far.tolist()
    ]
