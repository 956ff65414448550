"""What a file really is: told by its first bytes, never by its name alone.

Only these kinds are ever opened, each by the one reader that knows it; a text
that would make a driver open other files (a VRT, a service description) is none of them.
"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path, PurePosixPath

from gis.model.errors import FileRefusedError

__all__ = ["MAX_UNPACKED_BYTES", "FileKind", "kind_of", "unpacked_gzip"]

MAX_UNPACKED_BYTES = 1 << 30  # an archive that unpacks to more is a bomb, or no table of a study
MAX_ENTRIES = 10_000
_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\x00"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")  # application_id, bytes 68 to 71
_SHP = b"\x00\x00\x27\x0a"
_MARKUP = re.compile(rb"^\s*<")
_OTHER = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"PAR1": "Parquet",
}


class FileKind(StrEnum):
    """Kinds of files that a study may be made of."""

    CSV = "csv"
    CSV_GZ = "csv.gz"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"
    SHP_ZIP = "shp.zip"


def kind_of(path: Path) -> FileKind:
    """Return what `path` is by its content.

    Raises
    ------
    FileRefusedError
        If it is no kind that is read, or an archive that is too large or leads out of its folder; `code`
        is a code of the findings.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_kind(path)
    if head.startswith(b"\x1f\x8b"):
        return FileKind.CSV_GZ
    if head.startswith(_SQLITE):
        if head[68:72] in _GPKG_IDS:
            return FileKind.GPKG
        raise FileRefusedError("file-kind-refused", kind="SQLite")
    if head.startswith(_SHP):
        return FileKind.SHP
    return _text_kind(head)


def _text_kind(head: bytes) -> FileKind:
    if head.startswith(_OLE):
        raise FileRefusedError("file-kind-refused", kind="xls / doc (97–2003)")
    for magic, name in _OTHER.items():
        if head.startswith(magic):
            raise FileRefusedError("file-kind-refused", kind=name)
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(plain):
        raise FileRefusedError("file-kind-refused", kind="XML / HTML / VRT")
    if plain.lstrip()[:1] in (b"{", b"["):
        return FileKind.GEOJSON
    if b"\x00" in plain and not plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError("file-kind-refused", kind="binary")
    return FileKind.CSV


def _zip_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise FileRefusedError("file-unreadable", reason=str(fault)) from fault
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
        raise _too_large(unpacked)
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if any(_outside(name) for name in names):
        raise FileRefusedError("archive-unsafe", entry=next(n for n in names if _outside(n))[:80])
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if any(name.lower().endswith(".shp") for name in names):
        return FileKind.SHP_ZIP
    raise FileRefusedError("file-kind-refused", kind="zip")


def _outside(name: str) -> bool:
    return name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts


def _too_large(unpacked: int) -> FileRefusedError:
    return FileRefusedError(
        "file-too-large", megabytes=round(unpacked / 1e6), limit_megabytes=round(MAX_UNPACKED_BYTES / 1e6)
    )


def unpacked_gzip(path: Path) -> bytes:
    """Return the content of a gzip file; stop as soon as it grows beyond the limit."""
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.open(path) as file:
            while part := file.read(_CHUNK_BYTES):
                size += len(part)
                if size > MAX_UNPACKED_BYTES:
                    raise _too_large(size)
                parts.append(part)
    except (OSError, EOFError, zlib.error) as fault:
        raise FileRefusedError("file-unreadable", reason=str(fault)) from fault
    return b"".join(parts)
