"""Units without ground of their own: what they count goes to the unit they stand on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gis.model.findings import Finding
from gis.model.messages import Fact
from gis.space.areas import locate

__all__ = ["without_groundless"]


def without_groundless(
    table: pd.DataFrame, code: str, source: str
) -> tuple[pd.DataFrame, dict[str, str], list[Finding]]:
    """Give the counts of units without ground, as shapes drawn over each other, to the unit they stand on.

    A lock goes with them.

    Parameters
    ----------
    table
        The units; geometry is missing where a unit has no ground, its x and y tell where it stands.
    code, source
        Code of what is found, and the table that it is found in.

    Returns
    -------
    tuple
        The units that have ground; lost unit_id -> unit_id; what was found.
    """
    cells = np.asarray(table["geometry"].to_numpy(), dtype=object)
    lost = shapely.is_missing(cells)
    if not lost.any():
        return table, {}, []
    left = table[~lost]
    points = np.asarray(shapely.points(table["x"][lost], table["y"][lost]), dtype=object)
    at = locate(points, cells[~lost], near_m=np.inf).community
    host = dict(zip(table.index[lost], left.index[at], strict=True))
    counts = [c for c in table.columns if table[c].dtype == np.int64]
    added = table.loc[lost, counts].groupby(list(host.values())).sum()
    left = left.assign(**{c: left[c].add(added[c], fill_value=0).astype(np.int64) for c in counts})
    if "locked" in left:
        held = [host[unit] for unit in table.index[lost] if table["locked"][unit]]
        left = left.assign(locked=left["locked"] | left.index.isin(held))
    first = next(iter(host))
    facts: dict[str, Fact] = {"count": len(host), "unit_id": first, "to_unit_id": host[first]}
    return left, host, [Finding(code, facts, table=source, feature=first)]
