"""Tables as an xlsx download: styled, filtered, nothing in it a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["XLSX", "Sheet", "workbook"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHARE, _COUNT, _METRES = "0.0 %", "#,##0", "#,##0.0"
_WIDEST = 60
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a name, a heading a column, and rows; `shares` and `metres` are columns by number."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    shares: frozenset[int] = frozenset()
    metres: frozenset[int] = frozenset()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write the sheets as one xlsx file."""
    from xlsxwriter import Workbook  # noqa: PLC0415  (the service starts sooner without it)

    out = io.BytesIO()
    with Workbook(out, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF2F5", "bottom": 1, "text_wrap": True, "valign": "top"})
        looks = {kind: book.add_format({"num_format": kind}) for kind in (_SHARE, _COUNT, _METRES)}
        for made in sheets:
            sheet = book.add_worksheet(made.name)
            sheet.write_row(0, 0, made.headings, head)
            for at, row in enumerate(made.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, bool | str):
                        sheet.write_string(at, column, str(value))
                    elif isinstance(value, int | float):
                        kind = _SHARE if column in made.shares else _METRES if column in made.metres else _COUNT
                        sheet.write_number(at, column, value, looks[kind])
            sheet.freeze_panes(1, 1)
            if made.rows:
                sheet.autofilter(0, 0, len(made.rows), len(made.headings) - 1)
            sheet.autofit(max_width=_WIDEST * 7)
    return out.getvalue()
