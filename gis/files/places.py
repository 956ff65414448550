"""Places of a table in the metres of the study: shapes or x, y, checked against where the study lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.files.notebook import Notebook
from gis.files.reference import Reference
from gis.files.repair import Shapes, sound_shapes
from gis.files.typed_table import TypedTable

__all__ = ["Box", "default_reference", "placed", "raw_shapes"]

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

FAR_M = 50_000.0  # farther than this from the study, a place is more likely wrong than far
_SWAPPED_SHARE = 0.5
_DEGREES = (180.0, 90.0)


def raw_shapes(table: TypedTable) -> Shapes:
    """Return the shapes of a table in its own coordinates: its geometries, or points at x, y; None without."""
    size = len(table.frame)
    made = np.full(size, None, dtype=object) if table.shapes is None else table.shapes.copy()
    if {"x", "y"} <= set(table.frame.columns):
        xy = table.frame[["x", "y"]].to_numpy(dtype=float)
        gaps = shapely.is_missing(made) & np.isfinite(xy).all(axis=1)
        made[gaps] = shapely.points(xy[gaps])
    return made


def default_reference(table: TypedTable, shapes: Shapes, given: Reference | None, book: Notebook) -> Reference | None:
    """Return the coordinates a table is in: as the study says, else as the file says, else WGS 84.

    None with a finding where nobody says and the numbers are no degrees.
    """
    if given is not None:
        return given
    own = Reference(table.crs, table.crs) if table.crs and table.shapes is not None else Reference("EPSG:4326")
    centres = _centres(shapes)
    known = np.isfinite(centres).all(axis=1)
    metres = (np.abs(centres[known]) > 2 * _DEGREES[0]).any(axis=1)
    if own.in_degrees and known.any() and metres.mean() > _SWAPPED_SHARE:
        x, y = (float(v) for v in np.round(centres[known][metres][0]))
        book.add("crs-unknown", table=table.spec.name, file=table.place.file, x=x, y=y)
        return None
    return own


def _centres(shapes: Shapes) -> Points:
    bounds = shapely.bounds(shapes)
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


@dataclass(frozen=True, slots=True)
class _Ground:
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
        return np.nan_to_num(np.hypot(dx, dy), nan=np.inf)


def placed(
    table: TypedTable,
    reference: Reference,
    crs: str,
    book: Notebook,
    *,
    box: Box | None,
    shapes: Shapes | None = None,
    needed: NDArray[np.bool_] | None = None,
    far: bool = True,
) -> Shapes:
    """Return the shapes of `table` in the projected `crs`; what has none is None and told.

    Parameters
    ----------
    box
        Bounds of the areas in `crs`; None while the areas themselves are placed.
    needed
        Which rows must have a place; all by default.
    far
        Whether a place far from the study is told (a warning); otherwise it is left to a finer check.
    """
    raw = raw_shapes(table) if shapes is None else shapes
    ids, place = table.ids, table.place
    wanted = np.ones(len(raw), dtype=bool) if needed is None else needed
    from_cells = {"x", "y"} <= set(table.frame.columns) and table.shapes is None
    missing = shapely.is_missing(raw)
    if from_cells:
        book.at("coordinates-missing", place, missing & wanted, ids=ids, column=table.theirs["x"])
    ground = _Ground(crs, box)
    centres = _centres(raw)
    here = ~missing & np.isfinite(centres).all(axis=1)
    swapped, nowhere, distance = _judged(centres, here, reference, ground)
    _tell(table, swapped, nowhere, book)
    if far:
        book.at(
            "coordinates-far",
            place,
            here & ~swapped & ~nowhere & (distance > FAR_M),
            ids=ids,
            each=lambda i: {"km": round(float(distance[i]) / 1000)},
        )
    unusable = swapped | nowhere
    metres = raw.copy()
    metres[unusable] = None
    metres = _in_metres(metres, reference, crs)
    if reference.taken_as_equal(crs):
        book.add("crs-taken-as-equal", table=table.spec.name, file=place.file)
    asked = wanted & ~unusable & ~(missing if from_cells else np.zeros(len(raw), dtype=bool))
    return sound_shapes(metres, table.spec.shapes, place, book, ids=ids, needed=asked)


def _in_metres(shapes: Shapes, reference: Reference, crs: str) -> Shapes:
    """Project shapes; points and their repetitions are projected once."""
    if not len(shapes):
        return shapes
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT.value
    if points.all():
        return shapely.points(reference.to_metres(shapely.get_coordinates(shapes), crs))
    return shapely.transform(shapes, lambda xy: reference.to_metres(xy, crs))


def _judged(
    centres: Points, here: NDArray[np.bool_], reference: Reference, ground: _Ground
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
        return np.isfinite(points).all(axis=1)
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
