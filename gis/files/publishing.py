"""The public export: outlines, codes, public duty contacts, facilities and rates, and no small count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.files.disclosure import LEAST_TOTAL, changed_around_few, keep_number, rounded, sum_shown
from gis.files.geopackage import write_layers
from gis.model.kinds import FacilityStatus, GridKind
from gis.model.messages import message, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.outcome import Outcome

__all__ = ["public_tables", "write_public"]

PEOPLE = ("residents", "households")  # counted in cells; buildings are no persons
YES = ("yes", "true", "1", "y", "是")
SHARE_DIGITS = 2


def public_tables(
    outcome: Outcome, *, contacts: pd.DataFrame | None = None, earlier: Sequence[Outcome] = ()
) -> dict[str, pd.DataFrame]:
    """Return the layers of ``public.gpkg`` by name.

    Parameters
    ----------
    outcome
        The internal plan.
    contacts
        Duty contacts by ``worker_id``: display_name, duty_phone, public; only those marked public pass.
    earlier
        Versions published before, oldest first: what could be worked out from the difference is withheld.

    Returns
    -------
    dict
        ``grids``: grid_id, community_id, name, kind, sides_zh, households, residents, duty_name,
        duty_phone, geometry. ``areas``: area_id, level, name, parent_id, settlement, households,
        residents, geometry. ``facilities``: facility_id, kind, name, status, geometry.
        ``coverage_rates``: area_id, level, service, basis, total, covered, uncovered, rate_share,
        target_share, shortfall. ``about``: key, value_zh, value_en. A missing count means: fewer
        than 5, or withheld so that it cannot be worked out.
    """
    cells = _published_cells(outcome, earlier)
    rates = _rates(outcome, cells)
    return {
        "areas": _areas(outcome, cells),
        "grids": _grids(outcome, cells, contacts),
        "facilities": _facilities(outcome),
        "coverage_rates": rates,
        "about": _about(outcome),
    }


def write_public(tables: dict[str, pd.DataFrame], path: str | Path) -> Path:
    """Write public tables as a GeoPackage that opens styled."""
    return write_layers(tables, path, styles={"grids": "public_grids", "areas": "areas", "facilities": "facilities"})


def _true_cells(outcome: Outcome) -> pd.DataFrame:
    """Return every count of people by unit that is published as a sum over grids: totals, covered, uncovered."""
    units = outcome.study.units.sort_index()
    cells: pd.DataFrame = units[list(PEOPLE)].astype("int64")
    table = outcome.coverage.table
    for service in sorted(table["service"].unique()):
        covered = table[table["service"].eq(service)].set_index("unit_id")["covered"].reindex(units.index)
        inside = covered.fillna(value=False).to_numpy(dtype=bool)
        for basis in PEOPLE:
            cells[f"{basis}|{service}"] = cells[basis].where(inside, 0)
            cells[f"{basis}|{service}|not"] = cells[basis].where(~inside, 0)
    return cells


def _published_cells(outcome: Outcome, earlier: Sequence[Outcome]) -> pd.DataFrame:
    """Return the cells of each grid as they may be shown: index ``grid_id``, ``Int64``, missing where withheld."""
    true_units = _true_cells(outcome)
    assignment = outcome.plan.assignment
    grids = pd.Index(list(outcome.plan.grids), name="grid_id")
    true = true_units.groupby(assignment.reindex(true_units.index).to_numpy()).sum().reindex(grids, fill_value=0)
    shown = true[[c for c in true.columns if not c.endswith("|not")]].apply(rounded)
    if earlier:
        before = _published_cells(earlier[-1], earlier[:-1])
        same = _same_ground(outcome, earlier[-1])
        for column in shown.columns.intersection(before.columns):
            kept = keep_number(true.loc[same, column], before[column])
            shown.loc[same, column] = kept
    for version in earlier:
        past = _true_cells(version)
        both = true_units.join(past.add_suffix("|before"), how="outer").fillna(0)
        withheld = changed_around_few(both, version.plan.assignment, assignment.reindex(both.index).fillna(""))
        shown.loc[shown.index.isin(withheld)] = pd.NA
    for column in shown.columns:
        basis = column.split("|")[0]
        if column != basis:
            shown[column] = shown[column].mask((shown[basis] < LEAST_TOTAL).fillna(value=True))
    return shown


def _same_ground(outcome: Outcome, before: Outcome) -> list[str]:
    """Return the grids that have exactly the units that they had before."""
    new, old = (
        o.plan.assignment.rename("grid").reset_index().groupby("grid")["unit_id"].agg(tuple)
        for o in (outcome, before)
    )
    shared = new.index.intersection(old.index)
    return [str(g) for g in shared if new[g] == old[g]]


def _grids(outcome: Outcome, cells: pd.DataFrame, contacts: pd.DataFrame | None) -> gpd.GeoDataFrame:
    grids = outcome.grids
    duty = _duty(outcome, contacts)
    table = pd.DataFrame({"grid_id": grids.index.to_numpy()}, index=grids.index)
    for column in ("community_id", "name", "kind", "sides_zh"):
        table[column] = grids[column]
    for basis in PEOPLE[::-1]:
        nobody = grids["kind"].eq(str(GridKind.EMPTY)).to_numpy()
        table[basis] = cells[basis].reindex(grids.index).mask(nobody, 0)
    for column in ("duty_name", "duty_phone"):
        table[column] = duty[column].reindex(grids.index).fillna("").astype("str")
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=grids.geometry.to_numpy(), crs=grids.crs)


def _duty(outcome: Outcome, contacts: pd.DataFrame | None) -> pd.DataFrame:
    """Return the public duty contacts of each grid, leaders first."""
    empty = pd.DataFrame({"duty_name": pd.Series(dtype="str"), "duty_phone": pd.Series(dtype="str")})
    if contacts is None or "public" not in contacts:
        return empty
    public = contacts[contacts["public"].map(lambda v: v is True or str(v).strip().lower() in YES)]
    postings = outcome.staffing.postings.sort_values(["grid_id", "role", "worker_id"], kind="stable")
    postings = postings[postings["worker_id"].isin(public.index)]
    if postings.empty:
        return empty
    shown = {
        "duty_name": public["display_name"].reindex(postings["worker_id"]).fillna("").astype(str).to_numpy(),
        "duty_phone": public["duty_phone"].reindex(postings["worker_id"]).fillna("").astype(str).to_numpy(),
    }
    people = pd.DataFrame(shown).groupby(postings["grid_id"].to_numpy())
    return people.agg(_joined)


def _joined(texts: pd.Series[str]) -> str:
    return "、".join(dict.fromkeys(filter(None, texts)))


def _areas(outcome: Outcome, cells: pd.DataFrame) -> gpd.GeoDataFrame:
    areas = outcome.study.areas.sort_index()
    columns = [c for c in ("level", "name", "parent_id", "settlement") if c in areas]
    table = pd.DataFrame(areas[columns]).rename_axis("area_id").reset_index()
    sums = _area_sums(outcome, cells)
    for basis in PEOPLE[::-1]:
        table[basis] = sums[basis].reindex(table["area_id"]).array
    texts = [c for c in table.columns if table[c].dtype == object]
    return gpd.GeoDataFrame(
        table.astype(dict.fromkeys(texts, "str")), geometry=areas.geometry.to_numpy(), crs=areas.crs
    )


def _area_sums(outcome: Outcome, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of communities and the areas above, from published cells only."""
    parent = outcome.study.areas["parent_id"]
    shown = cells.loc[[g for g, info in outcome.plan.grids.items() if info.kind is not GridKind.EMPTY]]
    area = pd.Series([outcome.plan.grids[g].community_id for g in shown.index], index=shown.index, dtype=object)
    parts = []
    for _ in range(3):
        known = area.notna()
        if not known.any():
            break
        parts.append(shown[known.to_numpy()].apply(sum_shown, by=area[known]))
        area = pd.Series(parent.reindex(area).to_numpy(dtype=object), index=shown.index)
    return pd.concat(parts) if parts else cells.iloc[:0]


def _facilities(outcome: Outcome) -> gpd.GeoDataFrame:
    facilities = outcome.facilities
    open_ = facilities["status"].isin([str(FacilityStatus.EXISTING), str(FacilityStatus.CHOSEN)])
    table = facilities[open_].rename_axis("facility_id").reset_index()
    names = ["facility_id", "kind", "name", "status"]
    plain = pd.DataFrame(table[names])
    texts = [c for c in names if plain[c].dtype == object]
    return gpd.GeoDataFrame(
        plain.astype(dict.fromkeys(texts, "str")), geometry=table.geometry.to_numpy(), crs=facilities.crs
    )


def _rates(outcome: Outcome, cells: pd.DataFrame) -> pd.DataFrame:
    """Return rates worked out from published cells; buildings are counted as they are."""
    rates = outcome.coverage.rates
    shown = pd.concat([cells, _area_sums(outcome, cells)])
    rows = rates[["area_id", "level", "service", "basis", "target_share"]].reset_index(drop=True)
    total, covered = rates["total"].astype("Int64").array.copy(), rates["covered"].astype("Int64").array.copy()
    for basis in PEOPLE:
        for service in rates["service"].unique():
            ours = np.flatnonzero((rates["basis"].eq(basis) & rates["service"].eq(service)).to_numpy())
            area = rates["area_id"].iloc[ours]
            total[ours] = shown[basis].reindex(area).array
            part = shown[f"{basis}|{service}"] if f"{basis}|{service}" in shown else pd.Series(dtype="Int64")
            covered[ours] = part.reindex(area).array
    table = rows.assign(total=pd.Series(total), covered=pd.Series(covered))
    enough = table["basis"].eq("buildings") | (table["total"] >= LEAST_TOTAL).fillna(value=False)
    table["covered"] = table["covered"].mask(~enough)
    table["covered"] = (
        table["covered"].where(table["covered"] <= table["total"], table["total"]).mask(table["covered"].isna())
    )
    return _derived(table, enough)


def _derived(table: pd.DataFrame, enough: pd.Series[bool]) -> pd.DataFrame:
    """Add what follows from the published counts: uncovered, rate, shortfall."""
    withheld = table["covered"].isna() & enough
    part = table["covered"].mask(withheld, 0)  # fewer than 5 of 20 or more
    people = table["basis"].ne("buildings")
    uncovered = table["total"] - part
    share = (part.astype("Float64") / table["total"].where(table["total"] > 0)).round(SHARE_DIGITS)
    missing = (table["target_share"].astype("Float64") * table["total"] - part).clip(lower=0)
    lacking = np.ceil(missing.astype("Float64").to_numpy(np.float64, na_value=np.nan).round(6))
    in_fives = np.where(people, np.ceil(lacking / 5) * 5, lacking)
    counts = pd.array(in_fives, dtype="Int64")
    columns = ["area_id", "level", "service", "basis", "total", "covered", "uncovered", "rate_share"]
    table = table.assign(uncovered=uncovered, rate_share=share, shortfall=counts)
    return table[[*columns, "target_share", "shortfall"]]


def _about(outcome: Outcome) -> pd.DataFrame:
    """Return what a reader must know: whose plan, its notice, and how counts were made safe."""
    settings = outcome.study.settings
    rule = message("public-rounding").what
    rows = [
        ("study", settings.name, settings.name),
        ("plan_digest", outcome.plan.digest, outcome.plan.digest),
        ("notice", settings.notice_zh, settings.notice_en),
        ("credits", settings.credits, settings.credits),
        ("rounding", render(rule, {}, "zh"), render(rule, {}, "en")),
    ]
    return pd.DataFrame(rows, columns=["key", "value_zh", "value_en"], dtype="str")
