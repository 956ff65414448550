"""The encoding of a text, decided strictly: never a replacement character, never a silent guess."""

from __future__ import annotations

from dataclasses import dataclass

from gis.model.errors import FileRefusedError

__all__ = ["Decoded", "decode", "encoding_of"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was read in."""

    text: str
    encoding: str


def encoding_of(data: bytes) -> str | None:
    """Return the encoding that all of `data` obeys: a BOM's, else UTF-8, else GB18030; None for neither."""
    named = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    for name in (named,) if named else ("utf-8", "gb18030"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


def decode(data: bytes) -> Decoded:
    """Decode `data` strictly.

    Raises
    ------
    FileRefusedError
        If it is neither UTF-8 (with or without BOM), UTF-16 with BOM, nor GB18030; names the line.
    """
    encoding = encoding_of(data)
    if encoding is None:
        raise FileRefusedError("encoding-unknown", line=_first_bad_line(data))
    return Decoded(data.decode(encoding), encoding)


def _first_bad_line(data: bytes) -> int:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as fault:
        return data.count(b"\n", 0, fault.start) + 1
    return 1
