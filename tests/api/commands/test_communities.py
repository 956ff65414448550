"""`wangge communities` from the study file to table, layers and page, and back in as areas."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from api.cli import run
from api.workflow import read_study
from tests.api.commands.town import SIDE, square, write_town

BAND = "\n[communities]\nhouseholds_min = 250\nhouseholds_target = 300\nhouseholds_max = 350\n"


@pytest.fixture(scope="module")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six squares of 100 households: a community of one, one of five, in one subdistrict."""
    path = write_town(tmp_path_factory.mktemp("town"))
    areas = (
        "area_id,level,name,parent_id,geometry\n"
        f"s1,subdistrict,一街道,,{square(0, 6)}\n"
        f"c1,community,小社区,s1,{square(0)}\n"
        f"c2,community,大社区,s1,{square(1, 5)}\n"
    )
    units = "unit_id,community_id,households,residents,geometry\n" + "".join(
        f"u{i},{'c2' if i else 'c1'},100,250,{square(i)}\n" for i in range(6)
    )
    (path.parent / "areas.csv").write_text(areas, encoding="utf-8")
    (path.parent / "units.csv").write_text(units, encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + BAND, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(study_file: Path) -> Path:
    out = study_file.parent / "out"
    assert run(["communities", str(study_file), "--out", str(out), "--lang", "zh"]) == 0
    return out


def test_the_small_one_takes_a_part_of_the_large_one(folder):
    table = gpd.read_file(folder / "communities.gpkg", layer="communities").set_index("community_id")
    assert sorted(table["households"]) == [300, 300]
    assert table["fate"].to_dict() == {"c1": "adjusted", "c2": "adjusted"}
    assert table["in_band"].all()
    units = gpd.read_file(folder / "communities.gpkg", layer="units").set_index("unit_id")
    assert units.loc["u0", "old_community_id"] == "c1"
    assert set(units["community_id"]) == set(table.index)
    assert table.geometry.area.sum() == pytest.approx(6 * SIDE * SIDE, abs=1)
    assert not table.geometry.iloc[0].overlaps(table.geometry.iloc[1])


def test_the_workbook_says_what_became_of_each_and_which_went_where(folder):
    book = openpyxl.load_workbook(folder / "communities.xlsx")
    changes, codes = ([[c.value for c in row] for row in sheet] for sheet in book)
    assert book.sheetnames == ["社区变化", "新旧对照"]
    assert changes[0][:4] == ["社区代码", "名称", "街道（乡镇）代码", "变化"]
    fates = {row[0]: row[3] for row in changes[1:]}
    assert fates == {"c1": "调整", "c2": "调整"}
    assert sum(row[3] for row in codes[1:]) == 600
    assert changes[1][4:6] == [100, 300]


def test_the_page_shows_both_maps_and_asks_nothing_of_the_network(folder):
    page = (folder / "communities.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "六个方块，虚构。" in page
    assert "调整 2" in page
    assert "src=" not in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )


def test_the_new_areas_can_be_read_as_areas(study_file, folder):
    text = study_file.read_text(encoding="utf-8")
    again = folder.parent / "again.toml"
    (folder.parent / "new.gpkg").write_bytes((folder / "communities.gpkg").read_bytes())
    text = text.replace('areas = "areas.csv"', 'areas = { file = "new.gpkg", layer = "areas" }', 1)
    text = text.replace('areas = "EPSG:4526"\n', "", 1)
    units = (folder.parent / "units.csv").read_text(encoding="utf-8")
    new_of = gpd.read_file(folder / "communities.gpkg", layer="units").set_index("unit_id")["community_id"]
    rows = [line.split(",", 2) for line in units.splitlines()]
    renewed = [",".join([u, new_of.get(u, c), rest]) for u, c, rest in rows]
    (folder.parent / "units2.csv").write_text("\n".join(renewed), encoding="utf-8")
    again.write_text(text.replace("units.csv", "units2.csv"), encoding="utf-8")
    _, study = read_study(again)
    assert study.units["community_id"].to_dict() == new_of.to_dict()
    assert sorted(study.communities.index) == ["c1", "c2"]
    assert study.communities["name"].to_dict() == {"c1": "小社区", "c2": "大社区"}


def test_a_band_upside_down_is_refused_and_nothing_written(study_file, tmp_path, capsys):
    wrong = study_file.with_name("wrong.toml")
    text = study_file.read_text(encoding="utf-8").replace("households_min = 250", "households_min = 9999")
    wrong.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert run(["communities", str(wrong), "--out", str(out), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert "study-value-nonsense" in {f["code"] for f in told["findings"]}
    assert not out.exists()


def test_communities_without_a_subdistrict_are_refused_in_both_languages(tmp_path, capsys):
    path = write_town(tmp_path / "bare")
    assert run(["communities", str(path), "--out", str(tmp_path / "out"), "--json"]) == 2
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "community-without-subdistrict"
    assert "街道" in finding["message_zh"]
    assert "subdistrict" in finding["message_en"]
