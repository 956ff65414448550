"""Axe looks at a page: what it finds serious or critical, in words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "maps" / "editor" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")


@cache
def _axe() -> str:
    return SOURCE.read_text(encoding="utf-8")


def grave_findings(page: Page, *, within: str = "html") -> list[str]:
    """Return what axe finds serious or critical inside an element, each with the elements it is about."""
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        "([within, tags]) => axe.run(within, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)",
        [within, WCAG],
    )
    return [
        f"{v['id']} ({v['impact']}): {' | '.join(n['html'][:120] for n in v['nodes'][:4])}"
        for v in found
        if v["impact"] in GRAVE
    ]
