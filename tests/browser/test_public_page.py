"""The page for residents: find my grid, see whom to call, and nothing else."""

from __future__ import annotations

from maps.public_map import write_public_map
from tests.maps.river_town import river_town


def test_a_resident_finds_the_grid_and_the_phone(tmp_path, open_page, seen):
    outcome = river_town()
    grids = outcome.grids[["community_id", "name", "geometry"]].assign(duty_name="李网格", duty_phone="0000-0001")
    write_public_map(
        {"grids": grids, "areas": outcome.study.areas, "facilities": outcome.facilities}, tmp_path / "p.html"
    )
    page = open_page(tmp_path / "p.html")
    assert page.locator("path.grid").count() == len(grids)
    page.fill("#search", "河东社区")
    page.keyboard.press("Enter")
    page.fill("#search", "610002002")
    page.keyboard.press("Enter")
    card = page.locator(".card[data-grid='610002002']")
    assert card.locator("[data-field=duty_name]").inner_text() == "李网格"
    assert card.locator("[data-field=duty_phone] a").get_attribute("href") == "tel:0000-0001"
    page.check("input[data-layer='facility.clinic']")
    assert page.locator(".facility").count() == 1
    assert seen.outside == []
    assert seen.complaints == []
