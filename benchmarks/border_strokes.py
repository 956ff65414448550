"""Strokes over the border of two grids that the plan allows: they take units and leave every grid in one piece.

Where a unit stands on the screen is worked out from the plan, as the editor opens it: all of it in the middle, each
step of the zoom twice as near.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Frame", "Point", "border_strokes"]

FIT_PIXELS = 24  # left free round the plan, as in maps/editor/src/map/adapter.ts
BRUSH_PIXELS = 8.0  # the brush as the editor opens
INNER_SHARE = 0.45  # of the map's sides: how far from its middle a stroke begins at most
MOST_MOVED = 40  # units; a planner's short stroke takes no more
TRIES = 20_000

Point = tuple[float, float]
Frame = Mapping[str, float]
"""The map on the page in pixels: x, y, width, height."""


def border_strokes(
    document: Mapping[str, Any], frame: Frame, count: int, *, zoom_steps: int, seed: int = 0
) -> Iterator[tuple[Point, Point]]:
    """Yield from where to where the brush is pulled; each stroke counts on the ones before it being accepted.

    Parameters
    ----------
    document
        The plan as ``GET /v1/plans/{plan}/editor`` tells it.
    zoom_steps
        How often the map was zoomed in since it was opened.
    """
    plan = _Painted(document)
    shapes = _on_screen(document, frame, zoom_steps)
    tree = shapely.STRtree(shapes)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes))
    middle = np.array([frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2])
    reach = np.array([frame["width"], frame["height"]]) * INNER_SHARE
    near = np.flatnonzero((np.abs(inside - middle) < reach).all(axis=1)).tolist()
    rng, left = random.Random(seed), count
    for _ in range(TRIES):
        if not near or left == 0:
            return
        unit = rng.choice(near)
        beyond = [v for v in plan.neighbours[unit] if plan.smaller(plan.grid[unit], plan.grid[v])]
        if not beyond:
            continue
        path = shapely.LineString(inside[[unit, rng.choice(beyond)]])
        touched = tree.query(path.buffer(BRUSH_PIXELS), predicate="intersects").tolist()
        if plan.take(touched, plan.grid[unit]):
            (x, y), (to_x, to_y) = path.coords
            left -= 1
            yield (x, y), (to_x, to_y)


class _Painted:
    """The grid of every unit, as strokes change it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.grid: list[int] = list(document["grid_of"])
        self._community: Sequence[int] = document["community"]
        self.neighbours: list[list[int]] = [[] for _ in self.grid]
        for a, b in zip(document["pairs"][::2], document["pairs"][1::2], strict=True):
            self.neighbours[a].append(b)
            self.neighbours[b].append(a)
        self._units: dict[int, set[int]] = {}
        for unit, grid in enumerate(self.grid):
            self._units.setdefault(grid, set()).add(unit)

    def smaller(self, grid: int, other: int) -> bool:
        """Tell whether a grid is another one, and no larger: it takes, so that no grid eats all in sight."""
        return grid != other and len(self._units[grid]) <= len(self._units[other])

    def take(self, units: Sequence[int], grid: int) -> bool:
        """Take units of one community into a grid, where that leaves every grid whole; tell whether it did."""
        community = self._community[next(iter(self._units[grid]))]
        moved = {u for u in units if self.grid[u] != grid and self._community[u] == community}
        after = {g: self._units[g] - moved for g in {self.grid[u] for u in moved}} | {grid: self._units[grid] | moved}
        if not 0 < len(moved) <= MOST_MOVED or not all(self._whole(units) for units in after.values()):
            return False
        self._units |= after
        for unit in moved:
            self.grid[unit] = grid
        return True

    def _whole(self, units: set[int]) -> bool:
        unseen = set(units)
        ahead = [unseen.pop()] if unseen else []
        while ahead:
            found = unseen.intersection(self.neighbours[ahead.pop()])
            unseen -= found
            ahead.extend(found)
        return not unseen


def _on_screen(document: Mapping[str, Any], frame: Frame, zoom_steps: int) -> NDArray[np.object_]:
    """Return the outlines of the units in pixels of the page."""
    shapes = shapely.from_geojson([json.dumps(p) for p in document["polygons"]])
    world = shapely.transform(shapes, _mercator)
    west, north, east, south = shapely.total_bounds(world)
    room = frame["width"] - 2 * FIT_PIXELS, frame["height"] - 2 * FIT_PIXELS
    scale = min(room[0] / (east - west), room[1] / (south - north)) * 2**zoom_steps
    middle = np.array([(west + east) / 2, (north + south) / 2])
    centre = np.array([frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2])
    moved: NDArray[np.object_] = shapely.transform(world, lambda at: (at - middle) * scale + centre)
    return moved


def _mercator(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place in the world's square, from its north-western corner."""
    north = np.arcsinh(np.tan(np.radians(lonlat[:, 1]))) / math.pi
    return np.column_stack([(lonlat[:, 0] + 180) / 360, (1 - north) / 2])
