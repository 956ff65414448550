"""The `micro_grids` layer: what is said of the parts that grids are cut into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from gis.measures.convenience import grid_hearts
from gis.measures.outlines import grid_outlines
from gis.measures.sums import grid_sums
from gis.model.plan import GridInfo, Plan

if TYPE_CHECKING:
    from gis.model.standards import Band
    from gis.model.study import StudyArea

__all__ = ["measure_micro_grids"]


def measure_micro_grids(study: StudyArea, plan: Plan, micro_of: pd.Series[str], band: Band) -> gpd.GeoDataFrame:
    """Measure micro-grids.

    Parameters
    ----------
    study, plan
        The units and the grids.
    micro_of
        unit_id -> micro_grid_id; a micro-grid belongs to the grid of its first unit.
    band
        Households of a micro-grid, the ends included.

    Returns
    -------
    GeoDataFrame
        Index ``micro_grid_id``, sorted; grid_id, community_id, units, households, residents, walk_mean_m,
        in_band, geometry.
    """
    micro_of = micro_of.sort_index()
    units = study.units.loc[micro_of.index]
    first = micro_of.drop_duplicates()
    infos = [
        GridInfo(micro_id, str(community))
        for micro_id, community in zip(first, units.loc[first.index, "community_id"], strict=True)
    ]
    parts = Plan.of(study.study_id, micro_of, infos)
    sums = grid_sums(units[["households", "residents"]], parts)
    grid_of = pd.Series(plan.assignment.reindex(first.index).to_numpy(), index=first.to_numpy(), dtype="str")
    table = pd.DataFrame(index=sums.index.rename("micro_grid_id"))
    table["grid_id"] = grid_of.reindex(sums.index).to_numpy()
    table["community_id"] = pd.array([i.community_id for i in parts.grids.values()], dtype="str")
    table["units"] = micro_of.value_counts().reindex(sums.index).to_numpy()
    table["households"], table["residents"] = sums["households"].to_numpy(), sums["residents"].to_numpy()
    hearts = grid_hearts(units, parts, walks=study.walks)
    table["walk_mean_m"] = hearts["walk_mean_m"].reindex(sums.index).to_numpy()
    table["in_band"] = table["households"].between(band.minimum, band.maximum)
    outlines = grid_outlines(units, parts)
    return gpd.GeoDataFrame(table, geometry=outlines.to_numpy(), crs=units.crs)
