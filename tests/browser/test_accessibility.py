"""No page has a barrier that axe calls serious or critical, with every panel open, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page

from tests.browser.axe import grave_findings
from tests.browser.hand import WEST1, WEST3, Hand
from tests.browser.test_service_pages import edited, ready


def _barriers(page: Page, state: str) -> list[str]:
    return [f"{state}: {found}" for found in grave_findings(page)]


def menu(page: Page, act: str) -> None:
    page.locator("#more summary").click()
    page.locator(f"#more [data-act={act}]").click()
    page.locator("dialog[open]").wait_for()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_the_editor_has_no_grave_barrier_in_any_state(open_served, lang, width, height):
    page = open_served(f"/edit/river-town-1?lang={lang}", width=width, height=height)
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    found = _barriers(page, "first steps and name")
    page.locator("#who-later").click()
    page.locator("#begin").click()
    hand = Hand(page)
    hand.stroke("u21", "u11")  # the column between is cut in two: pieces, numbers, a grid and a unit chosen
    found += _barriers(page, "broken")
    page.keyboard.press("Control+z")
    page.locator("#state:not([data-state=broken])").wait_for()
    hand.click("u21", button="right")
    found += _barriers(page, "unit and grid chosen")
    opened: dict[str, Callable[[], object]] = {
        "keys": lambda: page.keyboard.press("?"),
        "status": page.locator("[data-act=step]").click,
        "rename": page.locator("#rename").click,
        "note": page.locator("#note").click,
        **{act: partial(menu, page, act) for act in ("history", "comments", "who", "links")},
    }
    for state, open_it in opened.items():
        if state == "links":
            page.locator("#unit-card .close").click()  # else the other unit is picked on the map
        open_it()
        page.locator("dialog[open]").wait_for()
        found += _barriers(page, state)
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
    page.locator("#more summary").click()
    found += _barriers(page, "menu")
    page.locator("#limit").select_option("1")
    found += _barriers(page, "menu, limited")
    page.locator("#limit").select_option("")
    page.keyboard.press("Escape")
    page.keyboard.down("Alt")
    found += _barriers(page, "keys on the buttons")
    page.keyboard.up("Alt")
    for by in ("grid", "change"):
        page.locator("#colour-by").select_option(by)
        found += _barriers(page, f"coloured by {by}")
    page.locator("[data-act=split]").click()
    page.locator(f"tr[data-proposed='{WEST3}']").wait_for(timeout=60_000)
    found += _barriers(page, "proposal")
    assert found == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_question_between_two_planners_has_no_grave_barrier(open_editor, lang):
    first, second = open_editor(lang=lang), open_editor(lang=lang)
    Hand(first).stroke("u21", "u11")
    first.locator("#state[data-state=broken]").wait_for()
    Hand(second).stroke("u00", "u10", "u11", "u12", "u13")
    first.locator(".card[role=alertdialog]").wait_for()
    assert _barriers(first, "conflict") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_have_no_grave_barrier(open_served, service, lang):
    edited(service, 1, kind="move", moves=[{"unit_id": u, "grid_id": WEST1} for u in ("u12", "u13")])
    opens: dict[str, Callable[[Page], object]] = {
        "/": lambda page: page.wait_for_selector("a[href*='river-town-1']"),
        "/gaps/river-town-1": ready,
        "/compare/river-town-1?mode=swipe": ready,
        "/compare/river-town-1?mode=beside": ready,
        "/map/river-town-1": lambda page: page.wait_for_selector("body[data-ready=true]"),
    }
    found = []
    for path, wait in opens.items():
        page = open_served(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        wait(page)
        for width, height in ((1366, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            found += _barriers(page, f"{path} {width}")
            if "/gaps" in path:
                page.locator("tr[data-id='610001'] button").click()
                found += _barriers(page, f"{path} {width} chosen")
    assert found == []
