"""The report on an office screen: columns of names and codes stay whole beside long reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maps.report import write_report
from tests.maps.river_town import river_town

REASON = "铁路支线另一侧的一角只有 124，低于下限 300；若有一处通道穿过铁路支线，即可使 3 个网格回到范围之内。" * 4
LINES_OF = """cells => cells.map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return [cell.textContent, new Set([...range.getClientRects()].map(box => Math.round(box.top))).size];
})"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_codes_and_kinds_are_not_broken_into_letters(tmp_path, browser, lang):
    outcome = river_town()
    grids = outcome.grids.assign(**{f"reason_{lang}": REASON})
    write_report(replace(outcome, grids=grids), tmp_path / "report.html", lang=lang)
    page = browser.new_page(viewport={"width": 1366, "height": 768}, offline=True)
    try:
        page.goto((tmp_path / "report.html").as_uri())
        lines = dict(page.locator("td.short").evaluate_all(LINES_OF))
        assert lines["610002001"] == lines["河东社区"] == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366
        assert max(lines.values()) <= 4  # a word a line at most
        cut = page.locator(".wide").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length")
        assert cut == 0
    finally:
        page.close()
