"""Places: where units stand, put together from households and buildings."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.model.inputs import StudyInputs
from gis.space.counts import COUNTS, counts_of, largest_share

__all__ = ["NEAR_BUILDING_M", "SAME_PLACE_M", "Places", "places_of"]

SAME_PLACE_M = 0.1  # places that agree to this are one place
NEAR_BUILDING_M = 5.0  # a door so near to an outline belongs to that building

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where units stand.

    Parameters
    ----------
    table
        Index ``unit_id``, sorted; x, y, households, residents, buildings, group counts, compound,
        community_id (as stated, may be missing), footprint (polygon or None).
    unit_of
        household_id and building_id -> unit_id; empty where there is no present plan to bring over.
    unplaced
        household_id of rows without any place.
    doors
        Rows of households that name a building, with unit_id, entrance (None where not told), their own x and y
        and the counts; None where the data has no entrances.
    """

    table: pd.DataFrame
    unit_of: pd.Series[str]
    unplaced: pd.Index
    doors: pd.DataFrame | None = None


def places_of(inputs: StudyInputs, *, groups: tuple[str, ...], residents_per_household: float) -> Places:
    """Put households and buildings that share a place together; each place becomes a unit.

    A household belongs to the building it names, else to the outline it stands in or within
    `NEAR_BUILDING_M` of, else to the point it stands on. The unit's id is the smallest building_id
    at the place, else the smallest household_id. Cost: a few sorts of the rows.
    """
    rows = _rows(inputs, groups, residents_per_household)
    stands = np.flatnonzero(np.isfinite(rows["x"].to_numpy()))
    unplaced = pd.Index(rows["id"].iloc[np.flatnonzero(~np.isfinite(rows["x"].to_numpy()))])
    rows = rows.iloc[stands].reset_index(drop=True)
    place = _place_codes(rows)
    table, ids = _put_together(rows, place, groups)
    unit_of = _unit_of(rows, ids[place]) if inputs.present is not None else pd.Series(dtype="str")
    return Places(table, unit_of, unplaced, _doors(rows, ids[place], groups))


def _rows(inputs: StudyInputs, groups: tuple[str, ...], residents_per_household: float) -> pd.DataFrame:
    """Return households and buildings as one table: id, building_id, is_building, x, y, counts, footprint."""
    frames = []
    named: pd.Index | None = None
    if inputs.households is not None:
        households = _household_rows(inputs.households, inputs.buildings, groups, residents_per_household)
        frames.append(households)
        named = pd.Index(households["building_id"].dropna().unique())
    if inputs.buildings is not None:
        frames.append(_building_rows(inputs.buildings, named, groups, residents_per_household))
    return pd.concat(frames, ignore_index=True)


def _household_rows(
    households: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None, groups: tuple[str, ...], mean: float
) -> pd.DataFrame:
    """Return one row a household, at the place of its building where it names one that has a place."""
    points = np.asarray(households.geometry.to_numpy(), dtype=object)
    if not np.isin(shapely.get_type_id(points), (-1, 0)).all():  # -1: no place
        points = np.asarray(shapely.centroid(points), dtype=object)
    rows = counts_of(households, groups=groups, default_households=1, residents_per_household=mean)
    rows.insert(0, "id", households.index.astype(str).to_numpy())
    rows["is_building"] = False
    rows["building_id"] = _text(households, "building_id")
    rows["x"], rows["y"] = shapely.get_x(points), shapely.get_y(points)
    rows["footprint"] = None
    rows["entrance"] = _text(households, "entrance")
    rows["door_x"], rows["door_y"] = rows["x"], rows["y"]
    if buildings is None:
        return rows
    shapes = np.asarray(buildings.geometry.to_numpy(), dtype=object)
    ids = pd.Index(buildings.index.astype(str))
    at = ids.get_indexer(pd.Index(rows["building_id"]))
    unnamed = (at < 0) & rows["building_id"].isna().to_numpy()
    at[unnamed] = _building_at(points[unnamed], shapes)
    known = at >= 0
    rows.loc[known, "building_id"] = ids.to_numpy()[at[known]]
    inner = _place_in(shapes)
    rows.loc[known, "x"], rows.loc[known, "y"] = shapely.get_x(inner)[at[known]], shapely.get_y(inner)[at[known]]
    return rows


def _building_at(points: NDArray[np.object_], shapes: NDArray[np.object_]) -> Codes:
    """Return the outline that each point stands in or near, -1 for none; points are no outlines."""
    found = np.full(len(points), -1, dtype=np.int64)
    outlines = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    tree = shapely.STRtree(shapes[outlines])
    at, outline = tree.query_nearest(points, max_distance=NEAR_BUILDING_M, all_matches=True)
    order = np.lexsort((outline, at))
    first = np.unique(at[order], return_index=True)[1]
    found[at[order][first]] = outlines[outline[order][first]]
    return found


def _building_rows(
    buildings: gpd.GeoDataFrame, named: pd.Index | None, groups: tuple[str, ...], mean: float
) -> pd.DataFrame:
    """Return one row a building; its own counts only where no household row names it."""
    shapes = np.asarray(buildings.geometry.to_numpy(), dtype=object)
    ids = buildings.index.astype(str).to_numpy()
    rows = counts_of(buildings, groups=groups, default_households=0, residents_per_household=mean)
    counted_elsewhere = pd.Index(ids).isin(named) if named is not None else np.zeros(len(ids), dtype=bool)
    rows.loc[counted_elsewhere, [c for c in rows.columns if c in (*COUNTS, *groups)]] = 0
    rows.insert(0, "id", ids)
    rows["is_building"] = True
    rows["building_id"] = ids
    inner = _place_in(shapes)
    rows["x"], rows["y"] = shapely.get_x(inner), shapely.get_y(inner)
    outlines = shapes.copy()
    outlines[shapely.get_dimensions(shapes) != 2] = None
    rows["footprint"] = outlines
    rows["entrance"], rows["door_x"], rows["door_y"] = None, np.nan, np.nan
    return rows


def _doors(rows: pd.DataFrame, unit: NDArray[np.object_], groups: tuple[str, ...]) -> pd.DataFrame | None:
    """Return the household rows that name a building, where any names an entrance."""
    if rows["entrance"].isna().all():
        return None
    named = (~rows["is_building"].astype(bool) & rows["building_id"].notna()).to_numpy()
    columns = ["id", "building_id", "entrance", "compound", *COUNTS, *groups]
    doors = rows.loc[named, columns].assign(unit_id=unit[named])
    doors["x"], doors["y"] = rows.loc[named, "door_x"], rows.loc[named, "door_y"]
    return doors.reset_index(drop=True)


def _place_in(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the middle of each shape, or a point on it where the middle lies outside."""
    middle = shapely.centroid(shapes)
    outside = ~shapely.is_missing(shapes) & ~shapely.intersects(shapes, middle)
    return np.asarray(np.where(outside, shapely.point_on_surface(shapes), middle), dtype=object)


def _text(table: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Return a column as text, None where it is absent or empty."""
    if column not in table:
        return np.full(len(table), None, dtype=object)
    values = table[column].astype("object")
    return np.asarray(values.where(values.notna() & (values.astype(str) != ""), None), dtype=object)


def _place_codes(rows: pd.DataFrame) -> Codes:
    """Return the place of each row: one building is one place, and so is what agrees to `SAME_PLACE_M`."""
    building = pd.factorize(rows["building_id"])[0]
    spot = _spot_codes(rows["x"].to_numpy(), rows["y"].to_numpy())
    code = np.where(building >= 0, building, spot + building.max(initial=-1) + 1)
    weight = np.maximum(rows["households"].to_numpy(), 1e-9)
    total = np.maximum(np.bincount(code, weights=weight), 1e-12)
    x = np.bincount(code, weights=weight * rows["x"]) / total
    y = np.bincount(code, weights=weight * rows["y"]) / total
    used = np.unique(code)
    return _spot_codes(x[used], y[used])[np.searchsorted(used, code)]


def _spot_codes(x: NDArray[np.float64], y: NDArray[np.float64]) -> Codes:
    """Return a number for each spot of the raster that decides what is one place."""
    column, row = (np.rint((v - v.min(initial=np.inf)) / SAME_PLACE_M).astype(np.int64) for v in (x, y))
    return np.asarray(pd.factorize(column * (row.max(initial=0) + 1) + row)[0], dtype=np.int64)


def _put_together(
    rows: pd.DataFrame, place: Codes, groups: tuple[str, ...]
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Sum the rows of each place and name it; the table is sorted, the names are by place."""
    count = int(place.max(initial=-1)) + 1
    sums = {c: np.bincount(place, weights=rows[c], minlength=count) for c in (*COUNTS, *groups)}
    sums = {c: np.rint(np.round(v, 6)).astype(np.int64) for c, v in sums.items()}
    weight = np.where(sums["households"][place] > 0, rows["households"].to_numpy(), 1.0)
    total = np.bincount(place, weights=weight, minlength=count)
    middle = {v: np.round(np.bincount(place, weights=weight * rows[v]) / total, 3) for v in ("x", "y")}
    table = pd.DataFrame({**middle, **sums})
    table["buildings"] = _distinct_buildings(rows, place, count)
    table["compound"] = largest_share(place, rows["compound"], rows["households"], count)
    table["community_id"] = largest_share(place, rows["community_id"], rows["households"], count)
    footprint = np.full(count, None, dtype=object)
    drawn = np.flatnonzero(rows["footprint"].notna().to_numpy())
    for at in drawn.tolist():
        shape, p = rows["footprint"].iloc[at], place[at]
        footprint[p] = shape if footprint[p] is None else shapely.union(footprint[p], shape)
    table["footprint"] = footprint
    ids = _names(rows, place, count)
    table.index = pd.Index(ids, name="unit_id", dtype="str")
    return table.sort_index(), ids


def _unit_of(rows: pd.DataFrame, unit: NDArray[np.object_]) -> pd.Series[str]:
    """Return the unit of each household and each building."""
    by_id = pd.Series(pd.array(unit, dtype="str"), index=pd.Index(rows["id"], dtype="str"))
    by_building = pd.Series(pd.array(unit, dtype="str"), index=pd.Index(rows["building_id"], dtype="str"))
    both: pd.Series[str] = pd.concat([by_id, by_building[by_building.index.notna()]])
    first: pd.Series[str] = both[~both.index.duplicated()]
    return first


def _distinct_buildings(rows: pd.DataFrame, place: Codes, count: int) -> Codes:
    """Count the buildings at each place: those named, else one where households live."""
    codes = pd.factorize(rows["building_id"])[0]
    named = codes >= 0
    many = int(codes.max(initial=0)) + 1
    buildings = np.bincount(np.unique(place[named] * many + codes[named]) // many, minlength=count)
    lived = np.bincount(place, weights=rows["households"], minlength=count) > 0
    return np.asarray(np.where((buildings == 0) & lived, 1, buildings), dtype=np.int64)


def _names(rows: pd.DataFrame, place: Codes, count: int) -> NDArray[np.object_]:
    """Return the smallest building_id of each place, else its smallest id; made distinct where both kinds collide."""
    own = rows["building_id"].notna().to_numpy()
    text = np.where(own, rows["building_id"].to_numpy(dtype=object), rows["id"].to_numpy(dtype=object))
    rank = pd.factorize(text, sort=True)[0]
    order = np.lexsort((rank, ~own, place))
    first = np.unique(place[order], return_index=True)[1]
    names = text[order][first].astype(object)
    is_building = own[order][first]
    clash = pd.Index(names).isin(pd.Index(names[is_building])) & ~is_building
    names[clash] = np.array([f"{n}-household" for n in names[clash]], dtype=object)
    return names
