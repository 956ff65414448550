"""The editor's story, with the network cut: what a planner does on the first day, from opening to submitting."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.hand import WEST1, WEST2, WEST3, Hand, saved

WEST_BANK = [f"u{column}{row}" for column in range(3) for row in range(4)]
LESSONS = ["paint", "lock", "undo", "even", "accept", "compare", "submit"]


def households(page: Page) -> dict[str, int]:
    """Return the households of the western grids, as the panel shows them once each was chosen."""
    hand, found = Hand(page), {}
    page.keyboard.press("v")
    for unit in WEST_BANK:
        page.keyboard.down("Alt")
        hand.click(unit)
        page.keyboard.up("Alt")
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        row = page.locator("tr.chosen")
        found[str(row.get_attribute("data-grid"))] = int(row.locator("[data-number=households]").inner_text())
    return found


def test_a_planner_does_the_whole_story_from_the_first_steps_alone(open_editor):
    page = open_editor(hints=True)
    hand = Hand(page)
    for lesson in LESSONS:
        expect(page.locator(f"[data-lesson={lesson}]")).not_to_have_class("done")
    expect(page.locator("#histogram-text")).to_have_text("6 grids, band 300–500; 1 below, 1 above.")

    page.locator("#who #planner-name").fill("Wang")
    page.keyboard.press("Enter")
    hand.pull("u00", "u10", "u20", "u21", "u11", "u12")  # five units across, the button still down
    expect(hand.number(WEST1, "households")).to_have_text("900")
    expect(hand.number(WEST1, "deviation")).to_have_text("+125 %")
    expect(hand.number(WEST1, "changed")).to_have_text("500")
    expect(hand.number(WEST2, "households")).to_have_text("100")
    expect(hand.number(WEST3, "residents")).to_have_text("500")
    page.mouse.up()
    saved(page, 2)
    expect(page.locator("#histogram-text")).to_have_text("6 grids, band 300–500; 3 below, 2 above.")

    page.locator("[data-act=lock]").click()
    saved(page, 3)
    hand.stroke("u13", "u12")
    expect(page.locator("#toasts")).to_contain_text(f"Grid {WEST1} is locked. Unlock it first.")
    expect(hand.number(WEST2, "households")).to_have_text("100")
    hand.click("u00")
    page.keyboard.press("k")
    saved(page, 4)

    page.keyboard.press("Control+z")
    saved(page, 5)
    expect(hand.number(WEST1, "households")).to_have_text("400")
    page.locator("[data-act=redo]").click()
    saved(page, 6)
    expect(hand.number(WEST1, "households")).to_have_text("900")

    page.locator("[data-act=rebalanceAround]").click()
    expect(page.locator("#proposal")).to_contain_text("households change grid", timeout=60_000)
    expect(page.locator(f"tr[data-proposed='{WEST1}'] td").first).to_contain_text("900 →")
    expect(hand.number(WEST1, "households")).to_have_text("900")  # nothing is done until it is accepted
    page.locator("#accept").click()
    saved(page, 7)
    expect(hand.number(WEST1, "deviation")).not_to_have_class("off")
    now = households(page)
    assert sum(now.values()) == 1200
    assert all(300 <= count <= 500 for count in now.values())

    page.get_by_role("link", name="Compare").click()
    expect(page.locator("#headline")).to_contain_text("households", timeout=60_000)
    page.go_back()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    saved(page, 7)
    expect(page.locator("#toasts")).not_to_contain_text("Somebody else")  # they are one's own edits
    assert households(page) == now

    page.locator("[data-act=step]").click()
    page.locator("#step-note").fill("ready for review")
    expect(page.locator("dialog #planner-name")).to_have_value("Wang")
    page.locator("#step-submitted").click()
    saved(page, 8)
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    saved(page, 8)
    expect(page.locator("[data-act=step]")).to_have_text("Status: submitted")
    assert households(page) == now
    for lesson in LESSONS:
        expect(page.locator(f"[data-lesson={lesson}]")).to_have_class("done")
