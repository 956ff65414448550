"""What stands in the register (台账): its tables, before they are written as sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.files.register_words import word
from gis.model.four_sides import sides_in
from gis.model.kinds import Language, Level, Role

if TYPE_CHECKING:
    from gis.model.outcome import Outcome

__all__ = ["SHEETS", "register_tables"]

SHEETS = ("grids", "units", "summary", "coverage", "micro_grids")


def register_tables(
    outcome: Outcome, *, contacts: pd.DataFrame | None, lang: Language | str
) -> dict[str, pd.DataFrame]:
    """Return the tables of the register by sheet, their columns named by our keys.

    Parameters
    ----------
    outcome
        The measured plan.
    contacts
        Duty contacts by ``worker_id``: display_name, duty_phone. Without one a worker is shown by id.
    lang
        Language of kinds and remarks.
    """
    return {
        "grids": _grids(outcome, contacts, lang),
        "units": _units(outcome),
        "summary": _summary(outcome, lang),
        "coverage": _coverage(outcome, lang),
        **({} if outcome.micro_grids is None else {"micro_grids": _micro_grids(outcome.micro_grids)}),
    }


def _micro_grids(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a micro-grid, those of a grid together."""
    columns = ["micro_grid_id", "grid_id", "community_id", "units", "households", "residents", "walk_mean_m"]
    flat = table.sort_index().rename_axis("micro_grid_id").reset_index()
    return pd.DataFrame(flat[columns]).assign(walk_mean_m=flat["walk_mean_m"].round(1))


def _parents(outcome: Outcome) -> pd.DataFrame:
    """Return community and subdistrict by name for each grid."""
    areas = outcome.study.areas
    name = areas["name"].fillna("").astype(str)
    community = outcome.grids["community_id"]
    parent = areas["parent_id"].reindex(community)
    is_subdistrict = areas["level"].reindex(parent).eq(str(Level.SUBDISTRICT)).to_numpy()
    above = name.reindex(parent).fillna("").to_numpy()
    table = {"subdistrict": np.where(is_subdistrict, above, ""), "community": name.reindex(community).to_numpy()}
    return pd.DataFrame(table, index=outcome.grids.index)


def _grids(outcome: Outcome, contacts: pd.DataFrame | None, lang: Language | str) -> pd.DataFrame:
    grids, units = outcome.grids, outcome.units
    counts = ["buildings", *outcome.study.group_columns]
    sums = units.groupby("grid_id")[[*counts, "area_m2"]].sum().reindex(grids.index).fillna(0)
    staff = _staff(outcome, contacts, lang)
    parents = _parents(outcome)
    table = pd.DataFrame(index=grids.index)
    table["name"] = grids["name"]
    table["kind"] = [word("kinds", str(k), lang) for k in grids["kind"]]
    table["subdistrict"], table["community"] = parents["subdistrict"], parents["community"]
    table["sides_zh"] = [sides_in(str(sides), lang) for sides in grids["sides_zh"].fillna("")]
    table["area_m2"] = sums["area_m2"].round().astype("int64")
    table["buildings"] = sums["buildings"].astype("int64")
    table["households"], table["residents"] = grids["households"], grids["residents"]
    for group in outcome.study.group_columns:
        table[group] = sums[group].astype("int64")
    table["workload_h"] = grids["workload_h"].round().astype("int64")
    for column in ("leader", "workers", "phone"):
        table[column] = staff[column].reindex(grids.index).fillna("")
    table["remark"] = _remarks(outcome, lang)
    return table.rename_axis("grid_id").reset_index()


def _staff(outcome: Outcome, contacts: pd.DataFrame | None, lang: Language | str) -> pd.DataFrame:
    """Return leader, workers and duty phones of each grid that somebody is posted to."""
    postings = outcome.staffing.postings
    ids = postings["worker_id"]
    known = contacts if contacts is not None else pd.DataFrame(columns=["display_name", "duty_phone"])
    shown = known["display_name"].reindex(ids).fillna("").astype(str).to_numpy()
    people = pd.DataFrame(
        {
            "grid_id": postings["grid_id"].to_numpy(),
            "leads": postings["role"].eq(str(Role.GRID_LEADER)).to_numpy(),
            "called": np.where(shown == "", ids.to_numpy(), shown),
            "phone": known["duty_phone"].reindex(ids).fillna("").astype(str).to_numpy(),
        }
    ).sort_values(["grid_id", "leads"], ascending=[True, False], kind="stable")
    join = word("remarks", "join", lang)

    def joined(table: pd.DataFrame, column: str) -> pd.Series[str]:
        some = table[table[column].ne("")]
        return some.groupby("grid_id")[column].agg(lambda names: join.join(dict.fromkeys(names)))

    return pd.DataFrame(
        {
            "leader": joined(people[people["leads"]], "called"),
            "workers": joined(people[~people["leads"]], "called"),
            "phone": joined(people, "phone"),
        }
    )


def _remarks(outcome: Outcome, lang: Language | str) -> list[str]:
    """Return for each grid its reason, whether nobody is posted, and hours beyond capacity."""
    vacant, overloads = set(outcome.staffing.vacancies), outcome.staffing.overloads
    remarks = []
    for grid_id, reason in outcome.grids[f"reason_{lang}"].fillna("").items():
        parts = [str(reason)]
        if grid_id in vacant:
            parts.append(word("remarks", "vacant", lang))
        if grid_id in overloads:
            parts.append(word("remarks", "overload", lang).format(hours=round(overloads[str(grid_id)])))
        remarks.append(" ".join(filter(None, parts)))
    return remarks


def _units(outcome: Outcome) -> pd.DataFrame:
    columns = ["unit_id", "grid_id", "community_id", "compound", "households", "residents", "buildings"]
    table = outcome.units.rename_axis("unit_id").reset_index()
    if outcome.micro_of is not None:
        table["micro_grid_id"] = table["unit_id"].map(outcome.micro_of).fillna("")
        columns.insert(2, "micro_grid_id")
    return pd.DataFrame(table[[c for c in columns if c in table]])


def _summary(outcome: Outcome, lang: Language | str) -> pd.DataFrame:
    """Return grids, households, residents and hours of each community, and of all."""
    grids = outcome.grids
    parts = pd.DataFrame(
        {
            "community_id": grids["community_id"],
            "grids": 1,
            "in_band": grids["in_band"].fillna(value=False).astype("int64"),
            **{c: grids[c] for c in ("units", "households", "residents", "workload_h")},
        }
    )
    table = parts.groupby("community_id").sum()
    names = outcome.study.areas["name"].reindex(table.index).fillna("")
    total = table.sum().to_frame().T.set_axis([word("remarks", "total", lang)])
    both = pd.concat([table, total]).round().astype("int64")
    both.insert(0, "community", [*names.astype(str), ""])
    return both.drop(columns="units").rename_axis("community_id").reset_index()


def _coverage(outcome: Outcome, lang: Language | str) -> pd.DataFrame:
    """Return the rates of communities and of the areas above them."""
    rates = outcome.coverage.rates
    rates = rates[rates["level"].ne("grid")].reset_index(drop=True)
    names = outcome.study.areas["name"].reindex(rates["area_id"]).fillna("").astype(str).to_numpy()
    table = rates.assign(
        area_name=names,
        level=[word("levels", level, lang) for level in rates["level"]],
        basis=[word("bases", basis, lang) for basis in rates["basis"]],
    )
    columns = ["area_id", "area_name", "level", "service", "basis", "total", "covered", "rate_share"]
    return table[[*columns, "target_share", "shortfall"]]
