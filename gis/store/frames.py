"""Data frames to rows and back: one column at a time, geometry as WKB with its bounding box."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Boolean, Connection, Integer, Table, select

__all__ = ["Columns", "columns_of", "digest_of", "frame_of", "read_frame", "write_columns"]

_BOX = ("minx", "miny", "maxx", "maxy")
_BOOKKEEPING = ("edition_id", "plan_id", "version", "row", "extra", "wkb", *_BOX)
_CHUNK = 50_000  # rows a statement; more gains nothing and holds the memory


Columns = dict[str, Sequence[Any]]


def columns_of(table: Table, frame: pd.DataFrame) -> Columns:
    """Turn a frame into plain columns of `table`; what the table does not know goes into `extra` as JSON.

    Returns
    -------
    dict
        Column name -> values; ``row`` numbers the rows.
    """
    flat = frame.reset_index() if frame.index.name else frame
    columns: Columns = {
        c.name: _plain(flat[c.name]) for c in table.columns if c.name in flat and c.name not in _BOOKKEEPING
    }
    if "wkb" in table.c:
        shapes = np.asarray(frame["geometry"], dtype=object)
        columns["wkb"] = shapely.to_wkb(shapes).tolist()
        columns |= dict(zip(_BOX, _plain_bounds(shapes), strict=True))
    more = [c for c in flat.columns if c not in columns and c != "geometry" and c not in table.c]
    return {"row": range(len(flat)), **columns, "extra": _extras(flat, more)}


def _plain(column: pd.Series[Any]) -> list[Any]:
    return [None if missing else v for v, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _plain_bounds(shapes: Any) -> list[list[float | None]]:
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return [[None if np.isnan(v) else v for v in column] for column in bounds.T.tolist()]


def _extras(flat: pd.DataFrame, names: list[Any]) -> Sequence[str | None]:
    if not names:
        return [None] * len(flat)
    columns = [_plain(flat[name]) for name in names]
    return [
        json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) for values in zip(*columns, strict=True)
    ]


def digest_of(columns: Columns) -> bytes:
    """Return bytes that are equal only for equal columns."""
    digest = hashlib.sha256()
    for name, values in columns.items():
        digest.update(f"{name}{list(values)!r}".encode())
    return digest.digest()


def write_columns(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    *,
    keys: Mapping[str, object] | None = None,
) -> None:
    """Insert rows with the driver's ``executemany``: nothing stands between the columns and the driver.

    Parameters
    ----------
    keys
        Values of the key columns, the same in every row.
    """
    same = keys or {}
    number = len(next(iter(columns.values())))
    names = [*same, *columns]
    values = [[v] * number for v in same.values()] + list(columns.values())
    statement = table.insert().compile(dialect=connection.dialect, column_keys=names)
    order = list(statement.positiontup or names)
    rows = zip(*(values[names.index(name)] for name in order), strict=True)
    while chunk := list(islice(rows, _CHUNK)):
        given = chunk if connection.dialect.positional else [dict(zip(order, row, strict=True)) for row in chunk]
        connection.exec_driver_sql(str(statement), given)


def read_frame(
    connection: Connection,
    table: Table,
    keys: Mapping[str, object],
    *,
    index: str | None = None,
    crs: str | None = None,
) -> pd.DataFrame:
    """Read the rows of one edition or version, in the order they were written.

    Parameters
    ----------
    keys
        Values of the key columns.
    index
        Column that becomes the index.
    crs
        Coordinate system of the geometry, where there is one.
    """
    wanted = [c for c in table.columns if c.name not in ("edition_id", "plan_id", "version", "row", *_BOX)]
    query = select(*wanted).order_by(table.c.row)
    for name, value in keys.items():
        query = query.where(table.c[name] == value)
    return frame_of(table, [c.name for c in wanted], connection.execute(query).all(), index=index, crs=crs)


def frame_of(
    table: Table, names: list[str], rows: Sequence[Any], *, index: str | None = None, crs: str | None = None
) -> pd.DataFrame:
    """Turn rows back into a typed frame."""
    values = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    frame = pd.DataFrame(
        {
            name: pd.Series(list(values[name]), dtype=_dtype(table, name))
            for name in names
            if name not in ("wkb", "extra")
        }
    )
    extras = [json.loads(e) if e else {} for e in values["extra"]]
    for name in dict.fromkeys(key for extra in extras for key in extra):
        frame[name] = pd.Series([extra.get(name) for extra in extras]).infer_objects()
    if "wkb" in values:
        shapes = shapely.from_wkb(np.array(values["wkb"], dtype=object))
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(shapes), crs=crs), crs=crs)
    return frame if index is None else frame.set_index(index)


def _dtype(table: Table, name: str) -> str:
    column = table.c[name]
    if isinstance(column.type, Boolean):
        return "boolean" if column.nullable else "bool"
    if isinstance(column.type, Integer):
        return "Int64" if column.nullable else "int64"
    return str(column.info.get("dtype", "str"))
