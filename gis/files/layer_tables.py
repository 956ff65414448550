"""Tables that are layers of their own: rows with a shape, every column there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.files.input_tables import InputTable, input_tables
from gis.files.repair import Shapes
from gis.files.typed_table import TypedTable
from gis.model.kinds import BarrierKind

__all__ = ["barrier_table", "facility_table", "with_shapes"]


def with_shapes(table: TypedTable, shapes: Shapes, crs: str) -> gpd.GeoDataFrame:
    """Return the rows that have an id and a shape, sorted by id."""
    columns = [c for c in table.frame.columns if c not in ("x", "y", "geometry")]
    made = gpd.GeoDataFrame(table.frame[columns], geometry=shapes, crs=crs)
    good = ~shapely.is_missing(shapes)
    if table.spec.id is None:
        return made[good].reset_index(drop=True)
    good &= made[table.spec.id].notna().to_numpy() & ~made[table.spec.id].duplicated().to_numpy()
    return made[good].set_index(table.spec.id).sort_index()


def barrier_table(found: gpd.GeoDataFrame | None, fixed_lines: gpd.GeoDataFrame | None, crs: str) -> gpd.GeoDataFrame:
    """Return the barriers, fixed lines among them, with every column; empty where there are none."""
    tables = [] if found is None else [_filled(found, {"name": None})]
    if fixed_lines is not None:
        lines = _filled(fixed_lines, {"name": None})
        tables.append(lines.assign(kind=pd.Series(str(BarrierKind.BOUNDARY), index=lines.index, dtype="str")))
    if not tables:
        return gpd.GeoDataFrame({"kind": _no_text(), "name": _no_text()}, geometry=[], crs=crs)
    columns = ["kind", "name", "geometry"]
    return tables[0] if len(tables) == 1 else pd.concat([table[columns] for table in tables], ignore_index=True)


def facility_table(found: gpd.GeoDataFrame | None, crs: str) -> gpd.GeoDataFrame:
    """Return the facilities with every column that measures and siting read."""
    spec: InputTable = input_tables()["facilities"]
    if found is None:
        index = pd.Index([], name=spec.id, dtype="str")
        found = gpd.GeoDataFrame({"kind": _no_text()}, geometry=[], crs=crs).set_index(index)
    numbers = dict.fromkeys(("capacity_residents", "floor_area_m2", "cost"), np.nan)
    texts = dict.fromkeys(("name", "tier", "tenure", "funding"))
    made = _filled(found, {**texts, **numbers, "status": "existing"})
    return made.assign(status=made["status"].fillna("existing"))


def _no_text() -> pd.Series:
    return pd.Series([], dtype="str")


def _filled(table: gpd.GeoDataFrame, defaults: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the table with the columns it lacks."""
    more = {
        name: pd.Series([value] * len(table), index=table.index, dtype=float if isinstance(value, float) else "str")
        for name, value in defaults.items()
        if name not in table
    }
    return table.assign(**more)
