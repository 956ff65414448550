"""The map of the bundled town, opened as a newcomer opens it: from the disk, with the network cut."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from playwright.sync_api import expect

from gis.model.kinds import GridKind, Proof
from gis.model.results import TerritoryReport
from maps.palette import PROOF_COLOURS
from maps.web_map import write_map
from tests.maps.river_town import river_town
from tests.towns import by_streets

MAX_BYTES = 6_000_000


@pytest.fixture(scope="module")
def grids(demo):
    return gpd.read_file(demo / "plan.gpkg", layer="grids").set_index("grid_id")


def test_the_file_is_small_enough_to_be_mailed(demo):
    assert (demo / "map.html").stat().st_size < MAX_BYTES


def test_every_grid_is_drawn_and_nothing_is_fetched(demo, grids, open_page, seen):
    page = open_page(demo / "map.html")
    drawn = page.eval_on_selector_all("path.grid", "paths => paths.map(p => p.getAttribute('data-grid'))")
    assert sorted(drawn) == sorted(grids.index)
    empty = page.eval_on_selector_all("path.grid", "paths => paths.filter(p => !p.getAttribute('d')).length")
    assert empty == 0
    assert seen.outside == []
    assert seen.complaints == []


def test_a_popup_shows_the_numbers_of_the_plan_file(demo, grids, open_page):
    page = open_page(demo / "map.html")
    general = grids[grids["kind"] == "general"]
    for grid_id in (general.index[0], general.index[len(general) // 2], general.index[-1]):
        page.fill("#search", grid_id)
        page.keyboard.press("Enter")
        card = page.locator(f".card[data-grid='{grid_id}']")
        card.wait_for()
        row = general.loc[grid_id]
        for name in ("households", "residents", "units"):
            cell = card.locator(f"[data-field='{name}']")
            assert cell.inner_text().replace("\u00a0", "") == str(row[name])
        for name in ("workload_h", "walk_mean_m", "deviation_share"):
            assert float(card.locator(f"[data-field='{name}']").get_attribute("data-value")) == row[name]


def test_clicking_a_grid_on_the_map_opens_its_popup(demo, grids, open_page):
    page = open_page(demo / "map.html")
    grid_id = grids[grids["kind"] == "general"].geometry.area.idxmax()
    page.locator(f"path.grid[data-grid='{grid_id}']").dispatch_event("click")
    page.locator(f".card[data-grid='{grid_id}']").wait_for()


def test_every_layer_switches(demo, open_page, seen):
    page = open_page(demo / "map.html")
    boxes = page.locator("#panel input[type=checkbox]")
    assert boxes.count() >= 10
    count = "() => document.querySelectorAll('.leaflet-pane path, .leaflet-pane .leaflet-marker-icon').length"
    for i in range(boxes.count()):
        box = boxes.nth(i)
        before, on = page.evaluate(count), box.is_checked()
        box.set_checked(not on)
        after = page.evaluate(count)
        name = box.get_attribute("data-layer")
        assert (after < before) if on else (after > before), name
        box.set_checked(on)
        assert page.evaluate(count) == before, name
    assert seen.complaints == []


def test_every_service_shows_its_gaps(demo, open_page):
    page = open_page(demo / "map.html")
    table = gpd.read_file(demo / "plan.gpkg", layer="coverage")
    table = table[~table["covered"].astype(bool) & (table["residents"] > 0)]
    for service, part in table.groupby("service"):
        page.check(f"input[name=gap][value='{service}']")
        assert page.locator("path.gapdot").count() == len(part)
        assert page.locator("path.gap").count() == len(part)


def test_colours_follow_the_choice(demo, open_page):
    page = open_page(demo / "map.html")
    fills = "() => [...document.querySelectorAll('path.grid')].map(p => p.getAttribute('fill')).join()"
    seen_fills = {page.evaluate(fills)}
    for choice in ("walk", "proof"):
        page.select_option("#colouring", choice)
        seen_fills.add(page.evaluate(fills))
    assert len(seen_fills) == 3


def test_the_map_says_what_its_walks_are_measured_by(open_page, tmp_path):
    outcome = river_town()
    for study, said in ((outcome.study, "are straight"), (by_streets(outcome.study), "are those on foot")):
        write_map(replace(outcome, study=study), tmp_path / "map.html", lang="en")
        page = open_page(tmp_path / "map.html")
        expect(page.locator("footer")).to_contain_text(f"Distances to the heart {said}")
        page.select_option("#colouring", "walk")
        expect(page.locator("section .hint", has_text="Distances to the heart")).to_contain_text(said)


def test_grids_are_coloured_by_the_gap_of_their_own_territory(open_page, tmp_path):
    outcome = river_town()
    grids = [g for g in outcome.plan.grids.values() if g.kind is GridKind.GENERAL]
    one = [g.grid_id for g in grids if g.community_id == grids[0].community_id]
    made = TerritoryReport("a", grids[0].community_id, 9, 900, 1, 0.0, 1000.0, 1000.0, Proof.OPTIMAL)
    parts = (
        replace(made, grid_ids=tuple(one[:1])),
        replace(made, territory_id="b", bound=800.0, proof=Proof.BOUNDED, grid_ids=tuple(one[1:])),
    )
    write_map(replace(outcome, report=replace(outcome.report, territories=parts)), tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    page.select_option("#colouring", "proof")
    fills = page.evaluate("[...document.querySelectorAll('path.grid')].map((path) => path.getAttribute('fill'))")
    assert fills.count(PROOF_COLOURS[0]) == 1
    assert fills.count(PROOF_COLOURS[-1]) == len(one) - 1 > 0
    assert fills.count("url(#hatch-no-proof)") == len(grids) - len(one)
    counts = page.locator(".legend em").all_inner_texts()
    assert [int(n) for n in counts] == [1, 0, 0, 0, len(one) - 1, len(grids) - len(one)]
    expect(page.locator(".hint").first).to_contain_text("所在片区")
    page.fill("#search", str(one[1]))
    page.keyboard.press("Enter")
    expect(page.locator(f".card[data-grid='{one[1]}'] [data-field=gap_share]")).to_contain_text("%")


def test_the_two_findings_lead_to_their_grids(demo, open_page):
    page = open_page(demo / "map.html")
    for name in ("loaded", "gapped"):
        page.click(f".statement.{name}")
        card = page.locator(".card[data-grid]")
        card.wait_for()
        assert card.get_attribute("data-grid")
        page.keyboard.press("Escape")
        card.wait_for(state="detached")  # a card that closes fades first: two would stand side by side


def test_the_language_switches_and_back(demo, open_page):
    page = open_page(demo / "map.html")
    chinese = page.locator("#panel").inner_text()
    page.click(".language")
    english = page.locator("#panel").inner_text()
    assert "Most loaded grid" in english
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click(".language")
    assert page.locator("#panel").inner_text() == chinese


def test_the_notice_is_always_in_sight(demo, open_page):
    for width, height in ((1366, 768), (390, 844)):
        page = open_page(demo / "map.html", width=width, height=height)
        box = page.locator(".notice").bounding_box()
        assert box["y"] + box["height"] <= height
        assert box["width"] > 200


def test_on_a_telephone_the_panel_opens_and_closes_and_nothing_overflows(demo, open_page):
    page = open_page(demo / "map.html", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    low = page.locator("#panel").bounding_box()["height"]
    page.click("#handle")
    page.wait_for_timeout(50)
    assert page.locator("#panel").bounding_box()["height"] > low
    page.click("#handle")
    assert page.locator("#panel").bounding_box()["height"] == low


def test_a_name_that_is_a_script_is_only_text(tmp_path, open_page, seen):
    name = "<img src=x onerror=\"document.title='broken'\">${document.title='broken'}`{{7*7}}"
    everywhere = dict.fromkeys(("610001", "610002", "f1", "f4"), name)
    outcome = river_town(names=everywhere, study_name=name, grid_names={"610001001": name})
    write_map(outcome, tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    page.fill("#search", "610001001")
    page.keyboard.press("Enter")
    assert name in page.locator(".card[data-grid]").inner_text()
    page.fill("#search", "<img")
    page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith(name)
    assert "broken" not in page.title().replace(name, "")
    assert seen.outside == []
    assert seen.complaints == []


def test_the_report_opens_without_a_network(demo, browser, seen):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("request", lambda request: seen.outside.append(request.url))
    page.goto((demo / "report.html").as_uri())
    assert page.locator("figure svg").count() == 2
    assert [url for url in seen.outside if not url.startswith("file:")] == []
    context.close()
