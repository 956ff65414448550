"""Grids are named, noted and locked, units are locked, joined and cut, problems are found one after the other."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.hand import EAST1, WEST1, WEST2, Hand, saved


def test_a_grid_is_renamed_and_noted_and_a_telephone_number_is_refused(open_editor, service):
    page = open_editor()
    Hand(page).click("u00", button="right")
    page.keyboard.press("r")
    page.locator("#grid-name").fill("Riverside")
    page.keyboard.press("Enter")
    saved(page, 2)
    expect(page.locator("#grid-title")).to_have_text("Riverside")
    expect(page.locator(".labels span", has_text="Riverside")).to_be_visible()
    page.locator("#note").click()
    page.locator("#note-text").fill("call 13912345678")
    page.locator("#note-it").click()
    expect(page.locator("#toasts")).to_contain_text("mobile")
    saved(page, 2)
    page.locator("#note").click()
    page.locator("#note-text").fill("the market moves in May")
    page.locator("#note-it").click()
    saved(page, 3)
    page.locator("#more summary").click()
    page.locator("[data-act=history]").click()
    expect(page.locator("#versions li").first).to_contain_text("the market moves in May")


def test_a_locked_unit_stays_where_it_is_and_undo_honours_it(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.stroke("u03", "u13")
    saved(page, 2)
    hand.click("u13", button="right")
    expect(page.locator("#unit-title")).to_contain_text("Unit u13")
    page.keyboard.press("u")
    saved(page, 3)
    expect(page.locator("#unit-lock")).to_have_text("Unlock unit")
    expect(page.locator(".labels .unit")).to_have_count(1)
    hand.stroke("u12", "u13")
    expect(page.locator("#toasts")).to_contain_text("Unit u13 is locked")
    page.keyboard.press("Control+z")
    expect(page.locator("#toasts")).to_contain_text("u13", timeout=10_000)
    saved(page, 3)
    expect(hand.number(WEST2, "households")).to_have_text("300")


def test_two_named_units_are_cut_apart_with_a_reason(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.click("u11", button="right")
    page.locator("#unit-link").click()
    expect(page.locator("#hint")).to_contain_text("u11")
    hand.click("u12")
    expect(page.locator("#link-told")).to_contain_text("u12 (河畔小区) are neighbours now")
    expect(page.locator("#link-join")).to_be_disabled()
    page.locator("#link-cut").click()
    expect(page.locator("dialog .refusal")).to_have_text("Write the reason.")
    page.locator("#link-reason").fill("a wall since May")
    page.locator("#link-cut").click()
    expect(page.locator("#toasts")).to_contain_text(WEST2)  # it would fall apart
    saved(page, 1)
    page.keyboard.press("Escape")
    page.locator("#unit-card .close").click()
    page.keyboard.press("j")
    for field, text in (("#link-a", "u03"), ("#link-b", "u13"), ("#link-reason", "a wall since May")):
        page.locator(field).fill(text)
    page.locator("#link-cut").click()
    saved(page, 2)


def test_problems_are_stepped_through_by_kind_both_ways_and_wrap(open_editor):
    page = open_editor()
    expect(page.locator("#find-kind option")).to_have_text(
        [
            "All problems (2)",
            "Without grid (0)",
            "In pieces (0)",
            "Out of band (2)",
            "Above band (1)",
            "Below band (1)",
        ]
    )
    count = page.locator("#find-count")
    for key, place in (("g", "1 / 2"), ("g", "2 / 2"), ("g", "1 / 2"), ("Shift+G", "2 / 2")):
        page.keyboard.press(key)
        expect(count).to_have_text(place)
    page.locator("#find-kind").select_option("above")
    page.locator("[data-act=find]").click()
    expect(count).to_have_text("1 / 1")
    expect(page.locator("#grid-title")).to_have_text(EAST1)
    page.locator("#find-kind").select_option("unassigned")
    page.locator("[data-act=find]").click()
    expect(page.locator("#toasts")).to_contain_text("each one is in a grid")


def test_escape_gives_a_stroke_up_and_nothing_is_saved(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.pull("u03", "u13")
    expect(hand.number(WEST1, "households")).to_have_text("500")
    page.keyboard.press("Escape")
    expect(hand.number(WEST1, "households")).to_have_text("400")
    page.mouse.up()
    saved(page, 1)


def test_every_tool_paints_into_the_chosen_grid(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.click("u00", button="right")
    version = 1
    for tool, came in (("click", 500), ("box", 600), ("lasso", 600), ("fill", 800), ("merge", 800)):
        page.locator(f"[data-tool={tool}]").click()
        if tool in {"box", "lasso"}:
            drawn_round(page, hand, tool)
        else:
            hand.click("u13")
        saved(page, version + 1)
        expect(hand.number(WEST1, "households")).to_have_text(str(came))
        page.keyboard.press("Control+z")
        version += 2
        saved(page, version)


def drawn_round(page: Page, hand: Hand, tool: str) -> None:
    """Draw a box or a lasso round the places of u13 and u12."""
    (x, y), (east, south) = hand.at("u13"), hand.at("u12")
    half = hand.side / 3
    ring = [(x - half, y - half), (east + half, y - half), (east + half, south + half), (x - half, south + half)]
    corners = ring if tool == "lasso" else [ring[0], ring[2]]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=3)
    page.mouse.up()


def test_revert_brings_units_back_to_the_base_and_says_where_its_grid_is_gone(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.stroke("u03", "u13", "u12")
    saved(page, 2)
    page.keyboard.press("e")
    hand.stroke("u13", "u12")
    saved(page, 3)
    expect(hand.number(WEST2, "households")).to_have_text("400")
    page.keyboard.press("m")
    hand.click("u00", button="right")
    hand.click("u11")
    saved(page, 4)
    page.keyboard.press("e")
    hand.click("u13")
    expect(page.locator("#toasts")).to_contain_text("bring it back from the history")
    saved(page, 4)
