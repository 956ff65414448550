"""No page has a barrier that axe calls serious or critical, with every panel open, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import grave_findings
from tests.browser.hand import WEST1, WEST3, Hand
from tests.browser.test_service_pages import edited, ready


def _barriers(page: Page, state: str) -> list[str]:
    return [f"{state}: {found}" for found in grave_findings(page)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_editor_has_no_grave_barrier_with_each_panel_open(open_served, lang):
    page = open_served(f"/edit/river-town-1?lang={lang}")
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    found = _barriers(page, "first steps")
    page.locator("#begin").click()
    hand = Hand(page)
    hand.stroke("u21", "u11")  # the column between is cut in two: pieces, numbers, a grid and a unit chosen
    found += _barriers(page, "broken")
    page.keyboard.press("Control+z")
    page.locator("#state:not([data-state=broken])").wait_for()
    for act in ("help", "step"):
        page.locator(f"[data-act={act}]").click()
        found += _barriers(page, act)
        page.keyboard.press("Escape")
    menu = page.locator("#more")
    for act in ("history", "comments"):
        menu.evaluate("menu => menu.open = true")
        found += grave_findings(page, within="#more")  # it hides a part of the panel while it is open
        page.locator(f"[data-act={act}]").click()
        page.locator("dialog[open]").wait_for()
        found += _barriers(page, act)
        page.keyboard.press("Escape")
    menu.evaluate("menu => menu.open = false")
    page.locator("[data-act=split]").click()
    page.locator(f"tr[data-proposed='{WEST3}']").wait_for(timeout=60_000)
    found += _barriers(page, "proposal")
    assert found == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_have_no_grave_barrier(open_served, service, lang):
    edited(service, 1, kind="move", moves=[{"unit_id": u, "grid_id": WEST1} for u in ("u12", "u13")])
    opens: dict[str, Callable[[Page], object]] = {
        "/": lambda page: page.wait_for_selector("a[href*='river-town-1']"),
        "/gaps/river-town-1": ready,
        "/compare/river-town-1": ready,
        "/map/river-town-1": lambda page: page.wait_for_selector("body[data-ready=true]"),
    }
    found = []
    for path, wait in opens.items():
        page = open_served(f"{path}?lang={lang}")
        wait(page)
        found += _barriers(page, path)
    assert found == []
