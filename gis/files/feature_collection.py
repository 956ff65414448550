"""GeoJSON files, read as JSON: no driver that could be talked into opening another file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.encoding import decode
from gis.files.file_kind import FileKind
from gis.files.source import SourceTable
from gis.model.crs import LONLAT
from gis.model.errors import FileRefusedError

__all__ = ["read_feature_collection"]


def read_feature_collection(path: Path) -> SourceTable:
    """Read a FeatureCollection; a geometry that cannot be read is missing.

    Raises
    ------
    FileRefusedError
        If it is no GeoJSON.
    """
    decoded = decode(path.read_bytes())
    try:
        content = json.loads(decoded.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as fault:
        raise FileRefusedError("file-unreadable", reason=str(fault)[:120]) from fault
    features = _features(content)
    properties = [f.get("properties") if isinstance(f.get("properties"), dict) else {} for f in features]
    facts: dict[str, dict[str, str | int]] = {}
    if decoded.encoding in ("gb18030", "utf-16"):
        facts["encoding-read"] = {"encoding": decoded.encoding.upper()}
    return SourceTable(
        FileKind.GEOJSON,
        _frame(properties),
        np.arange(1, len(features) + 1, dtype=np.int64),
        geometry=_geometries(features),
        crs=_crs(content),
        facts=facts,
    )


def _features(content: object) -> list[Mapping[str, object]]:
    found = content.get("features") if isinstance(content, dict) else None
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection" or not isinstance(found, list):
        raise FileRefusedError("file-kind-refused", kind="JSON")
    return [f if isinstance(f, dict) else {} for f in found]


def _frame(properties: list[object]) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = [p for p in properties if isinstance(p, dict)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame({n: [_cell(row.get(n)) for row in rows] for n in names}, dtype=object, index=range(len(rows)))


def _cell(value: object) -> str | None:
    """Return a value as text, exactly as it was written: ids keep their zeros, whole numbers their look."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value).strip() or None


def _geometries(features: list[Mapping[str, object]]) -> NDArray[np.object_]:
    texts = [json.dumps(f["geometry"]) if isinstance(f.get("geometry"), dict) else None for f in features]
    made: NDArray[np.object_] = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    return made


def _crs(content: object) -> str:
    """Return the CRS that old GeoJSON may name; today's is always WGS 84."""
    named = content.get("crs") if isinstance(content, dict) else None
    properties = named.get("properties") if isinstance(named, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return str(name) if name and "CRS84" not in str(name) else LONLAT
