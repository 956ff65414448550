"""What tools say of whole grids: merged, given up, begun, or too far apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hand import EAST1, WEST1, WEST2, WEST3, Hand, saved


def test_a_grid_that_loses_its_last_unit_is_shown_while_painting_and_named_once_saved(open_editor):
    page = open_editor()
    hand = Hand(page)
    hand.pull("u00", "u10", "u11", "u12", "u13")
    expect(hand.number(WEST2, "households")).to_have_text("0")
    expect(hand.number(WEST2, "leaving")).to_have_text("will be given up")
    page.mouse.up()
    saved(page, 2)
    expect(page.locator("#toasts p")).to_have_text([f"Grid {WEST2} is given up: merged into {WEST1}."])
    expect(page.locator(f"tr[data-grid='{WEST2}']")).to_have_count(0)


@pytest.mark.parametrize("tool", ["f", "m"])
def test_a_grid_that_is_filled_or_merged_whole_is_said_to_be_merged(open_editor, tool):
    page = open_editor(lang="zh")
    page.keyboard.press("v")
    Hand(page).click("u00")
    page.keyboard.press(tool)
    Hand(page).click("u12")
    expect(page.locator("#state")).to_have_text("已保存，版本 2")
    expect(page.locator("#toasts p")).to_have_text([f"网格 {WEST2} 已撤销：其单元已并入 {WEST1}。"])
    expect(page.locator("#heard")).to_contain_text(f"{WEST2}：0 户，将撤销。")


def test_grids_that_do_not_touch_are_not_merged(open_editor):
    page = open_editor()
    page.keyboard.press("v")
    Hand(page).click("u00")
    page.keyboard.press("m")
    Hand(page).click("u22")
    expect(page.locator("#toasts p")).to_have_text(
        [f"Grids {WEST3} and {WEST1} do not touch, so they cannot be merged. Choose a neighbour."]
    )
    saved(page, 1)


def test_the_way_out_of_pieces_is_named(open_editor):
    page = open_editor()
    Hand(page).stroke("u21", "u11")
    expect(page.locator("#state")).to_contain_text("tick “Allow pieces for now” under “More”")
    page.locator("#more summary").click()
    page.get_by_label("Allow pieces for now").check()
    expect(page.locator("#state")).to_contain_text("Saved, version 2, but grid")


def test_the_new_grid_button_is_let_go_when_the_new_grid_is_there(open_editor):
    page = open_editor()
    hand = Hand(page)
    button = page.locator("[data-act=newGrid]")
    page.keyboard.press("n")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#hint")).to_contain_text("where the new grid is to be")
    hand.stroke("u43", "u33")
    saved(page, 2)
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-tool=brush]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#hint")).to_contain_text("Press inside the grid")
    hand.stroke("u42", "u43")  # the next stroke makes no other one
    saved(page, 3)
    expect(hand.number(EAST1, "households")).to_have_text("500")
