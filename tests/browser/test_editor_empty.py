"""Where there is nothing to show, or the map is gone, the page says what to do."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from gis.store import Store
from tests.browser.axe import grave_findings
from tests.browser.hand import WEST1, Hand, saved

WORDS = {"zh": ("还没有载入方案", "没有单元", "WebGL 2"), "en": ("No plan is loaded yet", "no units", "WebGL 2")}
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
LOSE = """() => {
  const cards = [...document.querySelectorAll("#map canvas")].map((canvas) => canvas.getContext("webgl2"));
  window.cards = cards.map((gl) => gl.getExtension("WEBGL_lose_context"));
  for (const card of window.cards) card.loseContext();
}"""


@pytest.fixture
def nothing(tmp_path, serve):
    """The address of a service without a plan."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    Store.open(url).close()
    return serve(url)


@LANGUAGES
def test_a_service_without_plans_says_how_to_get_one(browser, nothing, lang):
    page = browser.new_page()
    page.goto(f"{nothing}/?lang={lang}")
    expect(page.locator("#first h2")).to_have_text(WORDS[lang][0])
    expect(page.locator("#first code")).to_have_text(
        [
            "wangge demo --out out/demo",
            "wangge load out/demo",
            "wangge init FOLDER",
            "wangge load FOLDER/study.toml",
        ]
    )
    assert grave_findings(page) == []
    with page.expect_navigation():
        page.locator("#again").click()
    page.close()


@LANGUAGES
def test_a_plan_without_units_leads_home(open_served, lang):
    def emptied(route: Route) -> None:
        document = route.fetch().json()
        empty = {
            name: []
            for name in (
                "unit_ids",
                "polygons",
                "grid_of",
                "community",
                "pairs",
                "pairs_across",
                "places_m",
                "base_of",
            )
        }
        route.fulfill(body=json.dumps(document | empty), content_type="application/json")

    page = open_served("/?lang=en")
    page.route("**/v1/plans/*/editor", emptied)
    page.goto(page.url.split("/?")[0] + f"/edit/river-town-1?lang={lang}")
    expect(page.locator("#empty")).to_contain_text(WORDS[lang][1])
    assert grave_findings(page) == []
    page.locator("#empty a").click()
    page.wait_for_selector("a[href*='/edit/river-town-1']")


def test_a_community_without_grids_is_told_as_such(open_served):
    def widened(route: Route) -> None:
        document = route.fetch().json()
        bare = {**document["communities"][0], "id": "610009", "name": "新社区"}
        route.fulfill(
            body=json.dumps({**document, "communities": [*document["communities"], bare]}),
            content_type="application/json",
        )

    page = open_served("/?lang=en")
    page.route("**/v1/plans/*/editor", widened)
    page.goto(page.url.split("/?")[0] + "/edit/river-town-1?lang=en")
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    page.locator("#more summary").click()
    page.locator("#limit").select_option(label="新社区")
    expect(page.locator("#toasts")).to_contain_text("新社区 has no units")
    expect(page.locator("#limit")).to_have_value("")
    page.keyboard.press("Escape")
    Hand(page).stroke("u03", "u13")  # nothing is limited
    saved(page, 2)


def test_a_plan_that_is_not_there_leads_home_too(open_served):
    page = open_served("/?lang=en")
    page.on("console", lambda message: None)
    answer = page.goto(page.url.split("/?")[0] + "/gaps/nowhere?lang=en")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("#message")).to_contain_text("nowhere")
    expect(page.locator("#back")).to_be_visible()
    page.goto(page.url.split("/gaps")[0] + "/edit/nowhere?lang=en")
    expect(page.locator("#empty [role=alert]")).to_contain_text("nowhere")
    page.locator("#empty a").click()
    page.wait_for_selector("a[href*='/edit/river-town-1']")


@LANGUAGES
def test_a_browser_that_can_not_draw_says_what_to_switch_on(open_served, lang):
    page = open_served("/?lang=en")
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
    )
    page.goto(page.url.split("/?")[0] + f"/edit/river-town-1?lang={lang}")
    expect(page.locator("#empty [role=alert]")).to_contain_text(WORDS[lang][2])


def picture(page: Page) -> bytes:
    page.mouse.move(2, 2)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return page.locator("#map canvas").first.screenshot()


def test_the_map_is_drawn_again_after_the_graphics_card_let_it_go(open_editor):
    page = open_editor()
    Hand(page).stroke("u03", "u13")
    saved(page, 2)
    before = picture(page)
    page.evaluate(LOSE)
    expect(page.locator("#lost")).to_contain_text("Nothing is lost")
    assert grave_findings(page) == []
    page.keyboard.press("Control+z")  # work goes on without a picture
    saved(page, 3)
    page.evaluate("for (const card of cards) card.restoreContext()")
    expect(page.locator("#lost")).to_be_hidden(timeout=20_000)
    assert picture(page) != before
    page.keyboard.press("Control+Shift+z")
    saved(page, 4)
    page.wait_for_timeout(300)
    assert picture(page) == before
    expect(Hand(page).number(WEST1, "households")).to_have_text("500")


def test_where_the_card_stays_away_the_page_is_loaded_anew_and_nothing_is_lost(open_editor):
    page = open_editor()
    Hand(page).stroke("u21", "u11")
    expect(page.locator("#state")).to_contain_text("is in pieces")
    page.evaluate(LOSE)
    with page.expect_navigation():
        page.locator("#lost #reload").click()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    expect(page.locator("#toasts")).to_contain_text("1 unit from last time")
