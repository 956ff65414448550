"""The whole story by keyboard alone, and what a screen reader is told on the way. No mouse is touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.hand import WEST1, WEST2, saved

MOST_TABS = 90
LISTEN = """
  window.told = [];
  const spoken = ["[aria-live]", "[role=status]", "[role=alert]", "output"];
  const loud = spoken.map((each) => `${each}:not([aria-live=off])`);
  const live = (element) => element?.closest?.(loud.join());
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = live(target.nodeType === 1 ? target : target.parentElement) ?? [...addedNodes].find(live);
      const text = region?.innerText?.trim() ?? region?.textContent?.trim();
      if (text) window.told.push(text);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""


class Reader:
    """Hands on the keyboard, and ears on what the page tells a screen reader."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, selector: str) -> None:
        """Press Tab until an element has the focus, and see that the focus shows."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                assert self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def hears(self, words: str) -> None:
        """Wait until something was told, and forget what came before."""
        heard = "(words) => told.some((text) => text.includes(words))"
        try:
            self.page.wait_for_function(heard, arg=words, timeout=60_000)
        except PlaywrightTimeoutError:
            told = self.page.evaluate("told")
            raise AssertionError(f"{words!r} was not told, but: {told}") from None
        self.page.evaluate("told.length = 0")


def test_the_whole_story_is_done_and_heard_without_a_mouse(open_served):
    page = open_served("/?lang=en")
    page.context.add_init_script(LISTEN)
    reader = Reader(page)
    reader.tab_to("a[href*='/edit/river-town-1']")
    reader.press("Enter")
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)

    reader.press("Tab")  # the first stop leads past the bar and the tools
    assert page.evaluate("document.activeElement.className") == "skip"
    reader.press("Enter")
    assert page.evaluate("document.activeElement.id") == "map"
    reader.tab_to("#who #planner-name")
    page.keyboard.type("Wang")
    reader.press("Enter")
    assert page.evaluate("document.activeElement.id") == "map"

    reader.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp")
    reader.hears(f"Unit u03 (河畔小区), grid {WEST1}, 100 households")
    reader.press("Enter")
    reader.hears(f"Chosen: {WEST1}: 400 households, deviation 0 %.")
    reader.press("ArrowRight")
    reader.hears("Unit u13")
    reader.press("p")
    reader.hears(f"{WEST1}: 500 households, deviation +25 %.")
    saved(page, 2)
    reader.press("ArrowDown", "p")
    reader.hears(f"{WEST1}: 600 households, deviation +50 %.")
    saved(page, 3)

    reader.press("Control+z")
    reader.hears(f"{WEST1}: 500 households, deviation +25 %.")
    saved(page, 4)
    reader.press("Control+Shift+z")
    reader.hears(f"{WEST1}: 600 households, deviation +50 %.")
    saved(page, 5)

    reader.press("k")
    saved(page, 6)
    reader.press("ArrowDown", "p")
    reader.hears(f"Grid {WEST1} is locked")
    reader.press("k")
    saved(page, 7)

    reader.tab_to("[data-act=rebalanceAround]")
    reader.press("Enter")
    reader.hears("households change grid")
    assert page.evaluate("document.activeElement.id") == "accept"
    reader.press("Enter")
    saved(page, 8)
    reader.hears("Saved, version 8")

    reader.tab_to("a[data-act=compare]")
    reader.press("Enter")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    reader.hears("households change grid")
    reader.tab_to("#edit-link")
    reader.press("Enter")
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)

    reader.tab_to("[data-act=step]")
    reader.press("Enter")
    reader.tab_to("#step-note")
    page.keyboard.type("ready for review")
    reader.tab_to("#step-submitted")
    reader.press("Enter")
    reader.hears("The plan is now: submitted.")
    saved(page, 9)
    reader.press("p")
    expect(page.locator("[data-act=step]")).to_have_text("Status: submitted")


def test_the_tools_are_one_stop_and_arrows_walk_through_them(open_editor):
    page = open_editor()
    reader = Reader(page)
    page.locator("[data-tool=brush]").focus()
    reader.press("ArrowDown", "ArrowDown", "Enter")
    expect(page.locator("[data-tool=box]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#hint")).to_contain_text("Pull a box")
    reader.press("Home", "ArrowUp")  # round to the end
    expect(page.locator("[data-act=larger]")).to_be_focused()
    reader.press("Tab")
    assert page.evaluate("document.activeElement.closest('#rail')") is None
    reader.press("Shift+Tab")
    expect(page.locator("[data-act=larger]")).to_be_focused()
    assert page.locator("#rail button[tabindex='0']").count() == 1


def test_a_dialog_keeps_the_focus_and_gives_it_back(open_editor):
    page = open_editor()
    reader = Reader(page)
    reader.tab_to("[data-act=help]")
    reader.press("Enter")
    page.locator("dialog[open]").wait_for()
    for _ in range(4):
        reader.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        assert page.evaluate(inside)
    reader.press("Escape")
    expect(page.locator("[data-act=help]")).to_be_focused()
    reader.tab_to("#more summary")
    reader.press("Enter")
    page.locator("#more [data-act=history]").wait_for()
    reader.tab_to("[data-act=history]")
    reader.press("Enter")
    page.locator("dialog[open]").wait_for()
    reader.press("Escape")
    expect(page.locator("#more summary")).to_be_focused()


def at_cursor(page: Page) -> Reader:
    """Walk to the north-western unit of the west grid."""
    page.locator("#map").focus()
    reader = Reader(page)
    reader.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp")
    expect(page.locator("#heard")).to_contain_text("Unit u03")
    return reader


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("b Enter ArrowRight p", {WEST1: "500", WEST2: "300"}),
        ("x Enter ArrowRight p", {WEST1: "500", WEST2: "300"}),
        ("n p", {"610001004": "100", WEST1: "300"}),
        ("n p ArrowDown p", {"610001004": "200", WEST1: "200"}),
        ("Enter m ArrowRight p", {WEST1: "800"}),
        ("Enter f ArrowRight p", {WEST1: "800"}),
        ("Enter v ArrowRight p", {WEST1: "500", WEST2: "300"}),
        ("v ArrowRight p ArrowLeft p", {WEST2: "500", WEST1: "300"}),
    ],
)
def test_p_does_what_the_tool_in_hand_does(open_editor, keys, told):
    page = open_editor()
    reader = at_cursor(page)
    reader.press(*keys.split())
    for grid, count in told.items():
        expect(page.locator(f"tr[data-grid='{grid}'] td[data-number=households]")).to_have_text(count)
    saved(page, 3 if keys.count("p") == 2 and keys[0] == "n" else 2)


def test_a_unit_is_given_back_to_the_base_by_keyboard(open_editor):
    page = open_editor()
    reader = at_cursor(page)
    reader.press("Enter", "ArrowRight", "p")
    saved(page, 2)
    reader.press("e", "p")
    saved(page, 3)
    expect(page.locator(f"tr[data-grid='{WEST1}'] td[data-number=households]")).to_have_text("400")
