"""Pieces of ground with the unit they are meant for, before they are made an exact cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["NOBODY", "Pieces"]

NOBODY = -1

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Polygons of ground.

    Parameters
    ----------
    polygons
        Single polygons; they may miss or overlap each other by rounding.
    community
        Position of the community of each piece.
    unit
        Position of the unit that the piece is meant for; `NOBODY` where none is named.
    home
        Whether the piece is the unit's own (it holds its place or its building); others are
        stray and go to a neighbour on their side.
    """

    polygons: Geometries
    community: Ints
    unit: Ints
    home: NDArray[np.bool_]

    @classmethod
    def of(cls, shapes: Geometries, community: Ints, unit: Ints, home: NDArray[np.bool_]) -> Pieces:
        """Take `shapes` apart into single polygons; what is not a polygon is left out."""
        parts, of = shapely.get_parts(shapes, return_index=True)
        nested = np.flatnonzero(shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION)
        if len(nested):
            deeper, at = shapely.get_parts(parts[nested], return_index=True)
            parts = np.concatenate([parts, deeper])
            of = np.concatenate([of, of[nested[at]]])
        polygon = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
        of = of[polygon]
        return cls(parts[polygon], community[of], unit[of], home[of])

    @classmethod
    def together(cls, *many: Pieces) -> Pieces:
        """Put several tables of pieces into one."""
        return cls(
            np.concatenate([p.polygons for p in many]),
            np.concatenate([p.community for p in many]),
            np.concatenate([p.unit for p in many]),
            np.concatenate([p.home for p in many]),
        )

    @classmethod
    def none(cls) -> Pieces:
        """Return no pieces."""
        ints = np.empty(0, dtype=np.int64)
        return cls(np.empty(0, dtype=object), ints, ints.copy(), np.empty(0, dtype=bool))
