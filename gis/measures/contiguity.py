"""Connectedness: the pieces that a grid falls into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
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
    from scipy.sparse import coo_array  # noqa: PLC0415  (the service starts sooner without it)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    units = pd.Index(assignment.index)
    grid = assignment.to_numpy()
    a = units.get_indexer(pd.Index(adjacency["unit_a"]))
    b = units.get_indexer(pd.Index(adjacency["unit_b"]))
    known = (a >= 0) & (b >= 0)
    a, b = a[known], b[known]
    inside = grid[a] == grid[b]
    a, b = a[inside], b[inside]
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(units), len(units)))
    _, labels = connected_components(links, directed=False)
    return pd.Series(labels, index=assignment.index, name="piece")


def grid_pieces(plan: Plan, adjacency: pd.DataFrame) -> pd.Series[int]:
    """Count the connected pieces of each grid; 1 is what a plan must have.

    Returns
    -------
    Series
        Named ``pieces``, index ``grid_id``, sorted; 0 for a grid without units.
    """
    assignment = plan.assignment
    pieces = unit_pieces(assignment, adjacency).groupby(assignment.to_numpy()).nunique()
    grids = pd.Index(list(plan.grids), name="grid_id", dtype="str")
    return pieces.reindex(grids).fillna(0).astype("int64").rename("pieces")
