"""The pages of the service, with the network cut: gaps and comparisons show the numbers of the API."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.maps.sight import nearest
from tests.maps.test_sight import APART, STEP

PLAN = "/v1/plans/river-town-1"
GAPS = "/v1/coverage/gaps?plan=river-town-1"


def ready(page: Page, times: int = 1) -> Page:
    expect(page.locator("body")).to_have_attribute("data-ready", str(times), timeout=60_000)
    return page


def asked(service: str, path: str) -> dict:
    with urllib.request.urlopen(service + path, timeout=60) as answer:
        return json.load(answer)


def edited(service: str, version: int, **edit: object) -> None:
    headers = {"Content-Type": "application/json", "If-Match": f'"{version}"', "Idempotency-Key": f"key-{version}"}
    request = urllib.request.Request(f"{service}{PLAN}/edits", json.dumps(edit).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert json.load(answer)["version"] == version + 1


def cells(page: Page) -> dict[str, dict[str, str]]:
    """Every row of the table: its numbers as they are shown, by their names."""
    rows = page.evaluate(
        """() => {
          const numbers = (row) => [...row.querySelectorAll("td")].map((td) => [td.dataset.number, td.textContent]);
          const rows = [...document.querySelectorAll("#table tbody tr")];
          return rows.map((row) => [row.dataset.id, Object.fromEntries(numbers(row))]);
        }"""
    )
    return dict(rows)


@pytest.mark.parametrize("level", ["community", "grid", "county"])
def test_the_gaps_page_shows_the_numbers_of_the_api(open_served, service, level):
    page = ready(open_served("/gaps/river-town-1?lang=en"))
    if level != "community":
        page.locator("#level").select_option(level)
        ready(page, 2)
    service_id = page.locator("#service").input_value()
    answer = asked(service, f"{GAPS}&service={service_id}&level={level}")
    shown = cells(page)
    assert list(shown) == [a["area_id"] for a in answer["areas"]]
    for area in answer["areas"]:
        row = shown[area["area_id"]]
        assert row["uncovered"] == f"{area['uncovered']:,}"
        assert row["total"] == f"{area['total']:,}"
        assert row["covered"] == f"{area['covered']:,}"
        assert row["rate"] == ("–" if area["rate_share"] is None else f"{area['rate_share'] * 100:,.1f} %")
    assert page.locator("#map path.leaflet-interactive").count() >= len(answer["areas"])


def test_an_area_is_found_from_the_map_and_from_the_table_and_its_link_brings_it_back(open_served, service):
    page = ready(open_served("/gaps/river-town-1?lang=en&service=eldercare_500"))
    expect(page.locator("#headline")).to_contain_text("河东社区 has the largest gap: 2,000 of 3,000")
    expect(page.locator("#card")).to_contain_text("城东候选点 +500")
    page.locator("tr[data-id='610001'] button").click()
    expect(page.locator("#card h2")).to_have_text("河西社区")
    assert "at=610001" in page.url
    again = ready(open_served(page.url.removeprefix(service)))
    expect(again.locator("tr[data-id='610001']")).to_have_class("chosen")
    expect(again.locator("#card h2")).to_have_text("河西社区")


def test_areas_without_anyone_have_no_shade_and_a_line_in_the_key(open_served, service):
    page = ready(open_served("/gaps/river-town-1?lang=en"))
    shown = asked(service, f"{GAPS}&service={page.locator('#service').input_value()}&level=community")["areas"]
    empty = [area for area in shown if area["total"] == 0]
    assert empty
    expect(page.locator("#key .nobody")).to_have_text("nobody lives here")
    expect(page.locator("#map path.leaflet-interactive[fill-opacity='0']")).to_have_count(len(empty))
    page.locator("#min_uncovered").fill("1")
    page.locator("#min_uncovered").press("Enter")
    ready(page, 2)
    expect(page.locator("#key .nobody")).to_have_count(0)


def test_the_gap_table_sorts_by_keyboard(open_served):
    page = ready(open_served("/gaps/river-town-1?lang=en&level=grid"))
    page.locator("thead button", has_text="Total").focus()
    page.keyboard.press("Enter")
    totals = [int(row["total"].replace(",", "")) for row in cells(page).values()]
    assert totals == sorted(totals, reverse=True)
    page.keyboard.press("Enter")
    assert [int(row["total"].replace(",", "")) for row in cells(page).values()] == sorted(totals)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Total")


@pytest.mark.parametrize("form", ["xlsx", "geojson", "csv"])
def test_what_is_shown_downloads(open_served, form):
    page = ready(open_served("/gaps/river-town-1?lang=en&service=eldercare_500&level=grid"))
    with page.expect_download() as download:
        page.locator(f"#{form}").click()
    assert download.value.suggested_filename == f"gaps-river-town-1-eldercare_500-grid.{form}"
    assert download.value.path().stat().st_size > 100


def test_no_gap_as_large_says_so_and_the_way_back_is_one_button(open_served):
    page = ready(open_served("/gaps/river-town-1?lang=en&service=eldercare_500&min_uncovered=999999"))
    expect(page.locator("#message")).to_have_text("No area has so many uncovered.")
    page.locator("#reset").click()
    ready(page, 2)
    assert cells(page)


def test_one_version_has_nothing_to_compare_and_says_what_to_do(open_served):
    page = open_served("/compare/river-town-1?lang=en")
    expect(page.locator("#message")).to_contain_text("one version only", timeout=60_000)


@pytest.mark.parametrize("mode", ["swipe", "beside"])
def test_two_versions_show_old_and_new_numbers(open_served, service, mode):
    edited(service, 1, kind="move", moves=[{"unit_id": u, "grid_id": "610001001"} for u in ("u12", "u13")])
    page = ready(open_served(f"/compare/river-town-1?lang=en&mode={mode}"))
    diff = asked(service, f"{PLAN}/diff?base=river-town-1%401&version=2")
    shown, changed = cells(page), diff["households_that_change_grid"]
    assert set(shown) == {pair["grid_id"] for pair in diff["grids"]}
    for pair in diff["grids"]:
        old, new = pair["old"]["households"], pair["new"]["households"]
        assert shown[pair["grid_id"]]["households"] == f"{old:,} → {new:,}"
    expect(page.locator("#headline")).to_contain_text(f"{changed:,} households change grid")
    expect(page.locator("#old-badge")).to_have_text("Old · version 1")
    expect(page.locator("#new-badge")).to_have_text("New · version 2")
    assert page.locator("#divider").is_visible() == (mode == "swipe")
    with page.expect_download() as download:
        page.locator("#xlsx").click()
    assert download.value.suggested_filename == "diff-river-town-1-1-river-town-1-2.xlsx"


def test_grids_that_live_on_under_other_codes_are_not_marked(open_served, service):
    columns = [[f"u{column}{row}" for row in range(4)] for column in (0, 1)]
    edited(service, 1, kind="merge", moves=[{"unit_id": u, "grid_id": "610001001"} for u in columns[1]])
    fresh = "610001004"
    moves = [{"unit_id": u, "grid_id": fresh} for u in columns[0]]
    edited(service, 2, kind="new_grid", moves=moves, grids=[{"grid_id": fresh}])
    page = ready(open_served("/compare/river-town-1?lang=en"))
    expect(page.locator("#headline")).to_contain_text("0 households change grid, in units: 0.")
    expect(page.locator("#key")).to_contain_text("unit that changed grid")
    expect(page.locator("#new-map path[fill='#8f1450']")).to_have_count(0)
    edited(service, 3, kind="move", moves=[{"unit_id": "u13", "grid_id": fresh}])
    page = ready(open_served("/compare/river-town-1?lang=en"))
    expect(page.locator("#headline")).to_contain_text("100 households change grid, in units: 1.")
    expect(page.locator("#new-map path[fill='#8f1450']")).to_have_count(1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_of_a_comparison_is_not_cut_and_the_maps_name_its_grids(open_served, service, lang):
    edited(service, 1, kind="move", moves=[{"unit_id": u, "grid_id": "610001001"} for u in ("u12", "u13")])
    edited(service, 2, kind="rename", grids=[{"grid_id": "610001001", "name": "Kebun Bahru 001"}])
    page = ready(open_served(f"/compare/river-town-1?lang={lang}&mode=beside"))
    scroll = page.locator(".split .scroll")
    assert scroll.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    expect(page.locator("td[data-number=unitsIn]").first).to_be_in_viewport(ratio=1)
    for which, names in (("old", {"610001001", "610001002"}), ("new", {"Kebun Bahru 001", "610001002"})):
        labels = page.locator(f"#{which}-map .map-label").all_text_contents()
        written = {text for text in labels if text}  # one that fades away is empty
        assert written
        assert written <= names


@pytest.mark.parametrize(("name", "lines", "least"), [("compare", 5, APART), ("gaps", 5, STEP)])
def test_every_eye_tells_the_lines_of_a_legend_apart(open_served, service, name, lines, least):
    edited(service, 1, kind="move", moves=[{"unit_id": "u13", "grid_id": "610001001"}])
    page = ready(open_served(f"/{name}/river-town-1?lang=en"))
    colours = page.locator("#key li.swatch").evaluate_all(
        "lines => lines.map((line) => line.style.getPropertyValue('--colour'))"
    )
    assert len(colours) == lines
    apart, pair = nearest({colour: [colour] for colour in colours})
    assert apart >= least, pair
