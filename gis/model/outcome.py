"""The outcome of the main job: a study, its plan, and everything measured of it."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gis.model.kinds import FacilityStatus
from gis.model.plan import Plan
from gis.model.results import Coverage, Siting, SolveReport, Staffing
from gis.model.scorecard import Scorecard
from gis.model.study import StudyArea

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What ``wangge plan`` makes and ``plan.gpkg`` holds; maps, register and API show nothing else.

    Tables must not be changed in place.

    Parameters
    ----------
    study
        The study area that was planned.
    plan
        Every unit in exactly one grid.
    report
        How the plan was drawn.
    grids
        The `grids` layer of the contract: index ``grid_id``, sorted; community_id, name, kind,
        units, households, residents, workload_h, deviation_share, walk_mean_m, pieces, in_band,
        reason_zh, reason_en, heart_unit_id, sides_zh, geometry. `in_band` is a nullable boolean:
        missing, like `deviation_share`, for grids that no band applies to (dedicated, empty).
    staffing
        Workers posted to grids.
    sitings
        Facilities chosen, one answer a question asked.
    coverage
        Who is served by the facilities that exist; chosen ones do not serve yet.
    scorecard
        The measures of the plan.
    micro_grids
        The `micro_grids` layer: index ``micro_grid_id``, sorted; grid_id, community_id, units, households,
        residents, walk_mean_m, in_band, geometry. None where the study asks for none.
    micro_of
        unit_id -> micro_grid_id; every unit of a general grid is in one. None where there are none.
    """

    study: StudyArea
    plan: Plan
    report: SolveReport
    grids: gpd.GeoDataFrame
    staffing: Staffing
    sitings: tuple[Siting, ...]
    coverage: Coverage
    scorecard: Scorecard
    micro_grids: gpd.GeoDataFrame | None = None
    micro_of: pd.Series[str] | None = None

    @property
    def units(self) -> gpd.GeoDataFrame:
        """A fresh table of the units, sorted by id, with their `grid_id` as first column."""
        units = self.study.units.sort_index().drop(columns="grid_id", errors="ignore")
        columns = ["grid_id", *units.columns]
        return units.assign(grid_id=self.plan.assignment.reindex(units.index))[columns]

    @property
    def facilities(self) -> gpd.GeoDataFrame:
        """A fresh table of the facilities, sorted by id; candidates picked by siting have status ``chosen``."""
        facilities = self.study.facilities.sort_index()
        picked = facilities.index.isin([f for siting in self.sitings for f in siting.chosen])
        status = facilities["status"].mask(picked, str(FacilityStatus.CHOSEN))
        return facilities.assign(status=status)
