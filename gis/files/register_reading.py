"""The register (网格台账) read back in, as people hand it back: with notes above and columns moved."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis.files.register_words import heading, heading_keys, words
from gis.model.errors import FileRefusedError
from gis.model.kinds import Language

__all__ = ["read_register", "read_register_assignment"]

LOOK_FOR_HEADER = 20  # rows; people put notes above


def read_register(path: str | Path) -> pd.DataFrame:
    """Read the grids of a register, in either language, however many notes stand above the headings.

    Returns
    -------
    DataFrame
        Index ``grid_id``, as text; the columns found, by our keys; `kind` as in the plan.

    Raises
    ------
    FileRefusedError
        If the file is no workbook or holds no table of grids.
    """
    table = _read_sheet(path, "grids", needed=("grid_id", "community")).set_index("grid_id")
    if "kind" in table:
        kinds = {text: key for key, texts in words()["kinds"].items() for text in texts.values()}
        table["kind"] = table["kind"].map(lambda text: kinds.get(text, text))
    return table


def read_register_assignment(path: str | Path) -> pd.Series[str]:
    """Read which grid each unit stands in.

    Returns
    -------
    Series
        unit_id -> grid_id, named ``grid_id``, sorted by unit_id.

    Raises
    ------
    FileRefusedError
        If the file is no workbook or holds no table of units.
    """
    table = _read_sheet(path, "units", needed=("unit_id", "grid_id"))
    assignment: pd.Series[str] = table.set_index("unit_id")["grid_id"].sort_index()
    return assignment


def _read_sheet(path: str | Path, name: str, *, needed: tuple[str, ...]) -> pd.DataFrame:
    """Read the sheet whose first rows hold the headings needed, the one of that name first."""
    source = Path(path)
    try:
        book = load_workbook(source, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise FileRefusedError("register-unreadable", file=source.name) from error
    called = set(words()["sheets"][name].values())
    try:
        for sheet in sorted(book.worksheets, key=lambda s: s.title not in called):
            table = _table_of([list(row) for row in sheet.iter_rows(values_only=True)], needed)
            if table is not None:
                return table
    finally:
        book.close()
    headings = ", ".join(heading(column, Language.ZH) for column in needed)
    raise FileRefusedError("register-headings-missing", file=source.name, columns=headings)


def _table_of(rows: list[list[object]], needed: tuple[str, ...]) -> pd.DataFrame | None:
    """Return the table below the headings, None where they are not among the first rows."""
    keys = heading_keys()
    for at, row in enumerate(rows[:LOOK_FOR_HEADER]):
        columns = [keys.get(str(value).strip()) if value is not None else None for value in row]
        if all(name in columns for name in needed):
            kept = [i for i, column in enumerate(columns) if column is not None]
            body = [[_value(cells[i]) for i in kept] for cells in rows[at + 1 :]]
            table = pd.DataFrame(body, columns=[columns[i] for i in kept])
            return _typed(table[table[needed[0]].notna()])
    return None


def _value(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Let ids and words be text, empty words empty, and counts whole numbers."""
    typed = table.reset_index(drop=True).infer_objects()
    for column in typed.columns:
        values = typed[column]
        if column.endswith("_id"):
            typed[column] = values.map(_id_text).astype("str")
        elif not pd.api.types.is_numeric_dtype(values):
            typed[column] = values.fillna("").astype("str")
    return typed


def _id_text(value: object) -> object:
    """Return an id as text; a spreadsheet may have made a number of it."""
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else value if value is None else str(value)
    )
