"""The editor's story, with the network cut: paint, watch the numbers, hit a lock, undo, reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hand import EAST1, WEST1, WEST2, WEST3, Hand, saved


def test_a_planner_paints_hits_a_lock_undoes_and_finds_it_all_after_a_reload(open_editor):
    page = open_editor()
    hand = Hand(page)
    expect(page.locator("#histogram-text")).to_have_text("6 grids, band 300–500; 1 below, 1 above.")

    hand.stroke("u03", "u13", "u12")  # pull from the west grid over two units of the middle one
    expect(hand.number(WEST1, "households")).to_have_text("600")
    expect(hand.number(WEST2, "households")).to_have_text("200")
    expect(hand.number(WEST1, "deviation")).to_have_text("+50 %")
    saved(page, 2)
    hand.stroke("u01", "u11", "u10")  # the middle grid is empty now, and goes
    expect(hand.number(WEST1, "households")).to_have_text("800")
    saved(page, 3)
    hand.stroke("u11", "u21")
    expect(hand.number(WEST1, "changed")).to_have_text("500")
    expect(page.locator("#state")).to_contain_text(f"grid {WEST3} is in pieces")
    page.keyboard.press("Control+z")
    saved(page, 3)
    hand.stroke("u10", "u20")
    saved(page, 4)

    page.locator("[data-act=lock]").click()
    saved(page, 5)
    expect(page.locator("[data-act=lock]")).to_have_text("Unlock grid")
    hand.stroke("u21", "u11")
    expect(page.locator("#toasts")).to_contain_text(f"Grid {WEST1} is locked")
    saved(page, 5)
    hand.stroke("u00", "u00")
    page.keyboard.press("k")
    saved(page, 6)
    page.keyboard.press("Control+z")
    saved(page, 7)
    expect(hand.number(WEST1, "households")).to_have_text("800")

    page.reload()
    page.wait_for_selector("#app[data-ready=yes]")
    saved(page, 7)
    hand = Hand(page)
    page.keyboard.press("v")
    hand.click("u00")
    expect(hand.number(WEST1, "households")).to_have_text("800")
    page.keyboard.press("Control+z")
    saved(page, 8)
    expect(hand.number(WEST1, "households")).to_have_text("600")


def test_the_numbers_are_those_of_the_service(open_editor, service):
    page = open_editor()
    hand = Hand(page)
    with page.expect_response(lambda r: r.url.endswith("/edits")) as caught:
        hand.stroke("u00", "u10")
    saved(page, 2)
    for line in caught.value.json()["grids"]:
        shown = {
            n: hand.number(line["grid_id"], n).inner_text() for n in ("households", "residents", "workload", "walk")
        }
        assert shown["households"] == f"{line['households']:,}"
        assert shown["residents"] == f"{line['residents']:,}"
        assert shown["workload"] == f"{line['workload_h']:,.0f}"
        assert shown["walk"] == f"{line['walk_mean_m']:.1f}"


def test_a_grid_never_crosses_a_community_and_the_page_says_so(open_editor):
    page = open_editor()
    Hand(page).stroke("u21", "u31")
    expect(page.locator("#toasts")).to_contain_text("a grid never crosses a community")
    saved(page, 1)


def test_two_planners_see_each_other_and_merge(open_editor):
    first, second = open_editor(), open_editor()
    Hand(first).stroke("u03", "u13")
    saved(first, 2)
    expect(second.locator("#toasts")).to_contain_text("merged", timeout=10_000)
    saved(second, 2)
    Hand(second).stroke("u50", "u40")
    saved(second, 3)


def test_five_quick_presses_take_five_steps_back(open_editor):
    page = open_editor()
    for version, start in enumerate(("u03", "u12", "u03", "u12", "u03"), start=2):
        Hand(page).stroke(start, "u13")
        saved(page, version)
    page.evaluate("""() => {
        const pressed = new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true });
        for (let i = 0; i < 5; i += 1) document.getElementById("map").dispatchEvent(pressed);
    }""")
    saved(page, 11)
    expect(Hand(page).number(WEST1, "households")).to_have_text("400")


def test_a_new_grid_is_painted_and_problems_are_found(open_editor):
    page = open_editor(lang="zh")
    hand = Hand(page)
    page.keyboard.press("g")
    expect(page.locator("#hint")).to_have_text(f"问题网格 1 / 2：{EAST1}，超过上限")
    page.keyboard.press("g")
    expect(page.locator("#hint")).to_contain_text("2 / 2")
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]")
    page.keyboard.press("n")
    hand.stroke("u43", "u33")
    expect(page.locator("#state")).to_have_text("已保存，版本 2")
    expect(hand.number("610002004", "households")).to_have_text("200")


def test_the_keyboard_alone_moves_a_unit(open_editor):
    page = open_editor()
    page.locator("#map").focus()
    for key in (
        "ArrowLeft",
        "ArrowLeft",
        "ArrowLeft",
        "ArrowLeft",
        "ArrowUp",
    ):  # from the middle to the north-western unit
        page.keyboard.press(key)
    expect(page.locator("#heard")).to_have_text(f"Unit u03 (河畔小区), grid {WEST1}, 100 households")
    for key in ("Enter", "ArrowRight", "p"):
        page.keyboard.press(key)
    saved(page, 2)
    expect(page.locator("#heard")).to_contain_text(f"{WEST1}: 500 households, deviation +25 %.")
    expect(Hand(page).number(WEST1, "households")).to_have_text("500")


def test_a_plan_is_submitted_with_a_reason_and_can_be_compared_with_its_base(open_editor, service):
    page = open_editor()
    Hand(page).stroke("u03", "u13", "u12")
    saved(page, 2)
    page.locator("[data-act=step]").click()
    page.locator("#step-note").fill("  ")
    page.locator("#step-submitted").click()
    expect(page.locator("dialog .refusal")).to_have_text("Write the reason.")
    page.locator("#step-note").fill("ready for review")
    page.locator("#step-submitted").click()
    expect(page.locator("dialog .refusal")).to_contain_text("Write your name")
    page.locator("dialog #planner-name").fill("Wang")
    page.locator("#step-submitted").click()
    expect(page.locator("[data-act=step]")).to_have_text("Status: submitted")
    saved(page, 3)
    page.reload()
    expect(page.locator("[data-act=step]")).to_have_text("Status: submitted", timeout=60_000)
    expect(page.locator("#toasts p")).to_have_count(1, timeout=60_000)
    expect(page.locator("#toasts p")).to_have_count(0, timeout=10_000)
    Hand(page).stroke("u12", "u11")
    expect(page.locator("#toasts")).to_contain_text("not a draft")
    saved(page, 3)
    page.locator("[data-act=step]").click()
    page.locator("#step-note").fill("one more look")
    page.locator("#step-draft").click()
    saved(page, 4)
    page.get_by_text("More").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("#headline")).to_contain_text("200 households change grid, in units: 2.", timeout=60_000)


def test_a_name_is_asked_once_and_stands_in_the_history_and_at_the_others(open_editor):
    first, second = open_editor(), open_editor()
    first.locator("#who #planner-name").fill("Wang")
    first.locator("#who-keep").click()
    expect(first.locator("#who")).to_be_hidden()
    Hand(first).stroke("u03", "u13")
    saved(first, 2)
    expect(second.locator("#toasts")).to_contain_text("Wang changed 1 unit, version 2", timeout=10_000)
    second.locator("#who-later").click()
    Hand(second).stroke("u50", "u40")
    saved(second, 3)
    second.locator("[data-act=step]").click()
    second.locator("#step-note").fill("ready")
    second.locator("dialog #planner-name").fill("Li")
    second.locator("#step-submitted").click()
    saved(second, 4)
    for page in (first, second):
        page.reload()
        page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
        expect(page.locator("#who")).to_be_hidden()
    first.locator("#more summary").click()
    first.locator("[data-act=history]").click()
    lines = first.locator("#versions li span")
    expect(lines.nth(0)).to_contain_text("Version 4 · status draft → submitted · Li · ")
    expect(lines.nth(1)).to_contain_text("Version 3 · units moved · somebody without a name · ")
    expect(lines.nth(2)).to_contain_text("Version 2 · units moved · Wang · ")


def test_a_proposal_is_shown_accepted_and_brought_back(open_editor):
    page = open_editor()
    hand = Hand(page)
    page.keyboard.press("v")
    hand.click("u31")
    expect(page.locator("#selection")).to_have_text(f"Selected: {EAST1}")
    page.locator("[data-act=split]").click()
    expect(page.locator("#proposal")).to_contain_text("households change grid", timeout=60_000)
    expect(page.locator(f"tr[data-proposed='{EAST1}'] td").first).to_contain_text("600 →")
    expect(page.locator("tr[data-proposed='610002004'] th")).to_have_text("河东社区 004")
    page.locator("#accept").click()
    saved(page, 2)
    page.locator("#more summary").click()
    page.locator("[data-act=history]").click()
    page.locator("[data-restore='1']").click()
    saved(page, 3)
    hand.click("u31")
    expect(hand.number(EAST1, "households")).to_have_text("600")


def test_pieces_are_allowed_for_now_and_such_a_plan_is_not_submitted(open_editor):
    page = open_editor()
    hand = Hand(page)
    page.locator("#more summary").click()
    page.locator("#allowPieces").check()
    page.keyboard.press("Escape")
    hand.stroke("u21", "u11")  # the column between is cut in two
    expect(page.locator("#state")).to_have_attribute("data-state", "pieces", timeout=20_000)
    expect(page.locator("#state")).to_contain_text("Saved, version 2, but grid")
    expect(page.locator("[data-piece]")).to_have_count(2)
    page.locator("[data-piece='2']").click()
    page.locator("[data-act=step]").click()
    expect(page.locator("#step-submitted")).to_be_disabled()


def test_the_map_takes_presses_as_soon_as_a_menu_is_closed(open_editor):
    page = open_editor()
    page.locator("#more summary").click()
    expect(page.locator("#map")).to_have_attribute("inert", "")
    page.locator("#allowPieces").focus()
    still_covered = page.evaluate("""() => {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
        return document.getElementById("map").inert;
    }""")
    assert not still_covered


def test_painting_outside_the_limit_is_refused_and_the_page_says_so(open_editor):
    page = open_editor()
    page.locator("#more summary").click()
    page.locator("#limit").select_option("1")
    page.keyboard.press("Escape")
    Hand(page).stroke("u03", "u13")
    expect(page.locator("#toasts")).to_contain_text("lies outside the limit")
    saved(page, 1)


def test_a_comment_on_a_grid_is_written_and_settled(open_editor):
    page = open_editor()
    page.keyboard.press("v")
    Hand(page).click("u00")
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    page.locator("#comment-text").fill("the wall is open since May")
    page.locator("dialog #planner-name").fill("Wang")
    page.locator("#comment-send").click()
    expect(page.locator("#comments li")).to_contain_text("the wall is open since May")
    expect(page.locator("#comments li")).to_contain_text(f"{WEST1} · Wang · ")
    expect(page.locator(".pins span")).to_have_count(0)  # it is about no place
    before = page.locator("#map canvas").first.screenshot()
    page.locator("[data-grid-of]").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.locator("#map canvas").first.screenshot() != before
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    page.locator("[data-settle]").click()
    expect(page.locator("#comments li")).to_contain_text("settled by Wang")


def test_a_comment_on_a_place_is_found_again_on_the_map(open_editor):
    page = open_editor()
    Hand(page).click("u52", button="right")
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    page.locator("#comment-about").select_option(label="The place of unit u52")
    page.locator("#comment-text").fill("no lamp here")
    page.locator("#comment-send").click()
    expect(page.locator("#comments li")).to_contain_text("a place · ")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    expect(page.locator(".pins span")).to_have_count(1)
    mark, (x, y) = page.locator(".pins span").bounding_box(), Hand(page).at("u52")
    assert mark["x"] < x < mark["x"] + mark["width"]
    assert mark["y"] + mark["height"] <= y + 1 < mark["y"] + mark["height"] + 12
    before = page.locator("#map canvas").first.screenshot()
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    page.locator("[data-place]").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.locator("#map canvas").first.screenshot() != before
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#readout")).to_contain_text("Unit u52")
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    page.locator("[data-settle]").click()
    expect(page.locator(".pins span")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_toolbar_fits_one_row_and_the_grids_are_named(open_editor, lang):
    page = open_editor(lang=lang)
    assert page.locator("header").bounding_box()["height"] < 60
    expect(page.locator(".labels span").first).to_be_visible()
    page.keyboard.down("Alt")
    expect(page.locator("body")).to_have_class("keys")
    page.keyboard.up("Alt")
    expect(page.locator("body")).not_to_have_class("keys")
