"""Households: each has a place, inside one community, and the building it belongs to."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.cells import as_text
from gis.files.communities import Communities
from gis.files.notebook import Notebook
from gis.files.places import distinct_rows
from gis.files.repair import Shapes
from gis.files.typed_table import TypedTable
from gis.model.messages import Fact
from gis.model.schemas import GROUP_COLUMNS

__all__ = ["address_key", "household_table", "points_of", "tell_oddities"]

NEAR_BORDER_M = 20.0  # a place outside by less is taken as lying in the nearest community
NEAR_BUILDING_M = 5.0  # a door point beside its building
_INWARD_M = 0.5
_SHORT_ID = 40  # characters up to which ids are sorted as fixed-width text
_NOT_PERSONS = frozenset({"floating_household", "business_premises", "low_income"})  # not counted in residents
_COLUMNS = ("building_id", "compound", "entrance", "address", "community_id")


def points_of(shapes: Shapes) -> Shapes:
    """Return points as they are, and one inner point of every other shape."""
    made = shapes.copy()
    other = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT.value)
    made[other] = shapely.point_on_surface(shapes[other])
    return made


def household_table(
    table: TypedTable,
    shapes: Shapes,
    communities: Communities,
    book: Notebook,
    *,
    buildings: gpd.GeoDataFrame | None,
    crs: str,
) -> gpd.GeoDataFrame:
    """Return the typed table of households, index ``household_id``, each with its place and community.

    Parameters
    ----------
    shapes
        Places in metres; None where the row gives none, so that its building or address does.
    """
    frame = table.frame.copy()
    size = len(frame)
    for name in _COLUMNS:
        if name not in frame:
            frame[name] = pd.Series([None] * size, dtype="str")
    if "households" not in frame:
        frame["households"] = np.ones(size, dtype=np.int64)
    points = _by_building(table, frame, points_of(shapes), buildings, book)
    points, held = _inside(table, points, communities, book)
    _check_community(table, frame, held, communities, book)
    if buildings is not None:
        frame["building_id"] = _building_ids(table, frame, points, buildings, book)
    frame["community_id"] = pd.Series(communities.ids_at(held), dtype="str")
    tell_oddities(table, book)
    return _indexed(frame, points, crs)


def _indexed(frame: pd.DataFrame, points: Shapes, crs: str) -> gpd.GeoDataFrame:
    good = frame["household_id"].notna().to_numpy() & ~shapely.is_missing(points)
    columns = [c for c in frame.columns if c not in ("household_id", "x", "y", "geometry")]
    made = gpd.GeoDataFrame(frame[columns], geometry=points, crs=crs)
    made.index = pd.Index(frame["household_id"].astype("str"), name="household_id")
    made = made[good]
    return made.iloc[_order(made.index)]


def _order(ids: pd.Index) -> NDArray[np.int64]:
    """Return the order that sorts ids; four times quicker than sorting objects where they are short."""
    values = ids.to_numpy(dtype=object)
    longest = max(map(len, values), default=0)
    keys = values.astype(f"U{longest}") if longest <= _SHORT_ID else values
    return np.argsort(keys, kind="stable")


def _by_building(
    table: TypedTable, frame: pd.DataFrame, points: Shapes, buildings: gpd.GeoDataFrame | None, book: Notebook
) -> Shapes:
    """Give rows without a place that of their building, or of the building at their address."""
    missing = shapely.is_missing(points)
    if missing.any() and buildings is not None:
        places = pd.Series(points_of(buildings.geometry.to_numpy()), index=buildings.index)
        points[missing] = _looked_up(frame["building_id"][missing], places)
        still = shapely.is_missing(points)
        if still.any() and "address" in buildings:
            named = pd.Series(places.to_numpy(), index=address_key(buildings["address"]))
            named = named[named.index.notna() & ~named.index.duplicated(keep=False)]
            points[still] = _looked_up(address_key(frame["address"][still]), named)
    lost = shapely.is_missing(points)
    asked = {"geometry", "x", "y"} & set(table.theirs) or table.shapes is not None
    if not asked or buildings is not None:
        book.at("household-without-place", table.place, lost & missing, ids=table.ids)
    return points


def _looked_up(keys: pd.Series, places: pd.Series) -> Shapes:
    found = places.index.get_indexer(pd.Index(keys.astype(object)))
    made = np.full(len(keys), None, dtype=object)
    made[found >= 0] = places.to_numpy(dtype=object)[found[found >= 0]]
    return made


def address_key(texts: pd.Series) -> pd.Series:
    """Return addresses without spaces and case, for comparison."""
    return as_text(texts).str.replace(r"\s+", "", regex=True).str.lower()


def _inside(
    table: TypedTable, points: Shapes, communities: Communities, book: Notebook
) -> tuple[Shapes, NDArray[np.int64]]:
    """Return the points and the community of each; those just outside are moved over the border."""
    here = ~shapely.is_missing(points)
    held = np.full(len(points), -1, dtype=np.int64)
    held[here] = communities.holding(points[here])
    outside = np.flatnonzero(here & (held < 0))
    if not len(outside) or not len(communities.ids):
        return points, held
    at, nearest = communities.tree.query_nearest(points[outside], all_matches=False)
    metres = shapely.distance(points[outside[at]], communities.shapes[nearest])
    near = metres <= NEAR_BORDER_M
    moved, owners = outside[at[near]], nearest[near]
    away = dict(zip(outside[at].tolist(), metres.tolist(), strict=True))
    points[moved] = _moved_in(points[moved], communities.shapes[owners])
    held[moved] = owners
    book.at(
        "household-near-border",
        table.place,
        moved,
        ids=table.ids,
        each=lambda i: {"metres": round(away[i], 1), "community": str(communities.ids[held[i]])},
    )
    far = outside[at[~near]]
    book.at("household-outside", table.place, far, ids=table.ids, each=lambda i: {"metres": round(away[i])})
    return points, held


def _moved_in(points: Shapes, shapes: Shapes) -> Shapes:
    """Return the nearest points a little inside the shapes."""
    inner = shapely.buffer(shapes, -_INWARD_M)
    inner = np.where(shapely.is_empty(inner), shapes, inner)
    return shapely.get_point(shapely.shortest_line(inner, points), 0)


def _check_community(
    table: TypedTable, frame: pd.DataFrame, held: NDArray[np.int64], communities: Communities, book: Notebook
) -> None:
    """Check the community that a row states against the one it lies in."""
    if "community_id" not in table.frame:
        return
    said = frame["community_id"]
    meant = communities.by_text(said)
    raw, column = said.to_numpy(dtype=object), table.theirs["community_id"]
    unknown = said.notna().to_numpy() & meant.isna().to_numpy()
    book.at(
        "community-unknown", table.place, unknown, column=column, ids=table.ids, each=lambda i: {"value": str(raw[i])}
    )
    wanted = pd.Index(communities.ids).get_indexer(pd.Index(meant.astype(object)))
    against = (wanted >= 0) & (held >= 0) & (wanted != held)
    book.at(
        "community-contradicts-place",
        table.place,
        against,
        column=column,
        ids=table.ids,
        each=lambda i: {"value": str(raw[i]), "found": str(communities.ids[held[i]])},
    )


def _building_ids(
    table: TypedTable, frame: pd.DataFrame, points: Shapes, buildings: gpd.GeoDataFrame, book: Notebook
) -> pd.Series:
    """Return the building of every row: the one it names, else the one it stands in or beside."""
    named = frame["building_id"]
    known = named.isin(buildings.index).to_numpy()
    book.at(
        "building-unknown",
        table.place,
        named.notna().to_numpy() & ~known & ~shapely.is_missing(points),
        column=table.theirs.get("building_id"),
        ids=table.ids,
        each=lambda i: {"value": str(named.iloc[i])},
    )
    made = named.astype(object).where(known, None).to_numpy(dtype=object).copy()
    rest = np.flatnonzero(~known & ~shapely.is_missing(points))
    if len(rest):
        order = np.argsort(buildings.index.to_numpy(dtype=object), kind="stable")
        ids = buildings.index.to_numpy(dtype=object)[order]
        tree = shapely.STRtree(buildings.geometry.to_numpy()[order])
        back, xy = distinct_rows(shapely.get_coordinates(points[rest]))
        places = np.asarray(shapely.points(xy), dtype=object)
        at, which = tree.query_nearest(places, max_distance=NEAR_BUILDING_M, all_matches=False)
        found = np.full(len(places), None, dtype=object)
        found[at] = ids[which]
        made[rest] = found[back]
    alone = int(sum(m is None for m in made))
    if alone:
        book.add("households-without-building", table=table.spec.name, file=table.place.file, count=alone)
    return pd.Series(made, dtype="str")


def _beside(counts: NDArray[np.int64], residents: NDArray[np.float64], i: int) -> dict[str, Fact]:
    return {"count": int(counts[i]), "residents": int(residents[i])}


def tell_oddities(table: TypedTable, book: Notebook) -> None:
    """Tell counts that do not go together: groups above residents, residents below households."""
    frame, place = table.frame, table.place
    if "residents" not in frame:
        return
    residents = frame["residents"].to_numpy(dtype=float, na_value=np.nan)
    for group in GROUP_COLUMNS:
        if group in frame and group not in _NOT_PERSONS:
            counts = frame[group].to_numpy()
            book.at(
                "group-above-residents",
                place,
                counts > residents,
                column=table.theirs[group],
                ids=table.ids,
                each=partial(_beside, counts, residents),
            )
    if "households" in frame:
        households = frame["households"].to_numpy()
        book.at(
            "residents-below-households",
            place,
            (residents > 0) & (residents < households),
            column=table.theirs["residents"],
            ids=table.ids,
            each=lambda i: {"residents": int(residents[i]), "households": int(households[i])},
        )
