"""Write a study with one CSV row a household: the reading benchmark.

    python benchmarks/make_households.py OUT [--rows 1000000] [--seed 0]

The households are the dwellings of benchmarks/singapore, cut or repeated to the wanted number of
rows; persons a household are drawn at random. Synthetic; nothing of it is kept in the repository.
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

CITY = Path(__file__).parent / "singapore"
SIZES = np.arange(1, 7)
SIZE_SHARES = np.array([0.16, 0.226, 0.214, 0.2, 0.13, 0.07])  # Census 2020; four and more are ours
STUDY = """[study]
id = "households"
name = "新加坡逐户 Singapore by household"
profile = "urban"
crs = "EPSG:3414"

[inputs]
areas = "areas.geojson"
households = "households.csv"

[crs_of]
households = "EPSG:3414"

[columns.areas]
area_id = "code"
parent_id = "parent"

[levels]
county = "region"
subdistrict = "planning_area"
community = "subzone"
"""


def make_households(rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Expand blocks to households, one row each, in a shuffled order.

    Parameters
    ----------
    rows
        Number of households.
    seed
        Seed of sizes and order; one seed gives one table.

    Returns
    -------
    pandas.DataFrame
        household_id, building_id, x, y (EPSG:3414), community_id, residents.
    """
    rng = np.random.default_rng(seed)
    blocks = pd.read_csv(CITY / "blocks.csv", dtype={"block_id": str, "subzone": str}, keep_default_na=False)
    block = np.repeat(np.arange(len(blocks)), blocks["dwellings"])
    block = np.sort(np.resize(rng.permutation(block), rows))
    door = np.arange(rows) - np.searchsorted(block, block)
    chosen = blocks.iloc[block].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "household_id": chosen["block_id"] + "-" + pd.Series(door + 1).astype(str).str.zfill(4),
            "building_id": chosen["block_id"],
            "x": chosen["x"],
            "y": chosen["y"],
            "community_id": chosen["subzone"],
            "residents": rng.choice(SIZES, size=rows, p=SIZE_SHARES),
        }
    )
    return table.iloc[rng.permutation(rows)]


def main() -> None:
    """Write the study into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    make_households(options.rows, seed=options.seed).to_csv(
        options.out / "households.csv", index=False, lineterminator="\n"
    )
    shutil.copy(CITY / "areas.geojson", options.out)
    (options.out / "study.toml").write_text(STUDY, encoding="utf-8")


if __name__ == "__main__":
    main()
