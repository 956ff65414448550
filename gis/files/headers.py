"""Headers: which of their columns is which of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from gis.files.input_tables import Column, InputTable
from gis.files.notebook import Notebook, nearest_word

__all__ = ["HeaderMatch", "header_row", "match_headers", "plain"]

FIELD_NAME_BYTES = 10  # a Shapefile cuts field names here
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_NOISE = re.compile(r"[\s_\-*＊:：./]+")
_SEARCHED_ROWS = 20


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Ours -> theirs, and what is left over.

    Parameters
    ----------
    theirs
        Our column -> header in the file.
    unused
        Headers that no column of ours took.
    """

    theirs: Mapping[str, str]
    unused: tuple[str, ...] = ()
    recognised: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """Return a header without case, width, brackets, spaces and punctuation, for comparison."""
    text = unicodedata.normalize("NFKC", header).strip().lower()
    return _NOISE.sub("", _BRACKETS.sub("", text)) or _NOISE.sub("", text)


def _spellings(column: Column) -> list[str]:
    return [plain(word) for word in (column.name, *column.also)]


def header_row(rows: Sequence[Sequence[str]], spec: InputTable, mapping: Mapping[str, str]) -> int:
    """Return the position of the header: the row that holds most known headers; title and note rows lie above.

    Where no row holds any, the first one with two filled cells is taken, so that missing columns can be told.
    """
    known = {word for column in spec.columns.values() for word in _spellings(column)}
    known |= {plain(theirs) for theirs in mapping.values()}
    searched = rows[:_SEARCHED_ROWS]
    scores = [len({plain(cell) for cell in row if cell} & known) for row in searched]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    filled = [i for i, row in enumerate(searched) if sum(bool(c.strip()) for c in row) > 1]
    return filled[0] if filled else 0


def match_headers(
    spec: InputTable,
    headers: Sequence[str],
    mapping: Mapping[str, str],
    book: Notebook,
    *,
    file: str,
    truncated: bool = False,
) -> HeaderMatch:
    """Match `headers` to the columns of `spec`; `mapping` (ours -> theirs) goes first.

    Parameters
    ----------
    truncated
        Whether the format cuts names at ten bytes (Shapefile).
    """
    left = list(dict.fromkeys(h for h in headers if h.strip()))
    found: dict[str, str] = {}
    for ours, wanted in mapping.items():
        theirs = _mapped(wanted, left, truncated=truncated)
        if theirs is None:
            near = nearest_word(wanted, left) or "–"
            book.add("column-mapped-missing", table=spec.name, file=file, column=wanted, ours=ours, nearest=near)
        else:
            found[ours] = theirs
    left = [h for h in left if h not in found.values()]
    for name in spec.columns:
        if name not in found and name not in mapping and name in left:
            found[name] = name
            left.remove(name)
    recognised = _by_synonym(spec, found, mapping, left, truncated=truncated)
    if recognised:
        pairs = ", ".join(f"{theirs} = {ours}" for ours, theirs in recognised.items())
        book.add("column-recognised", table=spec.name, file=file, columns=pairs)
    found |= recognised
    return HeaderMatch(found, tuple(h for h in left if h not in recognised.values()), recognised)


def _mapped(wanted: str, headers: Sequence[str], *, truncated: bool) -> str | None:
    if wanted in headers:
        return wanted
    alike = [h for h in headers if plain(h) == plain(wanted)]
    if truncated:
        alike += [h for h in headers if h and h in _cut(wanted)]
    return alike[0] if alike else None


def _cut(name: str) -> set[str]:
    """Names that ten bytes leave of `name`, in the encodings a Shapefile is written in."""
    return {
        name.encode(encoding, errors="ignore")[:FIELD_NAME_BYTES].decode(encoding, errors="ignore")
        for encoding in ("utf-8", "gb18030")
    }


def _by_synonym(
    spec: InputTable, found: Mapping[str, str], mapping: Mapping[str, str], left: Sequence[str], *, truncated: bool
) -> dict[str, str]:
    """Match what is left by the words people use; earlier words of a column go first."""
    taken: dict[str, str] = {}
    for name, column in spec.columns.items():
        if name in found or name in mapping:
            continue
        for word in _spellings(column):
            hit = next((h for h in left if h not in taken.values() and plain(h) == word), None)
            if hit is None and truncated:
                cut = {plain(c) for c in _cut(word)} | {plain(c) for w in (name, *column.also) for c in _cut(w)}
                hit = next((h for h in left if h not in taken.values() and plain(h) in cut), None)
            if hit is not None:
                taken[name] = hit
                break
    return taken
