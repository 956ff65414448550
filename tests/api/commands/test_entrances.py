"""A tower above the band, from household rows that name entrances to a plan that passes its audit."""

import json
from pathlib import Path

import geopandas as gpd
import pytest

from api.cli import run
from gis.files import read_plan
from gis.model.exceptions import exceptions_of
from maps.report import report_html
from tests.api.commands.town import EAST, NORTH, square

STUDY = """
[study]
id = "tower"
crs = "EPSG:4526"

[inputs]
areas = "areas.csv"
households = "households.csv"

[crs_of]
areas = "EPSG:4526"
households = "EPSG:4526"

[columns.households]
household_id = "户号"
building_id = "楼栋编号"
entrance = "单元"
households = "户数"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tower of 310 + 310 households between two buildings of 180: nothing fits 300-500 unless it is split."""
    home = tmp_path_factory.mktemp("tower")
    (home / "study.toml").write_text(STUDY, encoding="utf-8")
    (home / "areas.csv").write_text(f"area_id,level,geometry\nc1,community,{square(0, 6)}\n", encoding="utf-8")
    rows = [("h1", "512", "1单元", 310, 300), ("h2", "512", "2单元", 310, 300)]
    rows += [("h3", "W", "", 180, 100), ("h4", "E", "", 180, 500)]
    lines = [f"{h},{b},{e},{n},{EAST + x},{NORTH + 50}" for h, b, e, n, x in rows]
    text = "户号,楼栋编号,单元,户数,x,y\n" + "\n".join(lines) + "\n"
    (home / "households.csv").write_text(text, encoding="utf-8")
    assert run(["plan", str(home / "study.toml"), "--out", str(home / "out")]) == 0
    return home / "out"


def test_every_grid_is_inside_the_band_and_the_audit_passes(folder):
    grids = gpd.read_file(folder / "plan.gpkg", layer="grids")
    assert sorted(grids["households"]) == [490, 490]
    assert grids["in_band"].all()
    assert run(["audit", str(folder / "plan.gpkg")]) == 0


def test_the_certificate_names_the_building_its_parts_and_its_grids(folder):
    told = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    (finding,) = [f for f in told["findings"] if f["code"] == "building-by-entrance"]
    assert "楼栋 512 单独有 620 户" in finding["message_zh"]
    assert "(split by entrance: 310 + 310)" in finding["message_en"]
    (exception,) = told["exceptions"]
    assert (exception["kind"], exception["name"], exception["amount"]) == ("building", "512", 620)
    assert exception["grids"] == ["c1001", "c1002"]


def test_a_report_from_the_plan_file_alone_names_it_too(folder):
    outcome = read_plan(folder / "plan.gpkg")
    assert [(str(e.kind), e.name, e.grids) for e in exceptions_of(outcome)] == [
        ("building", "512", ("c1001", "c1002"))
    ]
    assert "已按单元门拆分：310 + 310" in report_html(outcome, lang="zh")


def test_the_report_names_it_too(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "楼栋按单元门分属多格" in page
