"""Walking metres from units to facilities: on the network, else straight with a detour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from gis.model.kinds import WalkBasis
from gis.model.progress import Progress, silent
from gis.model.standards import ServiceStandard
from gis.space.network import Paths, WalkGraph, snap_to, walk_graph

__all__ = ["REACH_FACTOR", "SNAP_MAX_M", "reach_metres", "walking_reach"]

SNAP_MAX_M = 150.0  # farther from any path, a place is off the network
REACH_FACTOR = 1.5  # who lies a little beyond a standard is needed to weigh sites
REACH_WITHOUT_SERVICES_M = 1000.0  # the 15-minute circle
_CHUNK_CELLS = 4_000_000  # numbers held at once: 32 MB

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class _Pairs(NamedTuple):
    """Unit and facility positions, metres, and whether they follow the network."""

    unit: Ints
    facility: Ints
    walk_m: Floats
    network: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Both ends of the walks: places in metres, and the network they are on, where there is one."""

    units_m: Floats
    facilities_m: Floats
    walk: WalkGraph | None

    @property
    def unit_node(self) -> Ints:
        """Network node of each unit, -1 where it is off."""
        return self._nodes()[: len(self.units_m)]

    @property
    def facility_node(self) -> Ints:
        """Network node of each facility, -1 where it is off."""
        return self._nodes()[len(self.units_m) :]

    def _nodes(self) -> Ints:
        if self.walk is None:
            return np.full(len(self.units_m) + len(self.facilities_m), -1, dtype=np.int64)
        return self.walk.node

    def component(self, nodes: Ints) -> Ints:
        """Return the connected part of the network of each node, -1 off it."""
        if self.walk is None:
            return np.full(len(nodes), -1, dtype=np.int64)
        return np.where(nodes >= 0, self.walk.component[nodes], -1)


def reach_metres(services: tuple[ServiceStandard, ...]) -> float:
    """Return how far `reach` is complete: a little beyond the farthest standard."""
    return REACH_FACTOR * max((s.max_walk_m for s in services), default=REACH_WITHOUT_SERVICES_M)


def walking_reach(
    units: pd.DataFrame,
    facilities: gpd.GeoDataFrame,
    paths: gpd.GeoDataFrame | None,
    *,
    reach_m: float,
    detour_factor: float = 1.3,
    snap_max_m: float = SNAP_MAX_M,
    on_progress: Progress = silent,
) -> pd.DataFrame:
    """Measure who is within `reach_m` of which facility, and the nearest facility of each kind.

    Both ends snap to the nearest point of an edge within `snap_max_m`; the way to it counts.
    One-way streets are walked both ways. Where an end is off the network, or no path joins the
    two, the metres are straight ones times `detour_factor`, labelled ``straight``.

    Parameters
    ----------
    units
        Index ``unit_id``; x, y in metres.
    facilities
        Index ``facility_id``; kind, status, geometry (points). Closed ones are left out.
    paths
        Walking network; None for none.
    reach_m
        Pairs up to this many metres are all listed; farther ones only when they are the nearest
        of their kind, among those that exist and among all.

    Returns
    -------
    DataFrame
        unit_id, facility_id, walk_m (whole centimetres), walk_basis; sorted by unit_id, walk_m,
        facility_id. One bounded search a facility; memory bounded by the answer.
    """
    units, facilities = units.sort_index(), facilities.sort_index()
    facilities = facilities[facilities["status"] != "closed"]
    ends = _ends(units, facilities, paths, snap_max_m)
    found = [_straight_within(ends, reach_m, detour_factor)]
    if ends.walk is not None:
        found.append(_network_within(ends, ends.walk, reach_m, on_progress))
    status = facilities["status"].astype(str).to_numpy()
    kind = facilities["kind"].astype(str).to_numpy()
    for name in np.unique(kind):
        here = np.flatnonzero(kind == name)
        existing = here[status[here] == "existing"]
        for group in (here, existing) if 0 < len(existing) < len(here) else (here,):
            found += [_nearest(ends, group, detour_factor)]
    on_progress(1.0)
    return _table(found, units.index, facilities.index)


def _ends(
    units: pd.DataFrame, facilities: gpd.GeoDataFrame, paths: gpd.GeoDataFrame | None, snap_max_m: float
) -> _Ends:
    """Snap units and facilities to the network."""
    units_m = units[["x", "y"]].to_numpy(dtype=np.float64)
    points = np.asarray(facilities.geometry.to_numpy(), dtype=object)
    facilities_m = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    if paths is None or len(paths) == 0:
        return _Ends(units_m, facilities_m, None)
    net = Paths.of(paths)
    both = np.asarray(shapely.points(np.vstack([units_m, facilities_m])), dtype=object)
    return _Ends(units_m, facilities_m, walk_graph(net, snap_to(net, both, snap_max_m=snap_max_m)))


def _straight_within(ends: _Ends, reach_m: float, detour_factor: float) -> _Pairs:
    """Return the pairs within reach that no path joins."""
    off = _Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, bool))
    if len(ends.facilities_m) == 0 or len(ends.units_m) == 0:
        return off
    unit_part, facility_part = ends.component(ends.unit_node), ends.component(ends.facility_node)
    parts = []
    # an end on the network needs straight metres only to ends that its part of the network misses
    for u, f in (
        (np.flatnonzero(unit_part < 0), np.arange(len(facility_part))),
        (np.flatnonzero(unit_part >= 0), np.flatnonzero(facility_part < 0)),
        *_parted(unit_part, facility_part),
    ):
        if len(u) and len(f):
            parts.append(_straight_pairs(ends, u, f, reach_m, detour_factor))
    return _join([off, *parts])


def _parted(unit_part: Ints, facility_part: Ints) -> list[tuple[Ints, Ints]]:
    """Pair the units of each part of the network with the facilities on other parts."""
    parts = np.unique(unit_part[unit_part >= 0])
    return [
        (np.flatnonzero(unit_part == p), np.flatnonzero((facility_part >= 0) & (facility_part != p))) for p in parts
    ]


def _straight_pairs(ends: _Ends, u: Ints, f: Ints, reach_m: float, detour_factor: float) -> _Pairs:
    """Return the pairs of some units and facilities within reach by straight metres x detour."""
    tree = cKDTree(ends.facilities_m[f])
    hits = tree.query_ball_point(ends.units_m[u], reach_m / detour_factor, return_sorted=True)
    near = [np.asarray(h, dtype=np.int64) for h in hits]
    counts = np.array([len(h) for h in near], dtype=np.int64)
    unit = np.repeat(u, counts)
    facility = f[np.concatenate(near)]
    metres = detour_factor * np.hypot(*(ends.units_m[unit] - ends.facilities_m[facility]).T)
    return _Pairs(unit, facility, metres, np.zeros(len(unit), dtype=bool))


def _network_within(ends: _Ends, walk: WalkGraph, reach_m: float, on_progress: Progress) -> _Pairs:
    """Search from every facility on the network as far as `reach_m`, some at a time."""
    on_unit, on_facility = np.flatnonzero(ends.unit_node >= 0), np.flatnonzero(ends.facility_node >= 0)
    found = [_Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, bool))]
    step = max(1, _CHUNK_CELLS // walk.graph.shape[0])
    for start in range(0, len(on_facility), step):
        some = on_facility[start : start + step]
        metres = dijkstra(walk.graph, directed=True, indices=ends.facility_node[some], limit=reach_m)
        metres = metres[:, ends.unit_node[on_unit]]
        row, column = np.nonzero(np.isfinite(metres))
        near = metres[row, column]
        found.append(_Pairs(on_unit[column], some[row], near, np.ones(len(row), dtype=bool)))
        on_progress(min(1.0, (start + step) / len(on_facility)))
    return _join(found)


def _nearest(ends: _Ends, group: Ints, detour_factor: float) -> _Pairs:
    """Return the nearest facility of `group` for each unit, however far."""
    away, at = cKDTree(ends.facilities_m[group]).query(ends.units_m)
    facility, metres = group[at], np.asarray(detour_factor * away, dtype=np.float64)
    network = np.zeros(len(facility), dtype=bool)
    on = group[ends.facility_node[group] >= 0]
    if ends.walk is None or len(on) == 0:
        return _Pairs(np.arange(len(facility)), facility, metres, network)
    nodes = ends.facility_node[on]
    by_walk, _, source = dijkstra(
        ends.walk.graph, directed=True, indices=nodes, min_only=True, return_predecessors=True
    )
    owner = pd.Series(on, index=nodes).groupby(level=0).min()
    unit_node = ends.unit_node
    walked = np.where(unit_node >= 0, by_walk[unit_node], np.inf)
    joined = np.isfinite(walked)
    source_facility = facility.copy()
    source_facility[joined] = owner.reindex(source[unit_node[joined]]).to_numpy()
    same = joined & (ends.component(unit_node) == ends.component(ends.facility_node)[facility])
    better = joined & (same | (walked <= metres))
    return _Pairs(
        np.arange(len(facility)),
        np.where(better, source_facility, facility),
        np.where(better, walked, metres),
        better,
    )


def _join(parts: list[_Pairs]) -> _Pairs:
    """Put tables of pairs together."""
    return _Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _table(found: list[_Pairs], units: pd.Index, facilities: pd.Index) -> pd.DataFrame:
    """Name, round and sort the pairs, each once."""
    pairs = _join(found)
    walk_cm = np.rint(pairs.walk_m * 100).astype(np.int64)
    order = np.lexsort((~pairs.network, walk_cm, pairs.facility, pairs.unit))
    unit, facility, walk_cm = pairs.unit[order], pairs.facility[order], walk_cm[order]
    network = pairs.network[order]
    first = np.ones(len(unit), dtype=bool)
    first[1:] = (unit[1:] != unit[:-1]) | (facility[1:] != facility[:-1])
    unit, facility, walk_cm, network = unit[first], facility[first], walk_cm[first], network[first]
    order = np.lexsort((facility, walk_cm, unit))
    basis = np.array([str(WalkBasis.STRAIGHT), str(WalkBasis.NETWORK)], dtype=object)
    return pd.DataFrame(
        {
            "unit_id": pd.array(units.to_numpy(dtype=object)[unit[order]], dtype="str"),
            "facility_id": pd.array(facilities.to_numpy(dtype=object)[facility[order]], dtype="str"),
            "walk_m": walk_cm[order] / 100,
            "walk_basis": pd.array(basis[network[order].astype(np.int64)], dtype="str"),
        }
    )
