"""The numbers are in sight while the pointer moves, whatever the tool, the window and the language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import WEST1, WEST2, Hand, saved

SIZES = [(1366, 768), (390, 844)]
UNCOVERED = """cell => {
  const { x, y, width, height } = cell.getBoundingClientRect();
  return cell.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def all_in_sight(page: Page, *grids: str) -> None:
    """See that the rows of these grids can be read, none under anything else."""
    for grid in grids:
        cell = page.locator(f"tr[data-grid='{grid}'] td[data-number=households]")
        expect(cell).to_be_in_viewport(ratio=1)
        uncovered(page, cell)


def uncovered(page: Page, cell: Locator) -> None:
    """See that nothing lies over a cell, once the page has come to rest."""
    for _ in range(30):
        if cell.evaluate(UNCOVERED):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"covered: {cell}")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("hints", [True, False], ids=["hints", "no hints"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_numbers_are_in_sight_in_the_middle_of_a_stroke(open_editor, width, height, hints, lang):
    page = open_editor(lang=lang, hints=hints, width=width, height=height)
    assert page.locator("#coach").is_visible() is hints
    hand = Hand(page)
    hand.pull("u03", "u13")
    expect(hand.number(WEST1, "households")).to_have_text("500")
    all_in_sight(page, WEST1, WEST2)
    page.mouse.up()
    page.locator("#loads").scroll_into_view_if_needed()
    hand.pull("u03", "u12")
    expect(hand.number(WEST1, "households")).to_have_text("600")
    all_in_sight(page, WEST1, WEST2)
    page.mouse.up()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("tool", "way"), [("x", ["u12"]), ("l", ["u13", "u12", "u02"])])
def test_a_ring_tells_what_it_would_paint_while_it_is_pulled_and_saves_it_when_let_go(
    open_editor, service, tool, way, width, height
):
    page = open_editor(hints=True, width=width, height=height)
    hand = Hand(page)
    page.keyboard.press("v")
    hand.click("u00")
    page.keyboard.press(tool)
    (x, y), half = hand.at("u03"), hand.side / 2
    ring = [(x - half, y - half), *((hand.at(u)[0] + half * 0.8, hand.at(u)[1] + half * 0.8) for u in way)]
    if tool == "l":
        ring[1] = (hand.at("u13")[0] + half * 0.8, y - half)
        ring[3] = (x - half, hand.at("u02")[1] + half * 0.8)
    page.mouse.move(*ring[0])
    page.mouse.down()
    for point in ring[1:]:
        page.mouse.move(*point, steps=3)
    expect(hand.number(WEST1, "households")).to_have_text("600")
    expect(hand.number(WEST2, "households")).to_have_text("200")
    all_in_sight(page, WEST1, WEST2)
    saved(page, 1)
    assert page.request.get(f"{service}/v1/plans/river-town-1").json()["version"] == 1
    page.keyboard.press("Escape")
    expect(hand.number(WEST1, "households")).to_have_text("400")
    page.mouse.up()
    saved(page, 1)
    page.mouse.move(*ring[0])
    page.mouse.down()
    for point in ring[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()
    saved(page, 2)
    expect(hand.number(WEST1, "households")).to_have_text("600")
