"""Areas: levels named as ours, each inside its parent, communities side by side without overlap."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.notebook import Notebook, Place
from gis.files.privacy import shown
from gis.files.repair import Shapes
from gis.files.typed_table import TypedTable
from gis.model.kinds import Level
from gis.model.messages import Fact
from gis.model.study import DEDICATED

__all__ = ["area_table", "known_levels", "with_levels"]

OVERLAP_TOLERANCE_M2 = 1.0  # full cover is held to this
SLIVER_WIDTH_M = 3.0  # a narrower overlap is a digitising slip, and cut from one of the two
_COLUMNS = ("level", "name", "parent_id", "settlement", "profile", "region", "duty_phone")
_LEVEL_WORDS: Mapping[Level, tuple[str, ...]] = {
    Level.COUNTY: ("县", "区", "县区", "市", "旗", "縣", "區", "district", "city", "town"),
    Level.SUBDISTRICT: ("街道", "乡镇", "镇", "乡", "街", "鄉鎮", "鎮", "鄉", "township"),
    Level.COMMUNITY: ("社区", "村", "居委会", "村委会", "社區", "居民委员会", "嘎查", "village", "neighbourhood"),
}


def known_levels() -> dict[str, Level]:
    """Return the words for levels that are understood without ``[levels]``."""
    return {word: level for level, words in _LEVEL_WORDS.items() for word in (str(level), *words)}


def with_levels(
    table: TypedTable, levels: Mapping[str, Level], book: Notebook
) -> tuple[TypedTable, NDArray[np.bool_]]:
    """Return the table with our levels, and which rows are of a level the study does not use."""
    words = dict(levels) if levels else known_levels()
    texts = table.frame["level"]
    known = {t: words.get(str(t)) or words.get(str(t).lower()) for t in texts.dropna().unique()}
    made = np.array([str(known[t]) if known.get(t) else None for t in texts], dtype=object)
    column = table.theirs["level"]
    odd = np.array([m is None for m in made], dtype=bool) & texts.notna().to_numpy()
    raw = texts.to_numpy(dtype=object)
    if levels:
        for word in sorted({str(raw[i]) for i in np.flatnonzero(odd)}):
            count = int((raw == word).sum())
            book.add("level-ignored", table="areas", file=table.place.file, column=column, value=word, count=count)
    else:
        book.at(
            "value-unknown",
            table.place,
            odd,
            column=column,
            ids=table.ids,
            each=lambda i: {"value": shown(raw[i])},
            allowed=", ".join(Level),
        )
    book.at("value-empty", table.place, texts.isna().to_numpy(), column=column, ids=table.ids)
    frame = table.frame.assign(level=pd.Series(made, dtype="str"))
    missing = np.array([m is None for m in made], dtype=bool)
    return TypedTable(table.spec, frame, table.place, table.theirs, table.shapes, table.crs), missing


def area_table(
    table: TypedTable, shapes: Shapes, crs: str, profiles: Mapping[str, object], book: Notebook
) -> gpd.GeoDataFrame:
    """Return the typed table of areas, index ``area_id``; `table` has our levels, `shapes` are in `crs`."""
    frame = table.frame.copy()
    for name in _COLUMNS:
        if name not in frame:
            frame[name] = pd.Series([None] * len(frame), dtype="str")
    place = table.place
    odd = frame["profile"].notna().to_numpy() & ~frame["profile"].isin(list(profiles)).to_numpy()
    raw = frame["profile"].to_numpy(dtype=object)
    book.at(
        "value-unknown",
        place,
        odd,
        column=table.theirs.get("profile"),
        ids=table.ids,
        each=lambda i: {"value": shown(raw[i])},
        allowed=", ".join(profiles),
    )
    frame["profile"] = frame["profile"].mask(odd)
    good = (
        frame["area_id"].notna().to_numpy()
        & ~frame["area_id"].duplicated().to_numpy()
        & frame["level"].notna().to_numpy()
    )
    good &= ~shapely.is_missing(shapes)
    if not (frame.loc[good, "level"] == Level.COMMUNITY).any():
        book.add("community-absent", table="areas", file=place.file, column=table.theirs.get("level"))
    areas = gpd.GeoDataFrame(frame.drop(columns="area_id"), geometry=shapes, crs=crs)
    areas.index = pd.Index(frame["area_id"].astype("str"), name="area_id")
    areas, place = areas[good], Place(place.table, place.file, place.rows[good], place.counts_rows)
    areas = _with_parents(areas, place, table.theirs.get("parent_id"), set(frame["area_id"].dropna()), book)
    areas = _side_by_side(areas, place, book)
    _tell_gaps(areas, place, book)
    areas["name"] = areas["name"].fillna(areas.index.to_series())
    return areas[[*_COLUMNS, "geometry"]].sort_index()


def _with_parents(
    areas: gpd.GeoDataFrame, place: Place, column: str | None, listed: set[str], book: Notebook
) -> gpd.GeoDataFrame:
    """Check the parents that are given; find those that are not by location."""
    parents = areas["parent_id"].astype(object).where(areas["parent_id"].notna(), None)
    ids = areas.index.to_numpy(dtype=object)
    rank = {level: i for i, level in enumerate(Level)}
    own = areas["level"].map(lambda v: rank[Level(v)]).to_numpy()
    top = own.min() if len(own) else 0
    given = np.array([p is not None for p in parents], dtype=bool)
    known = np.isin(parents.to_numpy(dtype=object).astype(str), list(areas.index))
    unknown = given & ~known & (own > top)
    unlisted = unknown & ~np.isin(parents.to_numpy(dtype=object).astype(str), sorted(listed))
    values = parents.to_numpy(dtype=object).copy()
    book.at("parent-unknown", place, unlisted, column=column, ids=ids, each=lambda i: {"value": shown(values[i])})
    for i in np.flatnonzero(given & known):
        above = areas["level"].get(str(values[i]))
        if above is not None and rank[Level(str(above))] >= own[i]:
            book.at("parent-not-above", place, np.array([i]), column=column, ids=ids, value=str(values[i]))
    values[~(given & known)] = None
    found = _by_location(areas, own, values)
    if found:
        book.add("parent-by-location", table="areas", file=place.file, count=found)
    return areas.assign(parent_id=pd.Series(values, index=areas.index, dtype="str"))


def _by_location(areas: gpd.GeoDataFrame, own: NDArray[np.int64], values: NDArray[np.object_]) -> int:
    """Write into `values` the smallest higher area that holds the area's inner point; count them."""
    shapes = areas.geometry.to_numpy()
    inner = shapely.point_on_surface(shapes)
    order = np.argsort(shapely.area(shapes), kind="stable")
    found = 0
    for i in np.flatnonzero([v is None for v in values]):
        above = [j for j in order if own[j] < own[i] and shapely.contains_properly(shapes[j], inner[i])]
        if above:
            nearest = max(own[j] for j in above)
            values[i] = areas.index[next(j for j in above if own[j] == nearest)]
            found += 1
    return found


def _side_by_side(areas: gpd.GeoDataFrame, place: Place, book: Notebook) -> gpd.GeoDataFrame:
    """Subtract dedicated grounds, cut slivers where communities overlap by a hair; tell real overlaps."""
    at = np.flatnonzero((areas["level"] == Level.COMMUNITY).to_numpy())
    shapes = areas.geometry.to_numpy().copy()
    ids = areas.index.to_numpy(dtype=object)
    dedicated = areas["profile"].eq(DEDICATED).to_numpy()
    tree = shapely.STRtree(shapes[at])
    left, right = tree.query(shapes[at], predicate="intersects")
    for a, b in sorted((at[i], at[j]) for i, j in zip(left, right, strict=True) if i < j):
        both = shapely.intersection(shapes[a], shapes[b])
        area_m2, around_m = float(shapely.area(both)), float(shapely.length(both))
        if area_m2 <= OVERLAP_TOLERANCE_M2:
            continue
        width_m = 2 * area_m2 / around_m
        facts: dict[str, Fact] = {"other": str(ids[a]), "area_m2": round(area_m2, 1), "width_m": round(width_m, 2)}
        ground, of = (a, b) if dedicated[a] else (b, a)
        if dedicated[a] != dedicated[b] and _subtracted(shapes, ground=ground, of=of):
            facts["other"] = str(ids[of])
            book.at("dedicated-subtracted", place, np.array([ground]), ids=ids, each=_always(facts))
        elif width_m > SLIVER_WIDTH_M:
            book.at("areas-overlap", place, np.array([b]), ids=ids, each=_always(facts))
        else:
            shapes[b] = _polygons(shapely.difference(shapes[b], shapes[a]))
            book.at("overlap-cut", place, np.array([b]), ids=ids, each=_always(facts))
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))


def _subtracted(shapes: NDArray[np.object_], *, ground: int, of: int) -> bool:
    """Take a dedicated ground out of a community, in place; not where nothing of it would be left."""
    left = _polygons(shapely.difference(shapes[of], shapes[ground]))
    if shapely.is_empty(left):
        return False
    shapes[of] = left
    return True


def _always(facts: Mapping[str, Fact]) -> Callable[[int], Mapping[str, Fact]]:
    """Return facts that are the same for every record."""
    return lambda _: facts


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > OVERLAP_TOLERANCE_M2]
    return shapely.MultiPolygon(parts) if len(parts) != 1 else shapely.Polygon(parts[0])


def _tell_gaps(areas: gpd.GeoDataFrame, place: Place, book: Notebook) -> None:
    """Tell areas that their children do not fill, and children that reach out of them."""
    ids = areas.index.to_numpy(dtype=object)
    shapes = areas.geometry.to_numpy()
    parents = areas["parent_id"].to_numpy(dtype=object)
    for i in range(len(areas)):
        children = shapes[parents == ids[i]]
        if not len(children):
            continue
        united = shapely.union_all(children)
        share = 100 / float(shapely.area(shapes[i]))
        for code, rest in (
            ("level-gap", shapely.difference(shapes[i], united)),
            ("level-overhang", shapely.difference(united, shapes[i])),
        ):
            area_m2 = float(shapely.area(rest))
            if area_m2 > OVERLAP_TOLERANCE_M2 and 2 * area_m2 / float(shapely.length(rest)) > SLIVER_WIDTH_M:
                facts: dict[str, Fact] = {"area_m2": round(area_m2), "percent": round(area_m2 * share, 2)}
                book.at(code, place, np.array([i]), ids=ids, each=_always(facts))
