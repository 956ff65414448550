"""Make examples/xinghai, a synthetic county town, from a list of real names.

    python -m examples.make.xinghai SOURCE [--out examples/xinghai]

SOURCE holds admin_divisions.csv; only names, codes and the seat's place are taken from it.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from examples.make import xinghai_tables as tables
from examples.make.borders import matched
from examples.make.family import CRS, barrier_table, building_table
from examples.make.footprints import CLEAR_M, KINDS, furnish, stand
from examples.make.hamlets import build_village, tracks
from examples.make.homes import People, doors
from examples.make.tables import read_text, write_csv, write_geojson, write_layers, write_xlsx
from examples.make.town import (
    LATTICE_M,
    Community,
    CommunitySpec,
    Cuts,
    bridges,
    build_community,
    streets,
    walking_lines,
)
from examples.make.xinghai_ground import TOWN_CODE, Ground, lay_out, names

SEED = 632524
TOWN = {
    # households and the weights of building kinds; together about 7,150 homes, 18 grids of 400
    "城北": (1_950, {"tower": 0.2, "block": 0.55, "court": 0.25}),
    "城南": (2_000, {"tower": 0.4, "block": 0.45, "court": 0.15}),
    "城东": (1_024, {"tower": 0.3, "block": 0.5, "court": 0.2}),
    "城西": (1_600, {"tower": 0.15, "block": 0.6, "court": 0.25}),
}
HEAVY = (6, 96)  # entrances and homes an entrance of one building heavier than the band
PARCEL_M2 = 13_000.0
POCKET_PARCELS = 2  # with houses behind the railway
VILLAGES = {
    "north": ("632524100201", 118),
    "east": ("632524100200", 96),
    "south": ("632524100202", 124),
    "west": ("632524100203", 107),
}
SCHOOL = ("632524100901", "县中学（专属）")
PARK = ("632524100902", "城东产业园")
PASTORAL = People(persons_per_household=2.75)


def build_town(ground: Ground, codes: dict[str, str], rng: np.random.Generator) -> dict[str, Community]:
    """Build the four communities; one gets a building heavier than the band."""
    built = {}
    for name, (households, shares) in TOWN.items():
        spec = CommunitySpec(
            community_id=codes[name],
            name=name,
            quad=ground.quads[name],
            households=households,
            shares=shares,
            parcel_m2=PARCEL_M2,
        )
        built[name] = build_community(spec, ground.cuts, rng)
    built["城东"] = _with_pocket(_with_heavy_building(built["城东"], ground.cuts), ground.cuts, rng)
    return built


def _free_parcel(one: Community, cuts: Cuts) -> int:
    """Find the roomiest parcel without homes that no river, railway or community border touches."""
    inner = one.spec.quad.polygon.buffer(-5.0)
    shapes = one.parcels["geometry"].to_numpy()
    free = (one.parcels["kind"] == "open").to_numpy() & shapely.within(shapes, inner)
    free &= ~shapely.intersects(shapes, cuts.lines.buffer(20.0))
    if not free.any():
        raise ValueError(f"{one.spec.name} has no free parcel; choose another seed")
    return int(np.argmax(np.where(free, shapely.area(shapes), 0)))


def _without_buildings(one: Community, parcel: int) -> pd.DataFrame:
    return one.buildings[one.buildings["parcel"] != parcel]


def _with_heavy_building(one: Community, cuts: Cuts) -> Community:
    """Stand one long tower of six entrances on a free parcel."""
    at = _free_parcel(one, cuts)
    middle = one.parcels["geometry"][at].centroid
    slab = shapely.box(middle.x - 36, middle.y - 12, middle.x + 36, middle.y + 12)
    row = {"entrances": HEAVY[0], "homes": HEAVY[1], "geometry": slab, "parcel": at, "kind": "high_tower"}
    buildings = pd.concat([_without_buildings(one, at), pd.DataFrame([row])], ignore_index=True)
    parcels = one.parcels.copy()
    parcels.loc[at, ["kind", "compound"]] = ["high_tower", "城东公寓小区"]
    return replace(one, parcels=parcels, buildings=buildings)


def _with_pocket(one: Community, cuts: Cuts, rng: np.random.Generator) -> Community:
    """Stand courtyard houses on the free parcels behind the railway."""
    pieces = shapely.get_parts(one.spec.quad.polygon.difference(cuts.lines.buffer(CLEAR_M)))
    pocket = pieces[np.argmin(shapely.area(pieces))]
    shapes = one.parcels["geometry"].to_numpy()
    room = np.where(one.parcels["kind"] == "open", shapely.area(shapely.intersection(shapes, pocket)), 0.0)
    free = np.argsort(-room, kind="stable")
    parcels, buildings = one.parcels.copy(), one.buildings
    for at in free[:POCKET_PARCELS]:
        houses = stand(shapes[at], KINDS["court"], angle=one.spec.quad.angle)
        rows = furnish(houses[shapely.within(houses, pocket)], KINDS["court"], rng)
        parcels.loc[at, "kind"] = "court"
        buildings = buildings[buildings["parcel"] != at]
        buildings = pd.concat([buildings, rows.assign(parcel=at, kind="court")], ignore_index=True)
    return replace(one, parcels=parcels, buildings=buildings)


def carve_school(one: Community, cuts: Cuts) -> tuple[Community, Community]:
    """Take a free parcel out of a community and make it a dedicated area with one building."""
    at = _free_parcel(one, cuts)
    ground = one.parcels["geometry"][at]
    middle = ground.centroid
    hall = shapely.box(middle.x - 20, middle.y - 8, middle.x + 20, middle.y + 8)
    parcel = pd.DataFrame({"kind": ["open"], "compound": [""], "geometry": [ground]})
    rest = _without_buildings(one, at)
    rest = rest.assign(parcel=rest["parcel"] - (rest["parcel"] > at))
    left = replace(one, parcels=one.parcels.drop(index=at).reset_index(drop=True), buildings=rest)
    return left, _homeless(SCHOOL, one, parcel, [hall])


def build_park(ground: Ground, one: Community) -> Community:
    """Make an industrial park: halls, no homes."""
    west, south, east, north = ground.park.bounds
    x, y = np.meshgrid(np.arange(west + 120, east - 80, 170), np.arange(south + 110, north - 60, 130))
    halls = shapely.box(x.ravel() - 45, y.ravel() - 25, x.ravel() + 45, y.ravel() + 25)
    clear = ground.cuts.lines.buffer(30.0)
    halls = halls[shapely.within(halls, ground.park.buffer(-15)) & ~shapely.intersects(halls, clear)]
    parcel = pd.DataFrame({"kind": ["open"], "compound": [""], "geometry": [ground.park]})
    return _homeless(PARK, one, parcel, list(halls))


def _homeless(
    code: tuple[str, str], like: Community, parcel: pd.DataFrame, halls: list[shapely.Polygon]
) -> Community:
    """A community with buildings and nobody at home."""
    spec = replace(like.spec, community_id=code[0], name=code[1], households=0)
    table = pd.DataFrame({"entrances": 1, "homes": 0, "geometry": halls, "parcel": 0, "kind": "shop"})
    return Community(spec, parcel, table)


def area_table(ground: Ground, every: dict[str, Community], real: pd.Series) -> gpd.GeoDataFrame:
    """Communities, the town and the county, in the planner's words."""
    school = every["school"].parcels["geometry"][0]
    shapes = [ground.quads[name].polygon.difference(school) for name in TOWN]
    shapes += [ground.villages[side].difference(ground.park) for side in VILLAGES]
    shapes += [school, ground.park]
    codes = [every[name].spec.community_id for name in (*TOWN, *VILLAGES)]
    low = pd.DataFrame(
        {
            "区划代码": [*codes, SCHOOL[0], PARK[0]],
            "级别": "社区",
            "名称": [*real[codes], SCHOOL[1], PARK[1]],
            "上级代码": TOWN_CODE,
            "城乡": ["城镇"] * 4 + ["农村"] * 4 + ["城镇"] * 2,
            "划分类型": ["urban"] * 4 + ["pastoral"] * 4 + ["dedicated", "urban"],
        }
    )
    geometry = matched(np.array(shapes), lattice_m=LATTICE_M)
    whole = shapely.union_all(geometry)
    top = pd.DataFrame(
        {
            "区划代码": ["632524000000", TOWN_CODE],
            "级别": ["县", "镇"],
            "名称": ["兴海县（仅子科滩镇，合成）", "子科滩镇（合成）"],
            "上级代码": [None, "632524000000"],
            "城乡": ["农村", "农村"],
            "划分类型": [None, None],
        }
    )
    table = pd.concat([top, low], ignore_index=True).assign(地区组="north")
    return gpd.GeoDataFrame(table, geometry=[whole, whole, *geometry], crs=CRS)


def build(source: Path) -> tables.Town:
    """Build the town, its villages, school and park, and number buildings and doors through."""
    divisions = read_text(source / "admin_divisions.csv")
    ground, real = lay_out(divisions), names(divisions)
    rng = np.random.default_rng(SEED)
    codes = {name: real.index[real.str.startswith(name)][0] for name in TOWN}
    every = build_town(ground, codes, rng)
    every["城北"], every["school"] = carve_school(every["城北"], ground.cuts)
    for side, (code, households) in VILLAGES.items():
        land = ground.villages[side].difference(ground.park).difference(ground.cuts.lines.buffer(400.0))
        every[side] = build_village(code, real[code], land, households=households, apart_m=1_600.0, rng=rng)
    every["park"] = build_park(ground, every["城东"])
    homes, footprints, start = [], [], 1
    for name, one in every.items():
        ids = pd.Series([f"{number:05d}" for number in range(start, start + len(one.buildings))])
        start += len(one.buildings)
        people = PASTORAL if name in VILLAGES else People()
        homes.append(doors(one, ids, people=people, rng=rng).assign(community_id=one.spec.community_id))
        footprints.append(building_table(one, ids))
    buildings = gpd.GeoDataFrame(pd.concat(footprints, ignore_index=True), geometry="geometry", crs=CRS)
    urban = [every[name] for name in TOWN]
    network = streets(urban)
    crossings = [bridge for name, river in ground.cuts.rivers for bridge in bridges(name, river, network)]
    lines = walking_lines(network, ground.cuts, [bar for _, bar in crossings])
    ways = tracks([every[side] for side in VILLAGES], network)
    return tables.Town(
        areas=area_table(ground, every, real),
        buildings=buildings,
        doors=tables.with_addresses(pd.concat(homes, ignore_index=True), real),
        barriers=barrier_table(urban, ground.cuts, [*crossings, *tables.fords(ways, ground.cuts)]),
        paths=gpd.GeoDataFrame(
            {"kind": ["street"] * len(lines) + ["track"] * len(ways)},
            geometry=[*lines, *ways],
            crs=CRS,
        ),
    )


def make(source: Path, out: Path) -> None:
    """Write every file of the example."""
    out.mkdir(parents=True, exist_ok=True)
    town = build(source)
    rng = np.random.default_rng(SEED + 1)
    write_geojson(town.areas.to_crs(4326), out / "boundaries.geojson", digits=8)
    write_layers({"buildings": town.buildings, "barriers": town.barriers, "paths": town.paths}, out / "town.gpkg")
    write_xlsx(tables.household_sheet(town), out / "households.xlsx", note=tables.NOTE)
    write_csv(tables.facility_rows(town, rng), out / "facilities.csv", encoding="utf-8-sig")
    staff, contacts = tables.staff_rows(town, rng)
    write_csv(staff, out / "workers_gbk.csv", encoding="gb18030")
    write_csv(contacts, out / "contacts.csv", encoding="gb18030")
    write_csv(tables.event_rows(town, rng), out / "events.csv")
    write_csv(tables.present_rows(town), out / "present.csv")
    write_xlsx(tables.work_item_sheet(), out / "work_items.xlsx", note=tables.NOTE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "xinghai")
    options = parser.parse_args()
    make(options.source, options.out)
