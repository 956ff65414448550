"""Stand buildings on parcels: towers, low blocks of several entrances, courtyard houses, shops."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

KERB_M = 7.0  # from the parcel's edge, where the street or wall is, to the first building
CLEAR_M = 14.0  # from a river or railway to the nearest building


@dataclass(frozen=True)
class BuildingKind:
    """A kind of building: footprint, distance to the next one, entrances and homes.

    Parameters
    ----------
    width_m, depth_m
        Footprint.
    pitch_x_m, pitch_y_m
        Distance of centres along and across the row.
    entrances
        Fewest and most entrances.
    storeys
        Fewest and most storeys.
    homes
        Homes an entrance and storey; fewest and most.
    walled
        Share of the parcels of this kind that are compounds with a wall.
    """

    width_m: float
    depth_m: float
    pitch_x_m: float
    pitch_y_m: float
    entrances: tuple[int, int]
    storeys: tuple[int, int]
    homes: tuple[int, int]
    walled: float


KINDS = {
    "tower": BuildingKind(30, 18, 46, 44, (1, 2), (11, 18), (2, 2), 0.9),
    "high_tower": BuildingKind(32, 20, 50, 48, (2, 2), (26, 33), (4, 4), 1.0),
    "block": BuildingKind(46, 12, 56, 27, (2, 4), (5, 6), (2, 2), 0.6),
    "court": BuildingKind(12, 9, 16, 15, (1, 1), (1, 1), (1, 3), 0.0),
    "shop": BuildingKind(24, 12, 34, 30, (1, 1), (1, 1), (0, 0), 0.0),
}


def stand(parcel: shapely.Polygon, kind: BuildingKind, *, angle: float) -> NDArray[np.object_]:
    """Fill a parcel with footprints in rows that face the same way.

    Parameters
    ----------
    parcel
        The ground, metres.
    kind
        What stands there.
    angle
        Direction of the rows, radians from east.

    Returns
    -------
    numpy.ndarray
        Footprints inside the parcel, row by row from the south; may be empty.
    """
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    inner = shapely.transform(parcel.buffer(-KERB_M, join_style="mitre"), lambda xy: xy @ turn)
    if inner.is_empty:
        return np.array([], dtype=object)
    west, south, east, north = inner.bounds
    across = np.arange(west + kind.width_m / 2, east - kind.width_m / 2 + 0.01, kind.pitch_x_m)
    along = np.arange(south + kind.depth_m / 2, north - kind.depth_m / 2 + 0.01, kind.pitch_y_m)
    y, x = (grid.ravel() for grid in np.meshgrid(along, across, indexing="ij"))
    half_w, half_d = kind.width_m / 2, kind.depth_m / 2
    boxes = shapely.box(x - half_w, y - half_d, x + half_w, y + half_d)
    boxes = boxes[shapely.within(boxes, inner)]
    return np.array(shapely.transform(boxes, lambda xy: xy @ turn.T))


def furnish(footprints: NDArray[np.object_], kind: BuildingKind, rng: np.random.Generator) -> pd.DataFrame:
    """Draw entrances and homes for each footprint.

    Returns
    -------
    pandas.DataFrame
        entrances, homes (an entrance), geometry; one row a building.
    """
    count = len(footprints)
    storeys = rng.integers(kind.storeys[0], kind.storeys[1] + 1, count)
    homes = storeys * rng.integers(kind.homes[0], kind.homes[1] + 1, count)
    entrances = rng.integers(kind.entrances[0], kind.entrances[1] + 1, count)
    return pd.DataFrame({"entrances": entrances, "homes": homes, "geometry": footprints})
