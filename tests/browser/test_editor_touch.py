"""The editor on a phone: one finger paints when that is switched on, and nothing runs over the rim."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import WEST1, Hand, saved

RESTS_MS = 100
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def drag(page: Page, hand: Hand, *units: str) -> None:
    """Draw one finger over units, as the browser hears it from a screen."""
    client = page.context.new_cdp_session(page)
    for number, unit in enumerate(
        [*units, units[-1]]
    ):  # it rests at the end: a finger that is flung would swallow the next tap
        x, y = hand.at(unit)
        kind = "touchMove" if number else "touchStart"
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(RESTS_MS)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_one_finger_paints_when_the_paint_lock_is_on_and_moves_the_map_when_it_is_off(open_editor):
    page = open_editor(**PHONE)
    hand = Hand(page)
    page.locator("#paintLock").tap()
    expect(page.locator("#paintLock")).to_have_attribute("aria-pressed", "true")
    drag(page, hand, "u03", "u13")
    saved(page, 2)
    expect(hand.number(WEST1, "households")).to_have_text("500")
    page.locator("#paintLock").tap()
    label = page.locator(".labels span").first
    before = label.bounding_box()
    drag(page, hand, "u03", "u12")
    assert label.bounding_box() != before
    saved(page, 2)
    expect(hand.number(WEST1, "households")).to_have_text("500")


def test_a_second_finger_gives_the_stroke_up_and_moves_the_map(open_editor):
    page = open_editor(**PHONE)
    hand = Hand(page)
    page.locator("#paintLock").tap()
    client = page.context.new_cdp_session(page)
    (x, y), (east, north) = hand.at("u02"), hand.at("u12")
    fingers = [{"x": x, "y": y, "id": 0}]
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})
    client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": east, "y": north, "id": 0}]})
    expect(hand.number(WEST1, "households")).to_have_text("500")
    both = [{"x": east, "y": north, "id": 0}, {"x": east + 60, "y": north + 60, "id": 1}]
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": both})
    expect(hand.number(WEST1, "households")).to_have_text("400")
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    saved(page, 1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_map_tools_and_numbers_at_once(open_editor: Callable[..., Page], lang: str) -> None:
    page = open_editor(lang=lang, hints=True, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for part in ("#map", "#rail", "aside", "header", "footer"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"]
    page.evaluate("""() => {
      for (const kind of document.querySelectorAll("#find-kind option")) kind.text = kind.text.replace(/\\d+/, "135");
      document.getElementById("find-count").textContent = "135 / 135";
    }""")
    assert page.locator("header").bounding_box()["height"] < 90  # two rows, also where there is much to find
    for tool in page.locator("#rail > button").all():
        box = tool.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44  # a finger's width
