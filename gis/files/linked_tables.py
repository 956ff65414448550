"""Tables that speak of others: workers, contacts, the present plan, events, growth and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.files.household_places import address_key
from gis.files.notebook import Notebook
from gis.files.repair import Shapes
from gis.files.typed_table import TypedTable
from gis.model.kinds import Role

__all__ = ["LinkedTables", "linked_tables", "unit_ids"]

_WORKER_TEXTS = ("contract", "skills", "languages", "qualification", "grid_id", "community_id")
_PART_TIME = ("part_time", "part time", "兼职", "兼職", "非全日制")


class LinkedTables(TypedDict):
    """The tables without shapes of their own."""

    workers: pd.DataFrame
    contacts: pd.DataFrame | None
    present: pd.DataFrame | None
    work_items: pd.DataFrame | None
    targets: pd.DataFrame | None
    indicators: pd.DataFrame | None
    growth: pd.DataFrame | None
    events: pd.DataFrame | None


def linked_tables(
    tables: Mapping[str, TypedTable],
    areas: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame | None,
    units: gpd.GeoDataFrame | None,
    book: Notebook,
    *,
    buildings: gpd.GeoDataFrame | None,
    points: Mapping[str, Shapes],
    part_time_share: float,
) -> LinkedTables:
    """Return every table that is not a layer; ids that another table does not have are told.

    Parameters
    ----------
    points
        Places in metres of workers and events, by table.
    part_time_share
        Hours of a part-time worker, as a share of full time, where the table does not say.
    """
    workers = _workers(tables.get("workers"), areas, book, points.get("workers"), part_time_share)
    asked = {"present", "growth"} & set(tables)  # a million ids are gathered only for those who ask
    units_known = unit_ids(households, units, buildings) if asked else pd.Index([])
    for name, column, known, other in (
        ("contacts", "worker_id", workers.index, "workers"),
        ("indicators", "area_id", areas.index, "areas"),
        ("growth", "area_id", areas.index, "areas"),
        ("growth", "unit_id", units_known, "units / buildings / households"),
        ("present", "unit_id", units_known, "units / buildings / households"),
        ("present", "household_id", pd.Index([]) if households is None else households.index, "households"),
    ):
        _tell_unknown(tables.get(name), column, known, other, book)
    return LinkedTables(
        workers=workers,
        contacts=_indexed(tables.get("contacts")),
        present=_present(tables.get("present")),
        work_items=_indexed(tables.get("work_items")),
        targets=_plain(tables.get("targets")),
        indicators=_plain(tables.get("indicators")),
        growth=_plain(tables.get("growth")),
        events=_events(tables.get("events"), households, buildings, book, points.get("events")),
    )


def unit_ids(
    households: gpd.GeoDataFrame | None, units: gpd.GeoDataFrame | None, buildings: gpd.GeoDataFrame | None
) -> pd.Index:
    """Return every id that may become a unit's."""
    parts = [table.index.astype(object) for table in (units, buildings, households) if table is not None]
    if households is not None:
        parts.append(pd.Index(households["building_id"].dropna().unique().astype(object)))
    made = pd.Index([], dtype=object)
    for part in parts:
        made = made.append(part)
    return made.unique()


def _tell_unknown(table: TypedTable | None, column: str, known: pd.Index, other: str, book: Notebook) -> None:
    if table is None or column not in table.frame:
        return
    said = table.frame[column]
    odd = said.notna().to_numpy() & (known.get_indexer(pd.Index(said.astype(object))) < 0 if len(known) else True)
    raw = said.to_numpy(dtype=object)
    book.at(
        "reference-unknown",
        table.place,
        odd,
        column=table.theirs[column],
        each=lambda i: {"value": str(raw[i])},
        other=other,
    )


def _workers(
    table: TypedTable | None, areas: gpd.GeoDataFrame, book: Notebook, points: Shapes | None, part_time_share: float
) -> pd.DataFrame:
    """Return the workers with every column that posting reads; who has no place has none."""
    if table is None:
        empty = {name: pd.Series([], dtype="str") for name in ("role", *_WORKER_TEXTS)}
        numbers = {name: pd.Series([], dtype=float) for name in ("fte", "x", "y")}
        return pd.DataFrame({**empty, **numbers}, index=pd.Index([], name="worker_id", dtype="str"))
    _tell_unknown(table, "community_id", areas.index, "areas", book)
    frame = table.frame.copy()
    for name in ("role", *_WORKER_TEXTS):
        if name not in frame:
            frame[name] = pd.Series([None] * len(frame), dtype="str")
    frame["community_id"] = frame["community_id"].where(frame["community_id"].isin(areas.index))
    frame["role"] = frame["role"].fillna(str(Role.GRID_WORKER))
    fte = frame["fte"].to_numpy(dtype=float) if "fte" in frame else np.full(len(frame), np.nan)
    part_time = frame["contract"].str.lower().str.replace("-", "_").isin(_PART_TIME).to_numpy()
    frame["fte"] = np.where(np.isnan(fte), np.where(part_time, part_time_share, 1.0), fte)
    frame["x"], frame["y"] = _xy(points, len(frame))
    good = frame["worker_id"].notna() & ~frame["worker_id"].duplicated()
    return frame[good].set_index("worker_id").sort_index()[["role", "fte", *_WORKER_TEXTS, "x", "y"]]


def _xy(points: Shapes | None, size: int) -> tuple[np.ndarray, np.ndarray]:
    if points is None:
        return np.full(size, np.nan), np.full(size, np.nan)
    return shapely.get_x(points), shapely.get_y(points)


def _indexed(table: TypedTable | None) -> pd.DataFrame | None:
    """Return a table by its id, sorted."""
    if table is None or table.spec.id is None:
        return None
    frame = table.frame
    good = frame[table.spec.id].notna() & ~frame[table.spec.id].duplicated()
    return frame[good].set_index(table.spec.id).sort_index()


def _plain(table: TypedTable | None) -> pd.DataFrame | None:
    return None if table is None else table.frame.copy()


def _present(table: TypedTable | None) -> pd.DataFrame | None:
    """Return the present plan by unit or household, sorted; rows without either are left out."""
    if table is None:
        return None
    key = "unit_id" if "unit_id" in table.frame else "household_id"
    frame = table.frame[[c for c in (key, "grid_id", "worker_id") if c in table.frame]]
    frame = frame[frame[key].notna() & frame["grid_id"].notna()].drop_duplicates(key)
    return frame.set_index(key).sort_index()


def _events(
    table: TypedTable | None,
    households: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    book: Notebook,
    points: Shapes | None,
) -> pd.DataFrame | None:
    """Return events with their places; an address is looked up among buildings and households."""
    if table is None:
        return None
    frame = table.frame.copy()
    x, y = _xy(points, len(frame))
    missing = ~np.isfinite(x)
    if "address" in frame and missing.any():
        known = _addresses(households, buildings)
        at = known.index.get_indexer(pd.Index(address_key(frame["address"]).astype(object)))
        found = missing & (at >= 0)
        x[found] = shapely.get_x(known.to_numpy(dtype=object)[at[found]])
        y[found] = shapely.get_y(known.to_numpy(dtype=object)[at[found]])
    book.at("event-unlocated", table.place, ~np.isfinite(x), ids=table.ids)
    frame["x"], frame["y"] = x, y
    for name, empty in (("kind", pd.Series([None] * len(frame), dtype="str")), ("minutes", np.nan), ("at", pd.NaT)):
        if name not in frame:
            frame[name] = empty
    good = frame["event_id"].notna() & ~frame["event_id"].duplicated()
    return frame[good].set_index("event_id").sort_index()[["kind", "at", "minutes", "x", "y"]]


def _addresses(households: gpd.GeoDataFrame | None, buildings: gpd.GeoDataFrame | None) -> pd.Series:
    """Return address -> point; an address that stands in two places is left out."""
    parts = []
    for table in (buildings, households):
        if table is not None and "address" in table:
            keys = address_key(table["address"])
            parts.append(pd.Series(shapely.point_on_surface(table.geometry.to_numpy()), index=keys.astype(object)))
    made = pd.concat(parts) if parts else pd.Series([], index=pd.Index([], dtype=object), dtype=object)
    made = made[made.index.notna()]
    return made[~made.index.duplicated(keep="first")]
