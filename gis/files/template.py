"""xlsx templates of the tables that are missing: headers in Chinese, a note row, choices to pick from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gis.files.input_tables import Column, InputTable, ValueKind, input_table
from gis.model.messages import message

__all__ = ["has_template", "template_name", "write_templates"]

_HEADER_ROW = 2
_LAST_ROW = 5000  # rows that are prepared for text ids and choices
_REQUIRED_FILL, _OTHER_FILL = "1F4E79", "5B7FA6"
_GUIDE = "说明"
_GUIDE_HEADERS = ("列 column", "名称 name", "必填 required", "内容 holds", "可选值 choices")
_KINDS = {
    ValueKind.ID: "编号（文本） id as text",
    ValueKind.TEXT: "文字 text",
    ValueKind.COUNT: "整数 whole number",
    ValueKind.NUMBER: "数字 number",
    ValueKind.SHARE: "比例，0.8 或 80% share",
    ValueKind.CHOICE: "选一个 one of the choices",
    ValueKind.YEAR: "年份 year",
    ValueKind.DATE: "时间 2026-03-15 08:30",
    ValueKind.YES_NO: "是 / 否 yes / no",
    ValueKind.X: "经度或东坐标 longitude or easting",
    ValueKind.Y: "纬度或北坐标 latitude or northing",
}


def has_template(table: str) -> bool:
    """Whether a table can be filled in a spreadsheet; boundaries and lines cannot."""
    spec = input_table(table)
    return not any(need == (("geometry",),) for need in spec.needs)


def template_name(table: str) -> str:
    """Return the file name of a table's template."""
    return f"{table}.template.xlsx"


def write_templates(folder: str | Path, missing: Iterable[str]) -> list[Path]:
    """Write a template of every table in `missing` that a spreadsheet can hold; return their paths.

    A filled template reads back in without any mapping. A file that is there already is left alone.
    """
    made = []
    for table in missing:
        path = Path(folder) / template_name(table)
        if has_template(table) and not path.exists():
            _write(input_table(table), path)
            made.append(path)
    return made


def _write(spec: InputTable, path: Path) -> None:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a sheet")
    sheet.title = spec.zh
    sheet["A1"] = f"{spec.zh}（{spec.en}）。{message('template-note').what['zh']}"
    sheet["A1"].font = Font(italic=True, color="595959")
    columns = [c for c in spec.columns.values() if c.kind is not ValueKind.GEOMETRY]
    for at, column in enumerate(columns, start=1):
        _column(sheet, at, column, required=_needed(column, spec))
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1)
    _guide(book.create_sheet(_GUIDE), columns, spec)
    book.save(path)


def _needed(column: Column, spec: InputTable) -> bool:
    return column.required or (column.kind in (ValueKind.X, ValueKind.Y) and bool(spec.needs))


def _column(sheet: Worksheet, at: int, column: Column, *, required: bool) -> None:
    letter = get_column_letter(at)
    cell = sheet.cell(_HEADER_ROW, at, f"{column.zh}*" if required else column.zh)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", start_color=_REQUIRED_FILL if required else _OTHER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.comment = Comment(f"{column.en}\n{_KINDS[column.kind]}", "wangge")
    sheet.column_dimensions[letter].width = max(10, 2 * len(column.zh) + 4)
    if column.kind is ValueKind.ID:
        for row in range(_HEADER_ROW + 1, _HEADER_ROW + 201):
            sheet.cell(row, at).number_format = "@"  # ids stay text: leading zeros, long codes
    words = _words(column)
    if words:
        rule = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
        rule.add(f"{letter}{_HEADER_ROW + 1}:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)


def _words(column: Column) -> list[str]:
    """Return what may be picked: Chinese where there is a word for it."""
    if column.kind is ValueKind.YES_NO:
        return ["是", "否"]
    return [other[0] if other else ours for ours, other in column.choices.items()]


def _guide(sheet: Worksheet, columns: list[Column], spec: InputTable) -> None:
    sheet.append(list(_GUIDE_HEADERS))
    for column in columns:
        required = "*" if _needed(column, spec) else ""
        choices = ", ".join(f"{w} = {o}" for w, o in zip(_words(column), column.choices, strict=False))
        sheet.append([f"{column.zh}（{column.en}）", f"[{column.name}]", required, _KINDS[column.kind], choices])
    for at, width in enumerate((36, 24, 10, 34, 60), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
