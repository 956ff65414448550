"""Make benchmarks/singapore, the whole city as one study, from the Singapore source folder.

python -m examples.make.singapore SOURCE [--out benchmarks/singapore]
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from examples.make.ang_mo_kio import CRS_M
from examples.make.borders import matched
from examples.make.tables import read_text, write_csv, write_geojson

TOLERANCE_M = 5.0
LATTICE_M = 0.5  # ten borders lack vertices on one side and lie up to this far apart
KINDS = ("eldercare", "chas_clinic", "childcare", "hawker_centre", "community_club")
PARENTS = {"planning_area": "subzone", "region": "planning_area"}


def areas(source: Path) -> gpd.GeoDataFrame:
    """All subzones simplified together, and what is dissolved from them."""
    every = gpd.read_file(source / "boundaries.geojson")
    zones = every[every["level"] == "subzone"].sort_values("code").to_crs(CRS_M)
    simple = shapely.coverage_simplify(matched(zones.geometry.to_numpy(), lattice_m=LATTICE_M), TOLERANCE_M)
    zones = zones.set_geometry(gpd.GeoSeries(simple, zones.index, crs=CRS_M)).to_crs(4326)
    zones["geometry"] = shapely.transform(zones.geometry.array, lambda xy: xy.round(6))
    levels = [zones]
    for level in PARENTS:
        upper = levels[-1].dissolve("parent")[["geometry"]]
        facts = every[every["level"] == level].set_index("code")[["level", "name", "parent"]]
        levels.append(upper.join(facts).rename_axis("code").reset_index())
    table = pd.concat(levels[::-1], ignore_index=True)
    table["name"] = table["name"].str.title()
    table["settlement"] = "urban"
    return table[["code", "level", "name", "parent", "settlement", "geometry"]]


def blocks(source: Path) -> pd.DataFrame:
    """Every located housing block: place in EPSG:3414, dwellings, subzone."""
    table = read_text(source / "blocks.csv").sort_values("block_id")
    names = {
        "block_id": "block_id",
        "x_svy21": "x",
        "y_svy21": "y",
        "total_dwelling_units": "dwellings",
        "subzone_code": "subzone",
    }
    return table[list(names)].rename(columns=names)


def check(zones: gpd.GeoDataFrame, rows: pd.DataFrame) -> None:
    """Refuse borders that do not cover, or that put a block into another subzone."""
    metres = zones.to_crs(CRS_M)
    if not shapely.coverage_is_valid(zones.geometry.to_numpy()):
        raise ValueError("the simplified subzones overlap or leave slivers")
    spots = shapely.points(rows[["x", "y"]].astype(float).to_numpy())
    tree = shapely.STRtree(metres.geometry.to_numpy())
    at, zone = tree.query(spots, predicate="within")
    found = pd.Series(metres["code"].to_numpy()[zone], index=at)
    wrong = np.flatnonzero(found.reindex(range(len(rows))).to_numpy() != rows["subzone"].to_numpy())
    if len(wrong) or len(found) != len(rows):
        raise ValueError(f"{len(wrong)} blocks left their subzone: {rows['block_id'].iloc[wrong].tolist()}")


def facilities(source: Path) -> pd.DataFrame:
    """Real facilities of the kinds the study's services ask for, those inside the city."""
    table = read_text(source / "facilities.csv")
    table = table[table["type"].isin(KINDS) & (table["subzone_code"] != "")].sort_values("id")
    names = {"id": "facility_id", "type": "kind", "name": "name", "lon": "x", "lat": "y"}
    return table[list(names)].rename(columns=names)


def make(source: Path, out: Path) -> None:
    """Write every file of the study that is made from the source."""
    out.mkdir(parents=True, exist_ok=True)
    bounds, rows = areas(source), blocks(source)
    check(bounds[bounds["level"] == "subzone"], rows)
    write_geojson(bounds, out / "areas.geojson")
    write_csv(rows, out / "blocks.csv")
    write_csv(facilities(source), out / "facilities.csv")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "benchmarks" / "singapore")
    options = parser.parse_args()
    make(options.source, options.out)
