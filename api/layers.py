"""Tables laid on the map: gaps on the outlines of their areas, differences on the outlines of their units."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from api.geojson import geometry_texts
from gis.model.outcome import Outcome
from gis.model.study import StudyArea

__all__ = ["area_outlines", "diff_layer", "gap_layer"]


def area_outlines(outcome: Outcome, level: str) -> Mapping[str, str]:
    """Return the outline of every area of a level as the text of a GeoJSON geometry, by id."""
    areas = outcome.grids if level == "grid" else outcome.study.areas[outcome.study.areas["level"].eq(level)]
    return _outlines(areas, outcome.study.crs)


def gap_layer(answer: bytes, outlines: Mapping[str, str]) -> bytes:
    """Lay the answer of the gap route on the outlines of its areas; every number stays as it is."""
    table = json.loads(answer)
    rows = table.pop("areas")
    return _collection(table, [(row["area_id"], row, outlines.get(row["area_id"])) for row in rows])


def diff_layer(diff: Mapping[str, Any], study: StudyArea) -> bytes:
    """Lay the units that moved on their outlines, with their grids in both plans."""
    rows = diff["units"]
    outlines = _outlines(study.units.loc[study.units.index.intersection([r["unit_id"] for r in rows])], study.crs)
    head = {key: value for key, value in diff.items() if key not in {"units", "grids"}}
    return _collection(head, [(row["unit_id"], row, outlines.get(row["unit_id"])) for row in rows])


def _outlines(table: gpd.GeoDataFrame, crs: str) -> dict[str, str]:
    texts = geometry_texts(table.geometry.to_numpy(), crs)
    return {str(name): text for name, text in zip(table.index, texts, strict=True) if not pd.isna(text)}


def _collection(head: Mapping[str, object], rows: list[tuple[str, Mapping[str, object], str | None]]) -> bytes:
    features = [
        f'{{"type":"Feature","id":{_json(name)},"geometry":{outline or "null"},"properties":{_json(row)}}}'
        for name, row, outline in rows
    ]
    return f'{_json({"type": "FeatureCollection", **head})[:-1]},"features":[{",".join(features)}]}}'.encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
