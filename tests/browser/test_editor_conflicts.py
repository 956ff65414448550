"""Two planners on one plan, a service that is away, and what a reload brings back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import WEST1, WEST3, Hand, saved


@pytest.fixture
def contested(open_editor) -> tuple[Page, Page]:
    """Return two planners: the first painted u11 and could not save it, the second took it elsewhere since."""
    first, second = open_editor(), open_editor()
    Hand(first).stroke("u21", "u11")  # the column between is in two pieces: kept here
    expect(first.locator("#state")).to_contain_text("is in pieces")
    Hand(second).stroke("u00", "u10", "u11", "u12", "u13")
    saved(second, 2)
    expect(first.locator(".card")).to_contain_text("changed the same units", timeout=10_000)
    return first, second


def test_both_sides_are_shown_and_mine_is_kept_over_theirs(contested):
    first, second = contested
    expect(first.locator(".card tbody tr")).to_have_text([f"u11{WEST3}{WEST1}"])
    expect(first.locator("#toasts p")).to_have_text(
        ["Somebody else changed 4 units, version 2: 3 merged, 1 changed by you too and waiting for your choice."]
    )
    first.locator("#show-theirs").check()
    first.locator("#mine").click()
    saved(first, 3)
    expect(Hand(second).number(WEST1, "households")).to_have_text("700", timeout=10_000)


def test_where_nothing_is_merged_nothing_is_called_merged(open_editor):
    first, second = open_editor(), open_editor()
    first.context.set_offline(True)
    Hand(first).stroke("u03", "u13")
    expect(first.locator("#state")).to_have_attribute("data-state", "offline")
    Hand(second).stroke("u23", "u13")
    saved(second, 2)
    first.context.set_offline(False)
    expect(first.locator(".card tbody tr")).to_have_text([f"u13{WEST1}{WEST3}"], timeout=10_000)
    expect(first.locator("#toasts p")).to_have_count(0)
    first.locator("#theirs").click()
    saved(first, 2)  # what waited to be delivered is not sent over theirs
    expect(first.locator("#toasts p")).to_have_count(0)
    expect(Hand(first).number(WEST3, "households")).to_have_text("500")
    saved(second, 2)


def test_theirs_is_taken_and_mine_set_aside_to_be_painted_again(contested):
    first, _ = contested
    first.locator("#both").click()
    saved(first, 2)
    expect(Hand(first).number(WEST1, "households")).to_have_text("800")
    first.locator("#more summary").click()
    first.locator("[data-act=paintAside]").click()
    saved(first, 3)
    expect(Hand(first).number(WEST1, "households")).to_have_text("700")


def test_later_keeps_the_question_until_save_now(contested):
    first, second = contested
    first.locator("#later").click()
    expect(first.locator("#state")).to_have_attribute("data-state", "conflict")
    first.locator("[data-act=resume]").click()
    expect(first.locator(".card tbody tr")).to_have_text([f"u11{WEST3}{WEST1}"])
    expect(first.locator("[data-act=resume]")).to_be_hidden()
    saved(second, 2)  # nothing of mine is sent before the choice
    first.locator("#mine").click()
    saved(first, 3)


def test_a_reload_after_later_asks_again_and_overwrites_nothing(contested):
    first, second = contested
    first.locator("#later").click()
    first.reload()
    expect(first.locator(".card tbody tr")).to_have_text([f"u11{WEST3}{WEST1}"], timeout=60_000)
    expect(first.locator("#state")).to_have_attribute("data-state", "conflict")
    expect(first.locator("#toasts")).to_contain_text("1 unit from last time")
    first.locator("#theirs").click()
    saved(first, 2)
    saved(second, 2)


def test_a_reload_after_an_offline_stroke_asks_before_it_overwrites(open_editor):
    first, second = open_editor(), open_editor()
    first.context.set_offline(True)
    Hand(first).stroke("u03", "u13")
    expect(first.locator("#state")).to_have_attribute("data-state", "offline")
    first.goto("about:blank")  # the page is gone before the line is back
    Hand(second).stroke("u23", "u13")
    saved(second, 2)
    first.context.set_offline(False)
    first.go_back()
    expect(first.locator(".card tbody tr")).to_have_text([f"u13{WEST1}{WEST3}"], timeout=60_000)
    saved(second, 2)
    first.locator("#mine").click()
    saved(first, 3)
    expect(Hand(second).number(WEST3, "households")).to_have_text("400", timeout=10_000)


def test_what_is_painted_while_the_service_is_away_is_saved_when_it_is_back(open_editor):
    page = open_editor()
    hand = Hand(page)
    page.context.set_offline(True)
    hand.stroke("u03", "u13")
    expect(page.locator("#state")).to_have_attribute("data-state", "offline")
    expect(hand.number(WEST1, "households")).to_have_text("500")
    page.context.set_offline(False)
    saved(page, 2)


def test_unsaved_strokes_come_back_after_a_reload_each_one_a_step_to_undo(open_editor):
    page = open_editor()
    Hand(page).stroke("u21", "u11")
    Hand(page).stroke("u21", "u12")
    expect(page.locator("#state")).to_contain_text("is in pieces")
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    expect(page.locator("#toasts")).to_contain_text("2 units from last time")
    page.keyboard.press("Control+z")
    expect(Hand(page).number(WEST3, "households")).to_have_text("500")
    page.keyboard.press("Control+z")
    saved(page, 1)
