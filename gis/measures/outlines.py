"""Outlines of grids, and whether units cover their community without gap or overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.model.plan import Plan

__all__ = ["community_cover", "grid_outlines"]

SAME_M2 = 0.01  # area by which two ways to unite may differ before the slow way is taken


def grid_outlines(units: gpd.GeoDataFrame, plan: Plan) -> gpd.GeoSeries:
    """Unite the polygons of each grid's units.

    Units that cover cleanly are united as a coverage, which keeps every vertex of the outer
    border; where that does not give a valid polygon of the right area the general union is taken.

    Returns
    -------
    GeoSeries
        Named ``geometry``, index ``grid_id``, sorted; empty polygons for grids without units.
    """
    grids = pd.Index(list(plan.grids), name="grid_id", dtype="str")
    place = grids.get_indexer(pd.Index(plan.assignment.reindex(units.index)))
    shapes = _unite(units.geometry.to_numpy(), place, len(grids))
    # the order of rows must not show in the first corner of an outline
    return gpd.GeoSeries(shapely.normalize(shapes), index=grids, name="geometry", crs=units.crs)


def _unite(polygons: NDArray[np.object_], group: NDArray[np.int64], groups: int) -> NDArray[np.object_]:
    """Unite polygons by group number; groups without polygons stay empty."""
    order = np.argsort(group, kind="stable")
    present, starts = np.unique(group[order], return_index=True)
    united = np.full(groups, shapely.Polygon(), dtype=object)
    for which, members in zip(present, np.split(polygons[order], starts[1:]), strict=True):
        united[which] = shapely.coverage_union_all(members) if len(members) > 1 else members[0]
    area = np.bincount(group, weights=shapely.area(polygons), minlength=groups)
    unsound = ~shapely.is_valid(united) | (np.abs(shapely.area(united) - area) > SAME_M2)
    for which in np.flatnonzero(unsound):
        united[which] = shapely.union_all(polygons[group == which])
    return united


def community_cover(units: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure where the units of a community leave a gap in it, overlap, or stick out of it.

    Parameters
    ----------
    units
        community_id, geometry.
    communities
        Index ``area_id``, geometry.

    Returns
    -------
    DataFrame
        Index ``community_id``, sorted: gap_m2 (community without a unit), overlap_m2 (counted
        once for every unit too many), outside_m2 (units beyond the community's border).
    """
    communities = communities.sort_index()
    place = communities.index.get_indexer(pd.Index(units["community_id"]))
    known = place >= 0
    polygons = units.geometry.to_numpy()[known]
    group = place[known]
    united = _unite_all(polygons, group, len(communities))
    area = np.bincount(group, weights=shapely.area(polygons), minlength=len(communities))
    whole = communities.geometry.to_numpy()
    shared = shapely.area(shapely.intersection(united, whole))
    covered = shapely.area(united)
    return pd.DataFrame(
        {
            "gap_m2": np.maximum(0.0, shapely.area(whole) - shared),
            "overlap_m2": np.maximum(0.0, area - covered),
            "outside_m2": np.maximum(0.0, covered - shared),
        },
        index=communities.index.rename("community_id"),
    )


def _unite_all(polygons: NDArray[np.object_], group: NDArray[np.int64], groups: int) -> NDArray[np.object_]:
    """Unite by group without trusting that the polygons form a coverage."""
    order = np.argsort(group, kind="stable")
    present, starts = np.unique(group[order], return_index=True)
    united = np.full(groups, shapely.Polygon(), dtype=object)
    if len(present):
        for which, members in zip(present, np.split(polygons[order], starts[1:]), strict=True):
            united[which] = shapely.union_all(members)
    return united
