"""Grids from one table of units, for those who have no study file."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.model.crs import require_metres
from gis.model.errors import SettingError
from gis.model.inputs import StudyInputs
from gis.model.kinds import BalanceOn
from gis.model.standards import Band
from gis.model.study import GridSettings, StudyArea, StudySettings
from gis.space import build_study
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings

__all__ = ["draw"]

_ALL = "all"  # the one community of a table without a column to stay within
_MARGIN_M = 50.0  # land around the outermost points


def draw(
    units: gpd.GeoDataFrame,
    *,
    load: str = "households",
    band: tuple[float, float, float] = (300, 400, 500),
    within: str | None = "community_id",
    grid_count: int | None = None,
    rng_seed: int = 0,
    processes: int = 1,
) -> pd.Series[str]:
    """Draw connected, balanced, compact grids from a table of units.

    Parameters
    ----------
    units
        Polygons that cover their ground, or points; index = unit ids; a projected CRS in metres.
    load
        Count column that is balanced and that weights the distance.
    band
        Smallest, wanted and largest load of a grid; soft, the ends belong to it.
    within
        Column that a grid never crosses; a missing column or None means one community for all.
    grid_count
        Number of grids in all; None: from load and band.
    rng_seed
        Seed; one seed gives one answer on any number of processes.
    processes
        Processes to work on.

    Returns
    -------
    Series
        unit id -> grid id, named ``grid_id``, on the index of `units`; ``.attrs["report"]`` is the
        :class:`~gis.model.results.SolveReport`.

    Raises
    ------
    SettingError
        If the CRS is not in metres, `load` is missing or ids are not unique.

    Examples
    --------
    >>> import geopandas as gpd, shapely, wangge
    >>> squares = [shapely.box(x, y, x + 10, y + 10) for y in (0, 10) for x in (0, 10, 20, 30)]
    >>> units = gpd.GeoDataFrame({"households": 100}, geometry=squares, crs="EPSG:3414", index=range(8))
    >>> wangge.draw(units, band=(400, 400, 400)).value_counts().to_list()
    [4, 4]
    """
    study = _study_of(units, load, Band(*band), within)
    settings = PartitionSettings(band=Band(*band), grid_count=grid_count, rng_seed=rng_seed)
    drawn = draw_grids(study, settings, processes=processes)
    grid_of = drawn.plan.assignment.reindex(units.index.astype(str))
    answer = pd.Series(grid_of.to_numpy(), index=units.index, name="grid_id", dtype="str")
    answer.attrs["report"] = drawn.report
    return answer


def _study_of(units: gpd.GeoDataFrame, load: str, band: Band, within: str | None) -> StudyArea:
    """Make a study area of nothing but units."""
    if units.crs is None:
        raise SettingError("setting-nonsense", name="units.crs", value="None", allowed="a projected CRS in metres")
    require_metres(units.crs)
    if load not in units:
        raise SettingError("setting-nonsense", name="load", value=load, allowed=", ".join(map(str, units.columns)))
    ids = pd.Index(units.index.astype(str), name="unit_id")
    if ids.has_duplicates:
        raise SettingError(
            "setting-nonsense", name="units.index", value=str(ids[ids.duplicated()][0]), allowed="unique ids"
        )
    counts = np.rint(units[load].to_numpy(dtype=np.float64)).astype(np.int64)
    if (counts < 0).any():
        raise SettingError("setting-nonsense", name=load, value=int(counts.min()), allowed=">= 0")
    community = units[within].astype(str) if within in units else pd.Series(_ALL, index=units.index)
    table = gpd.GeoDataFrame(
        {"community_id": community.to_numpy(), "households": counts, "residents": counts},
        geometry=units.geometry.to_numpy(),
        index=ids,
        crs=units.crs,
    )
    points = bool((shapely.get_type_id(table.geometry.to_numpy()) == shapely.GeometryType.POINT).all())
    ground = _cells(table) if points else table
    areas = ground.dissolve("community_id")[["geometry"]].rename_axis("area_id")
    areas = areas.assign(level="community", name=areas.index, parent_id=None, settlement=None, profile=None)
    empty = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=units.crs))
    inputs = StudyInputs(
        settings=StudySettings("table", "table", grids=GridSettings(*_ends(band), balance_on=BalanceOn.HOUSEHOLDS)),
        crs=units.crs.to_string(),
        areas=areas,
        households=table.rename_axis("household_id") if points else None,
        units=None if points else table,
        buildings=None,
        barriers=empty.assign(kind="", name=""),
        paths=None,
        facilities=empty.assign(kind="", name="", status="").rename_axis("facility_id"),
        workers=pd.DataFrame(columns=["role"]).rename_axis("worker_id"),
    )
    return build_study(inputs)


def _ends(band: Band) -> tuple[float, float, float]:
    return band.minimum, band.target, band.maximum


def _cells(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the land nearest to each place, so that communities of points have boundaries."""
    places = points.drop_duplicates("geometry")
    everywhere = shapely.multipoints(places.geometry.to_numpy())
    frame = shapely.buffer(shapely.convex_hull(everywhere), _MARGIN_M)
    cells = shapely.get_parts(shapely.voronoi_polygons(everywhere, extend_to=frame, ordered=True))
    return places.set_geometry(shapely.intersection(cells, frame))
