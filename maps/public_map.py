"""The public page: my grid, who is responsible, and the phone; nothing but what may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis.model.kinds import Language
from gis.model.standards import ServiceStandard
from maps.labels import label_places, short_code
from maps.layers import Record, plain
from maps.outlines import Corner, corner_of, encode, encode_points, simplified
from maps.palette import BARRIER_COLOURS, INSIDE_TINTS
from maps.strings import say, words
from maps.web_map import page_map, write_page

__all__ = ["public_page_data", "write_public_map"]

PUBLIC_SCRIPTS = ("text", "shapes", "moving", "symbols", "public", "search", "public_start")
GRID_TEXTS = ("grid_id", "community_id", "name", "duty_name", "duty_phone")
FACILITY_TEXTS = ("kind", "name", "status")
RATE_COLUMNS = ("service", "rate_share")
NEAR_M = 1.0  # outlines this near touch


def write_public_map(
    layers: Mapping[str, pd.DataFrame],
    path: Path,
    *,
    lang: Language | str = Language.ZH,
    services: Sequence[ServiceStandard] = (),
) -> None:
    """Write the public page of a plan as one HTML file that asks nothing of the network.

    Parameters
    ----------
    layers
        The public tables, as ``gis.files.public_tables`` makes them: ``grids`` (grid_id, community_id, name,
        duty_name, duty_phone, geometry), and, where there are any, ``about`` (key, value_zh, value_en), ``areas``
        (area_id, name), ``facilities`` (facility_id, kind, name, status, geometry) and ``coverage_rates`` (area_id,
        level, basis, service, rate_share). Other columns are not read: a table with more in it shows no more.
    path
        The HTML file.
    lang
        Language shown first.
    services
        Service standards, so that services are called by their names.
    """
    data = public_page_data(layers, lang=lang, services=services)
    write_page(page_map(data, PUBLIC_SCRIPTS, title=say("public.title", lang, name=data["name"])), path)


def public_page_data(
    layers: Mapping[str, pd.DataFrame],
    *,
    lang: Language | str = Language.ZH,
    services: Sequence[ServiceStandard] = (),
) -> Record:
    """Return everything the public page shows, as one JSON value."""
    grids = gpd.GeoDataFrame(_with_column(layers["grids"], "grid_id")).sort_values("grid_id", ignore_index=True)
    corner = corner_of(grids)
    west, south, east, north = grids.total_bounds
    ends = gpd.GeoSeries.from_xy([west, east], [south, north], crs=grids.crs)
    return _about(layers.get("about")) | {
        "lang": str(lang),
        "strings": {str(one): dict(words(one)) for one in Language},
        "corner": corner,
        "bounds": encode_points(ends, corner),
        "colours": {"tints": INSIDE_TINTS[1], "barrier": dict(BARRIER_COLOURS)},
        "areas": _areas(layers.get("areas")),
        "grids": _grids(grids, corner),
        "facilities": _facilities(layers.get("facilities"), corner),
        "rates": _rates(layers.get("coverage_rates")),
        "services": [{"id": s.service_id, "kind": s.kind, "max_walk_m": s.max_walk_m} for s in services],
    }


def _about(about: pd.DataFrame | None) -> Record:
    """Return the study's name, its notice, whose data it rests on, and the rule that made counts safe."""
    known = {} if about is None else about.set_index("key").to_dict("index")
    texts = {
        f"{key}_{lang}": str(known.get(key, {}).get(f"value_{lang}") or "")
        for key in ("study", "notice", "credits", "rounding")
        for lang in ("zh", "en")
    }
    return texts | {"name": texts["study_zh"], "credits": texts["credits_zh"]}


def _with_column(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table if name in table.columns else table.rename_axis(name).reset_index()


def _texts(table: pd.DataFrame, names: tuple[str, ...]) -> list[Record]:
    """Return the named columns as records of text; a column that is not there is empty."""
    shown = table.drop(columns="geometry", errors="ignore").reindex(columns=list(names))
    rows = shown.itertuples(index=False, name=None)
    return [{n: "" if plain(v) is None else str(v) for n, v in zip(names, row, strict=True)} for row in rows]


def _grids(grids: gpd.GeoDataFrame, corner: Corner) -> list[Record]:
    place = label_places(grids)
    labels = encode_points(gpd.GeoSeries.from_xy(place["x"], place["y"], crs=grids.crs), corner)
    shapes, shades = encode(simplified(grids.geometry), corner), _shades(grids)
    return [
        {"id": text["grid_id"], "short": short_code(text["grid_id"], text["community_id"])}
        | text
        | {"tint": shades[i], "label": labels[i], "radius_m": round(float(place["radius_m"].iloc[i]), 1)}
        | {"shape": shapes[i]}
        for i, text in enumerate(_texts(grids, GRID_TEXTS))
    ]


def _shades(grids: gpd.GeoDataFrame) -> list[int]:
    """Return a shade for every grid, different from those of the grids it touches wherever four are enough."""
    found, other = grids.sindex.query(grids.geometry, predicate="dwithin", distance=NEAR_M)
    near: list[list[int]] = [[] for _ in range(len(grids))]
    for a, b in zip(found.tolist(), other.tolist(), strict=True):
        if a != b:
            near[a].append(b)
    made = [-1] * len(grids)
    for at in sorted(range(len(grids)), key=lambda i: (-len(near[i]), i)):
        taken = [made[n] for n in near[at] if made[n] >= 0]
        made[at] = min(range(len(INSIDE_TINTS[1])), key=lambda t: (taken.count(t), t))
    return made


def _areas(areas: pd.DataFrame | None) -> list[Record]:
    if areas is None:
        return []
    return [
        {"id": a["area_id"], "name": a["name"]} for a in _texts(_with_column(areas, "area_id"), ("area_id", "name"))
    ]


def _facilities(facilities: pd.DataFrame | None, corner: Corner) -> list[Record]:
    if facilities is None or facilities.empty:
        return []
    table = gpd.GeoDataFrame(_with_column(facilities, "facility_id"))
    table = table[table["status"].eq("existing")] if "status" in table else table
    texts = _texts(table, ("facility_id", *FACILITY_TEXTS))
    return [
        {"id": text["facility_id"]} | text | {"place": place}
        for text, place in zip(texts, encode_points(table.geometry, corner), strict=True)
    ]


def _rates(rates: pd.DataFrame | None) -> list[Record]:
    """Return the published rates of residents for the widest level there is."""
    if rates is None or rates.empty:
        return []
    residents = rates[rates["basis"].eq("residents") & rates["rate_share"].notna()]
    for level in ("county", "subdistrict", "community"):
        found = residents[residents["level"].eq(level)].sort_values(["service", "area_id"])
        if not found.empty:
            rows = found[["area_id", *RATE_COLUMNS]].itertuples(index=False, name=None)
            return [{"area_id": str(a), "service": str(s), "rate_share": plain(r)} for a, s, r in rows]
    return []
