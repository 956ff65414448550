"""Colours of load, proof and gaps that every eye tells apart, and tints that tell neighbours apart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import pandas as pd

from gis.model.kinds import GridKind
from gis.model.outcome import Outcome

__all__ = [
    "BARRIER_COLOURS",
    "GAP_COLOUR",
    "INSIDE_TINTS",
    "LOAD_COLOURS",
    "PROOF_COLOURS",
    "WALK_COLOURS",
    "LoadClass",
    "inside_thirds",
    "load_classes",
    "loads",
    "tints",
]

TINTS = 4  # no map needs more, as long as every grid is one piece
THIRDS = 3
FAR_SHARE = 0.2  # of the band's target: further outside the band than this is shown stronger


class LoadClass(StrEnum):
    """Where a grid's load stands against its band."""

    FAR_BELOW = "far_below"
    BELOW = "below"
    IN_BAND = "in_band"
    ABOVE = "above"
    FAR_ABOVE = "far_above"
    DEDICATED = "dedicated"
    EMPTY = "empty"


# Blue to orange keeps apart under every common colour blindness, and in grey the ends are darkest.
LOAD_COLOURS: Mapping[LoadClass, str] = {
    LoadClass.FAR_BELOW: "#2c7bb6",
    LoadClass.BELOW: "#8fc1e3",
    LoadClass.IN_BAND: "#efe9dc",
    LoadClass.ABOVE: "#fdb366",
    LoadClass.FAR_ABOVE: "#d7601a",
    LoadClass.DEDICATED: "#d9d4e4",
    LoadClass.EMPTY: "#fafafa",
}
# Inside the band colours stay pale: cool in the lower third, neutral, warm in the upper.
# Their shades only tell neighbours apart.
INSIDE_TINTS = (
    ("#e9f1f5", "#d6e5ec", "#dfebf1", "#cddfe8"),
    ("#f5f2ea", "#e8e2d5", "#efeadf", "#e0d9c9"),
    ("#fcf0de", "#f6dfbf", "#f9e8cf", "#f2d6b0"),
)
WALK_COLOURS = ("#eef3e2", "#cfe3b4", "#9cc98d", "#5aa579", "#2b7a66")
PROOF_COLOURS = ("#f0f7f5", "#b6d8d6", "#7fb5bb", "#4b8ba0", "#2b5d7d")
GAP_COLOUR = "#a3195b"
BARRIER_COLOURS: Mapping[str, str] = {
    "river": "#3f8fc4",
    "railway": "#4a4a4a",
    "expressway": "#8a6d3b",
    "arterial": "#8c8c8c",
    "wall": "#6b4f3a",
    "crossing": "#16803c",
    "boundary": "#7a3b8f",
}


def loads(outcome: Outcome) -> pd.Series[float]:
    """Return the balanced quantity of every grid: households, residents or hours a year."""
    column = str(outcome.study.settings.grids.balance_on)
    load: pd.Series[float] = outcome.grids[column].astype(float).rename("load")
    return load


def load_classes(outcome: Outcome) -> pd.Series[str]:
    """Return the load class of every grid, on the index of ``outcome.grids``."""
    grids, load = outcome.grids, loads(outcome)
    bands = {c: outcome.study.band_of(str(c)) for c in sorted(set(grids["community_id"]))}
    community = grids["community_id"].map(str)
    target = community.map({c: b.target for c, b in bands.items()})
    outside = pd.Series(
        [bands[c].violation(value) for c, value in zip(community, load, strict=True)], index=grids.index, dtype=float
    )
    far = outside > FAR_SHARE * target
    low = load < target
    made = np.select(
        [
            grids["kind"].eq(str(GridKind.DEDICATED)),
            grids["kind"].eq(str(GridKind.EMPTY)),
            grids["in_band"].fillna(True).astype(bool),
            low & far,
            low,
            far,
        ],
        [
            LoadClass.DEDICATED.value,
            LoadClass.EMPTY.value,
            LoadClass.IN_BAND.value,
            LoadClass.FAR_BELOW.value,
            LoadClass.BELOW.value,
            LoadClass.FAR_ABOVE.value,
        ],
        LoadClass.ABOVE.value,
    )
    return pd.Series(made, index=grids.index, name="load_class")


def inside_thirds(outcome: Outcome) -> pd.Series[int]:
    """Return for every grid the third of its band that its load lies in: 0 low, 1 middle, 2 high."""
    grids, load = outcome.grids, loads(outcome)
    bands = {c: outcome.study.band_of(str(c)) for c in sorted(set(grids["community_id"]))}
    low = grids["community_id"].map({c: b.minimum for c, b in bands.items()}).astype(float)
    width = grids["community_id"].map({c: b.maximum - b.minimum for c, b in bands.items()}).astype(float)
    share = ((load - low) / width.where(width > 0, 1.0)).clip(0, 1)
    third: pd.Series[int] = np.ceil(share * THIRDS).clip(1, THIRDS).astype("int64").sub(1).rename("third")
    return third


def tints(outcome: Outcome) -> pd.Series[int]:
    """Return a tint 0..3 for every grid, different from those of its neighbours wherever four are enough.

    Neighbours are the grids of neighbouring units; grids are taken from the most neighbours to the fewest.
    """
    grid_of = outcome.plan.assignment
    pairs = pd.DataFrame(
        {
            "a": outcome.study.adjacency["unit_a"].map(grid_of),
            "b": outcome.study.adjacency["unit_b"].map(grid_of),
        }
    ).dropna()
    pairs = pairs[pairs["a"] != pairs["b"]].drop_duplicates()
    near: dict[str, set[str]] = {str(g): set() for g in outcome.grids.index}
    for a, b in pairs.itertuples(index=False):
        near[a].add(b)
        near[b].add(a)
    made: dict[str, int] = {}
    for grid_id in sorted(near, key=lambda g: (-len(near[g]), g)):
        taken = [made[other] for other in near[grid_id] if other in made]
        free = [t for t in range(TINTS) if t not in taken]
        made[grid_id] = free[0] if free else min(range(TINTS), key=taken.count)
    return pd.Series(made, name="tint", dtype="int64").reindex(outcome.grids.index)
