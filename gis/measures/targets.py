"""Targets for rates: which one holds where, what is short of it, and whether all required kinds are there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.model.kinds import FacilityStatus, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from gis.model.standards import Target

__all__ = ["facility_counts", "joint_completeness", "kind_targets", "meets", "shortfall", "target_for"]


def target_for(
    targets: Iterable[Target],
    *,
    kind: str,
    per: Sequence[str],
    settlement: str | None = None,
    region: str | None = None,
    year: int | None = None,
) -> Target | None:
    """Choose the target that holds for a kind of facility in a place.

    A key that a target leaves open holds for all; a key that it names must be met. Of several the
    one that names more keys wins, then the later year. Years are not interpolated.

    Parameters
    ----------
    targets
        All targets.
    kind
        Kind of facility.
    per
        Denominators that fit: a basis (``residents`` ...) or a level (``community`` ...).
    settlement, region
        Of the place; None where unknown, which meets open targets only.
    year
        Targets of later years do not count; None takes the latest.
    """
    fitting = [
        t
        for t in targets
        if t.kind == kind
        and t.per in per
        and t.settlement in (None, settlement)
        and t.region in (None, region)
        and (t.year is None or year is None or t.year <= year)
    ]
    if not fitting:
        return None
    return max(
        fitting,
        key=lambda t: ((t.settlement is not None) + (t.region is not None), t.year or 0, t.value_share),
    )


def meets(target: Target, *, total: int, have: int) -> bool | None:
    """Tell whether `have` of `total` meets the target; None where there is nothing to count.

    The end belongs to the target: 80 of 100 meets ">= 80 %".
    """
    if total == 0:
        return None
    return shortfall(target, total=total, have=have) == 0


def shortfall(target: Target, *, total: int, have: int) -> int | None:
    """Return how many are missing: ceil(target x total) - have, 0 when met, None where total is 0.

    For "<=" it is how many are too many. Shares are taken as they are written in decimals, so
    that 7 % of 100 is 7 and not 8.
    """
    if total == 0:
        return None
    wanted = Decimal(str(target.value_share)) * total
    if target.operator == "<=":
        return max(0, have - int(wanted.to_integral_value(ROUND_FLOOR)))
    return max(0, int(wanted.to_integral_value(ROUND_CEILING)) - have)


def kind_targets(
    areas: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    targets: Sequence[Target],
    *,
    year: int | None = None,
) -> pd.DataFrame:
    """Set the share of areas that have a kind of facility beside its target.

    Parameters
    ----------
    areas
        Index ``area_id``; level, parent_id, settlement, region.
    counts
        Index ``area_id``, one column a kind: facilities of that kind in the area; see
        `facility_counts`.
    targets
        Only those whose `per` is a level of areas are read.
    year
        As in `target_for`.

    Returns
    -------
    DataFrame
        kind, per, settlement, region, year, operator, total (areas that the target speaks of),
        have, rate_share, target_share, shortfall, met; rate and the rest are missing where total
        is 0. A target of an earlier year gives way to the same target of a later one.
    """
    rows = []
    for target in _in_force(targets, year):
        there = areas["level"].eq(target.per)
        for column in ("settlement", "region"):
            wanted = getattr(target, column)
            if wanted is not None:
                there &= areas[column].eq(wanted) if column in areas else False
        place = areas.index[there]
        total = len(place)
        kinds = counts[target.kind].reindex(place).fillna(0) if target.kind in counts else pd.Series(0, index=place)
        have = int(kinds.gt(0).sum())
        rows.append(
            {
                "kind": target.kind,
                "per": target.per,
                "settlement": target.settlement,
                "region": target.region,
                "year": target.year,
                "operator": target.operator,
                "total": total,
                "have": have,
                "rate_share": have / total if total else np.nan,
                "target_share": target.value_share,
                "shortfall": shortfall(target, total=total, have=have),
                "met": meets(target, total=total, have=have),
            }
        )
    columns = ["kind", "per", "settlement", "region", "year", "operator", "total", "have", "rate_share"]
    table = pd.DataFrame(rows, columns=[*columns, "target_share", "shortfall", "met"])
    return table.astype({"year": "Int64", "shortfall": "Int64", "met": "boolean"})


def _in_force(targets: Sequence[Target], year: int | None) -> list[Target]:
    """Return the targets per level that no later one of the same keys replaces."""
    latest: dict[tuple[str, str, str, str], Target] = {}
    for target in targets:
        if target.per not in set(Level) or (year is not None and target.year is not None and target.year > year):
            continue
        keys = (target.kind, target.per, target.settlement or "", target.region or "")
        if keys not in latest or (target.year or 0) > (latest[keys].year or 0):
            latest[keys] = target
    return [latest[keys] for keys in sorted(latest)]


def facility_counts(facilities: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Count the existing facilities of each kind in each area by place; a border belongs to both sides.

    Returns
    -------
    DataFrame
        Index ``area_id``, sorted; one integer column a kind, sorted.
    """
    there = facilities[facilities["status"].eq(str(FacilityStatus.EXISTING))]
    areas = areas.sort_index()
    facility, area = areas.sindex.query(there.geometry.to_numpy(), predicate="intersects")
    pairs = pd.DataFrame({"area_id": areas.index[area], "kind": there["kind"].to_numpy()[facility]})
    table = pd.crosstab(pairs["area_id"], pairs["kind"])
    return table.reindex(areas.index).fillna(0).astype("int64").rename_axis(columns=None)


def joint_completeness(counts: pd.DataFrame, required: Mapping[str, int] | Sequence[str]) -> pd.DataFrame:
    """Tell for each area whether every required kind is there ("one centre, two stations").

    Parameters
    ----------
    counts
        Index ``area_id``, one column a kind, as `facility_counts` makes it.
    required
        Kinds, or kind -> how many at least.

    Returns
    -------
    DataFrame
        Index of `counts`; one boolean column a kind, `kinds_met` (how many), `complete` (all).
    """
    wanted = dict(required) if isinstance(required, Mapping) else dict.fromkeys(required, 1)
    zero = pd.Series(0, index=counts.index)
    table = pd.DataFrame({kind: counts.get(kind, zero).ge(n) for kind, n in wanted.items()}, index=counts.index)
    met = table.sum(axis=1).astype("int64")
    return table.assign(kinds_met=met, complete=met.eq(len(wanted)))
