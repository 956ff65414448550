"""GCJ-02 and BD-09, the offset coordinates of Chinese web maps, and the way back to WGS 84.

The forward formulas are the published ones; the way back is found by fixed-point
iteration to the last bit, so that there and back again is under a micrometre.
Vectorised; cost linear in the number of points.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["bd09_of_wgs84", "gcj02_of_bd09", "gcj02_of_wgs84", "wgs84_of_bd09", "wgs84_of_gcj02"]

Points = NDArray[np.float64]

_AXIS_M = 6378245.0  # Krasovsky 1940, as the offset's authors use it
_ECCENTRICITY2 = 0.00669342162296594323
_ORIGIN = (105.0, 35.0)
_COVER = (72.004, 0.8293, 137.8347, 55.8271)  # the offset is applied inside this box only
_BD_SHIFT = (0.0065, 0.006)
_BD_TURN = np.pi * 3000.0 / 180.0
_ITERATIONS = 30  # each brings about three digits; the loop ends when nothing changes
_EXACT_DEGREES = 1e-14


def gcj02_of_wgs84(lonlat: Points) -> Points:
    """Return GCJ-02 of WGS 84 lon, lat; array (n, 2) in degrees. Points outside China stay."""
    points = np.asarray(lonlat, dtype=float)
    return np.where(_covered(points)[:, None], points + _offset(points), points)


def wgs84_of_gcj02(lonlat: Points) -> Points:
    """Return WGS 84 of GCJ-02 lon, lat; array (n, 2) in degrees. Points outside China stay."""
    points = np.asarray(lonlat, dtype=float)
    return np.where(_covered(points)[:, None], _inverse(points, lambda p: p + _offset(p)), points)


def bd09_of_gcj02(lonlat: Points) -> Points:
    """Return BD-09 of GCJ-02 lon, lat; array (n, 2) in degrees."""
    x, y = np.asarray(lonlat, dtype=float).T
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + _BD_SHIFT[0], radius * np.sin(angle) + _BD_SHIFT[1]])


def gcj02_of_bd09(lonlat: Points) -> Points:
    """Return GCJ-02 of BD-09 lon, lat; array (n, 2) in degrees."""
    return _inverse(np.asarray(lonlat, dtype=float), bd09_of_gcj02)


def bd09_of_wgs84(lonlat: Points) -> Points:
    """Return BD-09 of WGS 84 lon, lat; array (n, 2) in degrees."""
    return bd09_of_gcj02(gcj02_of_wgs84(lonlat))


def wgs84_of_bd09(lonlat: Points) -> Points:
    """Return WGS 84 of BD-09 lon, lat; array (n, 2) in degrees."""
    return wgs84_of_gcj02(gcj02_of_bd09(lonlat))


def _covered(points: Points) -> NDArray[np.bool_]:
    west, south, east, north = _COVER
    x, y = points.T
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north), dtype=bool)


def _inverse(wanted: Points, forward: Callable[[Points], Points]) -> Points:
    """Return what `forward` makes into `wanted`."""
    found = wanted.copy()
    for _ in range(_ITERATIONS):
        step = wanted - forward(found)
        found = found + step
        if not np.nanmax(np.abs(step), initial=0.0) > _EXACT_DEGREES:
            break
    return found


def _offset(points: Points) -> Points:
    """Return the offset in degrees at WGS 84 points."""
    x, y = points[:, 0] - _ORIGIN[0], points[:, 1] - _ORIGIN[1]
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(points[:, 1])
    magic = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel = _AXIS_M / np.sqrt(magic) * np.cos(latitude)
    return np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
