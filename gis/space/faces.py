"""Faces: what barriers leave of each community, before anybody's cell is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.space.barriers import Barriers
from gis.space.linework import GRID_M

__all__ = ["Faces", "faces_of"]

Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Polygons that no closed barrier runs through, and the barriers that end inside them.

    Parameters
    ----------
    polygons
        The faces, by community.
    community
        Position of the community of each face.
    ends
        Barrier lines that do not close a face, by community (position -> line geometries).
    """

    polygons: Geometries
    community: NDArray[np.int64]
    ends: dict[int, Geometries]


def faces_of(communities: Geometries, barriers: Barriers) -> Faces:
    """Cut each community along the barriers; near-linear in the barriers that touch it."""
    polygons: list[Geometries] = []
    ends: dict[int, Geometries] = {}
    tree = shapely.STRtree(barriers.lines)
    for c, community in enumerate(communities):
        near = np.sort(tree.query(community, predicate="intersects"))
        if len(near) == 0:
            polygons.append(shapely.get_parts(community))
            continue
        faces, open_ends = _cut(community, barriers.lines[near])
        polygons.append(faces)
        if len(open_ends):
            ends[c] = open_ends
    counts = [len(p) for p in polygons]
    together = np.concatenate(polygons) if polygons else np.empty(0, dtype=object)
    return Faces(together, np.repeat(np.arange(len(polygons)), counts), ends)


def _cut(community: shapely.Geometry, lines: Geometries) -> tuple[Geometries, Geometries]:
    """Return the faces of one community and the lines that close none."""
    inside = shapely.intersection(lines, community)
    noded = shapely.union_all([*inside, shapely.boundary(community)], grid_size=GRID_M)
    closed, cuts, dangles, _ = shapely.polygonize_full(shapely.get_parts(noded))
    faces = shapely.get_parts(closed)
    shapely.prepare(community)
    faces = faces[shapely.intersects(community, shapely.point_on_surface(faces))]
    open_ends = np.concatenate([shapely.get_parts(cuts), shapely.get_parts(dangles)])
    return np.asarray(faces, dtype=object), np.asarray(open_ends, dtype=object)
