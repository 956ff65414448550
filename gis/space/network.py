"""The walking network: paths as a graph in which places sit on edges, not on nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

__all__ = ["Paths", "Snapped", "WalkGraph", "shortest_links", "snap_to", "walk_graph"]

_NODE_M = 0.1  # path ends that agree to this meet

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Stops(NamedTuple):
    """Nodes on the way of edges: edge, metres from its tail, node."""

    edge: Ints
    at_m: Floats
    node: Ints

    @classmethod
    def none(cls) -> Stops:
        """Return no stops."""
        ints = np.empty(0, dtype=np.int64)
        return cls(ints, np.empty(0), ints.copy())


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Edges of the walking network, every one walked both ways.

    Parameters
    ----------
    lines
        Line strings, in an order free of the rows' order.
    tail, head
        Node number at the start and the end of each line.
    length_m
        Walking metres of each edge.
    nodes
        Number of nodes.
    meets
        Nodes that lie on the way of an edge, not at its end.
    """

    lines: Geometries
    tail: Ints
    head: Ints
    length_m: Floats
    nodes: int
    meets: Stops

    @classmethod
    def of(cls, table: gpd.GeoDataFrame) -> Paths:
        """Make edges of `table`: geometry; u, v, length_m where given.

        Without u and v, an end joins every line that it touches, also in the middle; lines that
        cross without an end are a bridge and do not join.
        """
        parts, of = shapely.get_parts(np.asarray(table.geometry.to_numpy(), dtype=object), return_index=True)
        single = np.bincount(of, minlength=len(table))[of] == 1
        length = shapely.length(parts)
        if "length_m" in table:
            given = pd.to_numeric(table["length_m"]).to_numpy(dtype=np.float64, na_value=np.nan)[of]
            length = np.where(single & (given > 0), given, length)
        order = np.lexsort((length, shapely.to_wkb(parts)))
        order = order[length[order] > 0]
        parts, of, length, single = parts[order], of[order], length[order], single[order]
        named = (
            {"u", "v"} <= set(table.columns) and bool(table[["u", "v"]].notna().all().all()) and bool(single.all())
        )
        if named:
            names = np.concatenate([table["u"].astype(str).to_numpy()[of], table["v"].astype(str).to_numpy()[of]])
        else:
            ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
            spots = np.rint(shapely.get_coordinates(ends) / _NODE_M).astype(np.int64)
            names = spots[:, 0] * (2**31) + spots[:, 1]
        codes, known = pd.factorize(names)
        tail, head = codes[: len(parts)], codes[len(parts) :]
        lines = np.asarray(parts, dtype=object)
        tail, head = tail.astype(np.int64), head.astype(np.int64)
        meets = Stops.none() if named else _meets(lines, tail, head, length)
        return cls(lines, tail, head, length, len(known), meets)

    def only(self, edges: Ints) -> Paths:
        """Return some edges, in the order given, with the nodes that they need."""
        place = np.full(len(self.lines), -1, dtype=np.int64)
        place[edges] = np.arange(len(edges))
        held = place[self.meets.edge] >= 0
        tail, head, on = self.tail[edges], self.head[edges], self.meets.node[held]
        nodes, number = np.unique(np.concatenate([tail, head, on]), return_inverse=True)
        ends = number[: 2 * len(edges)].reshape(2, -1)
        meets = Stops(place[self.meets.edge[held]], self.meets.at_m[held], number[2 * len(edges) :])
        return Paths(self.lines[edges], ends[0], ends[1], self.length_m[edges], len(nodes), meets)


def _meets(lines: Geometries, tail: Ints, head: Ints, length_m: Floats) -> Stops:
    """Find the ends that touch another line between its own ends."""
    ends = shapely.points(np.concatenate([shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, -1)]))
    node = np.concatenate([tail, head])
    first = np.unique(node, return_index=True)[1]
    ends, node = np.asarray(ends, dtype=object)[first], node[first]
    at, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=_NODE_M)
    share = shapely.line_locate_point(lines[line], ends[at], normalized=True)
    own = (node[at] == tail[line]) | (node[at] == head[line])
    at, line, share = at[~own], line[~own], share[~own]
    return Stops(line, share * length_m[line], node[at])


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Where points meet the network: edge (-1 for none), share of the edge from its tail, metres to get there."""

    edge: Ints
    share: Floats
    away_m: Floats

    @property
    def on(self) -> NDArray[np.bool_]:
        """Which points are near enough to the network."""
        return self.edge >= 0


@dataclass(frozen=True, slots=True, eq=False)
class WalkGraph:
    """The network with every snapped point as a node of its own.

    Parameters
    ----------
    graph
        Symmetric sparse matrix of metres.
    node
        Node of each snapped point, -1 for points off the network.
    component
        Connected component of each node.
    """

    graph: csr_array
    node: Ints
    component: Ints


def snap_to(paths: Paths, points: Geometries, *, snap_max_m: float) -> Snapped:
    """Find the nearest point of an edge for each of `points`, within `snap_max_m`."""
    edge = np.full(len(points), -1, dtype=np.int64)
    at, line = shapely.STRtree(paths.lines).query_nearest(points, max_distance=snap_max_m, all_matches=True)
    order = np.lexsort((line, at))
    first = np.unique(at[order], return_index=True)[1]
    edge[at[order][first]] = line[order][first]
    share, away = np.zeros(len(points)), np.full(len(points), np.inf)
    on = np.flatnonzero(edge >= 0)
    share[on] = shapely.line_locate_point(paths.lines[edge[on]], points[on], normalized=True)
    away[on] = shapely.distance(paths.lines[edge[on]], points[on])
    return Snapped(edge, share, away)


def walk_graph(paths: Paths, snapped: Snapped) -> WalkGraph:
    """Split the edges at the snapped points; walking from edge to point costs `away_m`.

    Nodes 0 .. nodes-1 are those of `paths`; then one foot on the edge and one node a point.
    """
    on = np.flatnonzero(snapped.on)
    foot = paths.nodes + np.arange(len(on))
    point = foot + len(on)
    offset = snapped.share[on] * paths.length_m[snapped.edge[on]]
    edges = np.arange(len(paths.lines))
    # every stop along every edge, in walking order: tail, feet and meeting ends by offset, head
    stop_edge = np.concatenate([edges, snapped.edge[on], paths.meets.edge, edges])
    stop_at = np.concatenate([np.zeros(len(edges)), offset, paths.meets.at_m, paths.length_m])
    stop_node = np.concatenate([paths.tail, foot, paths.meets.node, paths.head])
    rank = np.repeat([0, 1, 2], [len(edges), len(on) + len(paths.meets.edge), len(edges)])
    order = np.lexsort((stop_node, stop_at, rank, stop_edge))
    edge, at, node = stop_edge[order], stop_at[order], stop_node[order]
    follows = edge[1:] == edge[:-1]
    a = np.concatenate([node[:-1][follows], foot])
    b = np.concatenate([node[1:][follows], point])
    metres = np.concatenate([(at[1:] - at[:-1])[follows], snapped.away_m[on]])
    size = paths.nodes + 2 * len(on)
    graph = shortest_links(a, b, np.maximum(metres, 1e-6), size)  # 0 would mean "no link" to scipy
    nodes = np.full(len(snapped.edge), -1, dtype=np.int64)
    nodes[on] = point
    component = connected_components(graph, directed=False)[1].astype(np.int64)
    return WalkGraph(graph, nodes, component)


def shortest_links(a: Ints, b: Ints, metres: Floats, size: int) -> csr_array:
    """Return the symmetric matrix of links; of parallel links the shortest."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], metres[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first &= low != high
    low, high, metres = low[first], high[first], metres[first]
    both = (np.concatenate([low, high]), np.concatenate([high, low]))
    return csr_array(coo_array((np.tile(metres, 2), both), shape=(size, size)))
