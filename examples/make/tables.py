"""Write tables the same way on every machine."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

GRID_DEGREES = 1e-6  # 0.11 m: what the sources themselves are rounded to


def write_csv(table: pd.DataFrame, path: Path, *, encoding: str = "utf-8") -> None:
    """Write a CSV with Unix line ends."""
    table.to_csv(path, index=False, lineterminator="\n", encoding=encoding)


def write_geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write WGS 84 GeoJSON, coordinates rounded together so that shared borders stay shared."""
    rounded = table.set_geometry(shapely.transform(table.geometry.array, lambda xy: xy.round(6)))
    rounded.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=6, RFC7946="NO")
