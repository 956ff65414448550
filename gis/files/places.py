"""Places of a table in the metres of the study: shapes or x, y, checked against where the study lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.files.notebook import Notebook
from gis.files.reference import Reference
from gis.files.repair import Shapes, sound_shapes
from gis.files.typed_table import TypedTable

__all__ = ["Box", "Ground", "RawPlaces", "default_reference", "distinct_rows", "placed"]

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

FAR_M = 50_000.0  # farther than this from the study, a place is more likely wrong than far
_SWAPPED_SHARE = 0.5
_DEGREES = (180.0, 90.0)


@dataclass(frozen=True, slots=True, eq=False)
class RawPlaces:
    """Places in the coordinates of the file.

    Parameters
    ----------
    centres
        Array (n, 2): the middle of each place; not finite where a row has none.
    shapes
        Geometries; None where the places are points at x, y.
    """

    centres: Points
    shapes: Shapes | None

    @classmethod
    def of(cls, table: TypedTable) -> RawPlaces:
        """Take the places out of a table: its geometries, else its x, y."""
        if table.shapes is not None:
            bounds = shapely.bounds(table.shapes)
            return cls((bounds[:, :2] + bounds[:, 2:]) / 2, table.shapes)
        if {"x", "y"} <= set(table.frame.columns):
            return cls(table.frame[["x", "y"]].to_numpy(dtype=float), None)
        return cls(np.full((len(table.frame), 2), np.nan), None)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a place."""
        return np.asarray(np.isfinite(self.centres).all(axis=1), dtype=bool)

    def in_metres(self, reference: Reference, crs: str, wanted: NDArray[np.bool_]) -> Shapes:
        """Project the `wanted` places; the others are None. Equal points are one object."""
        made = np.full(len(self.centres), None, dtype=object)
        if self.shapes is None:
            made[wanted] = shared_points(reference.to_metres(self.centres[wanted], crs))
        elif wanted.any():
            made[wanted] = shapely.transform(self.shapes[wanted], lambda xy: reference.to_metres(xy, crs))
        return made


def shared_points(xy: Points) -> Shapes:
    """Return points at `xy` (n, 2); rows that agree share one object, for many households stand at one door."""
    codes, distinct = distinct_rows(xy)
    return np.asarray(shapely.points(distinct), dtype=object)[codes]


def distinct_rows(xy: Points) -> tuple[NDArray[np.int64], Points]:
    """Return for every row its position among the distinct rows, and those in order of appearance."""
    x, _ = pd.factorize(xy[:, 0])
    y, ys = pd.factorize(xy[:, 1])
    codes, pairs = pd.factorize(x * (len(ys) + 1) + y)
    first = np.full(len(pairs), len(xy), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(xy)))
    return codes, xy[first]


def default_reference(
    table: TypedTable, places: RawPlaces, given: Reference | None, book: Notebook
) -> Reference | None:
    """Return the coordinates a table is in: as the study says, else as the file says, else WGS 84.

    None with a finding where nobody says and the numbers are no degrees.
    """
    if given is not None:
        return given
    own = Reference(table.crs, table.crs) if table.crs and table.shapes is not None else Reference("EPSG:4326")
    centres = places.centres[places.known]
    metres = (np.abs(centres) > 2 * _DEGREES[0]).any(axis=1)
    if own.in_degrees and len(centres) and metres.mean() > _SWAPPED_SHARE:
        x, y = (float(v) for v in np.round(centres[metres][0]))
        book.add("crs-unknown", table=table.spec.name, file=table.place.file, x=x, y=y)
        return None
    return own


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a study lies, to judge places by."""

    crs: str
    box: Box | None

    def distance(self, points: Points) -> Points:
        """Metres from the box; 0 inside, infinite where a point is nowhere."""
        if self.box is None:
            return np.where(np.isfinite(points).all(axis=1), 0.0, np.inf)
        west, south, east, north = self.box
        x, y = points.T
        dx = np.maximum(np.maximum(west - x, x - east), 0.0)
        dy = np.maximum(np.maximum(south - y, y - north), 0.0)
        return np.asarray(np.nan_to_num(np.hypot(dx, dy), nan=np.inf), dtype=float)


def placed(
    table: TypedTable,
    places: RawPlaces,
    reference: Reference,
    ground: Ground,
    book: Notebook,
    *,
    needed: NDArray[np.bool_] | None = None,
    far: bool = True,
) -> Shapes:
    """Return the shapes of `table` in the metres of `ground`; what has none is None and told.

    Parameters
    ----------
    needed
        Which rows must have a place; all by default.
    far
        Whether a place far from the study is told (a warning); otherwise it is left to a finer check.
    """
    ids, place, here = table.ids, table.place, places.known
    wanted = np.ones(len(here), dtype=bool) if needed is None else needed
    if places.shapes is None and "x" in table.theirs:
        book.at("coordinates-missing", place, ~here & wanted, ids=ids, column=table.theirs["x"])
    swapped, nowhere, distance = _judged(places.centres, here, reference, ground)
    _tell(table, swapped, nowhere, book)
    usable = here & ~swapped & ~nowhere
    if far:
        lost = usable & (distance > FAR_M)
        book.at("coordinates-far", place, lost, ids=ids, each=lambda i: {"km": round(float(distance[i]) / 1000)})
    if reference.taken_as_equal(ground.crs) and not book.holds("crs-taken-as-equal"):
        book.add("crs-taken-as-equal", table=table.spec.name, file=place.file)
    metres = places.in_metres(reference, ground.crs, usable)
    if places.shapes is None:
        return metres
    return sound_shapes(metres, table.spec.shapes, place, book, ids=ids, needed=wanted & ~swapped & ~nowhere)


def _judged(
    centres: Points, here: NDArray[np.bool_], reference: Reference, ground: Ground
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Points]:
    """Return which places are swapped, which are nowhere, and how far they lie from the study."""
    size = len(centres)
    swapped, nowhere = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    distance = np.full(size, np.inf)
    if not here.any():
        return swapped, nowhere, distance
    own = centres[here]
    wild = ~_possible(own, reference)
    distance[here] = np.where(wild, np.inf, ground.distance(_safe(own, wild, reference, ground.crs)))
    doubtful = np.flatnonzero(here)[(distance[here] > FAR_M) | wild]
    turned = centres[doubtful][:, ::-1]
    impossible = ~_possible(turned, reference)
    near = ground.distance(_safe(turned, impossible, reference, ground.crs)) <= FAR_M
    if ground.box is None:
        near &= reference.in_degrees & ~_possible(centres[doubtful], reference)
    swapped[doubtful] = near & ~impossible
    nowhere[np.flatnonzero(here)[wild]] = True
    nowhere |= here & ~np.isfinite(distance)
    return swapped, nowhere & ~swapped, distance


def _possible(points: Points, reference: Reference) -> NDArray[np.bool_]:
    if not reference.in_degrees:
        return np.asarray(np.isfinite(points).all(axis=1), dtype=bool)
    return (np.abs(points[:, 0]) <= _DEGREES[0]) & (np.abs(points[:, 1]) <= _DEGREES[1])


def _safe(points: Points, wild: NDArray[np.bool_], reference: Reference, crs: str) -> Points:
    """Project points; those that cannot lie anywhere stay unknown."""
    made = np.full(points.shape, np.nan)
    if not wild.all():
        made[~wild] = reference.to_metres(points[~wild], crs)
    return np.where(np.isfinite(made), made, np.nan)


def _tell(table: TypedTable, swapped: NDArray[np.bool_], nowhere: NDArray[np.bool_], book: Notebook) -> None:
    """Tell swapped places, once when it is the whole table, and places that are nowhere."""
    place, ids = table.place, table.ids
    columns = " / ".join(table.theirs[c] for c in ("x", "y") if c in table.theirs) or None
    if swapped.sum() > max(1, _SWAPPED_SHARE * len(swapped)):
        book.add("coordinates-swapped-all", table=table.spec.name, file=place.file, column=columns)
    else:
        book.at("coordinates-swapped", place, swapped, ids=ids, column=columns)
    book.at("coordinates-outside", place, nowhere, ids=ids, column=columns)
