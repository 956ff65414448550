"""Where a grid's label stands and what it says."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.model.codes import sequence_of

__all__ = ["fitting_text", "label_places", "short_code"]

TAIL = 3  # characters shown of a code of another scheme
LATIN = 0x2E7F  # letters beyond are as wide as they are high
NARROW = 0.6  # width of any other letter, as a share of its height
LINE = 1.25  # height of a line, as a share of a letter's
CIRCLE_STEPS = 100  # the widest place is found to a 100th of the grid's size


def short_code(grid_id: str, community_id: str) -> str:
    """Return the part of a grid's code that its neighbours in the community do not share."""
    return grid_id.removeprefix(community_id) if sequence_of(grid_id, community_id) is not None else grid_id[-TAIL:]


def label_places(grids: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the middle of the widest place in every grid, so that a label lies well inside.

    Returns
    -------
    DataFrame
        On the index of `grids`: x, y in its CRS, and radius_m, the free metres around that place.
    """
    shapes = np.asarray(grids.geometry.to_numpy(), dtype=object)
    size = np.sqrt(np.maximum(shapely.area(shapes), 1.0))
    radii = [
        shapely.maximum_inscribed_circle(s, tolerance=w / CIRCLE_STEPS) for s, w in zip(shapes, size, strict=True)
    ]
    middles = shapely.get_point(np.asarray(radii, dtype=object), 0)
    return pd.DataFrame(
        {"x": shapely.get_x(middles), "y": shapely.get_y(middles), "radius_m": shapely.length(radii)},
        index=grids.index,
    )


def fitting_text(wordings: Iterable[str], outline: shapely.Geometry, x: float, y: float, *, letter_m: float) -> str:
    """Return the first wording that stands inside an outline with its middle at a place; empty where none does.

    Parameters
    ----------
    letter_m
        Height of a letter on the map, in the metres of the outline.
    """
    for text in wordings:
        lines = text.split("\n")
        wide = max(sum(1.0 if ord(c) > LATIN else NARROW for c in line) for line in lines) * letter_m
        high = len(lines) * LINE * letter_m
        if text and shapely.contains(outline, shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)):
            return text
    return ""
