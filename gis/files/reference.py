"""The coordinates a file is in, and the way from them into the metres of the study."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis.files.china_offset import wgs84_of_bd09, wgs84_of_gcj02
from gis.files.encoding import decode
from gis.files.notebook import Notebook
from gis.model.crs import LONLAT, projected_crs_for
from gis.model.errors import FileRefusedError

__all__ = ["BD09", "GCJ02", "Reference", "reference_of"]

Points = NDArray[np.float64]

GCJ02 = "GCJ02"
BD09 = "BD09"
LOCAL = "control points"
_CONTROL_COLUMNS = ("local_x", "local_y", "x", "y")
_LEAST_CONTROL_POINTS = 3
_POOR_FIT_M = 1.0  # control points that disagree by more are told as a warning
_EQUAL_DATUMS = ("WGS 84", "World Geodetic System 1984", "China 2000", "China_2000", "CGCS2000")


@dataclass(frozen=True, slots=True)
class Reference:
    """Coordinates a table may be in.

    Parameters
    ----------
    name
        ``GCJ02``, ``BD09``, ``control points``, or the CRS as text.
    matrix
        For control points: six numbers a, b, c, d, e, f of x = a*lx + b*ly + c, y = d*lx + e*ly + f in
        `crs`; empty otherwise.
    crs
        The CRS (for control points, the one they lead into).
    """

    name: str
    crs: str = LONLAT
    matrix: tuple[float, ...] = ()

    @property
    def in_degrees(self) -> bool:
        """Whether the coordinates are longitude and latitude."""
        return not self.matrix and (self.name in (GCJ02, BD09) or _crs(self.crs).is_geographic)

    def to_metres(self, points: Points, crs: str) -> Points:
        """Return `points` (n, 2) in the projected `crs`; infinite where they cannot be."""
        if self.matrix:
            a, b, c, d, e, f = self.matrix
            x, y = points.T
            points = np.column_stack([a * x + b * y + c, d * x + e * y + f])
        elif self.name == GCJ02:
            points = wgs84_of_gcj02(points)
        elif self.name == BD09:
            points = wgs84_of_bd09(points)
        return _transformed(points, self.crs, crs)

    def to_lonlat(self, points: Points) -> Points:
        """Return `points` (n, 2) as WGS 84 lon, lat."""
        return self.to_metres(points, LONLAT)

    def taken_as_equal(self, crs: str) -> bool:
        """Whether the way to `crs` takes WGS 84 and CGCS2000 as equal, which is of unknown accuracy."""
        here, there = (_datum(c) for c in (self.crs, crs))
        known = all(any(name in datum for name in _EQUAL_DATUMS) for datum in (here, there))
        return known and ("China" in here) != ("China" in there)


@cache
def _crs(text: str) -> CRS:
    return CRS.from_user_input(text)


@cache
def _transformer(source: str, target: str) -> Transformer | None:
    here, there = _crs(source), _crs(target)
    return None if source == target or here == there else Transformer.from_crs(here, there, always_xy=True)


def _datum(crs: str) -> str:
    datum = _crs(crs).datum
    return str(datum.name) if datum is not None else ""


def _transformed(points: Points, source: str, target: str) -> Points:
    transformer = _transformer(source, target)
    if transformer is None:
        return points
    x, y = transformer.transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


def reference_of(value: object, folder: Path, book: Notebook, *, table: str) -> Reference | None:
    """Return what an entry of ``[crs_of]`` means; None with a finding where it means nothing."""
    if isinstance(value, dict) and isinstance(value.get("control_points"), str):
        return _control(value, folder, book, table)
    word = str(value).strip()
    if word.upper().replace("-", "").replace("_", "") in (GCJ02, BD09):
        return Reference(word.upper().replace("-", "").replace("_", ""))
    try:
        return Reference(word, CRS.from_user_input(word).to_string())
    except CRSError:
        book.add("crs-unreadable", table=table, value=word[:80])
        return None


def _control(value: dict[str, object], folder: Path, book: Notebook, table: str) -> Reference | None:
    """Fit an affine map through the control points of a file."""
    name = str(value["control_points"])
    path = folder / PurePosixPath(name.replace("\\", "/"))
    try:
        if path.resolve().parent != folder.resolve() and folder.resolve() not in path.resolve().parents:
            raise FileRefusedError("file-outside")
        text = decode(path.read_bytes()).text.removeprefix("\ufeff")
        columns = pd.read_csv(io.StringIO(text))[list(_CONTROL_COLUMNS)].to_numpy(dtype=float)
        crs = CRS.from_user_input(str(value.get("crs", LONLAT))).to_string()
    except (OSError, KeyError, ValueError, CRSError, FileRefusedError) as fault:
        book.add("control-points-unusable", table=table, file=path.name, reason=type(fault).__name__)
        return None
    local, known = columns[:, :2], columns[:, 2:]
    if _crs(crs).is_geographic:
        middle = known.mean(axis=0)
        metres = projected_crs_for(float(middle[0]), float(middle[1])).to_string()
        known, crs = _transformed(known, crs, metres), metres
    centred = local - local.mean(axis=0)
    if len(columns) < _LEAST_CONTROL_POINTS or np.linalg.matrix_rank(centred, tol=1e-6 * np.abs(centred).max()) < 2:
        book.add("control-points-unusable", table=table, file=path.name, reason=f"{len(columns)} < 3, or on one line")
        return None
    return _fitted(local, known, crs, book, table=table, file=path.name)


def _fitted(local: Points, known: Points, crs: str, book: Notebook, *, table: str, file: str) -> Reference:
    design = np.column_stack([local, np.ones(len(local))])
    solution, *_ = np.linalg.lstsq(design, known, rcond=None)
    worst_m = float(np.hypot(*(design @ solution - known).T).max())
    code = "control-points-poor" if worst_m > _POOR_FIT_M else "control-points-fitted"
    book.add(code, table=table, file=file, points=len(local), worst_m=round(worst_m, 3))
    return Reference(LOCAL, crs, tuple(float(v) for v in solution.T.ravel()))
