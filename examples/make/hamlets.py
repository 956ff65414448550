"""Pastoral hamlets round a synthetic town: a few houses each, far apart, with tracks to the town."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from examples.make.parcels import Quad
from examples.make.town import Community, CommunitySpec

HOUSES = (8, 14)  # a hamlet
YARD_M = 45.0
HOUSE_M = (14.0, 10.0)
EDGE_M = 1_500.0  # from the village's border to the nearest hamlet


def build_village(
    community_id: str,
    name: str,
    ground: shapely.Polygon,
    *,
    households: int,
    apart_m: float,
    rng: np.random.Generator,
) -> Community:
    """Scatter hamlets over a village until its households live there.

    Parameters
    ----------
    community_id, name
        Code and name of the village.
    ground
        Its land, metres.
    households
        One house each.
    apart_m
        Least distance between two hamlets.
    rng
        Source of randomness.

    Returns
    -------
    Community
        One parcel a hamlet (kind `hamlet`, its name as compound), one home a house.
    """
    middles = _middles(ground.buffer(-EDGE_M), apart_m, rng)
    parcels, houses = [], []
    for middle in middles:
        left = households - len(houses)
        if left <= 0:
            break
        count = min(int(rng.integers(HOUSES[0], HOUSES[1] + 1)), left)
        spots = middle + _yards(count, rng)
        half = np.array(HOUSE_M) / 2
        houses += [(len(parcels), box) for box in shapely.box(*(spots - half).T, *(spots + half).T)]
        hull = shapely.convex_hull(shapely.multipoints(spots)).buffer(YARD_M)
        parcels.append(("hamlet", f"{name}{len(parcels) + 1}队", hull))
    if len(houses) < households:
        raise ValueError(f"{name}: only {len(houses)} of {households} houses found room")
    row, boxes = zip(*houses, strict=True)
    corners = shapely.get_coordinates(ground.envelope)[:4]
    spec = CommunitySpec(
        community_id=community_id,
        name=name,
        quad=Quad(tuple(map(tuple, corners))),
        households=households,
        shares={"court": 1.0},
    )
    table = pd.DataFrame({"parcel": row, "kind": "court", "entrances": 1, "homes": 1, "geometry": boxes})
    return Community(spec, pd.DataFrame(parcels, columns=["kind", "compound", "geometry"]), table)


def _middles(ground: shapely.Polygon, apart_m: float, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    west, south, east, north = ground.bounds
    found: list[NDArray[np.float64]] = []
    for spot in rng.uniform((west, south), (east, north), (4_000, 2)):
        far = all(np.hypot(*(spot - other)) >= apart_m for other in found)
        if far and shapely.contains_xy(ground, *spot):
            found.append(spot)
    return found


def _yards(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Pick yards of a small lattice, nearest to its middle first, a little out of line."""
    at = np.arange(-2, 3) * YARD_M
    lattice = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    order = np.argsort(np.hypot(*lattice.T) + rng.uniform(0, 2 * YARD_M, len(lattice)), kind="stable")
    return lattice[order[:count]] + rng.uniform(-8, 8, (count, 2))


def tracks(villages: list[Community], town: shapely.Geometry) -> NDArray[np.object_]:
    """Join each hamlet to the nearest one nearer to town, the nearest ones to the town itself.

    Returns
    -------
    numpy.ndarray
        Straight tracks; they end on the town's streets.
    """
    spots = shapely.centroid([hull for one in villages for hull in one.parcels["geometry"]])
    order = np.argsort(shapely.distance(spots, town), kind="stable")
    lines = []
    for place, at in enumerate(order):
        nearer = spots[order[:place]]
        way = shapely.shortest_line(spots[at], town)
        if len(nearer):
            best = nearer[int(np.argmin(shapely.distance(nearer, spots[at])))]
            way = min(way, shapely.shortest_line(spots[at], best), key=lambda line: line.length)
        lines.append(way)
    return np.array(lines)
