"""The register (网格台账): a workbook for people, styled, printable on A3, that reads back in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from gis.files.register_tables import SHEETS, register_tables, word, words
from gis.model.errors import FileRefusedError
from gis.model.kinds import Language
from gis.model.standards import default_visits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.worksheet.worksheet import Worksheet

    from gis.model.outcome import Outcome

__all__ = ["read_register", "read_register_assignment", "write_register"]

A3 = 8  # the paper's number in OOXML
HEADER_ROW = 3  # below the title and the notice
LOOK_FOR_HEADER = 20  # rows; people put notes above
TEXT_WIDTH, COUNT_WIDTH, LONG_WIDTH = 18, 11, 44
LONG = ("sides_zh", "remark")
TITLE_FONT = Font(name="Noto Sans CJK SC", size=16, bold=True)
NOTICE_FONT = Font(name="Noto Sans CJK SC", size=10, italic=True, color="9C2B00")
HEAD_FONT = Font(name="Noto Sans CJK SC", size=10, bold=True, color="FFFFFF")
BODY_FONT = Font(name="Noto Sans CJK SC", size=10)
HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
BAND_FILL = PatternFill("solid", fgColor="F2F6FA")
_THIN = Side(style="thin", color="BFBFBF")
FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
FORMATS = {"rate_share": "0.0%", "target_share": "0.0%"}


def write_register(
    outcome: Outcome, path: str | Path, *, contacts: pd.DataFrame | None = None, lang: Language | str = Language.ZH
) -> Path:
    """Write the register of an outcome.

    Parameters
    ----------
    outcome
        The measured plan.
    path
        The .xlsx file to write.
    contacts
        Duty contacts by ``worker_id``: display_name, duty_phone. They are shown here, in the
        public notice and in the responsible-person answer, and nowhere else.
    lang
        ``zh`` or ``en``.
    """
    target = Path(path)
    book = Workbook(write_only=True)
    settings = outcome.study.settings
    notice = settings.notice_zh if str(lang) == Language.ZH else settings.notice_en
    tables = register_tables(outcome, contacts=contacts, lang=lang)
    for name in SHEETS:
        sheet = book.create_sheet(word("sheets", name, lang))
        title = word("titles", name, lang).format(study=settings.name)
        _fill_sheet(sheet, tables[name], title=title, notice=notice, lang=lang)
    book.save(target)
    return target


def _fill_sheet(sheet: Worksheet, table: pd.DataFrame, *, title: str, notice: str, lang: Language | str) -> None:
    _set_up(sheet, table)
    sheet.append([_cell(sheet, title, TITLE_FONT)])
    sheet.append([_cell(sheet, notice, NOTICE_FONT)])
    sheet.append([_head_cell(sheet, heading(column, lang)) for column in table.columns])
    plain = table.astype(object).where(table.notna(), None)
    looks = [_looks(sheet, plain[c], FORMATS.get(c)) for c in plain.columns]
    for number, row in enumerate(plain.itertuples(index=False, name=None)):
        sheet.append([_dressed(sheet, value, look[number % 2]) for value, look in zip(row, looks, strict=True)])


def _looks(
    sheet: Worksheet, values: Iterable[object], number_format: str | None
) -> tuple[WriteOnlyCell, WriteOnlyCell]:
    """Return a model cell for the plain and one for the shaded rows of a column.

    Dressing each cell by itself takes most of the time of a large register.
    """
    words_in_it = any(isinstance(value, str) for value in values)
    models = []
    for shaded in (False, True):
        cell = _cell(sheet, None, BODY_FONT)
        cell.border = FRAME
        cell.alignment = Alignment(vertical="top", wrap_text=words_in_it)
        if shaded:
            cell.fill = BAND_FILL
        if number_format is not None:
            cell.number_format = number_format
        models.append(cell)
    return models[0], models[1]


def _dressed(sheet: Worksheet, value: object, model: WriteOnlyCell) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name that begins with = is a name, never a formula
    cell._style = model._style  # the model's numbers in the book's table of styles; no public way is as fast
    return cell


def _set_up(sheet: Worksheet, table: pd.DataFrame) -> None:
    """Set widths, frozen panes, filter and the page: A3 landscape, one page wide, headings repeated."""
    for number, column in enumerate(table.columns, start=1):
        counts = pd.api.types.is_numeric_dtype(table[column])
        width = LONG_WIDTH if column in LONG else COUNT_WIDTH if counts else TEXT_WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    last = get_column_letter(max(1, len(table.columns)))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(table)}"
    sheet.page_setup.paperSize = A3
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.oddFooter.center.text = "&P / &N"
    sheet.page_margins.left = 35 / 25.4  # mm to inches: the binding margin
    sheet.row_dimensions[HEADER_ROW].height = 32


def _cell(sheet: Worksheet, value: object, font: Font) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name that begins with = is a name, never a formula
    cell.font = font
    return cell


def _head_cell(sheet: Worksheet, text: str) -> WriteOnlyCell:
    cell = _cell(sheet, text, HEAD_FONT)
    cell.fill, cell.border = HEAD_FILL, FRAME
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def heading(column: str, lang: Language | str) -> str:
    """Return the heading of a column; group counts are called as in the workload table."""
    if column in words()["columns"]:
        return word("columns", column, lang)
    for kind in default_visits():
        if kind.key == column:
            return kind.name_zh if str(lang) == Language.ZH else kind.name_en
    return column


def _keys() -> dict[str, str]:
    """Return heading, in either language -> our key."""
    columns = [*words()["columns"], *(kind.key for kind in default_visits())]
    return {heading(column, lang): column for column in columns for lang in Language}


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
    keys = _keys()
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
