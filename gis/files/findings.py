"""findings.xlsx: everything that reading found, worst first, for the person who mends the files."""

from __future__ import annotations

import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from gis.model.findings import Finding, Findings
from gis.model.kinds import Language, Severity

__all__ = ["write_findings"]

_HEADERS = {
    "zh": ("序号", "级别", "表", "文件", "行 / 要素", "列", "问题", "为什么要紧", "怎样改", "代码"),
    "en": ("no.", "severity", "table", "file", "row / feature", "column", "what", "why", "mend", "code"),
}
_SEVERITIES = {
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"},
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
}
_TITLES = {"zh": "问题清单", "en": "Findings"}
_COUNTS = {
    "zh": "错误 {error} 处，警告 {warning} 处，提示 {note} 处。有错误时不能继续。",
    "en": "{error} errors, {warning} warnings, {note} notes. Errors must be mended first.",
}
_FILLS = {Severity.ERROR: "F8D7C9", Severity.WARNING: "FFF2CC", Severity.NOTE: "E2ECF5"}
_WIDTHS = (6, 8, 12, 22, 14, 16, 52, 36, 44, 24)
_HEADER_FILL = "1F4E79"
_LINE = "BFBFBF"
_FIRST_ROW = 4
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_findings(findings: Findings, path: str | Path, lang: Language | str = Language.ZH) -> Path:
    """Write the findings as a styled workbook, and return its path.

    Parameters
    ----------
    findings
        What was found; written worst first.
    path
        The xlsx to write.
    lang
        ``zh`` or ``en``.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a sheet")
    sheet.title = _TITLES[str(lang)]
    _head(sheet, findings, str(lang))
    for i, finding in enumerate(findings.ordered(), start=1):
        _row(sheet, _FIRST_ROW - 1 + i, i, finding, str(lang))
    last = max(_FIRST_ROW - 1 + len(findings), _FIRST_ROW - 1)
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    sheet.auto_filter.ref = f"A{_FIRST_ROW - 1}:{chr(ord('A') + len(_WIDTHS) - 1)}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{_FIRST_ROW - 1}:{_FIRST_ROW - 1}"
    target = Path(path)
    book.save(target)
    return target


def _head(sheet: Worksheet, findings: Findings, lang: str) -> None:
    counts = {str(severity): len(findings.of(severity)) for severity in Severity}
    sheet["A1"] = _TITLES[lang]
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A2"] = _COUNTS[lang].format(**counts)
    sheet["A2"].font = Font(color="595959")
    for column, (header, width) in enumerate(zip(_HEADERS[lang], _WIDTHS, strict=True), start=1):
        cell = sheet.cell(_FIRST_ROW - 1, column, header)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=_HEADER_FILL)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width


def _row(sheet: Worksheet, row: int, number: int, finding: Finding, lang: str) -> None:
    place = finding.feature if finding.row is None else finding.row
    values = (
        number,
        _SEVERITIES[lang][finding.severity],
        finding.table,
        finding.file,
        place,
        finding.column,
        finding.what(lang),
        finding.why(lang),
        finding.mend(lang),
        finding.code,
    )
    side = Side(style="thin", color=_LINE)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = _UNPRINTABLE.sub("", value)
            cell.data_type = "s"  # a text that begins with = is no formula
        else:
            cell.value = value
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = Border(bottom=side)
    sheet.cell(row, 2).fill = PatternFill("solid", start_color=_FILLS[finding.severity])
