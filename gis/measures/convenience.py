"""Nearness inside a grid: its heart, and the walk to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gis.measures.sums import placed

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.model.plan import Plan
    from gis.model.walks import UnitWalks

__all__ = ["grid_hearts"]

BLOCK_CELLS = 1_000_000  # distances held at once: 8 MB a matrix
COST_DIGITS = 6  # household-metres equal to a millionth are a tie, whatever the machine's last bit


def grid_hearts(units: gpd.GeoDataFrame, plan: Plan, *, walks: UnitWalks | None = None) -> pd.DataFrame:
    """Find each grid's heart and the walk to it.

    The heart is the unit that makes the sum over units of households x metres from the unit to the
    heart smallest; ties fall to the smallest unit_id. In a grid without households every unit weighs
    the same.

    Parameters
    ----------
    units
        Index ``unit_id``; households, x, y.
    plan
        The grids.
    walks
        Walking metres between units, such as ``study.walks``; None for straight ones between their places.

    Returns
    -------
    DataFrame
        Index ``grid_id``, sorted: heart_unit_id, walk_m (household-weighted sum of metres),
        walk_mean_m (missing where no household lives), households.

    Notes
    -----
    Grids of the same number of units are computed together; cost is the sum over grids of units squared.
    """
    rows, grids = placed(units.index, plan)
    by_grid = np.argsort(grids, kind="stable")
    rows = rows[by_grid]
    present, starts, sizes = np.unique(grids[by_grid], return_index=True, return_counts=True)
    places = np.column_stack([units[axis].to_numpy(dtype=np.float64)[rows] for axis in ("x", "y")])
    households = units["households"].to_numpy(dtype=np.float64)[rows]
    heart = np.zeros(len(present), dtype=np.int64)
    walk_m = np.zeros(len(present))
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        step = max(1, BLOCK_CELLS // int(size) ** 2)
        for block in np.split(same, range(step, len(same), step)):
            members = starts[block][:, None] + np.arange(size)
            there = places[members]
            metres = _straight(there) if walks is None else _walked(walks, units.index, rows[members], there)
            best, reached = _hearts_of(metres, households[members])
            heart[block] = starts[block] + best
            walk_m[block] = reached
    total = np.add.reduceat(households, starts) if len(present) else np.zeros(0)
    mean = np.divide(walk_m, total, out=np.full(len(present), np.nan), where=total > 0)
    names = list(plan.grids)
    return pd.DataFrame(
        {
            "heart_unit_id": units.index.take(rows[heart]).to_numpy(),
            "walk_m": walk_m,
            "walk_mean_m": mean,
            "households": total.astype(np.int64),
        },
        index=pd.Index([names[g] for g in present.tolist()], name="grid_id", dtype="str"),
    )


def _straight(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the straight metres inside grids, shape (grids, n, n), for places (grids, n, 2)."""
    apart = places[:, :, None, :] - places[:, None, :, :]
    return np.asarray(np.sqrt((apart**2).sum(axis=3)))


def _walked(
    walks: UnitWalks, unit_ids: pd.Index[Any], rows: NDArray[np.int64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the walking metres inside grids, shape (grids, n, n), for rows of units (grids, n)."""
    return np.stack([walks.between(unit_ids.take(own).tolist(), xy) for own, xy in zip(rows, places, strict=True)])


def _hearts_of(
    metres: NDArray[np.float64], households: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return position and household-metres of the heart, for metres (grids, n, n) and weights (grids, n)."""
    nobody = households.sum(axis=1) == 0
    weights = np.where(nobody[:, None], 1.0, households)
    cost = np.einsum("gij,gi->gj", metres, weights)
    best = np.round(cost, COST_DIGITS).argmin(axis=1)
    reached = np.take_along_axis(cost, best[:, None], axis=1)[:, 0]
    return best, np.where(nobody, 0.0, reached)
