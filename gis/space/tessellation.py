"""Cells around places: Voronoi cells of points, and the enclosed tessellation of footprints."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.space.areas import locate
from gis.space.faces import Faces
from gis.space.linework import GRID_M
from gis.space.pieces import NOBODY, Pieces

__all__ = ["tessellate"]

_SEGMENT_M = 1.0  # corners along a footprint's wall
_SHRINK_M = 0.4  # footprints are drawn in by this so that houses wall to wall have a line between them
_TURN_RAD = 0.12  # outlines in line with the axes make GEOS draw wrong Voronoi cells (libgeos/geos#1062)
_THRESHOLD_SHARE = 0.05  # a footprint counts in a face with at least this share of its area
_FAR_M = 1e5  # a footprint cell ends at its face; a place outside every face takes the nearest within this

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]


def tessellate(
    faces: Faces,
    points: Geometries,
    community: Ints,
    *,
    footprints: Geometries | None = None,
) -> Pieces:
    """Share out the ground of every community among its places.

    Parameters
    ----------
    faces
        The communities, cut along their barriers.
    points
        One point a unit; no two alike.
    community
        Position of the community of each unit.
    footprints
        Building outlines, one a unit (None for a place without one); cells grow around the
        outlines instead of the points.

    Returns
    -------
    Pieces
        In each face the cells of the units whose place it holds; in a face without any the
        cells of the whole community, as strays; the whole ground of a community without units,
        meant for `NOBODY`.
    """
    face = _face_of(faces, points, community)
    lived = np.isin(np.arange(len(faces.polygons)), face)
    made = []
    if footprints is None:
        made += [_cells(faces, f, points, np.flatnonzero(face == f)) for f in np.unique(face)]
    else:
        outlines = _outlines(points, footprints)
        lived |= np.isin(np.arange(len(faces.polygons)), _touched(faces, outlines, community))
        made.append(_around_outlines(faces, lived, outlines, community))
    for c in np.unique(faces.community[~lived]):
        here = np.flatnonzero(community == c)
        made += [_empty(faces, f, points, here) for f in np.flatnonzero(~lived & (faces.community == c))]
    return _split_at_ends(Pieces.together(Pieces.none(), *made), faces, points)


def _face_of(faces: Faces, points: Geometries, community: Ints) -> Ints:
    """Return the face of each place, among those of its community."""
    face = np.full(len(points), -1, dtype=np.int64)
    tree = shapely.STRtree(faces.polygons)
    at, found = tree.query(points, predicate="intersects")
    same = faces.community[found] == community[at]
    at, found = at[same], found[same]
    first = np.unique(at, return_index=True)[1]
    if len(at):
        face[at[first]] = np.minimum.reduceat(found[np.argsort(at, kind="stable")], first)
    for i in np.flatnonzero(face < 0):
        own = np.flatnonzero(faces.community == community[i])
        face[i] = own[locate(points[i : i + 1], faces.polygons[own], near_m=_FAR_M).community[0]]
    return face


def _voronoi(ground: shapely.Geometry, points: Geometries) -> Geometries:
    """Return the Voronoi cells of `points`, in their order, over all of `ground`."""
    if len(points) == 1:
        return np.array([shapely.envelope(ground)], dtype=object)
    reach = shapely.union(shapely.envelope(ground), shapely.envelope(shapely.multipoints(points)))
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.buffer(reach, 1.0), ordered=True)
    return np.asarray(shapely.get_parts(cells), dtype=object)


def _clip(cells: Geometries, ground: shapely.Geometry) -> Geometries:
    """Clip cells to `ground`; those wholly inside stay as they are."""
    shapely.prepare(ground)
    clipped = cells.copy()
    across = ~shapely.contains_properly(ground, cells)
    clipped[across] = shapely.intersection(cells[across], ground)
    return clipped


def _cells(faces: Faces, f: np.intp, points: Geometries, here: Ints) -> Pieces:
    """Return the cells of the places in one face."""
    ground = faces.polygons[f]
    cells = np.array([ground], dtype=object) if len(here) == 1 else _clip(_voronoi(ground, points[here]), ground)
    c = np.full(len(here), faces.community[f], dtype=np.int64)
    made = Pieces.of(cells, c, here, np.ones(len(here), dtype=bool))
    return Pieces(made.polygons, made.community, made.unit, _holds_place(made, points))


def _holds_place(pieces: Pieces, points: Geometries) -> NDArray[np.bool_]:
    """Mark for each unit the one piece nearest to its place; ties fall to the larger piece."""
    away = shapely.distance(pieces.polygons, points[pieces.unit])
    order = np.lexsort((-shapely.area(pieces.polygons), np.round(away, 3), pieces.unit))
    home = np.zeros(len(pieces.unit), dtype=bool)
    home[order[np.unique(pieces.unit[order], return_index=True)[1]]] = True
    return home


def _empty(faces: Faces, f: np.intp, points: Geometries, here: Ints) -> Pieces:
    """Share out a face without places among the units of its community, or leave it whole to nobody."""
    ground, c = faces.polygons[f], faces.community[f]
    if len(here) == 0:
        return Pieces(np.array([ground], dtype=object), np.array([c]), np.array([NOBODY]), np.array([False]))
    cells = _clip(_voronoi(ground, points[here]), ground)
    return Pieces.of(cells, np.full(len(here), c, dtype=np.int64), here, np.zeros(len(here), dtype=bool))


def _outlines(points: Geometries, footprints: Geometries) -> Geometries:
    """Return one outline a unit; a place without a footprint, or with one too thin, stands as a square of 1 m."""
    square = shapely.buffer(points, 0.5, cap_style="square")
    thin = shapely.is_missing(footprints) | shapely.is_empty(shapely.buffer(footprints, -2 * _SHRINK_M))
    return np.asarray(np.where(thin, square, footprints), dtype=object)


def _touched(faces: Faces, outlines: Geometries, community: Ints) -> Ints:
    """Return the faces in which an outline of their community counts."""
    f, u = shapely.STRtree(outlines).query(faces.polygons, predicate="intersects")
    own = faces.community[f] == community[u]
    f, u = f[own], u[own]
    share = shapely.area(shapely.intersection(faces.polygons[f], outlines[u])) / shapely.area(outlines[u])
    return np.unique(f[share > _THRESHOLD_SHARE])


def _alone(polygons: Geometries, outlines: Geometries) -> Ints | None:
    """Return the outline of each face when no face holds two; momepy has nothing to cut then and fails."""
    f, u = shapely.STRtree(outlines).query(polygons, predicate="intersects")
    return u if np.array_equal(f, np.arange(len(polygons))) else None


def _around_outlines(faces: Faces, lived: NDArray[np.bool_], outlines: Geometries, community: Ints) -> Pieces:
    """Return the enclosed tessellation of `outlines`; a building in two faces has a piece in both."""
    import momepy  # noqa: PLC0415  (takes two seconds to load, and studies with ready-made units need none)

    made = []
    for c in np.unique(community):
        own = np.flatnonzero(lived & (faces.community == c))
        here = np.flatnonzero(community == c)
        alone = _alone(faces.polygons[own], outlines[here])
        if alone is not None:
            c_alone = np.full(len(own), c, dtype=np.int64)
            made.append(Pieces.of(faces.polygons[own], c_alone, here[alone], np.ones(len(own), dtype=bool)))
            continue
        middle = shapely.get_coordinates(shapely.centroid(shapely.multipolygons(faces.polygons[own])))[0]
        table = momepy.enclosed_tessellation(
            gpd.GeoSeries(_turned(outlines[here], middle, _TURN_RAD), index=here),
            # unnamed, momepy loses single houses
            gpd.GeoSeries(_turned(faces.polygons[own], middle, _TURN_RAD), index=own, name="geometry"),
            shrink=_SHRINK_M,
            segment=_SEGMENT_M,
            threshold=_THRESHOLD_SHARE,
            simplify=True,
            n_jobs=1,
        )
        unit = table.index.to_numpy(dtype=np.int64)
        shapes = _turned(np.asarray(table.geometry.to_numpy(), dtype=object), middle, -_TURN_RAD)
        made.append(Pieces.of(shapes, np.full(len(unit), c, dtype=np.int64), unit, np.ones(len(unit), dtype=bool)))
    found = Pieces.together(Pieces.none(), *made)
    inside = shapely.area(shapely.intersection(found.polygons, outlines[found.unit]))
    home = inside > _THRESHOLD_SHARE * shapely.area(outlines[found.unit])
    return Pieces(found.polygons, found.community, found.unit, home)


def _turned(shapes: Geometries, middle_m: NDArray[np.float64], angle_rad: float) -> Geometries:
    """Turn geometries around `middle_m`."""
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    turn = np.array([[cos, sin], [-sin, cos]])
    return np.asarray(shapely.transform(shapes, lambda xy: (xy - middle_m) @ turn + middle_m), dtype=object)


def _split_at_ends(pieces: Pieces, faces: Faces, points: Geometries) -> Pieces:
    """Cut the cells that a barrier ending inside a face runs through; the far part becomes a stray."""
    kept, cut = [], []
    for c, lines in faces.ends.items():
        here = np.flatnonzero(pieces.community == c)
        at, line = shapely.STRtree(lines).query(pieces.polygons[here], predicate="intersects")
        for i in np.unique(at):
            parts = _split(pieces.polygons[here[i]], lines[line[at == i]])
            if len(parts) > 1:
                kept.append(here[i])
                cut.append(_parts_of(pieces, int(here[i]), parts, points))
    rest = np.setdiff1d(np.arange(len(pieces.unit)), np.array(kept, dtype=np.int64))
    whole = Pieces(pieces.polygons[rest], pieces.community[rest], pieces.unit[rest], pieces.home[rest])
    return Pieces.together(whole, *cut)


def _split(polygon: shapely.Geometry, lines: Geometries) -> Geometries:
    """Return the parts of a polygon on the sides of `lines`."""
    noded = shapely.union_all([*shapely.intersection(lines, polygon), shapely.boundary(polygon)], grid_size=GRID_M)
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return np.asarray(parts[shapely.intersects(polygon, shapely.point_on_surface(parts))], dtype=object)


def _parts_of(pieces: Pieces, i: int, parts: Geometries, points: Geometries) -> Pieces:
    """Return the parts of piece `i`: the one with the place is as it was, the others are strays."""
    unit = np.full(len(parts), pieces.unit[i])
    made = Pieces(parts, np.full(len(parts), pieces.community[i]), unit, np.zeros(len(parts), dtype=bool))
    if not pieces.home[i] or pieces.unit[i] == NOBODY:
        return made
    return Pieces(parts, made.community, unit, _holds_place(made, points))
