"""Cut a four-sided piece of town into parcels by straight streets."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Corner = tuple[float, float]
CUT_SHARE = (0.38, 0.62)  # where a parcel may be cut, as a share of its longer side


@dataclass(frozen=True)
class Quad:
    """A convex four-sided piece of ground: corners south-west, south-east, north-east, north-west."""

    corners: tuple[Corner, Corner, Corner, Corner]

    @property
    def polygon(self) -> shapely.Polygon:
        """The piece as a polygon."""
        return shapely.Polygon(self.corners)

    @property
    def angle(self) -> float:
        """Direction of the southern side, radians from east."""
        (x0, y0), (x1, y1) = self.corners[:2]
        return float(np.arctan2(y1 - y0, x1 - x0))

    def place(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map the unit square onto the piece; lines along u and v stay straight."""
        sw, se, ne, nw = np.array(self.corners)
        u, v = u[:, None], v[:, None]
        return (1 - u) * (1 - v) * sw + u * (1 - v) * se + u * v * ne + (1 - u) * v * nw


def cut_parcels(quad: Quad, *, parcel_m2: float, rng: np.random.Generator) -> NDArray[np.object_]:
    """Cut a piece across its longer side again and again until parcels are small enough.

    Parameters
    ----------
    quad
        The piece of ground, metres.
    parcel_m2
        Size a parcel aims at; none is larger than 1.4 times this.
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray
        Parcel polygons, row by row from the south-west.
    """
    sw, se, _, nw = np.array(quad.corners)
    width, height = np.linalg.norm(se - sw), np.linalg.norm(nw - sw)
    waiting, done = [(0.0, 0.0, 1.0, 1.0)], []
    while waiting:
        u0, v0, u1, v1 = waiting.pop()
        across, along = (u1 - u0) * width, (v1 - v0) * height
        if across * along <= 1.4 * parcel_m2:
            done.append((v0, u0, v1, u1))
            continue
        share = rng.uniform(*CUT_SHARE)
        if across >= along:
            cut = u0 + share * (u1 - u0)
            waiting += [(u0, v0, cut, v1), (cut, v0, u1, v1)]
        else:
            cut = v0 + share * (v1 - v0)
            waiting += [(u0, v0, u1, cut), (u0, cut, u1, v1)]
    v0, u0, v1, u1 = np.array(sorted(done)).T
    rings = [quad.place(u, v) for u, v in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))]
    return np.array(shapely.polygons(np.stack(rings, axis=1)))
