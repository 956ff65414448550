"""Shapes that are wrong, and those that can be mended without changing what they mean."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.files.notebook import Notebook, Place

__all__ = ["Shapes", "sound_shapes"]

Shapes = NDArray[np.object_]

_DIMENSION = {"point": 0, "line": 1, "polygon": 2}
_LEAST_AREA_M2 = 1e-6


def sound_shapes(
    shapes: Shapes,
    allowed: frozenset[str],
    place: Place,
    book: Notebook,
    *,
    ids: NDArray[np.object_] | None = None,
    needed: NDArray[np.bool_] | None = None,
) -> Shapes:
    """Return `shapes` (projected, metres) mended; what cannot be is None and told as an error.

    Parameters
    ----------
    allowed
        point, line, polygon.
    needed
        Which records must have a shape; all by default.
    """
    made = shapely.force_2d(shapes)
    missing = shapely.is_missing(made) | shapely.is_empty(made)
    wanted = np.ones(len(made), dtype=bool) if needed is None else needed
    book.at("geometry-empty", place, missing & wanted, ids=ids)
    made[missing] = None
    broken = ~missing & ~shapely.is_valid(made)
    if broken.any():
        made[broken] = _mended(made[broken])
        lost = broken & shapely.is_missing(made)
        book.at("geometry-unrepairable", place, lost, ids=ids)
        book.at("geometry-repaired", place, broken & ~lost, ids=ids)
    wrong = ~shapely.is_missing(made) & ~np.isin(_dimensions(made), [_DIMENSION[a] for a in allowed])
    names = ", ".join(sorted(allowed))
    book.at("geometry-wrong-type", place, wrong, ids=ids, each=lambda i: {"found": made[i].geom_type}, allowed=names)
    made[wrong] = None
    return made


def _dimensions(shapes: Shapes) -> NDArray[np.int64]:
    """Return 0, 1, 2 for points, lines, polygons; 9 for a mixture."""
    collection = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION.value
    return np.where(collection, 9, shapely.get_dimensions(shapes))


def _mended(shapes: Shapes) -> Shapes:
    """Return valid shapes of the same dimension; None where nothing of it is left."""
    before = shapely.get_dimensions(shapes)
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    made = np.empty(len(shapes), dtype=object)
    for i, (shape, dimension) in enumerate(zip(valid, before, strict=True)):
        parts = [p for p in shapely.get_parts(shape) if shapely.get_dimensions(p) == dimension and not p.is_empty]
        left = shapely.union_all(parts) if parts else None
        whole = left is not None and (dimension < 2 or left.area > _LEAST_AREA_M2)
        made[i] = left if whole else None
    return made
