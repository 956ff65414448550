"""Compactness of shapes: shares between 0 and 1, a disc has 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["polsby_popper", "reock"]


def polsby_popper(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Return 4 pi area / perimeter squared, missing for a shape without border.

    Polsby & Popper 1991, https://doi.org/10.2139/ssrn.2936284.

    Parameters
    ----------
    shapes
        Polygons in a projected CRS in metres.

    Returns
    -------
    Series
        Named ``polsby_popper_share``, on the index of `shapes`.
    """
    border = shapely.length(shapes.to_numpy())
    area = shapely.area(shapes.to_numpy())
    share = np.divide(4 * np.pi * area, border**2, out=np.full(len(shapes), np.nan), where=border > 0)
    return pd.Series(share, index=shapes.index, name="polsby_popper_share")


def reock(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Return area / area of the smallest enclosing circle, missing for a point.

    Reock 1961, https://doi.org/10.2307/2109043.

    Parameters
    ----------
    shapes
        Polygons in a projected CRS in metres.

    Returns
    -------
    Series
        Named ``reock_share``, on the index of `shapes`.
    """
    radius = shapely.minimum_bounding_radius(shapes.to_numpy())
    area = shapely.area(shapes.to_numpy())
    share = np.divide(area, np.pi * radius**2, out=np.full(len(shapes), np.nan), where=radius > 0)
    return pd.Series(share, index=shapes.index, name="reock_share")
