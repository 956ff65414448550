"""Counts of households, residents and groups as whole numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.model.schemas import GROUP_COLUMNS

__all__ = ["COUNTS", "counts_of", "group_columns", "largest_share"]

COUNTS = ("households", "residents")

Codes = NDArray[np.int64]


def group_columns(*tables: pd.DataFrame | None) -> tuple[str, ...]:
    """Return the group columns that any of the tables has, in the order of the schema."""
    return tuple(c for c in GROUP_COLUMNS if any(t is not None and c in t for t in tables))


def counts_of(
    table: pd.DataFrame, *, groups: tuple[str, ...], default_households: int, residents_per_household: float
) -> pd.DataFrame:
    """Return households, residents, groups, compound and community_id of each row, on a fresh index.

    Missing households count `default_households`, missing groups 0. Missing residents are
    `residents_per_household` times the households, a float to be rounded when places are summed.
    """
    made = pd.DataFrame(index=pd.RangeIndex(len(table)))
    made["households"] = _whole(table, "households", np.full(len(table), default_households))
    made["residents"] = _number(table, "residents", made["households"].to_numpy() * residents_per_household)
    for group in groups:
        made[group] = _whole(table, group, np.zeros(len(table)))
    for column in ("compound", "community_id"):
        made[column] = table[column].astype("object").to_numpy() if column in table else None
    return made


def _whole(table: pd.DataFrame, column: str, default: NDArray[np.generic]) -> Codes:
    """Return a column as whole numbers, with `default` where it is absent or missing."""
    return np.rint(_number(table, column, default)).astype(np.int64)


def _number(table: pd.DataFrame, column: str, default: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return a column as numbers, with `default` where it is absent or missing."""
    if column not in table:
        return np.asarray(default, dtype=np.float64)
    values = pd.to_numeric(table[column]).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(values), np.asarray(default, dtype=np.float64), values)


def largest_share(place: Codes, values: pd.Series, weight: pd.Series, count: int) -> NDArray[np.object_]:
    """Return for each place the value with the most weight, None where there is none; ties by the value."""
    found = np.full(count, None, dtype=object)
    codes, names = pd.factorize(values, sort=True)
    has = codes >= 0
    if not has.any():
        return found
    pairs, at = np.unique(place[has] * len(names) + codes[has], return_inverse=True)
    total = np.bincount(at, weights=weight.to_numpy()[has])
    owner, value = np.divmod(pairs, len(names))
    order = np.lexsort((value, -total, owner))
    best = order[np.unique(owner[order], return_index=True)[1]]
    found[owner[best]] = np.asarray(names, dtype=object)[value[best]]
    return found
