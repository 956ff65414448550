"""What is seen of the editor: whole words at every width, colours every eye tells apart, the plan on paper."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.hand import Hand, saved
from tests.maps.sight import nearest
from tests.maps.test_sight import APART

WIDTHS = ((390, 844), (768, 1024), (1366, 768))
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
CLIPPED = """() => {
  const whole = (select) => { // as wide as its longest line
    const copy = select.cloneNode(true);
    copy.style.cssText = "position: absolute; width: max-content; max-width: none; visibility: hidden";
    select.after(copy);
    const fits = copy.offsetWidth <= select.offsetWidth;
    copy.remove();
    return fits;
  };
  const parts = [...document.querySelectorAll("header, #rail, #more > div")]
    .flatMap((bar) => [...bar.querySelectorAll("button, button span, a, select, summary, output, label")])
    .filter((part) => part.closest("h1") === null && part.checkVisibility())
    .filter((part) => getComputedStyle(part).clipPath === "none"); // only heard
  const fits = (part) => part.matches("select") ? whole(part)
    : part.clientWidth === 0 || (part.scrollWidth <= part.clientWidth && part.scrollHeight <= part.clientHeight);
  return [parts.length, parts.filter((part) => !fits(part)).map((part) => part.id || part.textContent)];
}"""
SWATCHES = """(list) => [...document.querySelectorAll(`${list} li`)].map((line) => {
  const colour = line.style.getPropertyValue("--colour");
  return [line.textContent, colour.match(/#[0-9a-f]{6}/g)];
})"""


@LANGUAGES
def test_no_word_of_the_bar_the_tools_or_the_menu_is_cut(open_editor, lang):
    page = open_editor(lang=lang, has_touch=True)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        count, clipped = page.evaluate(CLIPPED)
        assert count > 20
        assert (width, clipped) == (width, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#map").bounding_box()["width"] >= width / 2 - 10  # the map comes first
        page.locator("#more summary").click()
        more, clipped = page.evaluate(CLIPPED)
        assert more > count + 8
        assert (width, clipped) == (width, [])
        page.keyboard.press("Escape")


@pytest.mark.parametrize("height", [500, 844])
def test_what_to_do_next_stays_in_sight_however_far_the_panel_is_scrolled(open_editor, height):
    page = open_editor(width=390, height=height)
    Hand(page).click("u11", button="right")
    page.locator("#loads").scroll_into_view_if_needed()
    expect(page.locator("#grid-title")).not_to_be_in_viewport()
    page.keyboard.press("n")
    expect(page.locator("#hint")).to_have_text("Start painting where the new grid is to be.")
    expect(page.locator("#hint")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("by", ["load", "grid", "change"])
def test_every_eye_tells_the_lines_of_a_legend_apart(open_editor, by):
    page = open_editor()
    page.locator("#colour-by").select_option(by)
    legend = dict(page.evaluate(SWATCHES, ".key"))
    if by == "grid":
        (shades,) = legend.values()
        legend = {shade: [shade] for shade in shades}
    assert len(legend) > 1
    apart, pair = nearest(legend)
    assert apart >= APART, pair


def pixels(page: Page, *units: str) -> list[str]:
    """Return the colours in the middle of units, as they are on the screen."""
    hand = Hand(page)
    page.mouse.move(2, 2)
    page.locator(".labels").evaluate("names => { names.style.visibility = 'hidden'; }")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return ["#{:02x}{:02x}{:02x}".format(*shot.getpixel(tuple(map(int, hand.at(unit))))) for unit in units]


def test_every_eye_sees_on_the_map_which_grids_are_out_of_band_and_what_changed(open_editor):
    page = open_editor()
    above, inside, below = pixels(page, "u31", "u00", "u40")
    apart, pair = nearest({"above": [above], "inside": [inside], "below": [below]})
    assert apart >= APART, pair
    Hand(page).stroke("u03", "u13")
    saved(page, 2)
    page.locator("#colour-by").select_option("change")
    changed, same = pixels(page, "u13", "u03")
    apart, pair = nearest({"changed": [changed], "same": [same]})
    assert apart >= APART, pair
    page.locator("#colour-by").select_option("grid")
    shades = dict.fromkeys(pixels(page, "u00", "u10", "u20"))
    assert len(shades) == 3  # three grids side by side
    apart, pair = nearest({shade: [shade] for shade in shades})
    assert apart >= APART, pair


@LANGUAGES
def test_the_plan_is_on_paper_with_picture_key_numbers_and_where_it_stands(open_editor, lang):
    page = open_editor(lang=lang)
    Hand(page).stroke("u03", "u13")
    expect(page.locator("#state")).to_have_attribute("data-state", "saved")
    name = page.locator("h1 a").inner_text()
    pdf = page.pdf(format="A4", outline=True, tagged=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    titles = [
        bytes.fromhex(title.decode()).decode("utf-16") for title in re.findall(rb"/Title <(FEFF[0-9A-F]+)>", pdf)
    ]
    assert name in titles
    assert page.locator("#numbers-title").inner_text() not in titles  # the page's own headings are not on it
    pictures = re.findall(rb"/Subtype /Image\s+/Width (\d+)", pdf)
    assert pictures == [str(page.locator("#map").bounding_box()["width"]).removesuffix(".0").encode()]
    assert page.locator("#paper").inner_text() == ""  # nothing stays behind
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # a printer would tell
    for part in ("header", "#rail", "#map", "aside", "footer"):
        expect(page.locator(f"#app > {part}")).to_be_hidden()
    paper = page.locator("#paper")
    expect(paper.locator("h1")).to_contain_text(name)
    today = page.evaluate("new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: 'medium' })")
    for word in ({"zh": ("第 2 版", "草案"), "en": ("version 2", "draft")}[lang]) + ("river-town-1", today):
        expect(paper.locator("p").first).to_contain_text(word)
    expect(paper.locator("img")).to_have_js_property("complete", True)
    assert paper.locator("img").evaluate("image => image.naturalWidth") > 300
    assert len(Image.open(BytesIO(paper.locator("img").screenshot())).convert("RGB").getcolors(1 << 24)) > 8
    expect(paper.locator(".key li")).to_have_count(4)
    rows = paper.locator("tbody tr")
    expect(rows).to_have_count(7)
    assert sum(int(cell) for cell in rows.locator("td:nth-child(2)").all_inner_texts()) == 2400
    assert paper.evaluate("paper => paper.scrollWidth <= innerWidth")


def test_the_picture_on_paper_carries_the_scale_bar_of_the_screen(open_editor):
    page = open_editor()
    long = page.locator(".maplibregl-ctrl-scale").evaluate("bar => parseFloat(bar.style.width)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    picture = page.locator("#paper img").get_attribute("src")
    drawn = Image.open(BytesIO(base64.b64decode(picture.partition(",")[2]))).convert("L")
    corner = drawn.crop((drawn.width - 140, drawn.height - 14, drawn.width, drawn.height - 10))
    dark = max(sum(corner.getpixel((x, y)) < 60 for x in range(corner.width)) for y in range(corner.height))
    assert abs(dark - long) <= 4


def test_paper_says_what_is_not_saved(open_editor):
    page = open_editor()
    Hand(page).stroke("u21", "u11")  # the column between is in two pieces: kept here
    expect(page.locator("#state")).to_contain_text("is in pieces")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#paper p").nth(1)).to_have_text(
        "Painted here and not saved, so not part of that version: 1 unit."
    )
