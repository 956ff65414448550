"""GeoJSON as RFC 7946 wants it: WGS 84, longitude first, outer rings counter-clockwise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.model.crs import to_lonlat

__all__ = ["feature_collection", "geometry_texts", "plain", "plain_records", "records_of"]

DEGREE_DIGITS = 7  # about a centimetre


def feature_collection(table: gpd.GeoDataFrame, *, columns: Sequence[str], crs: str, **facts: object) -> bytes:
    """Write a table as a FeatureCollection; the index becomes each feature's id.

    Parameters
    ----------
    columns
        Columns that become properties, beside the index.
    crs
        The table's projected CRS.
    **facts
        Foreign members of the collection, such as ``plan`` and ``version``.
    """
    key = str(table.index.name)
    shapes = geometry_texts(table.geometry.to_numpy(), crs)
    records = plain_records(table.reset_index(), [key, *columns])
    features = [
        f'{{"type":"Feature","id":{_json(record[key])},"geometry":{shape or "null"},"properties":{_json(record)}}}'
        for shape, record in zip(shapes, records, strict=True)
    ]
    head = _json({"type": "FeatureCollection", **facts})[:-1]
    return f'{head},"features":[{",".join(features)}]}}'.encode()


def geometry_texts(shapes: NDArray[np.object_], crs: str) -> list[str | None]:
    """Write shapes of a projected CRS as GeoJSON geometries in WGS 84; None where there is no shape."""
    texts: list[str | None] = shapely.to_geojson(_lonlat(shapes, crs)).tolist()
    return texts


def _lonlat(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Project to lon/lat, round, and turn outer rings counter-clockwise."""
    transformer = to_lonlat(crs)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack([lon, lat]), DEGREE_DIGITS)

    moved: NDArray[np.object_] = shapely.orient_polygons(shapely.transform(shapes, project))
    return moved


def plain(values: Any) -> list[Any]:
    """Return a column as plain values; what is missing is None."""
    return [None if gone else v for v, gone in zip(values.tolist(), values.isna().tolist(), strict=True)]


def records_of(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return columns of plain values as rows."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def plain_records(table: Any, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows as plain dicts; what is missing is None."""
    return records_of({name: plain(table[name]) for name in columns})


def _json(value: Mapping[str, Any] | object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
