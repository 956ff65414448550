"""The offset datum GCJ-02 of Chinese web maps, one way, for coordinates that are to arrive in it."""

import numpy as np
from numpy.typing import NDArray

SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940
ECCENTRICITY_2 = 0.00669342162296594323


def to_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift WGS 84 degrees to GCJ-02 degrees, shape (n, 2)."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (wave + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (wave + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    latitude = np.radians(lonlat[:, 1])
    magic = 1 - ECCENTRICITY_2 * np.sin(latitude) ** 2
    radius_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / magic**1.5
    across_m = SEMI_MAJOR_M / np.sqrt(magic) * np.cos(latitude)
    return lonlat + np.degrees(np.column_stack([east / across_m, north / radius_m]))


def from_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo `to_gcj02` to about a millimetre by repeated correction."""
    guess = lonlat.copy()
    for _ in range(8):
        guess += lonlat - to_gcj02(guess)
    return guess
