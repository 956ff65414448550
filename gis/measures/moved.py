"""What a plan moves against the present one: households that change their grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from gis.model.plan import Plan

__all__ = ["changes_grid", "moved_households", "surviving_grids"]


def surviving_grids(present: pd.Series[str], plan: Plan, households: pd.Series[int]) -> dict[str, str]:
    """Match present grids to grids of the plan so that as many households as possible stay.

    Parameters
    ----------
    present
        unit_id -> present grid_id; units missing from it have none.
    plan
        The new grids.
    households
        unit_id -> households.

    Returns
    -------
    dict
        Present grid_id -> grid_id of the plan that it lives on as; retired grids are left out.

    Notes
    -----
    An assignment problem for every group of grids that share households; cubic in the largest group.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (slow to load, and seldom asked for)
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    both = pd.DataFrame({"old": present, "households": households}).dropna()
    both["new"] = plan.assignment.reindex(both.index)
    shared = both.dropna().groupby(["old", "new"])["households"].sum()
    shared = shared[shared > 0]
    old, old_ids = pd.factorize(shared.index.get_level_values("old"), sort=True)
    new, new_ids = pd.factorize(shared.index.get_level_values("new"), sort=True)
    size = len(old_ids) + len(new_ids)
    links = coo_array((np.ones(len(old), dtype=np.int8), (old, new + len(old_ids))), shape=(size, size))
    _, label = connected_components(links, directed=False)
    lives_on: dict[str, str] = {}
    for group in range(label.max() + 1 if size else 0):
        here = label[old] == group
        rows, row = np.unique(old[here], return_inverse=True)
        columns, column = np.unique(new[here], return_inverse=True)
        overlap = np.zeros((len(rows), len(columns)))
        overlap[row, column] = shared.to_numpy()[here]
        for i, j in zip(*linear_sum_assignment(overlap, maximize=True), strict=True):
            if overlap[i, j] > 0:
                lives_on[str(old_ids[rows[i]])] = str(new_ids[columns[j]])
    return dict(sorted(lives_on.items()))


def moved_households(present: pd.Series[str], plan: Plan, households: pd.Series[int]) -> int:
    """Count the households whose grid does not live on around them; those without a present grid do not count."""
    changes = changes_grid(present, plan, households)
    return int(households.reindex(changes.index)[changes].sum())


def changes_grid(present: pd.Series[str], plan: Plan, households: pd.Series[int]) -> pd.Series[bool]:
    """Tell for every unit with a present grid whether that grid does not live on around it, whatever its code.

    A grid where nobody lives goes by its code.
    """
    known = present.dropna()
    known = known[known.index.isin(households.index)]
    lived_in = households.reindex(known.index).groupby(known).sum()
    lives_on = {g: g for g in lived_in.index[lived_in == 0]} | surviving_grids(present, plan, households)
    return ~known.map(lives_on).eq(plan.assignment.reindex(known.index))
