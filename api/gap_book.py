"""The gap table as a workbook, in Chinese or English: the numbers of the gap route, and what they are of."""

from __future__ import annotations

import json

from api.coverage_tables import GAP_COLUMNS
from api.workbook import Sheet, workbook
from gis.model.kinds import Language

__all__ = ["gap_book"]

_HEADINGS = {
    Language.ZH: (
        "区域编号", "名称", "总数", "已覆盖", "未覆盖", "覆盖率", "目标", "缺额", "最远步行（米）", "超出测算范围",
        "最近设施编号", "最近设施", "最近设施步行（米）", "可补缺口的候选点",
    ),
    Language.EN: (
        "area id", "name", "total", "covered", "not covered", "rate", "target", "shortfall", "farthest walk (m)",
        "beyond reach", "nearest facility id", "nearest facility", "walk to the nearest (m)", "sites that would help",
    ),
}  # fmt: skip
_ABOUT = {
    Language.ZH: ("缺口", "说明", "项目", "内容"),
    Language.EN: ("gaps", "about", "item", "value"),
}
_FACTS = {
    Language.ZH: ("方案", "版本", "服务", "级别", "统计口径", "步行标准（米）", "说明"),
    Language.EN: ("plan", "version", "service", "level", "counted in", "walking standard (m)", "notice"),
}
_SHARES = frozenset({5, 6})
_METRES = frozenset({8, 12})


def gap_book(answer: bytes, *, lang: Language) -> bytes:
    """Write the answer of the gap route as xlsx."""
    table = json.loads(answer)
    gaps, about, item, value = _ABOUT[lang]
    rows = []
    for area in table["areas"]:
        near = area["nearest_facility"] or {}
        sites = "; ".join(f"{s['name'] or s['facility_id']} +{s['newly_covered']}" for s in area["sites"])
        nearest = [near.get(key) for key in ("facility_id", "name", "walk_m")]
        rows.append([*(area[v] for v in GAP_COLUMNS), *nearest, sites])
    facts = (
        table["plan"], table["version"], table["service"], table["level"], table["basis"], table["standard_m"],
        table[f"notice_{lang}"],
    )  # fmt: skip
    return workbook(
        [
            Sheet(gaps, _HEADINGS[lang], rows, shares=_SHARES, metres=_METRES),
            Sheet(about, (item, value), list(zip(_FACTS[lang], facts, strict=True))),
        ]
    )
