"""Walking metres between the units of each community: over paths, and from neighbour to neighbour."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis.model.errors import SettingError
from gis.model.walks import DM_A_M, UnitWalks, straight_metres
from gis.space.network import Paths, shortest_links, snap_to, walk_graph
from gis.space.walks import SNAP_MAX_M

__all__ = ["MARGIN_M", "MOST_UNITS", "walks_between"]

MARGIN_M = 500.0  # ways that leave the box of a community by more are not looked at
STEP_M = 1e-6  # between two places that are one; 0 would mean "no link" to scipy
MOST_UNITS = 5_000  # of a community: 100 MB of decimetres

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def walks_between(
    units: pd.DataFrame, adjacency: pd.DataFrame, paths: gpd.GeoDataFrame | None, *, detour_factor: float = 1.3
) -> UnitWalks:
    """Measure the way on foot between each two units of a community.

    One walks over the paths, to and from them, and straight from a unit to its neighbour: houses that stand side by
    side are nearer to each other than to any street. What a barrier parts are no neighbours, so that the way leads
    round by a crossing or gate. Where no way joins two units, the metres are straight ones times `detour_factor`.

    Parameters
    ----------
    units
        Index ``unit_id``; community_id, x, y.
    adjacency
        unit_a, unit_b: neighbours.
    paths
        Walking network; None for none: then ways lead from neighbour to neighbour alone.

    Raises
    ------
    SettingError
        Where a community has more than `MOST_UNITS` units.

    Notes
    -----
    One Dijkstra search a unit over the paths inside the box of its community: O(units x edges x log nodes).
    """
    units = units.sort_index()
    nearby = _Nearby(paths)
    pairs = np.stack([units.index.get_indexer(pd.Index(adjacency[c])) for c in ("unit_a", "unit_b")], axis=1)
    community = units["community_id"].astype(str).to_numpy()
    xy = units[["x", "y"]].to_numpy(dtype=np.float64)
    unit_ids: dict[str, list[str]] = {}
    walks_dm: dict[str, NDArray[np.int32]] = {}
    for name in np.unique(community).tolist():
        own = np.flatnonzero(community == name)
        if len(own) > MOST_UNITS:
            raise SettingError("walks-too-many-units", community_id=name, units=len(own), most=MOST_UNITS)
        place = np.full(len(units), -1, dtype=np.int64)
        place[own] = np.arange(len(own))
        inside = place[pairs]
        metres = _metres(xy[own], inside[(inside >= 0).all(axis=1)], nearby.round(xy[own]), detour_factor)
        unit_ids[name] = units.index[own].astype(str).tolist()
        walks_dm[name] = np.rint(metres * DM_A_M).astype(np.int32)
    return UnitWalks(unit_ids, walks_dm)


def _metres(xy: Floats, pairs: Ints, paths: Paths | None, detour_factor: float) -> Floats:
    """Return the metres between the units of one community, shape (n, n)."""
    apart = straight_metres(xy)
    links, node, size = _over_paths(xy, paths)
    steps = np.maximum(apart[pairs[:, 0], pairs[:, 1]], STEP_M)
    graph = shortest_links(
        np.concatenate([links.row, node[pairs[:, 0]]]).astype(np.int64),
        np.concatenate([links.col, node[pairs[:, 1]]]).astype(np.int64),
        np.concatenate([links.data, steps]),
        size,
    )
    walked = dijkstra(graph, directed=True, indices=node)[:, node]
    walked = np.minimum(walked, walked.T)  # the two directions may differ in the last bit
    return np.asarray(np.where(np.isfinite(walked), walked, detour_factor * apart))


def _over_paths(xy: Floats, paths: Paths | None) -> tuple[coo_array, Ints, int]:
    """Return links over paths in metres, the node of each place, and the number of nodes; places off them last."""
    if paths is None:
        return coo_array((len(xy), len(xy))), np.arange(len(xy)), len(xy)
    points = np.asarray(shapely.points(xy), dtype=object)
    walk = walk_graph(paths, snap_to(paths, points, snap_max_m=SNAP_MAX_M))
    size = int(walk.graph.shape[0])
    off = np.flatnonzero(walk.node < 0)
    node = walk.node.copy()
    node[off] = size + np.arange(len(off))
    return walk.graph.tocoo(), node, size + len(off)


class _Nearby:
    """The paths, to be looked up by place."""

    def __init__(self, paths: gpd.GeoDataFrame | None) -> None:
        self._all = None if paths is None or len(paths) == 0 else Paths.of(paths)
        self._tree = None if self._all is None else shapely.STRtree(self._all.lines)

    def round(self, xy: Floats) -> Paths | None:
        """Return the paths round some places; None where there are none."""
        if self._all is None or self._tree is None:
            return None
        box = shapely.box(*(xy.min(axis=0) - MARGIN_M), *(xy.max(axis=0) + MARGIN_M))
        near = np.sort(self._tree.query(box))
        return self._all.only(near) if len(near) else None
