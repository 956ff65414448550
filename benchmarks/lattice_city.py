"""A city made by rule: square communities of irregular small areas, ready to be loaded into the service.

    python -m benchmarks.lattice_city OUT [--communities 100] [--units 500] [--grids 29] [--seed 0]

writes the study's files. Synthetic; nothing of it is kept in the repository.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from api.workflow import measure_outcome, read_study
from gis.model.outcome import Outcome
from gis.store import Store
from optimize.partition import draw_grids
from optimize.settings import PartitionSettings

CRS = "EPSG:4526"
SOUTH_WEST_M = (38_500_000.0, 3_300_000.0)
COMMUNITY_M = 1_000.0
TARGET = 400
SPREAD = 0.5  # of the logarithm of a small area's households
WOBBLE = 0.45  # of the distance between two places of the lattice
STUDY = """[study]
id = "lattice-{units}"
name = "棋盘城 Lattice city"
profile = "urban"
crs = "{crs}"

[inputs]
areas = "areas.gpkg"
units = "units.gpkg"

[grids]
households_min = 300
households_target = {target}
households_max = 500

[grids.grid_count]
{counts}
"""


def write_city(out: Path, *, communities: int, units: int, grids: int, seed: int = 0) -> Path:
    """Write the study of a city and return its study file.

    Parameters
    ----------
    communities
        Number of communities, laid out in rows.
    units, grids
        Small areas and grids of each community.
    seed
        Seed of places and households; one seed gives one city.
    """
    rng = np.random.default_rng(seed)
    columns = int(np.ceil(np.sqrt(communities)))
    corners = np.array([(c % columns, c // columns) for c in range(communities)]) * COMMUNITY_M + SOUTH_WEST_M
    places = np.concatenate([corner + _places(rng, units) for corner in corners])
    community = np.repeat([f"c{c:04d}" for c in range(communities)], units)
    rim = shapely.union_all([shapely.box(x, y, x + COMMUNITY_M, y + COMMUNITY_M) for x, y in corners])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places), ordered=True))
    mean = np.log(TARGET * grids / units) - SPREAD**2 / 2
    households = np.maximum(1, rng.lognormal(mean, SPREAD, len(places))).astype(int)
    table = gpd.GeoDataFrame(
        {
            "unit_id": [f"{c}u{i % units:04d}" for i, c in enumerate(community)],
            "households": households,
            "residents": households * 2 + rng.integers(0, 20, len(places)),
            "community_id": community,
        },
        geometry=shapely.intersection(cells, rim),
        crs=CRS,
    )
    out.mkdir(parents=True, exist_ok=True)
    table.to_file(out / "units.gpkg", layer="units")
    _areas(table).to_file(out / "areas.gpkg", layer="areas")
    counts = "\n".join(f"c{c:04d} = {grids}" for c in range(communities))
    text = STUDY.format(units=len(places), crs=CRS, target=TARGET, counts=counts)
    (out / "study.toml").write_text(text, encoding="utf-8")
    return out / "study.toml"


def _places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return places of a wobbling lattice in one community."""
    side = int(np.ceil(np.sqrt(count)))
    chosen = np.sort(rng.permutation(side * side)[:count])
    step_m = COMMUNITY_M / side
    even = np.column_stack([chosen % side, chosen // side]) + 0.5
    return (even + rng.uniform(-WOBBLE, WOBBLE, (count, 2))) * step_m


def _areas(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = units.dissolve("community_id").geometry
    whole = shapely.union_all(shapes.to_numpy())
    return gpd.GeoDataFrame(
        {
            "area_id": ["county", *shapes.index],
            "level": ["county"] + ["community"] * len(shapes),
            "name": ["棋盘城", *(f"第{i + 1}社区" for i in range(len(shapes)))],
            "parent_id": [None] + ["county"] * len(shapes),
        },
        geometry=[whole, *shapes],
        crs=CRS,
    )


def drawn_city(study_file: Path) -> Outcome:
    """Draw the city's grids by the search alone, without proofs, and measure them."""
    _, study = read_study(study_file)
    settings = replace(PartitionSettings.of(study), prove=False)
    return measure_outcome(study, draw_grids(study, settings))


def load_city(folder: Path, database: str, *, communities: int, units: int, grids: int) -> str:
    """Put a city into a database; return the id of its plan."""
    outcome = drawn_city(write_city(folder, communities=communities, units=units, grids=grids))
    store = Store.open(database)
    try:
        return store.save_outcome(outcome)
    finally:
        store.close()


def main() -> None:
    """Write a city into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--communities", type=int, default=100)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--grids", type=int, default=29)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    write_city(asked.out, communities=asked.communities, units=asked.units, grids=asked.grids, seed=asked.seed)


if __name__ == "__main__":
    main()
