"""Make neighbouring polygons share every vertex of their common border."""

import numpy as np
import shapely
from numpy.typing import NDArray


def matched(polygons: NDArray[np.object_], *, lattice_m: float) -> NDArray[np.object_]:
    """Node all borders on one fine lattice, so that neighbours share every vertex.

    Parameters
    ----------
    polygons
        Polygons whose borders nearly coincide; projected, metres.
    lattice_m
        Spacing of the lattice; more than what the borders are apart.

    Returns
    -------
    numpy.ndarray
        Polygons in the same order that form a valid coverage.
    """
    borders = shapely.union_all(shapely.boundary(polygons), grid_size=lattice_m)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    at, distance = shapely.STRtree(polygons).query_nearest(
        shapely.point_on_surface(faces), return_distance=True, all_matches=False
    )
    inside = distance <= lattice_m
    owner, faces = at[1][inside], faces[at[0][inside]]
    return np.array([shapely.union_all(faces[owner == zone]) for zone in range(len(polygons))])
