"""Make examples/kurayoshi from the folder with its census areas.

python -m examples.make.kurayoshi SOURCE [--out examples/kurayoshi]
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from examples.make.rosters import roster
from examples.make.tables import read_text, write_csv, write_geojson

CRS_M = "EPSG:6673"
SEED = 20151001
FORMER_TOWN = "関金町"  # merged into the city in 2005; its areas still carry its name
COMMUNITIES = {
    "31203001": ("倉吉市（旧市域）", "31203"),
    "31203002": ("関金町（旧町）", "31203"),
    "31364001": ("三朝町", "31364"),
}


def units(source: Path) -> gpd.GeoDataFrame:
    """Census small areas with their households and people, in order of their code."""
    borders = gpd.read_file(source / "boundaries.geojson")
    borders = borders[borders["level"] == "small_area"].set_index("code")
    counts = read_text(source / "units.csv").set_index("area_code").sort_index()
    city = np.where(counts["name"].str.startswith(FORMER_TOWN), "31203002", "31203001")
    table = pd.DataFrame(
        {
            "community_id": np.where(counts["municipality_code"] == "31364", "31364001", city),
            "households": counts["households"].astype(int),
            "residents": counts["population"].astype(int),
        }
    )
    geometry = borders.geometry.reindex(table.index)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=borders.crs).rename_axis("unit_id").reset_index()


def areas(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Communities, municipalities and the whole, dissolved from the small areas."""
    low = table.dissolve("community_id")[["geometry"]].rename_axis("area_id").reset_index()
    low["name"] = low["area_id"].map({code: name for code, (name, _) in COMMUNITIES.items()})
    low["parent_id"] = low["area_id"].map({code: parent for code, (_, parent) in COMMUNITIES.items()})
    middle = low.dissolve("parent_id")[["geometry"]].rename_axis("area_id").reset_index()
    middle["name"] = middle["area_id"].map({"31203": "倉吉市", "31364": "三朝町"})
    middle["parent_id"] = "31"
    top = middle.dissolve("parent_id")[["geometry"]].rename_axis("area_id").reset_index()
    top["name"] = "鳥取県（倉吉市と三朝町のみ）"
    top["parent_id"] = None
    levels = {"county": top, "subdistrict": middle, "community": low}
    every = pd.concat([part.assign(level=level) for level, part in levels.items()], ignore_index=True)
    every["settlement"] = "rural"
    return every[["area_id", "level", "name", "parent_id", "settlement", "geometry"]]


def workers(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Synthetic roster that lives in the small areas with households."""
    spots = table.to_crs(CRS_M).representative_point()
    places = pd.DataFrame(table[["community_id", "households"]]).assign(x_m=spots.x, y_m=spots.y)
    made = roster(
        places, leads=68, others=4, languages=("ja", "en"), part_time_share=0.2, rng=np.random.default_rng(SEED)
    )
    homes = gpd.GeoSeries(gpd.points_from_xy(made["x_m"], made["y_m"]), crs=CRS_M).to_crs(4326)
    made["x"], made["y"] = homes.x.round(5), homes.y.round(5)
    return made.drop(columns=["x_m", "y_m"])


def make(source: Path, out: Path) -> None:
    """Write every file of the example that is made from the source."""
    out.mkdir(parents=True, exist_ok=True)
    table = units(source)
    write_geojson(table, out / "units.geojson")
    write_geojson(areas(table), out / "areas.geojson")
    write_csv(workers(table), out / "workers_synthetic.csv")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "kurayoshi")
    options = parser.parse_args()
    make(options.source, options.out)
