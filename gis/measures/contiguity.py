"""Connectedness: the pieces that a grid falls into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.model.plan import Plan

__all__ = ["grid_pieces", "unit_pieces"]


def unit_pieces(assignment: pd.Series[str], adjacency: pd.DataFrame) -> pd.Series[int]:
    """Label the connected pieces of grids, over the neighbours that share a grid.

    Parameters
    ----------
    assignment
        unit_id -> grid_id.
    adjacency
        unit_a, unit_b; pairs with a unit that is not in `assignment` are passed over.

    Returns
    -------
    Series
        Piece number of each unit, on the index of `assignment`; units of one piece share a number.
    """
    labels = _labels(pd.Index(assignment.index), assignment.to_numpy(), adjacency)
    return pd.Series(labels, index=assignment.index, name="piece")


def grid_pieces(plan: Plan, adjacency: pd.DataFrame) -> pd.Series[int]:
    """Count the connected pieces of each grid; 1 is what a plan must have.

    Returns
    -------
    Series
        Named ``pieces``, index ``grid_id``, sorted; 0 for a grid without units.
    """
    labels = _labels(pd.Index(plan.unit_ids, dtype="str"), plan.grid_numbers, adjacency)
    _, one_each = np.unique(labels, return_index=True)
    pieces = np.bincount(plan.grid_numbers[one_each], minlength=len(plan.grids))
    return pd.Series(pieces, index=pd.Index(list(plan.grids), name="grid_id", dtype="str"), name="pieces")


def _labels(units: pd.Index[str], grid: NDArray[Any], adjacency: pd.DataFrame) -> NDArray[np.int32]:
    """Give the units that hang together inside their grid one number."""
    from scipy.sparse import coo_array  # noqa: PLC0415  (the service starts sooner without it)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    a = units.get_indexer(pd.Index(adjacency["unit_a"]))
    b = units.get_indexer(pd.Index(adjacency["unit_b"]))
    known = (a >= 0) & (b >= 0)
    a, b = a[known], b[known]
    inside = grid[a] == grid[b]
    a, b = a[inside], b[inside]
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(units), len(units)))
    labels: NDArray[np.int32] = connected_components(links, directed=False)[1]
    return labels
