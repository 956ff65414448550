"""Grids from one table of units, for those who have no study file."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
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
        Processes to work on; a script that asks for several begins under ``if __name__ == "__main__":``.

    Returns
    -------
    Series
        unit id -> grid id, named ``grid_id``, on the index of `units`; ``.attrs["report"]`` is the
        :class:`~gis.model.results.SolveReport`. Units at one place, or under another unit, share its grid.

    Raises
    ------
    SettingError
        If the CRS is not in metres, `load` is missing, ids are not unique, or a unit has no place, no count or
        nothing to stay within.

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
    grid_of = drawn.plan.assignment.reindex(_standing(units, study, within))
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
    _refuse_nowhere(units)
    counts = np.rint(_numbers(units, load)).astype(np.int64)
    community = units[within].astype(str) if within in units else pd.Series(_ALL, index=units.index)
    if within is not None and within in units and units[within].isna().any():
        raise _without(units, within, int(units[within].isna().to_numpy().argmax()))
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


def _refuse_nowhere(units: gpd.GeoDataFrame) -> None:
    """Refuse a table without units, and units that are neither all points nor all polygons."""
    if not len(units):
        raise SettingError("draw-no-units")
    kinds = shapely.get_type_id(units.geometry.to_numpy())
    areal = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    fitting = kinds == shapely.GeometryType.POINT if kinds[0] == shapely.GeometryType.POINT else areal
    nowhere = ~fitting | shapely.is_empty(units.geometry.to_numpy())
    if nowhere.any():
        raise SettingError("draw-unit-nowhere", unit_id=str(units.index[int(nowhere.argmax())]))


def _numbers(units: gpd.GeoDataFrame, load: str) -> npt.NDArray[np.float64]:
    """Return the loads; refused where one is no number from 0 up."""
    numbers = pd.to_numeric(units[load], errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any():
        raise _without(units, load, int(wrong.argmax()))
    return np.asarray(numbers)


def _without(units: gpd.GeoDataFrame, column: str, at: int) -> SettingError:
    return SettingError(
        "draw-unit-without", unit_id=str(units.index[at]), column=column, value=str(units[column].iloc[at])
    )


def _standing(units: gpd.GeoDataFrame, study: StudyArea, within: str | None) -> pd.Index[str]:
    """Return the study's unit of each row: its own, or the one that it stands on."""
    ids = units.index.astype(str).to_series()
    lost = ~ids.isin(study.units.index).to_numpy()
    inside = shapely.point_on_surface(units.geometry.to_numpy()[lost])
    row, at = shapely.STRtree(study.units.geometry.to_numpy()).query_nearest(inside)
    hosts = study.units.index.to_numpy()[at[np.unique(row, return_index=True)[1]]]
    for unit, host in zip(np.flatnonzero(lost).tolist(), hosts.tolist(), strict=True):
        own, other = _community(units, within, unit), str(study.units["community_id"][host])
        if own != other:
            facts = {"unit_id": ids.iloc[unit], "column": str(within), "value": own, "other": other}
            raise SettingError("draw-unit-astride", **facts)
    ids.iloc[np.flatnonzero(lost)] = hosts
    standing: pd.Index[str] = pd.Index(ids, dtype="str")
    return standing


def _community(units: gpd.GeoDataFrame, within: str | None, at: int) -> str:
    return str(units[within].iloc[at]) if within in units else _ALL


def _ends(band: Band) -> tuple[float, float, float]:
    return band.minimum, band.target, band.maximum


def _cells(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the land nearest to each place, so that communities of points have boundaries."""
    places = points.drop_duplicates("geometry")
    everywhere = shapely.multipoints(places.geometry.to_numpy())
    frame = shapely.buffer(shapely.convex_hull(everywhere), _MARGIN_M)
    cells = shapely.get_parts(shapely.voronoi_polygons(everywhere, extend_to=frame, ordered=True))
    return places.set_geometry(shapely.intersection(cells, frame))
