"""Make examples/ang_mo_kio from the Singapore source folder.

python -m examples.make.ang_mo_kio SOURCE [--out examples/ang_mo_kio]
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from examples.make import roads as road_lines
from examples.make.residents import (
    NATIONAL_65_SHARE_2014,
    NATIONAL_65_SHARE_2020,
    model_residents,
)
from examples.make.rosters import duty_contacts, post_now, present_plan, roster
from examples.make.tables import read_text, write_csv, write_geojson

AREA = "AM"
CRS_M = "EPSG:3414"
SEED = 20220630
ROUND_M = 1000.0  # facilities and paths this far outside the boundary serve people inside
FLAT_TYPES = {
    "room12": ["1room_sold", "2room_sold", "studio_apartment_sold", "1room_rental", "2room_rental"],
    "room3": ["3room_sold", "3room_rental"],
    "room4": ["4room_sold"],
    "room5": ["5room_sold", "exec_sold", "multigen_sold", "other_room_rental"],
}
RENTAL = ["1room_rental", "2room_rental"]
BARRIER_CLASSES = ["motorway", "trunk", "primary"]
LINK_CLASSES = ["motorway_link", "trunk_link", "primary_link"]
LEVEL_NAMES = {"community": "subzone", "subdistrict": "planning_area", "county": "region"}


def areas(source: Path) -> gpd.GeoDataFrame:
    """Subzones, the planning area, and the part of its region the study covers."""
    every = gpd.read_file(source / "boundaries.geojson")
    zones = every[every["parent"] == AREA].sort_values("code")
    whole = every[every["code"] == AREA]
    region = whole.assign(level="region", code=whole["parent"], parent=None)
    region["name"] = "North-East Region (Ang Mo Kio only)"
    table = pd.concat([region, whole, zones], ignore_index=True)
    table["name"] = table["name"].where(table["level"] == "region", table["name"].str.title())
    table["settlement"] = "urban"
    return table[["code", "level", "name", "parent", "settlement", "geometry"]]


def blocks(source: Path) -> pd.DataFrame:
    """Housing blocks of the area with counts as integers, index = block id."""
    table = read_text(source / "blocks.csv")
    table = table[table["planning_area_code"] == AREA].set_index("block_id").sort_index()
    counts = ["total_dwelling_units", *(name for names in FLAT_TYPES.values() for name in names)]
    table = table.astype(dict.fromkeys(counts, np.int64) | dict.fromkeys(["lon", "lat"], float))
    table["households"] = table["total_dwelling_units"]
    table["community_id"] = table["subzone_code"]
    return table


def modelled(source: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Residents and care groups a block, modelled from the area's own marginals."""
    people = read_text(source / "planning_area_residents_2022.csv").set_index("planning_area_code")
    homes = read_text(source / "subzone_dwelling_units_2022.csv")
    homes = homes[homes["planning_area_code"] == AREA].set_index("subzone_code").iloc[:, 2:].astype(int)
    ages = read_text(source / "subzone_population_by_age_2014.csv").set_index("subzone_code")
    ages = ages.filter(like="pop_").astype(float)
    columns = {"room12": "hdb_1_2room", "room3": "hdb_3room", "room4": "hdb_4room", "room5": "hdb_5room_exec"}
    per_dwelling = {
        kind: float(people.loc[AREA, f"res_{name}"]) / homes[f"du_{name}"].sum() for kind, name in columns.items()
    }
    dwellings = pd.DataFrame({kind: table[names].sum(axis=1) for kind, names in FLAT_TYPES.items()})
    dwellings["households"] = table["households"]
    dwellings["rental"] = table[RENTAL].sum(axis=1)
    dwellings["shops"] = table["commercial"] == "Y"
    dwellings["subzone"] = table["subzone_code"]
    growth = NATIONAL_65_SHARE_2020 / NATIONAL_65_SHARE_2014
    young = ages[["pop_0_4", "pop_5_9", "pop_10_14"]].sum(axis=1)
    return model_residents(
        dwellings,
        persons_per_dwelling=per_dwelling,
        share_65=ages["pop_65_plus"] / ages["pop_total"] * growth,
        share_0_14=young / ages["pop_total"],
        rng=np.random.default_rng(SEED),
    )


def network(source: Path, zone: shapely.Geometry) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Undirected edges and nodes of the largest piece of the network near the area."""
    nodes = read_text(source / "roads" / "nodes.csv").set_index("osm_node_id")
    nodes = nodes.astype({"lon": float, "lat": float})
    places = gpd.GeoSeries(gpd.points_from_xy(nodes["lon"], nodes["lat"]), nodes.index, crs=4326).to_crs(CRS_M)
    places = places[places.within(zone.buffer(ROUND_M))]
    edges = read_text(source / "roads" / "edges.csv.gz")
    edges = edges[edges["u"].isin(places.index) & edges["v"].isin(places.index)]
    low = edges[["u", "v"]].astype("int64")
    edges = edges.assign(u=low.min(axis=1).astype(str), v=low.max(axis=1).astype(str))
    edges = edges[edges["u"] != edges["v"]].sort_values(["u", "v", "length_m"], kind="stable")
    edges = edges.drop_duplicates(["u", "v"], ignore_index=True)
    edges = edges[_in_largest_piece(edges)].reset_index(drop=True)
    ends = np.stack([shapely.get_coordinates(places[edges[end]]) for end in ("u", "v")], axis=1)
    lines = gpd.GeoDataFrame(edges, geometry=shapely.linestrings(ends), crs=CRS_M)
    used = sorted(set(edges["u"]) | set(edges["v"]), key=int)
    places = nodes.loc[used, ["lon", "lat"]].set_axis(["x", "y"], axis=1)
    return lines, places.rename_axis("node_id").reset_index()


def _in_largest_piece(edges: pd.DataFrame) -> pd.Series:
    codes, names = pd.factorize(pd.concat([edges["u"], edges["v"]]))
    u, v = codes[: len(edges)], codes[len(edges) :]
    _, piece = connected_components(coo_array((np.ones(len(u)), (u, v)), shape=(len(names), len(names))))
    return pd.Series(piece[u] == np.bincount(piece).argmax(), index=edges.index)


def barriers(lines: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Arterial roads as one line each, with the crossings of lesser streets and paths."""
    zone = zones.geometry.union_all()
    big = lines[lines["highway"].isin(BARRIER_CLASSES) & (lines["name"] != "")]
    middle = road_lines.middle_lines(big)
    middle["geometry"] = middle.geometry.intersection(zone.buffer(40.0))
    middle = middle.explode(ignore_index=True)
    middle = middle[middle.length > 100.0].reset_index(drop=True)
    borders = zones.boundary.explode().union_all()
    laid = road_lines.along_borders(middle, borders, near_m=45.0, least_m=100.0)
    laid.insert(0, "kind", "arterial")
    arms = ~lines["highway"].isin(LINK_CLASSES)
    found = road_lines.crossings(middle, laid, lines, arms)
    return pd.concat([laid, found], ignore_index=True)


def facilities(source: Path, zone: shapely.Geometry) -> pd.DataFrame:
    """Real facilities in and near the area, and non-residential buildings as candidates."""
    real = read_text(source / "facilities.csv")
    spots = gpd.GeoSeries(gpd.points_from_xy(real["lon"], real["lat"]), crs=4326).to_crs(CRS_M)
    real = real[spots.distance(zone) <= ROUND_M]
    real = real.assign(facility_id=real["id"], kind=real["type"], status="existing")
    other = read_text(source / "nonresidential_buildings.csv")
    other = other[other["planning_area_code"] == AREA]
    other = other.assign(
        facility_id=other["building_id"],
        kind="eldercare",
        name="Block " + other["blk_no"] + " " + other["street"].str.title(),
        status="candidate",
    )
    table = pd.concat([real, other]).rename(columns={"lon": "x", "lat": "y"})
    return table[["facility_id", "kind", "name", "status", "x", "y"]].sort_values("facility_id")


def workers(table: pd.DataFrame, zone: shapely.Geometry) -> pd.DataFrame:
    """Synthetic roster with places in WGS 84, kept inside the area."""
    rng = np.random.default_rng(SEED + 1)
    places = pd.DataFrame(
        {
            "community_id": table["community_id"],
            "households": table["households"],
            "x_m": table["x_svy21"].astype(float),
            "y_m": table["y_svy21"].astype(float),
        }
    )
    made = roster(places, leads=128, others=8, languages=("zh", "en", "ms", "ta"), part_time_share=0.06, rng=rng)
    spots = gpd.GeoSeries(gpd.points_from_xy(made["x_m"], made["y_m"]), crs=CRS_M)
    if not spots.within(zone.buffer(200.0)).all():
        raise ValueError("a synthetic worker fell outside the area; choose another seed")
    spots = spots.to_crs(4326)
    made["x"], made["y"] = spots.x.round(5), spots.y.round(5)
    return made.drop(columns=["x_m", "y_m"])


def household_rows(table: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """One row a block: real columns first, modelled ones named so."""
    real = pd.DataFrame(
        {
            "block_id": table.index,
            "building_id": table.index,
            "address": (table["blk_no"] + " " + table["street"]).to_numpy(),
            "subzone_code": table["subzone_code"].to_numpy(),
            "lon": table["lon"].to_numpy(),
            "lat": table["lat"].to_numpy(),
            "dwellings": table["households"].to_numpy(),
        }
    )
    return pd.concat([real, counts.add_suffix("_modelled").reset_index(drop=True)], axis=1)


def make(source: Path, out: Path) -> None:
    """Write every file of the example that is made from the source."""
    out.mkdir(parents=True, exist_ok=True)
    bounds = areas(source)
    zones = bounds[bounds["level"] == "subzone"].to_crs(CRS_M)
    zone = zones.geometry.union_all()
    table = blocks(source)
    counts = modelled(source, table)
    lines, nodes = network(source, zone)
    staff = workers(table, zone)
    now = present_plan(table, households_target=400, order=["street", "blk_no"])
    staff.insert(8, "grid_id", post_now(staff, now))
    write_geojson(bounds, out / "areas.geojson")
    write_csv(household_rows(table, counts), out / "blocks.csv")
    paths = lines.rename(columns={"highway": "kind", "oneway": "one_way"})
    write_csv(paths[["u", "v", "length_m", "kind", "one_way", "name"]], out / "paths.csv")
    write_csv(nodes, out / "path_nodes.csv")
    write_geojson(barriers(lines, zones).to_crs(4326), out / "barriers.geojson")
    write_csv(facilities(source, zone), out / "facilities.csv")
    write_csv(staff, out / "workers_synthetic.csv")
    write_csv(duty_contacts(staff), out / "contacts_synthetic.csv")
    write_csv(now.reset_index(), out / "present_synthetic.csv")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "ang_mo_kio")
    options = parser.parse_args()
    make(options.source, options.out)
