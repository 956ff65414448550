"""Turn a street network into clean barrier lines with crossings."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from shapely import LineString

HALF_ROAD_M = 22.0  # half the widest carriageway gap: pairs closer than twice this are one road
STEP_M = 15.0  # spacing of the points that are moved to the middle of the road
CLEAN_M = 4.0  # simplification of the middle line
REACH_M = 70.0  # a road's end this near to another road meets it
CROSSING_HALF_M = 30.0  # a crossing reaches so far to both sides of the middle line
SAME_CROSSING_M = 60.0  # places nearer than this along a road are one crossing
END_M = 15.0  # a crossing at a road's end is drawn so far inside
CROSS_WALK_M = 90.0  # from one side to the other by the network at a real crossing


def middle_lines(roads: gpd.GeoDataFrame, *, least_m: float = 250.0) -> gpd.GeoDataFrame:
    """Merge the carriageways of each named road into one middle line.

    Parameters
    ----------
    roads
        Straight edges in a projected CRS; columns `u`, `v`, `name`, `geometry`.
    least_m
        Roads shorter than this are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        `name`, `geometry` (LineString), sorted by name; ends meet the neighbouring roads.
    """
    lines = []
    for name, edges in roads.groupby("name", sort=True):
        body = edges.geometry.buffer(HALF_ROAD_M).union_all()
        for part in shapely.get_parts(body):
            inside = edges[edges.intersects(part)]
            spine = _spine(inside)
            if spine is not None and spine.length >= least_m:
                lines.append((name, _to_middle(spine, shapely.Polygon(part.exterior))))
    table = gpd.GeoDataFrame(lines, columns=["name", "geometry"], geometry="geometry", crs=roads.crs)
    table["geometry"] = [_reach_out(line, table.geometry.drop(index)) for index, line in table.geometry.items()]
    return table


def _spine(edges: gpd.GeoDataFrame) -> LineString | None:
    """Longest shortest path of a road's own graph, small gaps bridged."""
    graph = nx.Graph()
    place = {}
    for u, v, line in zip(edges["u"], edges["v"], edges.geometry, strict=True):
        place[u], place[v] = line.coords[0], line.coords[-1]
        graph.add_edge(u, v, weight=line.length)
    nodes = sorted(graph)
    spots = shapely.points([place[node] for node in nodes])
    left, right = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=2 * HALF_ROAD_M)
    for a, b in zip(left, right, strict=True):
        if a < b and not graph.has_edge(nodes[a], nodes[b]):
            graph.add_edge(nodes[a], nodes[b], weight=4 * shapely.distance(spots[a], spots[b]))
    reach = nx.single_source_dijkstra_path_length(graph, nodes[0])
    far = max(sorted(reach), key=reach.get)
    lengths, paths = nx.single_source_dijkstra(graph, far)
    end = max(sorted(lengths), key=lengths.get)
    return LineString([place[node] for node in paths[end]]) if end != far else None


def _to_middle(spine: LineString, body: shapely.Polygon) -> LineString:
    """Move the points of a spine to the middle of the road's body."""
    count = max(3, int(spine.length / STEP_M) + 1)
    along = np.linspace(0, spine.length, count)
    spots = shapely.line_interpolate_point(spine, along)
    xy = shapely.get_coordinates(spots)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(spine, np.minimum(along + 25, spine.length)))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(spine, np.maximum(along - 25, 0)))
    heading = ahead - behind
    heading /= np.linalg.norm(heading, axis=1, keepdims=True)
    across = np.column_stack([-heading[:, 1], heading[:, 0]]) * (3 * HALF_ROAD_M)
    rays = shapely.linestrings(np.stack([xy - across, xy + across], axis=1))
    chords = shapely.intersection(rays, body)
    moved = []
    for spot, chord in zip(spots, chords, strict=True):
        parts = [part for part in shapely.get_parts(chord) if part.distance(spot) < 1.0]
        usable = parts and parts[0].length < 5 * HALF_ROAD_M
        moved.append(parts[0].interpolate(0.5, normalized=True).coords[0] if usable else spot.coords[0])
    smooth = pd.DataFrame(moved).rolling(5, center=True, min_periods=1).mean().to_numpy().copy()
    smooth[[0, -1]] = np.array(moved)[[0, -1]]
    return LineString(smooth).simplify(CLEAN_M)


def _reach_out(line: LineString, others: gpd.GeoSeries) -> LineString:
    """Let both ends of a line meet a road that is within reach."""
    coords = list(line.coords)
    for position in (0, -1):
        end = shapely.Point(coords[position])
        near = others[others.distance(end) < REACH_M]
        if near.empty:
            continue
        road = near.iloc[int(np.argmin(near.distance(end)))]
        if road.distance(end) > 0:
            meet = road.interpolate(road.project(end)).coords[0]
            coords = [meet, *coords] if position == 0 else [*coords, meet]
    return LineString(coords)


def along_borders(
    roads: gpd.GeoDataFrame, borders: shapely.Geometry, *, near_m: float, least_m: float
) -> gpd.GeoDataFrame:
    """Lay the parts of roads that follow a border exactly on that border.

    Parameters
    ----------
    roads
        Middle lines, projected.
    borders
        The communities' borders as one line geometry, noded.
    near_m
        A road nearer than this to a border follows it.
    least_m
        Shorter stretches are crossings of the border, not following it.

    Returns
    -------
    geopandas.GeoDataFrame
        The same roads; stretches that followed a border are the border's own vertices, so no
        sliver is left between the two.
    """
    laid = roads.copy()
    laid["geometry"] = [_laid(line, borders, near_m, least_m) for line in roads.geometry]
    return laid


def _laid(line: LineString, borders: shapely.Geometry, near_m: float, least_m: float) -> shapely.Geometry:
    """Replace what follows a border by whole segments of that border."""
    coords = [shapely.get_coordinates(part) for part in shapely.get_parts(borders)]
    segments = np.concatenate([shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)) for xy in coords])
    followed = segments[shapely.within(segments, line.buffer(near_m, cap_style="flat"))]
    if not len(followed):
        return line
    merged = shapely.line_merge(shapely.union_all(followed))
    pieces = [part for part in shapely.get_parts(merged) if part.length >= least_m]
    if not pieces:
        return line
    ends = shapely.points([piece.coords[at] for piece in pieces for at in (0, -1)])
    rest = line
    for piece in pieces:
        rest = rest.difference(piece.buffer(near_m + 1.0, cap_style="flat"))
    parts = list(pieces)
    reach_m = 2 * near_m
    parts += [
        _tied(part, ends, reach_m)
        for part in shapely.get_parts(rest)
        if part.length >= reach_m or _is_bridge(part, ends, reach_m)
    ]
    return shapely.line_merge(shapely.MultiLineString(parts))


def _is_bridge(part: LineString, ends: np.ndarray, reach_m: float) -> bool:
    """Whether both ends of a short part lie near ends of followed pieces."""
    near = [ends[shapely.distance(ends, shapely.Point(part.coords[at])) < reach_m] for at in (0, -1)]
    return all(len(found) for found in near) and near[0][0] != near[1][-1]


def _tied(part: LineString, ends: np.ndarray, reach_m: float) -> LineString:
    """Tie the ends of a part to the followed pieces' ends within reach."""
    coords = list(part.coords)
    for position in (0, -1):
        spot = shapely.Point(coords[position])
        nearest = ends[int(np.argmin(shapely.distance(ends, spot)))]
        if 0 < nearest.distance(spot) < reach_m:
            coords[position] = nearest.coords[0]
    return LineString(coords)


def crossings(
    middle: gpd.GeoDataFrame, laid: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, arms: pd.Series
) -> gpd.GeoDataFrame:
    """Find where a street or path leads across a road, and draw a bar there.

    A crossing is a place where the network leads from one side to the other within
    `CROSS_WALK_M`; two side streets that meet a divided road opposite each other without a gap in
    the middle are none. Where a road ends at another one, the junction is a way across.

    Parameters
    ----------
    middle
        True middle lines with `name`, projected.
    laid
        The barrier geometry of the same rows, where the bars are drawn.
    edges
        The whole network; `u`, `v`, `name`, `geometry`.
    arms
        Which edges may lead to a crossing (slip roads do not), by edge.

    Returns
    -------
    geopandas.GeoDataFrame
        `kind` = crossing, `name`, `geometry`: short lines square to the barrier.
    """
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(edges["u"], edges["v"], edges.length, strict=True))
    rows: list[tuple[str, LineString]] = []
    for name, line, barrier in zip(middle["name"], middle.geometry, laid.geometry, strict=True):
        usable = edges[arms & (edges["name"] != name)]
        for label, at in _crossings_of(line, usable, graph, _junctions(line, middle[middle["name"] != name])):
            bar = _square(barrier, line.interpolate(at))
            if bar is not None:
                rows.append((f"{name} / {label}", bar))
    table = gpd.GeoDataFrame(rows, columns=["name", "geometry"], geometry="geometry", crs=edges.crs)
    table.insert(0, "kind", "crossing")
    return table


def _junctions(line: LineString, others: gpd.GeoDataFrame) -> list[tuple[float, str]]:
    """Find the ends of a road at another one: there is a way across at such a junction."""
    found = []
    for end, inside in ((0.0, END_M), (line.length, line.length - END_M)):
        spot = line.interpolate(end)
        near = others[others.distance(spot) < CROSSING_HALF_M]
        if len(near):
            found.append((inside, str(near["name"].iloc[0])))
    return found


def _crossings_of(
    line: LineString,
    streets: gpd.GeoDataFrame,
    graph: nx.Graph,
    junctions: list[tuple[float, str]],
) -> list[tuple[str, float]]:
    """Pair arms on both sides that the network joins; one crossing a cluster."""
    near = streets[streets.distance(line) < CROSSING_HALF_M]
    meets = []
    for side in (1, -1):
        shore = line.offset_curve(side * CROSSING_HALF_M)
        touched = near[near.intersects(shore)]
        for u, v, label, arm in zip(touched["u"], touched["v"], touched["name"], touched.geometry, strict=True):
            near_u = line.distance(shapely.Point(arm.coords[0])) < line.distance(shapely.Point(arm.coords[-1]))
            end = arm.coords[0] if near_u else arm.coords[-1]
            meets.append((line.project(shapely.Point(end)), side, u if near_u else v, label))
    pairs = list(junctions)
    for at, _, node, label in [meet for meet in meets if meet[1] == 1]:
        reach = nx.single_source_dijkstra_path_length(graph, node, cutoff=CROSS_WALK_M)
        for other_at, _, other, other_label in [meet for meet in meets if meet[1] == -1]:
            if other in reach:
                pairs.append(((at + other_at) / 2, label or other_label or "path"))
    found: list[tuple[str, float]] = []
    for at, label in sorted(pairs):
        if not found or at - found[-1][1] > SAME_CROSSING_M:
            found.append((label, at))
        elif found[-1][0] == "path":
            found[-1] = (label, found[-1][1])
    return found


def _square(barrier: shapely.Geometry, spot: shapely.Point) -> LineString | None:
    """Draw a bar square to a barrier at the place nearest to a spot; None where it is far."""
    parts = shapely.get_parts(barrier)
    line = parts[int(np.argmin(shapely.distance(parts, spot)))]
    if line.distance(spot) > REACH_M:
        return None
    at_m = float(np.clip(line.project(spot), END_M, max(END_M, line.length - END_M)))
    middle = np.array(line.interpolate(at_m).coords[0])
    ahead = np.array(line.interpolate(min(at_m + 5, line.length)).coords[0])
    behind = np.array(line.interpolate(max(at_m - 5, 0)).coords[0])
    heading = (ahead - behind) / np.linalg.norm(ahead - behind)
    across = np.array([-heading[1], heading[0]]) * CROSSING_HALF_M
    return LineString([middle - across, middle + across])
