"""GeoPackage and Shapefile layers, read by the driver that their first bytes name and by no other."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError

from gis.files.encoding import encoding_of
from gis.files.file_kind import FileKind
from gis.files.headers import match_headers
from gis.files.input_tables import InputTable
from gis.files.notebook import Notebook
from gis.files.source import SourceTable
from gis.model.errors import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["layer_names", "read_geopackage", "read_shapefile"]

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SHP_MAGIC = b"\x00\x00\x27\x0a"
_DBF_HEADER_BYTES = 32  # of the file, and of each field after it
_DBF_HEADER_END = 0x0D
_NAME_BYTES = 11


def read_geopackage(
    path: Path, spec: InputTable, mapping: Mapping[str, str], book: Notebook, *, layer: str | None = None
) -> SourceTable:
    """Read one layer of a GeoPackage: the one named, else the table's name, else the one that fits best.

    Raises
    ------
    FileRefusedError
        If it is damaged.
    """
    layers = layer_names(path)
    scores = {name: _fit(path, name, spec, mapping) for name in layers}
    chosen = layer if layer in layers else None
    if layer is None and layers:
        chosen = spec.name if spec.name in layers else max(layers, key=lambda name: scores[name])
    if chosen is None:
        book.add("layer-missing", table=spec.name, file=path.name, layer=layer or "", known=", ".join(layers))
        return SourceTable(FileKind.GPKG, pd.DataFrame(), np.empty(0, dtype=np.int64))
    facts: dict[str, dict[str, str | int]] = {}
    if len(layers) > 1 and layer is None:
        facts["layer-chosen"] = {"layer": chosen, "known": ", ".join(layers)}
    return _table(path, FileKind.GPKG, "GPKG", facts, layer=chosen)


def layer_names(path: Path) -> list[str]:
    """Return the layers of a GeoPackage."""
    return [str(name) for name, _ in _guarded(lambda: pyogrio.list_layers(path))]


def _fit(path: Path, layer: str, spec: InputTable, mapping: Mapping[str, str]) -> int:
    fields = [str(f) for f in _guarded(lambda: pyogrio.read_info(path, layer=layer))["fields"]]
    return len(match_headers(spec, fields, mapping, Notebook(), file="").theirs)


def read_shapefile(path: Path, kind: FileKind, *, layer: str | None = None) -> SourceTable:
    """Read a Shapefile, zipped or with its parts beside it; without a .cpg the encoding is decided from the text.

    Raises
    ------
    FileRefusedError
        If a part is missing or damaged.
    """
    with _unpacked(path, kind, layer) as shp:
        for part in (".shx", ".dbf"):
            if not shp.with_suffix(part).is_file():
                raise FileRefusedError("file-unreadable", reason=f"no {part}")
        facts: dict[str, dict[str, str | int]] = {}
        encoding = _dbf_encoding(shp)
        _whole_names(shp.with_suffix(".dbf"), encoding)
        if encoding == "gb18030":
            facts["encoding-read"] = {"encoding": "GB18030"}
        return _table(shp, kind, "ESRI Shapefile", facts, encoding=encoding)


def _table(
    path: Path,
    kind: FileKind,
    driver: str,
    facts: Mapping[str, Mapping[str, str | int]],
    *,
    layer: str | None = None,
    encoding: str | None = None,
) -> SourceTable:
    info = _guarded(lambda: pyogrio.read_info(path, layer=layer, encoding=encoding))
    if info["driver"] != driver:
        raise FileRefusedError("file-kind-refused", kind=str(info["driver"]))
    meta, _, geometry, fields = _guarded(
        lambda: pyogrio.raw.read(path, layer=layer, encoding=encoding, force_2d=True, datetime_as_string=True)
    )
    frame = pd.DataFrame(
        {str(name): _column(values) for name, values in zip(meta["fields"], fields, strict=True)}, dtype=object
    )
    shapes = None if geometry is None else shapely.from_wkb(geometry, on_invalid="ignore")
    size = len(fields[0]) if len(fields) else (0 if shapes is None else len(shapes))
    return SourceTable(
        kind,
        frame,
        np.arange(1, size + 1, dtype=np.int64),
        geometry=shapes,
        crs=str(meta["crs"]) if meta["crs"] else None,
        facts=facts,
    )


def _column(values: np.ndarray) -> list[object]:
    """Return the cells of a field: numbers as they are, whole ones whole, text stripped."""
    return [_cell(v) for v in values.tolist()]


def _cell(value: object) -> object:
    if value is None or value != value:  # noqa: PLR0124  (NaN)
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None


def _guarded(read: Callable[[], Any]) -> Any:
    """Call `read`; whatever the driver finds wrong with the file becomes a refusal."""
    try:
        return read()
    except (DataSourceError, DataLayerError, FieldError, ValueError, UnicodeDecodeError, RuntimeError) as fault:
        raise FileRefusedError("file-unreadable", reason=str(fault).split("\n", maxsplit=1)[0][:120]) from fault


@contextmanager
def _unpacked(path: Path, kind: FileKind, layer: str | None) -> Iterator[Path]:
    """Put the parts of one Shapefile into a folder of their own, under a plain name."""
    with tempfile.TemporaryDirectory() as folder:
        shp = Path(folder) / "layer.shp"
        if kind is FileKind.SHP:
            for part in path.parent.iterdir():
                if part.stem == path.stem and part.suffix.lower() in _PARTS:
                    shutil.copyfile(part, shp.with_suffix(part.suffix.lower()))
        else:
            _extract(path, shp, layer)
        with shp.open("rb") as file:
            if file.read(4) != _SHP_MAGIC:
                raise FileRefusedError("file-unreadable", reason="shp")
        yield shp


def _extract(path: Path, shp: Path, layer: str | None) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
            shapes = sorted(p for p in inside if p.suffix.lower() == ".shp" and (layer is None or p.stem == layer))
            if not shapes:
                raise FileRefusedError("file-unreadable", reason=f"no {layer}.shp")
            for info in archive.infolist():
                part = PurePosixPath(info.filename.replace("\\", "/"))
                same = part.parent == shapes[0].parent and part.stem == shapes[0].stem
                if same and part.suffix.lower() in _PARTS:
                    with archive.open(info) as source, shp.with_suffix(part.suffix.lower()).open("wb") as target:
                        shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as fault:
        raise FileRefusedError("file-unreadable", reason=str(fault)[:120]) from fault


def _dbf_encoding(shp: Path) -> str:
    """Return the encoding of the attribute table: what its .cpg says where that holds, else what the text obeys."""
    data = shp.with_suffix(".dbf").read_bytes()
    body = data[_DBF_HEADER_BYTES:]
    cells = b"\n".join(part for part in body.replace(b"\x00", b" ").split(b" ") if part and not part.isascii())
    found = encoding_of(cells)
    if found is not None:
        return found
    return "gb18030" if encoding_of(_without_cut_ends(cells)) == "gb18030" else "utf-8"


def _whole_names(dbf: Path, encoding: str) -> None:
    """Drop half characters at the end of field names, which the driver stumbles over (`dbf` is our own copy)."""
    data = bytearray(dbf.read_bytes())
    at = _DBF_HEADER_BYTES
    while at + _DBF_HEADER_BYTES <= len(data) and data[at] != _DBF_HEADER_END:
        name = bytes(data[at : at + _NAME_BYTES]).split(b"\x00")[0]
        whole = name.decode(encoding, errors="ignore").encode(encoding)
        data[at : at + _NAME_BYTES] = whole.ljust(_NAME_BYTES, b"\x00")
        at += _DBF_HEADER_BYTES
    dbf.write_bytes(data)


def _without_cut_ends(cells: bytes) -> bytes:
    """Drop the half character that a fixed width may leave at the end of a cell."""
    return b"\n".join(part if encoding_of(part) else part[:-1] for part in cells.split(b"\n"))
