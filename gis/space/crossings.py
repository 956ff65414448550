"""Crossings: bridges, underpasses and lights that join both banks of a barrier."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.model.findings import Finding
from gis.space.barriers import BARRIER_TOLERANCE_M, Barriers
from gis.space.sides import UnitSides

__all__ = ["CROSSING_REACH_M", "Crossed", "join_crossings"]

CROSSING_REACH_M = 100.0  # how far from a crossing the unit on its bank may begin
_ON_BARRIER_M = 30.0  # a crossing drawn as a point lies on a barrier within this
_PROBE_M = 10.0  # how far along a barrier the two banks are looked for, away from a junction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Crossed(NamedTuple):
    """Pairs of unit positions joined by crossings, sorted, and crossings that join nothing."""

    ends: Ints
    findings: tuple[Finding, ...]


def join_crossings(barriers: Barriers, sides: UnitSides, community: Ints) -> Crossed:
    """Join the nearest units on both banks of each crossing.

    A line joins the units nearest to its two ends. A point joins the units nearest on the left
    and on the right of the barrier it lies on; at a junction, of every arm. Both units must lie
    in one community, on different sides, and begin within `CROSSING_REACH_M`.
    """
    segments = barriers.segments()
    units, blocks = shapely.STRtree(sides.own), shapely.STRtree(segments)
    found: set[tuple[int, int]] = set()
    findings = []
    for crossing, name in zip(barriers.crossings, barriers.names, strict=True):
        pairs = _across_line(crossing, sides, units) or _across_point(crossing, segments, blocks, sides, units)
        joins = {(min(p), max(p)) for p in pairs if p[0] != p[1] and community[p[0]] == community[p[1]]}
        found |= joins
        if not pairs:
            x, y = shapely.get_coordinates(shapely.centroid(crossing))[0].tolist()
            findings.append(
                Finding("crossing-without-banks", {"name": name, "x": round(x), "y": round(y)}, table="barriers")
            )
    ends = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return Crossed(ends, tuple(findings))


def _across_line(crossing: shapely.Geometry, sides: UnitSides, units: shapely.STRtree) -> list[tuple[int, int]]:
    """Return the pair of units nearest to the two ends of a line; nothing for a point or an area."""
    if shapely.get_type_id(crossing) != shapely.GeometryType.LINESTRING:
        return []
    tips = shapely.points(shapely.get_coordinates(crossing)[[0, -1]])
    near = [_near(tip, sides, units) for tip in np.asarray(tips, dtype=object)]
    return [(int(near[0].unit[0]), int(near[1].unit[0]))] if all(len(n.unit) for n in near) else []


def _across_point(
    crossing: shapely.Geometry,
    segments: NDArray[np.object_],
    blocks: shapely.STRtree,
    sides: UnitSides,
    units: shapely.STRtree,
) -> list[tuple[int, int]]:
    """Return the pairs of units left and right of each arm of the barrier at a crossing."""
    at = shapely.centroid(crossing)
    near, away = blocks.query_nearest(at, max_distance=_ON_BARRIER_M, return_distance=True, all_matches=True)
    pairs = []
    here_lines = np.sort(near[away <= away.min() + BARRIER_TOLERANCE_M]) if len(near) else near
    for i in here_lines:
        line = segments[i]
        here = shapely.line_locate_point(line, at)
        length = shapely.length(line)
        junction = len(here_lines) > 1 or min(here, length - here) <= BARRIER_TOLERANCE_M
        arms = {max(here - _PROBE_M, 0.0), min(here + _PROBE_M, length)} if junction else {here}
        for t in sorted(arms):
            banks = _banks(shapely.line_interpolate_point(line, t), line, sides, units)
            if banks is not None:
                pairs.append(banks)
    return sorted(set(pairs))


def _banks(
    probe: shapely.Geometry, line: shapely.Geometry, sides: UnitSides, units: shapely.STRtree
) -> tuple[int, int] | None:
    """Return the nearest unit on the left and on the right of `line` at a point of it."""
    near = _near(probe, sides, units)
    (x1, y1), (x2, y2) = shapely.get_coordinates(line)
    x, y = shapely.get_coordinates(probe)[0]
    turn = (x2 - x1) * (near.touch_m[:, 1] - y) - (y2 - y1) * (near.touch_m[:, 0] - x)
    left, right = near.unit[turn > 0], near.unit[turn < 0]
    return (int(left[0]), int(right[0])) if len(left) and len(right) else None


class _Near(NamedTuple):
    """Units by their distance from a point, and where each begins."""

    unit: Ints
    touch_m: Floats


def _near(point: shapely.Geometry, sides: UnitSides, units: shapely.STRtree) -> _Near:
    """Return the units whose own side begins within reach of `point`, nearest first."""
    found = np.sort(units.query(point, predicate="dwithin", distance=CROSSING_REACH_M))
    links = shapely.shortest_line(sides.own[found], point)
    order = np.lexsort((found, np.round(shapely.length(links), 3)))
    return _Near(found[order], shapely.get_coordinates(shapely.get_point(links[order], 0)))
