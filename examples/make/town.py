"""A synthetic town: communities of parcels with compounds, walls, gates, buildings and homes.

Nothing here is real. Shapes follow Chinese towns: closed compounds (小区) of towers or low blocks
with several entrances, rows of courtyard houses, a river with bridges, a railway without a way across.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import LineString

from examples.make.footprints import CLEAR_M, KINDS, furnish, stand
from examples.make.parcels import Quad, cut_parcels

LATTICE_M = 0.01
GATE_HALF_M = 12.0  # a gate reaches so far to both sides of the wall
BRIDGE_HALF_M = 30.0
GATES = 2  # a compound
BRIDGE_EVERY_M = 350.0


@dataclass(frozen=True, kw_only=True)
class CommunitySpec:
    """What a community of the town is to be like.

    Parameters
    ----------
    community_id, name
        Its code and name.
    quad
        Its ground.
    households
        Homes to build, met within the last parcel's buildings.
    shares
        Weight of each kind of `examples.make.footprints.KINDS` among the parcels.
    parcel_m2
        Size of a parcel.
    """

    community_id: str
    name: str
    quad: Quad
    households: int
    shares: Mapping[str, float]
    parcel_m2: float = 10_000.0


@dataclass(frozen=True)
class Community:
    """A community that was built.

    Parameters
    ----------
    spec
        What was asked for.
    parcels
        kind (of building, or `open`), compound (name or empty), geometry.
    buildings
        parcel (row of `parcels`), kind, entrances, homes (an entrance), geometry.
    """

    spec: CommunitySpec
    parcels: pd.DataFrame
    buildings: pd.DataFrame

    @property
    def households(self) -> int:
        """Homes built."""
        return int((self.buildings["entrances"] * self.buildings["homes"]).sum())


@dataclass(frozen=True)
class Cuts:
    """Lines that cut the town: rivers have bridges, railways have none."""

    rivers: Sequence[tuple[str, LineString]] = field(default_factory=tuple)
    railways: Sequence[tuple[str, LineString]] = field(default_factory=tuple)

    @property
    def lines(self) -> shapely.Geometry:
        """All of them as one geometry."""
        return shapely.union_all([line for _, line in (*self.rivers, *self.railways)])


def build_community(spec: CommunitySpec, cuts: Cuts, rng: np.random.Generator) -> Community:
    """Build parcel after parcel, in random order, until the homes are there.

    Parameters
    ----------
    spec
        What is asked for.
    cuts
        Rivers and railways to keep clear of.
    rng
        Source of randomness.

    Returns
    -------
    Community
        Buildings sorted by parcel, then row by row.
    """
    ground = cut_parcels(spec.quad, parcel_m2=spec.parcel_m2, rng=rng)
    clear = cuts.lines.buffer(CLEAR_M)
    names = sorted(spec.shares)
    weights = np.array([spec.shares[name] for name in names])
    kinds = rng.choice(names, size=len(ground), p=weights / weights.sum())
    parcels = pd.DataFrame({"kind": "open", "compound": "", "geometry": ground})
    built, left, compounds = [], spec.households, 0
    for at in rng.permutation(len(ground)):
        kind = KINDS[kinds[at]] if left > 0 else KINDS["shop"]
        shapes = stand(ground[at], kind, angle=spec.quad.angle)
        rows = furnish(shapes[~shapely.intersects(shapes, clear)], kind, rng)
        if left <= 0:
            rows = rows.iloc[: rng.integers(0, 2)]
        else:
            rows = rows[(rows["entrances"] * rows["homes"]).cumsum().shift(fill_value=0) < left]
            parcels.loc[at, "kind"] = str(kinds[at])
        left -= int((rows["entrances"] * rows["homes"]).sum())
        walled = rng.random() < kind.walled and not ground[at].intersects(clear)
        if walled and len(rows):
            compounds += 1
            parcels.loc[at, "compound"] = f"{spec.name}{compounds:02d}小区"
        built.append(rows.assign(parcel=at, kind=kinds[at] if kind is not KINDS["shop"] else "shop"))
    buildings = pd.concat(built).sort_values("parcel", kind="stable").reset_index(drop=True)
    return Community(spec, parcels, buildings)


def walls_and_gates(community: Community) -> pd.DataFrame:
    """Draw the walls of a community's compounds, party walls once, and their gates.

    Returns
    -------
    pandas.DataFrame
        kind (wall, crossing), name, geometry.
    """
    closed = community.parcels[community.parcels["compound"] != ""]
    if closed.empty:
        return pd.DataFrame({"kind": [], "name": [], "geometry": []})
    rings = shapely.boundary(closed["geometry"].to_numpy())
    walls = shapely.union_all(rings, grid_size=LATTICE_M)
    rows = [("wall", "", wall) for wall in shapely.get_parts(shapely.line_merge(walls))]
    ground = shapely.union_all(community.parcels["geometry"].to_numpy(), grid_size=LATTICE_M)
    bars = []
    for name, parcel in zip(closed["compound"], closed["geometry"], strict=True):
        own = _gates(parcel, ground)
        bars += own
        rows += [("crossing", f"{name}大门{at}", bar) for at, bar in enumerate(own, start=1)]
    side = _side_gates(walls, ground, bars)
    rows += [("crossing", f"{community.spec.name}侧门{at}", bar) for at, bar in enumerate(side, start=1)]
    return pd.DataFrame(rows, columns=["kind", "name", "geometry"])


def _side_gates(walls: shapely.Geometry, ground: shapely.Polygon, bars: Sequence[LineString]) -> list[LineString]:
    """Open side gates until no yard is shut in: each in the longest wall to the ground within reach."""
    lines = shapely.union_all([walls, ground.boundary], grid_size=LATTICE_M)
    yards = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    yards = yards[shapely.within(shapely.point_on_surface(yards), ground)]
    linked = nx.Graph()
    linked.add_nodes_from(range(len(yards)))
    for bar in bars:
        linked.add_edges_from(pairwise(np.flatnonzero(shapely.intersects(yards, bar))))
    left, right = shapely.STRtree(yards).query(yards, predicate="intersects")
    shared = [
        (a, b, max(_straight(shapely.intersection(yards[a], yards[b])), key=lambda line: line.length, default=None))
        for a, b in zip(left, right, strict=True)
        if a < b
    ]
    shared = [(a, b, wall) for a, b, wall in shared if wall is not None]
    opened = []
    for a, b, wall in sorted(shared, key=lambda item: (-item[2].length, item[0], item[1])):
        if not nx.has_path(linked, a, b):
            opened.append(bar_across(wall, wall.length / 2, half_m=GATE_HALF_M))
            linked.add_edge(a, b)
    return opened


def _straight(border: shapely.Geometry) -> list[LineString]:
    """Take the lines of a shared border apart."""
    parts = shapely.get_parts(border)
    merged = shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1]))
    return [part for part in shapely.get_parts(merged) if part.length > 2 * GATE_HALF_M]


def _gates(parcel: shapely.Polygon, ground: shapely.Polygon) -> list[LineString]:
    """Put gates in the middle of the longest sides that do not face another community."""
    corners = shapely.get_coordinates(parcel)
    sides = [LineString(pair) for pair in pairwise(corners)]
    bars = [bar_across(side, side.length / 2, half_m=GATE_HALF_M) for side in sorted(sides, key=lambda s: -s.length)]
    return [bar for bar in bars if bar.within(ground)][:GATES]


def bar_across(line: LineString, at_m: float, *, half_m: float) -> LineString:
    """Draw a bar square to a line at a distance along it.

    Parameters
    ----------
    line
        The line, metres.
    at_m
        Where along it.
    half_m
        How far the bar reaches to each side.
    """
    middle = np.array(line.interpolate(at_m).coords[0])
    ahead = np.array(line.interpolate(min(at_m + 5, line.length)).coords[0])
    behind = np.array(line.interpolate(max(at_m - 5, 0)).coords[0])
    heading = (ahead - behind) / np.linalg.norm(ahead - behind)
    across = np.array([-heading[1], heading[0]]) * half_m
    return LineString([middle - across, middle + across])


def streets(communities: Sequence[Community]) -> shapely.Geometry:
    """All parcel edges of the communities as one noded line geometry."""
    rings = [shapely.boundary(one.parcels["geometry"].to_numpy()) for one in communities]
    return shapely.union_all(np.concatenate(rings), grid_size=LATTICE_M)


def bridges(name: str, river: LineString, network: shapely.Geometry) -> list[tuple[str, LineString]]:
    """Carry a street over a river every few hundred metres.

    Returns
    -------
    list
        Name and bar of each bridge, downstream.
    """
    spots = shapely.get_parts(shapely.intersection(network, river))
    places = sorted(river.project(spot) for spot in spots if spot.geom_type == "Point")
    chosen: list[float] = []
    for place in places:
        if not chosen or place - chosen[-1] >= BRIDGE_EVERY_M:
            chosen.append(place)
    return [
        (f"{name}{number}号桥", bar_across(river, place, half_m=BRIDGE_HALF_M))
        for number, place in enumerate(chosen, start=1)
    ]


def walking_lines(network: shapely.Geometry, cuts: Cuts, crossings: Sequence[LineString]) -> NDArray[np.object_]:
    """Street segments, cut at rivers and railways except at bridges."""
    kept = shapely.union_all([bar.buffer(BRIDGE_HALF_M) for bar in crossings])
    closed = shapely.difference(cuts.lines.buffer(2.0), kept)
    open_lines = shapely.get_parts(shapely.difference(network, closed))
    return np.array(sorted(open_lines, key=lambda line: line.coords[0]))
