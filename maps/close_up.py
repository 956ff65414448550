"""The part of a plan that needs a closer map: a town that is a dot among wide villages, or what a redraw changed."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from gis.model.outcome import Outcome

__all__ = ["Box", "around", "town_box"]

Box = tuple[float, float, float, float]  # west, south, east, north
SMALL_SHARE = 0.1  # of the area of the whole picture: a part no larger is shown closer
ABOUT_AS_DENSE = 4  # times: communities that are no thinner than this beside the others are of the part too
MOST_SHARE = 0.5  # of the households that the part must hold to be worth it


def around(grids: gpd.GeoDataFrame, ids: Iterable[str]) -> Box | None:
    """Return the box of the communities of some grids where it is small beside that of all; None otherwise."""
    theirs = set(grids["community_id"].reindex(list(ids)).dropna())
    return _small(grids, grids["community_id"].isin(theirs))


def town_box(outcome: Outcome) -> Box | None:
    """Return the box of the densest communities that hold half of the households, where it is small beside all."""
    grids = outcome.grids[outcome.grids["households"] > 0]
    if grids.empty:
        return None
    sums = pd.DataFrame({"households": grids["households"].astype(float), "m2": grids.area})
    dense = sums.groupby(grids["community_id"]).sum()
    density = (dense["households"] / dense["m2"]).sort_values(ascending=False, kind="stable")
    households = dense["households"].loc[density.index]
    last = density[households.cumsum() - households < MOST_SHARE * households.sum()].iloc[-1]
    chosen = density.index[density >= last / ABOUT_AS_DENSE]
    return _small(grids, grids["community_id"].isin(set(chosen)))


def _small(grids: gpd.GeoDataFrame, chosen: pd.Series[bool]) -> Box | None:
    if not chosen.any() or chosen.all():
        return None
    west, south, east, north = (float(end) for end in grids[chosen].total_bounds)
    whole = grids.total_bounds
    area = (whole[2] - whole[0]) * (whole[3] - whole[1])
    return (west, south, east, north) if (east - west) * (north - south) <= SMALL_SHARE * area else None
