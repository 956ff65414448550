"""The benchmark family: towns of many Chinese-shaped communities, one seed one town.

python -m examples.make.family OUT [--seed 0] [--communities 60]
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString

from examples.make.borders import matched
from examples.make.homes import People, doors
from examples.make.parcels import Corner, Quad
from examples.make.tables import write_csv
from examples.make.town import (
    LATTICE_M,
    Community,
    CommunitySpec,
    Cuts,
    bridges,
    build_community,
    streets,
    walking_lines,
    walls_and_gates,
)

CRS = "EPSG:4542"  # CGCS2000, 3-degree zone with central meridian 99 E
ORIGIN = (589_000.0, 3_930_000.0)
CELL_M = 720.0
JITTER_M = 70.0
HOUSEHOLDS = (500, 5_000)
BUILDINGS = (20, 300)
PARCEL_M2 = 16_000.0
TRIES = 60
STUDY = """[study]
id = "family-{seed}-{communities}"
name = "合成城镇 Synthetic town {seed}"
profile = "urban"
crs = "EPSG:4542"
notice_zh = "全部为合成数据，种子 {seed}。"
notice_en = "All data are synthetic, seed {seed}."

[inputs]
areas = "areas.gpkg"
households = "households.csv"
buildings = "buildings.gpkg"
barriers = "barriers.gpkg"
paths = "paths.gpkg"
"""


@dataclass(frozen=True)
class FamilyTables:
    """Tables of one town in the contract's columns; all metres in EPSG:4542."""

    areas: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    households: pd.DataFrame
    barriers: gpd.GeoDataFrame
    paths: gpd.GeoDataFrame


def make_family(seed: int, communities: int = 60) -> FamilyTables:
    """Make one town of the family.

    Parameters
    ----------
    seed
        One seed gives one town.
    communities
        Number of communities, each of 20-300 buildings and 500-5,000 households.

    Returns
    -------
    FamilyTables
        areas, buildings (footprints), households (one row an entrance), barriers, paths.
    """
    rng = np.random.default_rng([seed, communities])
    quads = lattice(communities, rng)
    cuts = Cuts(rivers=(("清水河", _river(communities, rng)),))
    built = [_community(number, quad, cuts, rng) for number, quad in enumerate(quads, start=1)]
    network = streets(built)
    crossings = [bridge for name, river in cuts.rivers for bridge in bridges(name, river, network)]
    barriers = barrier_table(built, cuts, crossings)
    lines = walking_lines(network, cuts, [bar for _, bar in crossings])
    homes, footprints = [], []
    start = 1
    for one in built:
        ids = pd.Series([f"{number:05d}" for number in range(start, start + len(one.buildings))])
        start += len(one.buildings)
        rows = doors(one, ids, people=People(), rng=rng)
        homes.append(rows.assign(community_id=one.spec.community_id))
        footprints.append(building_table(one, ids))
    return FamilyTables(
        areas=area_table(built),
        buildings=gpd.GeoDataFrame(pd.concat(footprints, ignore_index=True), geometry="geometry", crs=CRS),
        households=pd.concat(homes, ignore_index=True),
        barriers=barriers,
        paths=gpd.GeoDataFrame({"kind": "street"}, index=range(len(lines)), geometry=lines, crs=CRS),
    )


def lattice(count: int, rng: np.random.Generator) -> list[Quad]:
    """Lay out a jittered lattice of quads that share their corners, row by row from the south-west."""
    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    spot = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1) * CELL_M
    spot = np.round(spot + rng.uniform(-JITTER_M, JITTER_M, spot.shape) + np.array(ORIGIN), 2)

    def corner(row: int, column: int) -> Corner:
        return float(spot[row, column, 0]), float(spot[row, column, 1])

    cells = [(number // columns, number % columns) for number in range(count)]
    return [Quad((corner(r, c), corner(r, c + 1), corner(r + 1, c + 1), corner(r + 1, c))) for r, c in cells]


def _river(count: int, rng: np.random.Generator) -> LineString:
    """Let a river wander from the western to the eastern edge."""
    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    steps = np.arange(-0.5, columns + 0.75, 0.25)
    sway = np.cumsum(rng.normal(0, 0.08, len(steps)))
    y = rows * rng.uniform(0.3, 0.7) + 0.25 * np.sin(steps) + (sway - np.linspace(0, sway[-1], len(steps)))
    return LineString(np.round(np.column_stack([steps, y]) * CELL_M + np.array(ORIGIN), 2))


def _community(number: int, quad: Quad, cuts: Cuts, rng: np.random.Generator) -> Community:
    """Draw what a community is like until what is built lies in the family's ranges."""
    for _ in range(TRIES):
        households = int(np.exp(rng.uniform(*np.log(HOUSEHOLDS))))
        buildings = np.exp(rng.uniform(*np.log(BUILDINGS)))
        spec = CommunitySpec(
            community_id=f"632599{number // 1000:03d}{number % 1000:03d}",
            name=f"合成{number:03d}社区",
            quad=quad,
            households=households,
            shares=_shares(households / buildings),
            parcel_m2=PARCEL_M2,
        )
        made = build_community(spec, cuts, rng)
        fits = BUILDINGS[0] <= len(made.buildings) <= BUILDINGS[1]
        if fits and HOUSEHOLDS[0] <= made.households <= HOUSEHOLDS[1]:
            return made
    raise RuntimeError(f"community {number} did not come out in {TRIES} tries")


def _shares(homes_per_building: float) -> dict[str, float]:
    """Mix building kinds so that a building has about the wanted number of homes."""
    if homes_per_building > 70:
        return {"high_tower": 0.6, "tower": 0.3, "block": 0.1}
    if homes_per_building > 20:
        return {"tower": 0.3, "block": 0.6, "court": 0.1}
    return {"block": 0.45, "court": 0.55}


def area_table(built: list[Community]) -> gpd.GeoDataFrame:
    """Communities, and one subdistrict and county dissolved from them."""
    low = gpd.GeoDataFrame(
        {
            "area_id": [one.spec.community_id for one in built],
            "level": "community",
            "name": [one.spec.name for one in built],
            "parent_id": "632599000",
            "settlement": "urban",
        },
        geometry=matched(np.array([one.spec.quad.polygon for one in built]), lattice_m=LATTICE_M),
        crs=CRS,
    )
    whole = shapely.union_all(low.geometry.to_numpy())
    upper = gpd.GeoDataFrame(
        {
            "area_id": ["632599", "632599000"],
            "level": ["county", "subdistrict"],
            "name": ["合成县", "合成镇"],
            "parent_id": [None, "632599"],
            "settlement": "urban",
        },
        geometry=[whole, whole],
        crs=CRS,
    )
    return gpd.GeoDataFrame(pd.concat([upper, low], ignore_index=True), geometry="geometry", crs=CRS)


def building_table(one: Community, ids: pd.Series) -> pd.DataFrame:
    """Footprints of one community with their ids, compound and homes."""
    built = one.buildings
    return pd.DataFrame(
        {
            "building_id": ids.to_numpy(),
            "compound": one.parcels["compound"].to_numpy()[built["parcel"]],
            "households": (built["entrances"] * built["homes"]).to_numpy(),
            "geometry": built["geometry"].to_numpy(),
        }
    )


def barrier_table(built: list[Community], cuts: Cuts, crossings: list[tuple[str, LineString]]) -> gpd.GeoDataFrame:
    """Walls, gates, rivers, bridges and railways of a town."""
    lines = [("river", name, line) for name, line in cuts.rivers]
    lines += [("railway", name, line) for name, line in cuts.railways]
    lines += [("crossing", name, line) for name, line in crossings]
    table = pd.DataFrame(lines, columns=["kind", "name", "geometry"])
    table = pd.concat([table, *(walls_and_gates(one) for one in built)], ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def write_family(out: Path, seed: int, communities: int) -> None:
    """Write one town of the family as a study folder."""
    out.mkdir(parents=True, exist_ok=True)
    tables = make_family(seed, communities)
    write_csv(tables.households, out / "households.csv")
    for name in ("areas", "buildings", "barriers", "paths"):
        getattr(tables, name).to_file(out / f"{name}.gpkg", layer=name, driver="GPKG")
    (out / "study.toml").write_text(STUDY.format(seed=seed, communities=communities), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--communities", type=int, default=60)
    options = parser.parse_args()
    write_family(options.out, options.seed, options.communities)
