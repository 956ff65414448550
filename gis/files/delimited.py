"""CSV files: the header is found below title rows, ids stay text, rows are counted as a spreadsheet counts them."""

from __future__ import annotations

import csv
import io
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from gis.files.encoding import Decoded, decode
from gis.files.file_kind import FileKind, unpacked_gzip
from gis.files.headers import header_row, match_headers
from gis.files.input_tables import InputTable, ValueKind
from gis.files.notebook import Notebook, Place
from gis.files.source import SAMPLED_ROWS, SourceTable

__all__ = ["read_delimited"]

_SEPARATORS = (",", "\t", ";", "，", "|")
_HEAD_RECORDS = 30
_HEAD_CHARACTERS = 1 << 20
_FIELD_LIMIT = 1 << 24
_NUMBERS = (ValueKind.COUNT, ValueKind.NUMBER, ValueKind.YEAR, ValueKind.X, ValueKind.Y)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the header stands: `record` counts records as a spreadsheet does, `line` physical lines to skip."""

    separator: str
    headers: tuple[str, ...]
    record: int
    line: int
    ragged: bool = False


def read_delimited(
    path: Path, kind: FileKind, spec: InputTable, mapping: Mapping[str, str], book: Notebook
) -> SourceTable:
    """Read a CSV (plain or gzip); findings about its rows go into `book`.

    Raises
    ------
    FileRefusedError
        If it cannot be decoded or unpacked.
    """
    decoded = decode(unpacked_gzip(path) if kind is FileKind.CSV_GZ else path.read_bytes())
    text = decoded.text.removeprefix("\ufeff")
    layout = _layout(text, spec, mapping)
    if layout is None:
        return SourceTable(kind, pd.DataFrame(), np.empty(0, dtype=np.int64))
    _tell_twice(layout, spec.name, path.name, book)
    silent = Notebook()
    match = match_headers(spec, layout.headers, mapping, silent, file=path.name)
    numbers = {theirs for ours, theirs in match.theirs.items() if spec.columns[ours].kind in _NUMBERS}
    used = set(match.theirs.values())
    frame = None if layout.ragged else _frame(text, layout, used, numbers)
    if frame is None:
        frame = _ragged(text, layout, spec.name, path.name, book)
    rows = np.arange(len(frame), dtype=np.int64) + layout.record + 2
    filled = ~frame.isna().all(axis=1).to_numpy()
    frame, rows = (frame, rows) if filled.all() else (frame[filled].reset_index(drop=True), rows[filled])
    return SourceTable(
        kind,
        frame[[h for h in frame.columns if h in used]],
        rows,
        sample=_sample(text, layout, used),
        facts=_noticed(decoded, layout),
    )


def _noticed(decoded: Decoded, layout: _Layout) -> dict[str, dict[str, str | int]]:
    told: dict[str, dict[str, str | int]] = {}
    if decoded.encoding in ("gb18030", "utf-16"):
        told["encoding-read"] = {"encoding": decoded.encoding.upper()}
    if layout.record > 0:
        told["header-below-title"] = {"header_row": layout.record + 1}
    return told


def _layout(text: str, spec: InputTable, mapping: Mapping[str, str]) -> _Layout | None:
    """Find separator and header among the first records."""
    best: tuple[int, int, _Layout] | None = None
    for order, separator in enumerate(_SEPARATORS):
        records, ends = _head(text, separator)
        if not records:
            return None
        at = header_row(records, spec, mapping)
        headers = tuple(cell.strip() for cell in records[at])
        book = Notebook()
        known = len(match_headers(spec, headers, mapping, book, file="").theirs)
        wide = any(cell.strip() for record in records[at + 1 :] for cell in record[len(headers) :])
        layout = _Layout(separator, _unique(headers), at, ends[at], ragged=wide)
        found = (known * 1000 + len(headers), -order, layout)
        if best is None or found[:2] > best[:2]:
            best = found
    return best[2] if best else None


def _head(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text[:_HEAD_CHARACTERS]), delimiter=separator)
    records, ends = [], []
    try:
        for record in islice(reader, _HEAD_RECORDS):
            records.append(record)
            ends.append(reader.line_num)
    except csv.Error:
        pass
    return records, ends


def _unique(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Make repeated and empty headers distinct, so that columns can be named; the first keeps its name."""
    seen: Counter[str] = Counter()
    made = []
    for header in headers:
        seen[header] += 1
        made.append(header if header and seen[header] == 1 else f"{header}\x00{seen[header]}")
    return tuple(made)


def _tell_twice(layout: _Layout, table: str, file: str, book: Notebook) -> None:
    for header in dict.fromkeys(h.split("\x00")[0] for h in layout.headers if "\x00" in h):
        if header:
            book.add("column-twice", table=table, file=file, column=header)


def _frame(text: str, layout: _Layout, used: set[str], numbers: set[str]) -> pd.DataFrame | None:
    """Read the used columns below the header; None where a row has more cells than the header."""
    try:
        return _parsed(text, layout, [h for h in layout.headers if h in used], numbers)
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return None


def _parsed(
    text: str, layout: _Layout, columns: list[str], numbers: set[str], *, most: int | None = None
) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            io.StringIO(text),
            sep=layout.separator,
            header=None,
            names=list(layout.headers),
            usecols=columns,
            skiprows=layout.line,
            nrows=most,
            dtype={h: "object" for h in columns if h not in numbers},
            na_values=[""],
            keep_default_na=False,
            skip_blank_lines=False,
            low_memory=False,
            index_col=False,
        )


def _ragged(text: str, layout: _Layout, table: str, file: str, book: Notebook) -> pd.DataFrame:
    """Read a text whose rows are not all as wide as the header, and tell which."""
    records = list(csv.reader(io.StringIO(text), delimiter=layout.separator))[layout.record + 1 :]
    width = len(layout.headers)
    rows = np.arange(len(records), dtype=np.int64) + layout.record + 2
    wide = np.array([any(cell.strip() for cell in record[width:]) for record in records], dtype=bool)
    book.at(
        "row-ragged", Place(table, file, rows), wide, each=lambda i: {"cells": len(records[i])}, header_cells=width
    )
    cells = [[cell or None for cell in (record + [""] * width)[:width]] for record in records]
    return pd.DataFrame(cells, columns=list(layout.headers), dtype=object)


def _sample(text: str, layout: _Layout, used: set[str]) -> pd.DataFrame:
    """Read the first rows of the columns that nobody uses; they go no further than the privacy check."""
    unused = [h for h in layout.headers if h not in used and h.split("\x00")[0]]
    try:
        return _parsed(text, layout, unused, set(), most=SAMPLED_ROWS) if unused else pd.DataFrame()
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return pd.DataFrame(columns=unused, dtype=object)
