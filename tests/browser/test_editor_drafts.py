"""What is not saved stays in the browser: steps back and forth after a reload, each tab with a draft of its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.hand import WEST1, WEST2, WEST3, Hand, saved


def reloaded(page: Page) -> Hand:
    """Reload the editor."""
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    return Hand(page)


def torn(page: Page, *units: str) -> None:
    """Paint, so that a grid is in pieces and nothing is saved."""
    Hand(page).stroke(*units)
    expect(page.locator("#state")).to_contain_text("is in pieces")


def test_what_was_taken_back_is_made_again_after_a_reload_step_by_step(open_editor):
    page = open_editor()
    torn(page, "u21", "u11")
    Hand(page).stroke("u21", "u12")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(page, 1)
    hand = reloaded(page)
    saved(page, 1)
    page.keyboard.press("Control+Shift+z")
    expect(hand.number(WEST3, "households")).to_have_text("500")
    hand = reloaded(page)  # one step made, one still to be made
    expect(page.locator("#toasts")).to_contain_text("1 unit from last time")
    page.keyboard.press("Control+Shift+z")
    expect(hand.number(WEST3, "households")).to_have_text("600")
    for households in ("500", "400"):
        page.keyboard.press("Control+z")
        expect(hand.number(WEST3, "households")).to_have_text(households)
    saved(page, 1)


def test_a_lock_that_came_since_refuses_what_was_taken_back(open_editor):
    page = open_editor()
    torn(page, "u21", "u11")
    page.keyboard.press("Control+z")
    saved(page, 1)
    hand = reloaded(page)
    hand.click("u21", button="right")
    page.keyboard.press("k")
    saved(page, 2)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#toasts")).to_contain_text(f"Grid {WEST3} is locked")
    expect(hand.number(WEST3, "households")).to_have_text("400")
    page.keyboard.press("k")
    saved(page, 3)
    page.keyboard.press("Control+Shift+z")
    expect(hand.number(WEST3, "households")).to_have_text("500")


def test_two_tabs_keep_two_drafts_and_each_finds_its_own_again(open_editor):
    first = open_editor()
    second = open_editor(beside=first)
    torn(first, "u21", "u11")
    torn(second, "u01", "u11", "u12")
    expect(Hand(second).number(WEST1, "households")).to_have_text("600")
    hand = reloaded(first)
    expect(first.locator("#toasts")).to_contain_text("1 unit from last time")
    hand.click("u21", button="right")
    expect(hand.number(WEST3, "households")).to_have_text("500")
    hand = reloaded(second)
    expect(second.locator("#toasts")).to_contain_text("2 units from last time")
    hand.click("u01", button="right")
    expect(hand.number(WEST1, "households")).to_have_text("600")


def test_the_draft_of_a_tab_that_was_closed_is_taken_over_once(open_editor):
    first = open_editor()
    second = open_editor(beside=first)
    torn(first, "u21", "u11")
    first.close()
    third = open_editor(beside=second)
    expect(third.locator("#toasts")).to_contain_text("1 unit from last time")
    expect(third.locator("#state")).to_contain_text("is in pieces")
    fourth = open_editor(beside=second)
    saved(fourth, 1)
    saved(second, 1)
    third.keyboard.press("Control+z")
    saved(third, 1)
    expect(Hand(third).number(WEST2, "households")).to_have_text("400")


def test_a_draft_that_is_taken_over_asks_where_somebody_else_was_faster(open_editor):
    first, other = open_editor(), open_editor()
    beside = open_editor(beside=first)
    torn(first, "u21", "u11")
    first.close()
    Hand(other).stroke("u00", "u10", "u11", "u12", "u13")
    saved(other, 2)
    third = open_editor(beside=beside)
    expect(third.locator(".card tbody tr")).to_have_text([f"u11{WEST3}{WEST1}"])
    third.locator("#later").click()
    saved(other, 2)
    expect(third.locator("#state")).to_have_attribute("data-state", "conflict")


def test_a_duplicated_tab_has_a_draft_of_its_own(open_editor):
    first = open_editor()
    torn(first, "u21", "u11")
    with first.context.expect_page() as opening:
        first.evaluate("open(location.href)")  # with a copy of what the tab holds
    second = opening.value
    second.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    assert second.evaluate("sessionStorage.length") == 1
    saved(second, 1)
    torn(second, "u01", "u11", "u12")
    reloaded(first)
    expect(first.locator("#toasts")).to_contain_text("1 unit from last time")


def test_where_the_address_is_not_https_drafts_are_kept_all_the_same(open_served):
    page = open_served("/edit/river-town-1?lang=en")
    page.add_init_script(
        "delete Navigator.prototype.locks; delete Crypto.prototype.randomUUID;"  # browsers offer neither there
    )
    reloaded(page)
    if page.locator("#begin").is_visible():
        page.locator("#begin").click()
    torn(page, "u21", "u11")
    reloaded(page)
    expect(page.locator("#toasts")).to_contain_text("1 unit from last time")
    page.keyboard.press("Control+z")
    saved(page, 1)
    Hand(page).stroke("u03", "u13")
    saved(page, 2)
