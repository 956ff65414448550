"""Read and write tables the same way on every machine."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import shapely
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

STAMP = datetime(2026, 1, 1)  # a fixed date, so that a file made twice says the same


def read_text(path: Path) -> pd.DataFrame:
    """Read a source table with every value as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write_csv(table: pd.DataFrame, path: Path, *, encoding: str = "utf-8") -> None:
    """Write a CSV with Unix line ends."""
    table.to_csv(path, index=False, lineterminator="\n", encoding=encoding)


def write_geojson(table: gpd.GeoDataFrame, path: Path, *, digits: int = 6) -> None:
    """Write WGS 84 GeoJSON; six digits are 0.11 m, what most sources are rounded to."""
    rounded = table.set_geometry(shapely.transform(table.geometry.array, lambda xy: xy.round(digits)))
    rounded.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=digits, RFC7946="NO")


def write_layers(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """Write a GeoPackage of several layers with a fixed date, coordinates in whole centimetres."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{STAMP:%Y-%m-%dT%H:%M:%S}.000Z"})
    try:
        for name, layer in layers.items():
            shapes = shapely.transform(layer.geometry.array, lambda xy: xy.round(2))
            layer.set_geometry(shapes).to_file(path, layer=name, driver="GPKG", SPATIAL_INDEX="NO")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_xlsx(table: pd.DataFrame, path: Path, *, note: str) -> None:
    """Write a sheet as offices do: a merged note on top, then headers, ids as text."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = STAMP
    sheet = book.active
    sheet.append([note])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(table.columns))
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet["A1"].font = Font(bold=True)
    sheet.append(list(table.columns))
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        sheet.append(list(row))
    for at, name in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 14
        if pd.api.types.is_string_dtype(table[name]):
            for (cell,) in sheet.iter_rows(min_row=3, min_col=at, max_col=at):
                cell.number_format = "@"
    sheet.freeze_panes = "A3"
    book.save(path)
