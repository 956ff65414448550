"""The difference of two versions as a workbook: what it comes to, every grid old and new, every unit that moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.workbook import Sheet, workbook
from gis.model.kinds import Language

__all__ = ["diff_book"]

_SHEETS = {Language.ZH: ("概要", "网格", "单元"), Language.EN: ("summary", "grids", "units")}
_SUMMARY = {
    Language.ZH: ("原方案", "原版本", "新方案", "新版本", "网格换号的户数", "更换网格的户数", "新设网格", "撤销网格"),
    Language.EN: (
        "old plan", "old version", "new plan", "new version", "households under another grid code",
        "households that change grid", "new grids", "grids given up",
    ),
}  # fmt: skip
_NUMBERS = {
    "name": ("名称", "name"),
    "units": ("单元数", "units"),
    "households": ("户数", "households"),
    "residents": ("居民", "residents"),
    "workload_h": ("工作量（时/年）", "hours a year"),
    "deviation_share": ("偏差", "deviation"),
    "walk_mean_m": ("平均步行（米）", "mean walk (m)"),
    "pieces": ("块数", "pieces"),
}
_GRID = {Language.ZH: ("网格", "社区", "原", "新"), Language.EN: ("grid", "community", "old", "new")}
_UNIT = {
    Language.ZH: ("单元", "原网格", "新网格", "户数", "更换网格"),
    Language.EN: ("unit", "old grid", "new grid", "households", "changes grid"),
}
_UNIT_KEYS = ("unit_id", "old_grid_id", "new_grid_id", "households")
_YES_NO = {Language.ZH: ("是", "否"), Language.EN: ("yes", "no")}
_HEAD = {Language.ZH: ("项目", "内容"), Language.EN: ("item", "value")}


def diff_book(diff: Mapping[str, Any], *, lang: Language) -> bytes:
    """Write the answer of the diff route as xlsx."""
    summary, grids, units = _SHEETS[lang]
    facts = (
        diff["base_plan"], diff["base_version"], diff["plan"], diff["version"], diff["households_in_moved_units"],
        diff["households_that_change_grid"], ", ".join(diff["new"]), ", ".join(diff["retired"]),
    )  # fmt: skip
    grid, community, old, new = _GRID[lang]
    yes, no = _YES_NO[lang]
    word = 0 if lang is Language.ZH else 1
    headings = [grid, community, *(f"{names[word]} {side}" for names in _NUMBERS.values() for side in (old, new))]
    order = list(_NUMBERS)
    shares = frozenset(2 + 2 * order.index("deviation_share") + side for side in (0, 1))
    metres = frozenset(2 + 2 * order.index(key) + side for key in ("walk_mean_m", "workload_h") for side in (0, 1))
    return workbook(
        [
            Sheet(summary, _HEAD[lang], list(zip(_SUMMARY[lang], facts, strict=True))),
            Sheet(grids, headings, [_grid_row(pair) for pair in diff["grids"]], shares=shares, metres=metres),
            Sheet(
                units,
                _UNIT[lang],
                [[*(u[key] for key in _UNIT_KEYS), yes if u["changes_grid"] else no] for u in diff["units"]],
            ),
        ]
    )


def _grid_row(pair: Mapping[str, Any]) -> list[object]:
    old, new = pair["old"] or {}, pair["new"] or {}
    values = [side.get(key) for key in _NUMBERS for side in (old, new)]
    return [pair["grid_id"], (new or old).get("community_id"), *values]
