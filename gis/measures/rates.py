"""Coverage rates of grids, communities, subdistricts and counties, beside their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.targets import shortfall, target_for
from gis.model.kinds import Basis, Level

if TYPE_CHECKING:
    from gis.model.plan import Plan
    from gis.model.standards import Target
    from gis.model.study import StudyArea

__all__ = ["BASES", "LEVELS", "area_memberships", "coverage_rates"]

BASES = tuple(str(b) for b in Basis)
LEVELS = ("grid", *(str(level) for level in (Level.COMMUNITY, Level.SUBDISTRICT, Level.COUNTY)))


def area_memberships(study: StudyArea, plan: Plan) -> pd.DataFrame:
    """Tell the grid, community, subdistrict and county of each unit.

    Returns
    -------
    DataFrame
        Index of ``study.units``, sorted; columns grid, community, subdistrict, county; missing
        where the areas above are not known.
    """
    units = study.units.sort_index()
    table = pd.DataFrame({"grid": plan.assignment.reindex(units.index), "community": units["community_id"]})
    level, parent = study.areas["level"], study.areas["parent_id"]
    above = pd.Series(units["community_id"].to_numpy(), index=units.index, dtype=object)
    for name in ("subdistrict", "county"):
        table[name] = pd.Series(pd.NA, index=units.index, dtype="str")
    for _ in range(2):
        above = pd.Series(parent.reindex(above.to_numpy()).to_numpy(), index=units.index, dtype=object)
        of_level = level.reindex(above.to_numpy()).to_numpy()
        for name in ("subdistrict", "county"):
            table[name] = table[name].mask(of_level == name, above)
    return table


def coverage_rates(study: StudyArea, plan: Plan, table: pd.DataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Return the `coverage_rates` layer: a row an area, service and basis.

    A target holds for the rows of the level or basis that its `per` names; see
    `gis.measures.targets.target_for`. Where nobody is to be counted, rate and shortfall are missing.

    Returns
    -------
    DataFrame
        area_id, level, service, basis, total, covered, rate_share, target_share, shortfall;
        sorted by level from the grid up, area, service and basis.
    """
    memberships = area_memberships(study, plan).reindex(table["unit_id"])
    counts = table[["service", *BASES]].reset_index(drop=True)
    for basis in BASES:
        counts[f"covered_{basis}"] = counts[basis].where(table["covered"].to_numpy(), 0)
    parts: list[pd.DataFrame] = []
    for level in LEVELS:
        area = memberships[level].to_numpy(dtype=object)
        known = ~pd.isna(area)
        if not known.any():
            continue
        sums = counts[known].assign(area_id=area[known]).groupby(["area_id", "service"], sort=True).sum()
        parts.extend(_basis_rows(sums, level, basis) for basis in BASES)
    columns = ["area_id", "level", "service", "basis", "total", "covered"]
    rates = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    order = rates["level"].map({name: i for i, name in enumerate(LEVELS)})
    by_basis = rates["basis"].map({name: i for i, name in enumerate(BASES)})
    rates = rates.assign(_level=order, _basis=by_basis)
    rates = rates.sort_values(["_level", "area_id", "service", "_basis"], kind="stable")
    rates = rates[columns].reset_index(drop=True).astype({"total": "int64", "covered": "int64"})
    some = rates["total"] > 0
    rates["rate_share"] = (rates["covered"] / rates["total"].where(some)).astype(float)
    return _with_targets(rates, study, plan, year)


def _basis_rows(sums: pd.DataFrame, level: str, basis: str) -> pd.DataFrame:
    keys = sums.index.to_frame(index=False).astype("str")
    values = {"total": sums[basis].to_numpy(), "covered": sums[f"covered_{basis}"].to_numpy()}
    return keys.assign(level=level, basis=basis, **values)


def _with_targets(rates: pd.DataFrame, study: StudyArea, plan: Plan, year: int | None) -> pd.DataFrame:
    """Set the target and the shortfall beside each rate."""
    targets = study.settings.targets
    kinds = {s.service_id: s.kind for s in study.settings.services}
    aimed = {t.kind for t in targets}
    found: dict[tuple[str, str, str, str | None, str | None], Target | None] = {}
    share = np.full(len(rates), np.nan)
    missing = np.full(len(rates), None, dtype=object)
    rows = np.flatnonzero(rates["service"].map(kinds).isin(aimed).to_numpy())
    some = rates.iloc[rows]
    places = _places(study, plan, some["area_id"])
    keys = zip(some["service"].map(kinds), some["level"], some["basis"], *places, strict=True)
    numbers = zip(rows, some["total"], some["covered"], strict=True)
    for key, (row, total, covered) in zip(keys, numbers, strict=True):
        if key not in found:
            kind, level, basis, settlement, region = key
            found[key] = target_for(
                targets, kind=kind, per=(level, basis), settlement=settlement, region=region, year=year
            )
        target = found[key]
        if target is not None:
            share[row] = target.value_share
            missing[row] = shortfall(target, total=int(total), have=int(covered))
    return rates.assign(target_share=share, shortfall=pd.array(missing, dtype="Int64"))


def _places(study: StudyArea, plan: Plan, area_ids: pd.Series[str]) -> tuple[list[str | None], list[str | None]]:
    """Return settlement and region of areas, and of grids by their community; None where unknown."""
    ids = [plan.grids[a].community_id if a in plan.grids else a for a in area_ids]

    def known(column: str) -> list[str | None]:
        if column not in study.areas:
            return [None] * len(ids)
        return [None if pd.isna(v) or v == "" else str(v) for v in study.areas[column].reindex(ids)]

    return known("settlement"), known("region")
