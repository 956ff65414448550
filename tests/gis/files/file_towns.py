"""A tiny town of two communities side by side, written into a folder in any format."""

from __future__ import annotations

import gzip
import io
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import tomli_w
from shapely import Point, box, to_wkt

CRS = "EPSG:4542"  # CGCS2000 three-degree belt of 99 east, where the town lies
WEST, SOUTH = 100.0, 35.58
STEP = 0.01  # about 900 m: the side of a community
SUFFIX = {
    "csv-utf8": ".csv",
    "csv-gb18030": ".csv",
    "csv.gz": ".csv.gz",
    "xlsx": ".xlsx",
    "geojson": ".geojson",
    "gpkg": ".gpkg",
    "shp.zip": ".zip",
}
SPATIAL = ("geojson", "gpkg", "shp.zip")


def square(column: int, row: int = 0, *, size: float = STEP):
    """Square in lon, lat; column 0 is the west community, column 1 the east one."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return box(west, south, west + size, south + size)


def spot(east: float, north: float) -> Point:
    """Point at shares of a community's side from the south-west corner."""
    return Point(WEST + east * STEP, SOUTH + north * STEP)


@dataclass
class Town:
    """Tables as lists of rows (a row's ``geometry`` is a shape), and the study file as nested dicts."""

    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    study: dict[str, object] = field(default_factory=dict)
    after: list[Callable[[Path], None]] = field(default_factory=list)
    broken: bool = False  # the study file is no TOML
    no_crs: bool = False  # the table under test does not say its coordinate system

    def rows(self, table: str) -> list[dict[str, object]]:
        return self.tables[table]

    def section(self, name: str) -> dict[str, object]:
        return self.study.setdefault(name, {})

    def finally_(self, change: Callable[[Path], None]) -> None:
        """Change the written file of the table under test."""
        self.after.append(change)


def make_town(*tables: str) -> Town:
    """Return the clean town with areas, households and what else is asked for."""
    areas = [
        {"area_id": "6325", "level": "subdistrict", "name": "镇", "geometry": square(0).union(square(1))},
        {"area_id": "632501", "level": "community", "name": "城西", "parent_id": "6325", "geometry": square(0)},
        {"area_id": "632502", "level": "community", "name": "城东", "parent_id": "6325", "geometry": square(1)},
    ]
    homes = [
        {
            "household_id": f"00{n}",
            "households": 10 + n,
            "residents": 30 + n,
            "compound": "河畔小区",
            "address": f"河边路{n}号",
            "geometry": spot(0.2 + 0.3 * n, 0.5),
        }
        for n in range(1, 6)
    ]
    more = {
        "facilities": [
            {
                "facility_id": f"F{n}",
                "kind": "clinic",
                "name": f"诊所{n}",
                "status": "existing",
                "geometry": spot(n, 0.4),
            }
            for n in (0.3, 0.6, 1.3)
        ],
        "workers": [
            {"worker_id": f"W{n}", "role": "grid_worker", "fte": 0.5, "geometry": spot(0.3 * n, 0.3)}
            for n in (1, 2, 3)
        ],
        "events": [
            {
                "event_id": f"E{n}",
                "kind": "噪声",
                "at": f"2026-03-0{n}",
                "minutes": 30,
                "geometry": spot(0.2 * n, 0.3),
            }
            for n in (1, 2, 3)
        ],
        "buildings": [
            {"building_id": f"B{n}", "address": f"河边路{n}号", "geometry": spot(0.2 + 0.3 * n, 0.5).buffer(0.0003)}
            for n in range(1, 6)
        ],
        "units": [{"unit_id": f"U{n}", "households": 100 + n, "geometry": square(n % 2, size=STEP)} for n in (0, 1)],
        "paths": [{"u": "n1", "v": "n2", "length_m": 120}, {"u": "n2", "v": "n3", "length_m": 130}],
        "paths_nodes": [{"node_id": f"n{n}", "geometry": spot(0.1 * n, 0.5)} for n in (1, 2, 3)],
        "groupings": [
            {"group": "1", "rule": "同格", "unit_id": "001"},
            {"group": "1", "rule": "同格", "unit_id": "002"},
            {"group": "1", "rule": "apart", "unit_id": "003"},
            {"group": "1", "rule": "apart", "unit_id": "004"},
            {"group": "1", "rule": "apart", "unit_id": "005"},
        ],
        "present": [{"household_id": f"00{n}", "grid_id": "632501001"} for n in (1, 2, 3)],
    }
    chosen = {"areas": areas, "households": homes} | {name: more[name] for name in tables}
    if "units" in chosen:
        del chosen["households"]
    return Town(chosen, {"study": {"id": "town", "name": "小镇", "crs": CRS}})


def write_town(town: Town, folder: Path, table: str, fmt: str) -> Path:
    """Write the town with `table` in format `fmt`; return the study file."""
    inputs = town.section("inputs")
    for name, rows in town.tables.items():
        own = fmt if name == table else ("geojson" if name == "areas" or name == "units" else "csv-utf8")
        path = folder / f"{name}{SUFFIX[own]}"
        write_table(rows, path, own, name, no_crs=town.no_crs and name == table)
        inputs.setdefault(name, path.name)
    for change in town.after:
        change(folder / f"{table}{SUFFIX[fmt]}")
    study = folder / "study.toml"
    study.write_text(tomli_w.dumps(town.study) + ("\n[" if town.broken else ""), encoding="utf-8")
    return study


def write_table(rows: list[dict[str, object]], path: Path, fmt: str, layer: str, *, no_crs: bool = False) -> None:
    if fmt in SPATIAL:
        _write_layer(rows, path, fmt, layer, no_crs=no_crs)
    elif fmt == "xlsx":
        _write_workbook(rows, path)
    else:
        text = _flat(rows).to_csv(index=False)
        data = text.encode("gb18030" if fmt == "csv-gb18030" else "utf-8")
        path.write_bytes(gzip.compress(data) if fmt == "csv.gz" else data)


def _flat(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows with x, y in place of points, and WKT in place of other shapes."""
    made = []
    points = all(isinstance(r.get("geometry"), Point | None) for r in rows)
    for row in rows:
        shape = row.get("geometry")
        own = {k: v for k, v in row.items() if k != "geometry"}
        if points and "geometry" in row:
            own |= {"x": None, "y": None} if shape is None else {"x": shape.x, "y": shape.y}
        elif "geometry" in row:
            own["geometry"] = (
                shape if shape is None or isinstance(shape, str) else to_wkt(shape, rounding_precision=9)
            )
        made.append(own)
    names = list(dict.fromkeys(name for row in made for name in row))
    return pd.DataFrame([[row.get(n) for n in names] for row in made], columns=names, dtype=object)


def _write_workbook(rows: list[dict[str, object]], path: Path) -> None:
    book = openpyxl.Workbook()
    flat = _flat(rows)
    book.active.append(list(flat.columns))
    for record in flat.itertuples(index=False):
        book.active.append([None if v is None or v != v else v for v in record])
    book.save(path)


def _write_layer(rows: list[dict[str, object]], path: Path, fmt: str, layer: str, *, no_crs: bool = False) -> None:
    names = [n for n in dict.fromkeys(n for row in rows for n in row) if n != "geometry"]
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        plain = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        columns[name] = values if plain else pd.array([None if v is None else str(v) for v in values], dtype=object)
    shapes = [row.get("geometry") for row in rows]
    table = gpd.GeoDataFrame(columns, geometry=shapes, crs=None if no_crs else "EPSG:4326")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        if fmt == "gpkg":
            pyogrio.write_dataframe(table, path, driver="GPKG", layer=layer, geometry_type=_kind(table))
        elif fmt == "geojson":
            path.write_text(table.to_json(drop_id=True, ensure_ascii=False), encoding="utf-8")
        else:
            path.write_bytes(zipped_shapefile(table, layer, encoding="UTF-8"))


def _kind(table: gpd.GeoDataFrame) -> str:
    return "Unknown" if len(set(table.geometry.geom_type)) != 1 else str(table.geometry.geom_type.iloc[0])


def _cut(name: str, encoding: str) -> str:
    return name.encode(encoding)[:10].decode(encoding, errors="ignore")


def zipped_shapefile(
    table: gpd.GeoDataFrame, layer: str, *, encoding: str, parts: str = "shp shx dbf prj cpg"
) -> bytes:
    """Return a zipped Shapefile; leave `cpg` out to hide the encoding."""
    made = io.BytesIO()
    with tempfile.TemporaryDirectory() as name:
        shp = Path(name) / f"{layer}.shp"
        table.columns = [_cut(str(name), encoding) for name in table.columns]  # as the format cuts them
        pyogrio.write_dataframe(table, shp, driver="ESRI Shapefile", encoding=encoding)
        with zipfile.ZipFile(made, "w") as archive:
            for part in parts.split():
                if shp.with_suffix(f".{part}").exists():
                    archive.write(shp.with_suffix(f".{part}"), f"{layer}.{part}")
    return made.getvalue()


def _layer_of(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    cells = [{k: str(v) for k, v in row.items() if k != "geometry"} for row in rows]
    return gpd.GeoDataFrame(cells, geometry=[row["geometry"] for row in rows], crs="EPSG:4326")


def rezipped_as_gbk(rows: list[dict[str, object]], path: Path) -> None:
    """Write a zipped Shapefile in GBK that does not say so."""
    path.write_bytes(zipped_shapefile(_layer_of(rows), "layer", encoding="GB18030", parts="shp shx dbf prj"))


def write_empty(rows: list[dict[str, object]], path: Path, fmt: str, layer: str) -> None:
    """Write the table without its records."""
    if fmt in SPATIAL:
        table = _layer_of(rows).iloc[:0]
        path.unlink()
        if fmt == "gpkg":
            pyogrio.write_dataframe(table, path, driver="GPKG", layer=layer, geometry_type="Point")
        elif fmt == "geojson":
            path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
        else:
            path.write_bytes(zipped_shapefile(table, layer, encoding="UTF-8"))
    elif fmt == "xlsx":
        book = openpyxl.Workbook()
        book.active.append([c for c in rows[0] if c != "geometry"])
        book.save(path)
    else:
        path.write_text(",".join(c for c in rows[0] if c != "geometry") + "\n", encoding="utf-8")


def add_layer(path: Path, layer: str) -> None:
    """Add a second layer to a GeoPackage."""
    table = gpd.GeoDataFrame({"note": ["x"]}, geometry=[spot(0.1, 0.1)], crs="EPSG:4326")
    pyogrio.write_dataframe(table, path, driver="GPKG", layer=layer, append=False)
