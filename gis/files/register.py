"""The register (网格台账): a workbook for people, styled, printable on A3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter import Workbook

from gis.files.register_tables import SHEETS, register_tables
from gis.files.register_words import heading, word
from gis.model.kinds import Language

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from gis.model.outcome import Outcome

__all__ = ["write_register"]

A3 = 8  # the paper's number in OOXML
HEADER_ROW = 2  # below the title and the notice, counted from 0
HEADER_HEIGHT = 32  # points
TEXT_WIDTH, COUNT_WIDTH, LONG_WIDTH = 18, 11, 44
LONG = ("sides_zh", "remark")
BINDING_INCH = 35 / 25.4  # the margin of the side that is bound
FONT = {"font_name": "Noto Sans CJK SC", "font_size": 10}
TITLE = FONT | {"font_size": 16, "bold": True}
NOTICE = FONT | {"italic": True, "font_color": "#9C2B00"}
FRAME = {"border": 1, "border_color": "#BFBFBF"}
HEAD = FONT | FRAME | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"}
HEAD |= {"align": "center", "valign": "vcenter", "text_wrap": True}
BODY = FONT | FRAME | {"valign": "top"}
SHADED = {"bg_color": "#F2F6FA"}
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
    settings = outcome.study.settings
    notice = settings.notice_zh if str(lang) == Language.ZH else settings.notice_en
    credits_text = word("remarks", "credits", lang).format(credits=settings.credits) if settings.credits else ""
    notice = "  ".join(text for text in (notice, credits_text) if text)
    tables = register_tables(outcome, contacts=contacts, lang=lang)
    with Workbook(str(target), {"constant_memory": True}) as book:
        styles = _Styles(book)
        for name in (sheet for sheet in SHEETS if sheet in tables):
            sheet = book.add_worksheet(word("sheets", name, lang))
            title = word("titles", name, lang).format(study=settings.name)
            _fill_sheet(sheet, styles, tables[name], title=title, notice=notice, lang=lang)
    return target


class _Styles:
    """The looks of cells, each made once in a book."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.title, self.notice, self.head = (book.add_format(look) for look in (TITLE, NOTICE, HEAD))
        self._made: dict[tuple[str | None, bool], tuple[Format, Format]] = {}

    def body(self, number_format: str | None, *, wrap: bool) -> tuple[Format, Format]:
        """Return the look of a column in the plain and in the shaded rows."""
        key = (number_format, wrap)
        if key not in self._made:
            look: dict[str, Any] = BODY | {"text_wrap": wrap}
            if number_format is not None:
                look["num_format"] = number_format
            self._made[key] = (self._book.add_format(look), self._book.add_format(look | SHADED))
        return self._made[key]


@dataclass(frozen=True)
class _Column:
    """A column's cells, None where empty, with their looks."""

    values: list[object]
    looks: tuple[Format, Format]


def _fill_sheet(
    sheet: Worksheet, styles: _Styles, table: pd.DataFrame, *, title: str, notice: str, lang: Language | str
) -> None:
    _set_up(sheet, table)
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, notice, styles.notice)
    sheet.set_row(HEADER_ROW, HEADER_HEIGHT)
    for at, name in enumerate(table.columns):
        sheet.write_string(HEADER_ROW, at, heading(name, lang), styles.head)
    plain = table.astype(object).where(table.notna(), None)
    columns = []
    for name in plain.columns:
        values = plain[name].tolist()
        wrap = any(isinstance(value, str) for value in values)
        columns.append(_Column(values, styles.body(FORMATS.get(name), wrap=wrap)))
    for row in range(len(plain)):
        for at, column in enumerate(columns):
            _write(sheet, HEADER_ROW + 1 + row, at, column.values[row], column.looks[row % 2])


def _write(sheet: Worksheet, row: int, at: int, value: object, look: Format) -> None:
    """Write a value as what it is: a name that begins with = is a name, never a formula."""
    if value is None:
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, at, value, look)
    else:
        sheet.write_number(row, at, value, look)


def _set_up(sheet: Worksheet, table: pd.DataFrame) -> None:
    """Set widths, frozen panes, filter and the page: A3 landscape, one page wide, headings repeated."""
    for at, name in enumerate(table.columns):
        counts = pd.api.types.is_numeric_dtype(table[name])
        width = LONG_WIDTH if name in LONG else COUNT_WIDTH if counts else TEXT_WIDTH
        sheet.set_column(at, at, width)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(table), max(0, len(table.columns) - 1))
    sheet.set_paper(A3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer("&C&P / &N")
    sheet.set_margins(left=BINDING_INCH)
