"""The lie of the land of the synthetic county town: quads, river, railway, villages round it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely import LineString

from examples.make.family import CRS
from examples.make.gcj02 import from_gcj02
from examples.make.parcels import Corner, Quad
from examples.make.town import Cuts

TOWN_CODE = "632524100000"
WIDTH_M, HEIGHT_M = 780.0, 680.0  # of one community
LAND_M = (16_000.0, 12_000.0)  # from the middle of the town to the edge of the villages
PARK_M = 700.0
JITTER_M = np.array(
    [[(8, -12), (20, 14), (-6, -18)], [(-22, 10), (16, -20), (12, 24)], [(4, 18), (-14, 6), (10, -8)]]
)


@dataclass(frozen=True)
class Ground:
    """Where everything lies, metres in EPSG:4542.

    Parameters
    ----------
    quads
        The four communities by name.
    villages
        The villages' land by side (north, east, south, west).
    park
        The industrial park east of the town.
    cuts
        River and railway.
    """

    quads: dict[str, Quad]
    villages: dict[str, shapely.Polygon]
    park: shapely.Polygon
    cuts: Cuts


def names(divisions: pd.DataFrame) -> pd.Series:
    """Real names of the town's communities and villages by code, without the committee."""
    inside = divisions[divisions["parent_code"] == TOWN_CODE].set_index("code")["name"]
    return inside.str.replace(r"(居民委员会|民委员会|牧委会)$", "", regex=True)


def lay_out(divisions: pd.DataFrame) -> Ground:
    """Lay the synthetic town where the real one is; nothing of its shape is real."""
    seat = divisions.set_index("code").loc[TOWN_CODE, ["lon_gcj02", "lat_gcj02"]].astype(float).to_numpy()
    lonlat = from_gcj02(seat[None, :])[0]
    middle = np.round(pyproj.Transformer.from_crs(4326, CRS, always_xy=True).transform(*lonlat), -1)
    steps = np.stack(np.meshgrid([-1, 0, 1], [-1, 0, 1]), axis=-1) * np.array([WIDTH_M, HEIGHT_M])
    spot = middle + steps + JITTER_M

    def quad(row: int, column: int) -> Quad:
        at = (spot[row, column], spot[row, column + 1], spot[row + 1, column + 1], spot[row + 1, column])
        return Quad(tuple(_corner(one) for one in at))

    quads = {"城西": quad(0, 0), "城南": quad(0, 1), "城北": quad(1, 0), "城东": quad(1, 1)}
    river = middle + np.array([(-16_500, 900), (-3_000, -150), (-850, -400), (-300, -280), (180, -410), (880, -300)])
    river = np.vstack([river, middle + np.array([(3_500, -900), (16_500, -2_400)])])
    rail = middle + np.array([(160, 12_500), (215, 920), (850, 230), (2_600, -300), (16_500, -900)])
    return Ground(
        quads=quads,
        villages=_villages(spot, middle),
        park=shapely.Polygon([spot[1, 2], spot[1, 2] + (PARK_M, -60), spot[2, 2] + (PARK_M, 90), spot[2, 2]]),
        cuts=Cuts(rivers=(("清水河", LineString(river)),), railways=(("铁路支线", LineString(rail)),)),
    )


def _villages(spot: NDArray[np.float64], middle: NDArray[np.float64]) -> dict[str, shapely.Polygon]:
    """Four pieces of land between the town and a far rectangle."""
    x, y = LAND_M
    sw, se, ne, nw = (middle + np.array(way) for way in ((-x, -y), (x, -y), (x, y), (-x, y)))
    return {
        "south": shapely.Polygon([*spot[0], se, sw]),
        "east": shapely.Polygon([*spot[:, 2], ne, se]),
        "north": shapely.Polygon([*spot[2][::-1], nw, ne]),
        "west": shapely.Polygon([*spot[::-1, 0], sw, nw]),
    }


def _corner(spot: NDArray[np.float64]) -> Corner:
    return float(spot[0]), float(spot[1])
