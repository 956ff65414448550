import json

import pandas as pd

from maps.public_map import public_page_data, write_public_map


def _layers(town):
    grids = town.grids.assign(duty_name="李网格", duty_phone="0000-0001")
    return {
        "grids": grids,
        "areas": town.study.areas,
        "facilities": town.facilities,
        "coverage_rates": town.coverage.rates,
        "about": pd.DataFrame(
            {"key": ["study", "notice"], "value_zh": ["河镇", "说明"], "value_en": ["River", "Note"]}
        ),
    }


def test_no_count_of_people_reaches_the_public_page(town):
    data = public_page_data(_layers(town))
    text = json.dumps({k: v for k, v in data.items() if k not in ("strings", "bounds", "corner")})
    for record in data["grids"]:
        assert not {"households", "residents", "workload_h", "units"} & set(record)
    assert "heart" not in text
    assert "reason" not in text


def test_the_responsible_contact_and_the_rates_are_shown(town):
    data = public_page_data(_layers(town))
    assert {g["duty_phone"] for g in data["grids"]} == {"0000-0001"}
    assert [(r["service"], round(r["rate_share"], 3)) for r in data["rates"]] == [
        ("clinic_300", 0.667),
        ("eldercare_500", 0.667),
    ]


def test_candidates_are_not_published(town):
    data = public_page_data(_layers(town))
    assert [f["id"] for f in data["facilities"]] == ["f1", "f2"]


def test_grids_that_touch_have_different_shades(town):
    data = public_page_data(_layers(town))
    shade = {g["id"]: g["tint"] for g in data["grids"]}
    assert shade["610001001"] != shade["610001002"] != shade["610001003"]


def test_tables_that_are_not_published_are_simply_not_there(town, tmp_path):
    write_public_map({"grids": town.grids[["geometry", "community_id"]]}, tmp_path / "public.html")
    html = (tmp_path / "public.html").read_text(encoding="utf-8")
    assert "cdn." not in html


def test_the_page_says_whose_plan_it_is_and_its_notice(town):
    data = public_page_data(_layers(town))
    assert (data["name"], data["notice_zh"], data["notice_en"], data["rounding_en"]) == ("河镇", "说明", "Note", "")
