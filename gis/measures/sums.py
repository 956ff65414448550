"""Sums over grids of what their units carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.model.plan import Plan

__all__ = ["grid_sums", "grid_totals", "placed"]


def placed(units: pd.Index[str], plan: Plan) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Find the units of a plan in a table, which may hold more.

    Parameters
    ----------
    units
        Index of the table: unit_id.
    plan
        The grids; of some grids alone, the cost is that of their units.

    Returns
    -------
    rows, grids
        For each unit of the plan that the table has, by unit_id: its row, and the place of its grid among the
        plan's grids.
    """
    rows = units.get_indexer(pd.Index(plan.unit_ids, dtype=units.dtype))
    known = rows >= 0
    return rows[known], plan.grid_numbers[known]


def grid_totals(values: pd.Series[Any], plan: Plan) -> pd.Series[Any]:
    """Sum what units carry over grids.

    Parameters
    ----------
    values
        Index ``unit_id``; numbers.
    plan
        The grids.

    Returns
    -------
    Series
        Named as `values`, index ``grid_id``, sorted; 0 for a grid without units.
    """
    index = pd.Index(list(plan.grids), name="grid_id", dtype="str")
    return pd.Series(_summed(values, *placed(values.index, plan), len(index)), index=index, name=values.name)


def _summed(values: pd.Series[Any], rows: NDArray[np.intp], grids: NDArray[np.int32], count: int) -> NDArray[Any]:
    """Sum what stands in some rows by the numbers of their grids, missing values as 0."""
    chosen = values.to_numpy()[rows]
    if np.issubdtype(chosen.dtype, np.integer):
        return np.bincount(grids, weights=chosen, minlength=count).astype(np.int64)  # exact: below 2**53
    sums: NDArray[Any] = pd.Series(chosen).groupby(grids).sum().reindex(range(count), fill_value=0).to_numpy()
    return sums


def grid_sums(counts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Sum count columns of the units over grids.

    Parameters
    ----------
    counts
        Index ``unit_id``; count columns only.
    plan
        The grids.

    Returns
    -------
    DataFrame
        Index ``grid_id``, sorted; the columns of `counts` as integers, 0 for a grid without units.
    """
    index = pd.Index(list(plan.grids), name="grid_id", dtype="str")
    rows, grids = placed(counts.index, plan)
    sums = {name: _summed(counts[name], rows, grids, len(index)).astype(np.int64) for name in counts}
    return pd.DataFrame(sums, index=index)
