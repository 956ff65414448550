"""The diff of two plans as a workbook: what became of every grid or community, and which old one went where."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gis.model.kinds import Language

__all__ = ["write_diff"]

_SHEETS = {
    "grid_id": {"zh": "网格变化", "en": "grids"},
    "community_id": {"zh": "社区变化", "en": "communities"},
    "codes": {"zh": "新旧对照", "en": "old to new"},
}
_HEADS = {
    "grid_id": {"zh": "网格编码", "en": "grid"},
    "fate": {"zh": "变化", "en": "fate"},
    "households_before": {"zh": "原户数", "en": "households before"},
    "households_after": {"zh": "现户数", "en": "households after"},
    "households_old": {"zh": "原网格户数（按本次数据）", "en": "households of the old grid (data of this redraw)"},
    "households_redrawn": {"zh": "重划后户数", "en": "households redrawn"},
    "households_moved_in": {"zh": "划入户数", "en": "households moved in"},
    "households_moved_out": {"zh": "划出户数", "en": "households moved out"},
    "old_grid_id": {"zh": "原网格编码", "en": "old grid"},
    "new_grid_id": {"zh": "新网格编码", "en": "new grid"},
    "community_id": {"zh": "社区代码", "en": "community"},
    "old_community_id": {"zh": "原社区代码", "en": "old community"},
    "new_community_id": {"zh": "新社区代码", "en": "new community"},
    "subdistrict_id": {"zh": "街道（乡镇）代码", "en": "subdistrict"},
    "name": {"zh": "名称", "en": "name"},
    "in_band": {"zh": "在区间内", "en": "in band"},
    "reason": {"zh": "原因", "en": "reason"},
    "units": {"zh": "基本单元", "en": "units"},
    "households": {"zh": "户数", "en": "households"},
}
_FATES = {
    "kept": "不变",
    "adjusted": "调整",
    "merged": "合并",
    "split": "拆分",
    "new": "新设",
    "retired": "撤销",
}
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}
_WIDTH = 18


def write_diff(
    changes: pd.DataFrame, codes: pd.DataFrame, path: str | Path, *, lang: Language | str = Language.ZH
) -> Path:
    """Write what became of grids or communities as an xlsx workbook of two sheets.

    Parameters
    ----------
    changes
        Index ``grid_id`` or ``community_id``; fate, households before and after, households moved in and out.
    codes
        Old id, new id, units, households: one row a pair that shares units.
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    told = changes.reset_index()
    if changes.index.name == "grid_id":
        told = told.rename(columns={"households_before": "households_old", "households_after": "households_redrawn"})
    if str(lang) == str(Language.ZH):
        told = told.assign(fate=told["fate"].map(_FATES))
    _fill(first, str(changes.index.name), told, str(lang))
    _fill(book.create_sheet(), "codes", codes.reset_index(drop=True), str(lang))
    target = Path(path)
    book.save(target)
    return target


def _fill(sheet: Worksheet, name: str, table: pd.DataFrame, lang: str) -> None:
    sheet.title = _SHEETS[name][lang]
    sheet.append([_HEADS.get(str(c), {}).get(lang, str(c)) for c in table.columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False, name=None):
        sheet.append([_cell(v, lang) for v in row])
    sheet.freeze_panes = "A2"
    for column in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH


def _cell(value: object, lang: str) -> object:
    """Return a value as a sheet holds it: yes or no for a flag."""
    plain = value.item() if hasattr(value, "item") else value
    return _YES_NO[lang][not plain] if isinstance(plain, bool) else plain
