"""xlsx workbooks: title rows above the header, merged cells, numbers that are ids."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import openpyxl
import pandas as pd
from numpy.typing import NDArray
from openpyxl.utils.cell import range_boundaries

from gis.files.file_kind import FileKind
from gis.files.headers import header_row, match_headers
from gis.files.input_tables import InputTable, ValueKind
from gis.files.notebook import Notebook, Place
from gis.files.source import SAMPLED_ROWS, SourceTable
from gis.model.errors import FileRefusedError

__all__ = ["Sheets", "read_workbook", "sheet_table", "sheets_of"]

EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]+)"')
_HEAD_ROWS = 30
_ZEROS = re.compile(r"0{2,}")
_Grid = list[list[object]]


class _Cell(Protocol):
    """What is read of a cell."""

    @property
    def value(self) -> object: ...
    @property
    def number_format(self) -> str: ...


Sheets = Mapping[str, tuple[_Grid, list[str]]]


def read_workbook(
    path: Path, spec: InputTable, mapping: Mapping[str, str], book: Notebook, *, layer: str | None = None
) -> SourceTable:
    """Read one sheet of a workbook: the one named, else the one that fits the table best.

    Raises
    ------
    FileRefusedError
        If the workbook is damaged.
    """
    return sheet_table(sheets_of(path), path, spec, mapping, book, layer=layer)


def sheet_table(
    sheets: Sheets,
    path: Path,
    spec: InputTable,
    mapping: Mapping[str, str],
    book: Notebook,
    *,
    layer: str | None = None,
) -> SourceTable:
    """Return the table that stands in the `sheets` of a workbook, which stay as they are."""
    name = _choose(sheets, spec, mapping, layer)
    if name is None:
        known = ", ".join(sheets)
        book.add("layer-missing", table=spec.name, file=path.name, layer=layer or "", known=known)
        return SourceTable(FileKind.XLSX, pd.DataFrame(), np.empty(0, dtype=np.int64))
    facts: dict[str, dict[str, str | int]] = {}
    if len(sheets) > 1 and layer is None:
        facts["layer-chosen"] = {"layer": name, "known": ", ".join(sheets)}
    cells, merged = [list(row) for row in sheets[name][0]], sheets[name][1]
    at = _header_at(cells, spec, mapping)
    filled = _fill_merged(cells, merged, at)
    if filled:
        facts["merged-cells-filled"] = {"count": filled}
    if at > 0:
        facts["header-below-title"] = {"header_row": at + 1}
    headers = _headers(cells, at)
    _tell_twice(headers, spec, path.name, book)
    sheet = _Sheet(path.name, headers, *_records(cells, at))
    frame = sheet.frame()
    match = match_headers(spec, list(frame.columns), mapping, Notebook(), file=path.name)
    sheet.tell_rounded(match.theirs, spec, book)
    used = set(match.theirs.values())
    return SourceTable(
        FileKind.XLSX,
        frame[[h for h in frame.columns if h in used]],
        sheet.rows,
        sample=frame[[h for h in frame.columns if h not in used]].head(SAMPLED_ROWS),
        facts=facts,
    )


def _records(cells: _Grid, at: int) -> tuple[_Grid, NDArray[np.int64]]:
    """Return the rows below the header that hold anything, and where they stand."""
    below = [(row, i) for i, row in enumerate(cells[at + 1 :], start=at + 2) if any(c is not None for c in row)]
    return [row for row, _ in below], np.array([i for _, i in below], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """The records of one sheet below its header."""

    file: str
    headers: Sequence[str]
    records: _Grid
    rows: NDArray[np.int64]

    def places(self) -> dict[str, int]:
        """Return the column of every header; the first where one stands twice."""
        first: dict[str, int] = {}
        for i, header in enumerate(self.headers):
            if header:
                first.setdefault(header, i)
        return first

    def frame(self) -> pd.DataFrame:
        """Return the cells as text by header."""
        cells = {h: [_text(row[i]) or None for row in self.records] for h, i in self.places().items()}
        return pd.DataFrame(cells, dtype=object)

    def tell_rounded(self, theirs: Mapping[str, str], spec: InputTable, book: Notebook) -> None:
        """Tell ids stored as numbers too long for a spreadsheet, so that their last digits are lost."""
        places, place = self.places(), Place(spec.name, self.file, self.rows)
        for ours, header in theirs.items():
            if spec.columns[ours].kind is ValueKind.ID:
                lost = [_too_long(row[places[header]]) for row in self.records]
                book.at("id-rounded", place, np.array(lost, dtype=bool), column=header, digits=EXACT_DIGITS)


def _too_long(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) >= 10**EXACT_DIGITS


def sheets_of(path: Path) -> Sheets:
    """Read the visible sheets: cells and merged ranges."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter here
            workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                made = {}
                for sheet in workbook.worksheets:
                    if sheet.sheet_state != "visible":
                        continue
                    sheet.reset_dimensions()
                    cells = [[_value(cell) for cell in row] for row in sheet.iter_rows()]
                    made[sheet.title] = (_square(cells), _merged(path, sheet._worksheet_path))
                return made
            finally:
                workbook.close()
    except FileRefusedError:
        raise
    except Exception as fault:  # openpyxl raises whatever its parsers meet in a damaged file
        raise FileRefusedError("file-unreadable", reason=type(fault).__name__) from fault


def _merged(path: Path, part: str) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [ref.decode() for ref in _MERGED.findall(archive.read(part.lstrip("/")))]


def _square(cells: _Grid) -> _Grid:
    width = max((len(row) for row in cells), default=0)
    return [row + [None] * (width - len(row)) for row in cells]


def _value(cell: _Cell) -> object:
    """Return the value of a cell; a number shown with leading zeros becomes that text."""
    value = cell.value
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return value


def _text(value: object) -> str:
    """Return a cell as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return str(value).strip()


def _choose(sheets: Sheets, spec: InputTable, mapping: Mapping[str, str], layer: str | None) -> str | None:
    if layer is not None:
        return layer if layer in sheets else None
    scores = {}
    for name, (cells, _) in sheets.items():
        head = [[_text(c) for c in row] for row in cells[:_HEAD_ROWS]]
        row = head[header_row(head, spec, mapping)] if head else []
        scores[name] = len(match_headers(spec, row, mapping, Notebook(), file="").theirs)
    return max(scores, key=lambda name: scores[name], default=None)


def _fill_merged(cells: _Grid, merged: Sequence[str], header: int) -> int:
    """Give every cell of a merged range below the header its value, and join headers of two rows; count ranges."""
    filled = 0
    for ref in merged:
        left, top, right, bottom = range_boundaries(ref.replace("$", ""))
        top, left = int(top or 1) - 1, int(left or 1) - 1
        if top < header and int(bottom or 1) - 1 < header:
            continue  # a title above the header
        value = cells[top][left] if top < len(cells) and left < len(cells[top]) else None
        for row in range(top, min(int(bottom or 1), len(cells))):
            for column in range(left, min(int(right or 1), len(cells[row]))):
                cells[row][column] = value if row > header or column == left else cells[row][column]
        filled += top > header
    return filled


def _header_at(cells: _Grid, spec: InputTable, mapping: Mapping[str, str]) -> int:
    """Return the header's row; the lower of two where the upper one only groups columns."""
    at = header_row([[_text(c) for c in row] for row in cells[:_HEAD_ROWS]], spec, mapping)
    if at + 1 >= len(cells):
        return at
    one, two = (
        len(match_headers(spec, _headers(cells, row), mapping, Notebook(), file="").theirs) for row in (at, at + 1)
    )
    return at + 1 if two > one else at


def _headers(cells: _Grid, at: int) -> list[str]:
    """Return the header row; a cell left empty by a merged header takes the text above it."""
    if at >= len(cells):
        return []
    above = cells[at - 1] if at > 0 else [None] * len(cells[at])
    return [_text(own) or (_text(over) if at > 0 else "") for own, over in zip(cells[at], above, strict=True)]


def _tell_twice(headers: Sequence[str], spec: InputTable, file: str, book: Notebook) -> None:
    for header in dict.fromkeys(h for h in headers if h and list(headers).count(h) > 1):
        book.add("column-twice", table=spec.name, file=file, column=header)
