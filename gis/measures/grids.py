"""The `grids` layer: everything that is said of a grid, measured once for table, map, register and API."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from gis.measures.balance import grid_balance
from gis.measures.contiguity import grid_pieces
from gis.measures.convenience import grid_hearts
from gis.measures.outlines import grid_outlines
from gis.measures.sides import grid_sides
from gis.measures.sums import grid_sums
from gis.measures.workload import grid_workload
from gis.model.codes import sequence_of
from gis.model.plan import Plan
from gis.model.results import Reason

if TYPE_CHECKING:
    from gis.model.plan import GridInfo
    from gis.model.results import SolveReport
    from gis.model.study import StudyArea

__all__ = ["GRID_COLUMNS", "called", "measure_grids", "named_grids"]

GRID_COLUMNS = (
    "community_id",
    "name",
    "kind",
    "units",
    "households",
    "residents",
    "workload_h",
    "deviation_share",
    "walk_mean_m",
    "pieces",
    "in_band",
    "reason_zh",
    "reason_en",
    "heart_unit_id",
    "sides_zh",
    "geometry",
)


def measure_grids(
    study: StudyArea, plan: Plan, report: SolveReport | None = None, *, sides: bool = True
) -> gpd.GeoDataFrame:
    """Measure every grid of a plan.

    Parameters
    ----------
    study
        Units with `workload_h`, adjacency, areas, barriers and paths.
    plan
        The grids.
    report
        Its reasons are told for grids outside their band; a plain sentence where it has none.
    sides
        Whether to describe the four sides, the slowest part; an empty text otherwise.

    Returns
    -------
    GeoDataFrame
        Index ``grid_id``, sorted; the columns of `GRID_COLUMNS` in their order.
    """
    study = replace(study, units=study.units.sort_index())
    units = study.units
    assignment = plan.assignment.reindex(units.index)
    balance = grid_balance(study, plan)
    hearts = grid_hearts(units, plan, walks=study.walks)
    sums = grid_sums(units[["households", "residents"]], plan)
    infos = plan.grids.values()
    table = pd.DataFrame(index=sums.index)
    table["community_id"] = pd.array([i.community_id for i in infos], dtype="str")
    table["name"] = pd.array([_name_of(i, study) for i in infos], dtype="str")
    table["kind"] = pd.array([str(i.kind) for i in infos], dtype="str")
    table["units"] = assignment.value_counts().reindex(sums.index).fillna(0).astype("int64")
    table["households"] = sums["households"]
    table["residents"] = sums["residents"]
    table["workload_h"] = grid_workload(study, plan)
    table["deviation_share"] = balance["deviation_share"]
    table["walk_mean_m"] = hearts["walk_mean_m"].reindex(sums.index)
    table["pieces"] = grid_pieces(plan, study.adjacency)
    table["in_band"] = balance["in_band"]
    reasons = _reasons(study, balance, report)
    table["reason_zh"] = pd.array(["" if r is None else r.text("zh") for r in reasons], dtype="str")
    table["reason_en"] = pd.array(["" if r is None else r.text("en") for r in reasons], dtype="str")
    table["heart_unit_id"] = hearts["heart_unit_id"].reindex(sums.index).astype("str")
    table["sides_zh"] = ""
    grids = gpd.GeoDataFrame(table, geometry=grid_outlines(units, plan), crs=units.crs)
    if sides:
        grids["sides_zh"] = grid_sides(grids, study)
    return grids[list(GRID_COLUMNS)]


def named_grids(study: StudyArea, plan: Plan, *, beside: Collection[str] = ()) -> Plan:
    """Call the grids without a name by their community and number, but for those in `beside`."""
    infos = [i if i.grid_id in beside else called(i, study) for i in plan.grids.values()]
    return Plan.of(plan.study_id, plan.assignment, infos, version=plan.version)


def called(info: GridInfo, study: StudyArea) -> GridInfo:
    """Call a grid without a name by its community and number, where its code and the community's name tell them."""
    name = _name_of(info, study)
    return info if name in {info.name, info.grid_id} else replace(info, name=name)


def _name_of(info: GridInfo, study: StudyArea) -> str:
    """Return the grid's own name, else its community's and its number."""
    if info.name:
        return info.name
    number = sequence_of(info.grid_id, info.community_id)
    community = study.areas["name"].get(info.community_id)
    if number is None or community is None or pd.isna(community) or not str(community):
        return info.grid_id
    return f"{community} {number:03d}"


def _reasons(study: StudyArea, balance: pd.DataFrame, report: SolveReport | None) -> list[Reason | None]:
    """Return for each grid outside its band why it is so, None for the others."""
    told = report.grid_reasons if report is not None else {}
    column = str(study.settings.grids.balance_on)
    rows = balance[["load", "minimum", "maximum", "in_band"]].itertuples()
    reasons: list[Reason | None] = []
    for grid_id, load, least, most, in_band in rows:
        if pd.isna(in_band) or in_band:
            reasons.append(told.get(grid_id))
        elif grid_id in told:
            reasons.append(told[grid_id])
        else:
            short = load < least
            facts = {"grid_id": grid_id, "load": round(load), "of": column}
            facts |= {"end": round(least if short else most), "off": ceil(least - load if short else load - most)}
            reasons.append(Reason("grid-below-band" if short else "grid-above-band", facts))
    return reasons
