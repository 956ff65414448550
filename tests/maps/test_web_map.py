import json
from dataclasses import replace

import folium
import pytest

from maps.page_data import POLYGON_LIMIT, page_data
from maps.web_map import plan_map, write_map
from tests.maps.river_town import river_town
from tests.maps.test_escaping import HOSTILE


def test_a_plan_becomes_a_folium_map(town):
    assert isinstance(plan_map(town), folium.Map)


def test_the_file_asks_nothing_of_the_network(town, tmp_path):
    write_map(town, tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "src=" not in html.split("<script>", 1)[0]
    assert "cdn." not in html


def test_equal_plans_make_equal_files(town, tmp_path):
    write_map(town, tmp_path / "a.html")
    write_map(river_town(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_cannot_leave_the_data(text, tmp_path):
    outcome = river_town(names={"610001": text, "f1": text}, study_name=text, grid_names={"610001001": text})
    write_map(outcome, tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text(encoding="utf-8")
    if set(text) & set("<>`$&\u2028\u2029"):
        assert text not in html
    plain_map = len(river_town_html(tmp_path).split("</script>"))
    assert len(html.split("</script>")) == plain_map


def river_town_html(folder):
    write_map(river_town(), folder / "plain.html")
    return (folder / "plain.html").read_text(encoding="utf-8")


def test_the_page_holds_no_person(town):
    text = json.dumps(page_data(town), ensure_ascii=False)
    assert not [w for w in town.study.workers.index if f'"{w}"' in text]


def test_services_named_are_the_only_ones_shown(town):
    data = page_data(town, services=["eldercare_500"])
    assert [s["id"] for s in data["services"]] == ["eldercare_500"]


def test_units_are_left_out_when_a_page_cannot_hold_them(town, monkeypatch):
    assert page_data(town)["units_left_out"] == 0
    monkeypatch.setattr("maps.page_data.POLYGON_LIMIT", 30)
    data = page_data(town)
    assert data["units"] == []
    assert data["units_left_out"] == 25
    assert POLYGON_LIMIT == 5_000


def test_the_language_asked_for_is_shown_first_and_both_travel(town):
    data = page_data(town, lang="en")
    assert data["lang"] == "en"
    assert set(data["strings"]) == {"zh", "en"}


def test_a_general_grid_without_households_has_no_walk_and_does_no_harm(town):
    """Hours are balanced, and there are some where nobody lives."""
    grids = town.grids.copy()
    grids.loc[grids.index[0], "walk_mean_m"] = float("nan")
    with_nobody = page_data(replace(town, grids=grids), services=None)
    assert with_nobody["walk_limits"] == sorted(with_nobody["walk_limits"])
    grids["walk_mean_m"] = float("nan")
    assert page_data(replace(town, grids=grids), services=None)["walk_limits"] == [25, 50, 100, 200]
