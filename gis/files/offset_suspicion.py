"""The commonest slip with Chinese coordinates: a web map's offset taken for the place itself."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.files.communities import Communities
from gis.files.notebook import Notebook
from gis.files.places import RawPlaces
from gis.files.reference import BD09, GCJ02, Reference
from gis.files.typed_table import TypedTable
from gis.model.crs import LONLAT

__all__ = ["tell_offset"]

_LOOKED_AT = 2000
_ENOUGH = 5  # fewer places prove nothing
_FINE_SHARE = 0.98  # with so many inside, nothing is suspected
_BETTER_SHARE = 0.5  # of those outside must come inside


def tell_offset(
    table: TypedTable,
    places: RawPlaces,
    reference: Reference,
    communities: Communities,
    book: Notebook,
    *,
    crs: str,
) -> None:
    """Tell a table whose places fit the communities much better in another system of Chinese web maps."""
    known = np.flatnonzero(places.known)
    if len(known) < _ENOUGH or not reference.in_degrees:
        return
    looked = places.centres[known[:: max(1, len(known) // _LOOKED_AT)]]
    inside = _share_inside(looked, reference, communities, crs)
    if inside >= _FINE_SHARE:
        return
    others = [Reference(name) for name in (GCJ02, BD09) if name != reference.name]
    others += [Reference(LONLAT)] if reference.name in (GCJ02, BD09) else []
    shares = {other.name: _share_inside(looked, other, communities, crs) for other in others}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= inside + _BETTER_SHARE * (1 - inside):
        book.add(
            "coordinates-look-offset",
            table=table.spec.name,
            file=table.place.file,
            now=round(100 * inside),
            then=round(100 * shares[best]),
            system="WGS 84" if best == LONLAT else best,
            value=best,
        )


def _share_inside(lonlat: NDArray[np.float64], reference: Reference, communities: Communities, crs: str) -> float:
    """Return the share of places that lie in a community when taken as `reference`."""
    metres = reference.to_metres(lonlat, crs)
    fine = np.isfinite(metres).all(axis=1)
    held = communities.holding(np.asarray(shapely.points(metres[fine]), dtype=object))
    return float((held >= 0).sum() / len(lonlat))
