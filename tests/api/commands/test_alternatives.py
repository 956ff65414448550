"""`wangge alternatives` from the study file to the page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.alternatives import present_plan
from api.cli import run
from gis.files import read_plan
from tests.api.commands.town import write_town
from tests.optimize.partition.towns import HUNDREDS, lattice, study_of


@pytest.fixture(scope="module")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The six squares, at present in grids of one, two and three."""
    path = write_town(tmp_path_factory.mktemp("town"))
    grids = ["g1", "g2", "g2", "g3", "g3", "g3"]
    rows = "".join(f"u{i},{grid}\n" for i, grid in enumerate(grids))
    (path.parent / "present.csv").write_text("unit_id,grid_id\n" + rows, encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("[crs_of]", 'present = "present.csv"\n\n[crs_of]')
    path.write_text(text, encoding="utf-8")
    return path


def test_every_plan_stands_in_the_folder_and_on_the_page(study_file, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["alternatives", str(study_file), "--out", str(out), "--number", "4", "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["plans"]) == ["present", "balance", "walk", "fewest", "change"]
    assert {p.name for p in out.iterdir()} == {
        *("balance.gpkg", "walk.gpkg", "fewest.gpkg", "change.gpkg", "alternatives.html")
    }
    for name in ("balance", "walk", "fewest", "change"):
        assert read_plan(out / f"{name}.gpkg").plan.digest == told["plans"][name]["plan_digest"]
    grids = {name: plan["scorecard"]["grids"] for name, plan in told["plans"].items()}
    assert (grids["present"], grids["fewest"], grids["walk"]) == (3, 2, 3)
    assert "Six squares, made up." in (out / "alternatives.html").read_text(encoding="utf-8")


def test_grids_outside_the_band_are_told_with_their_ways_out(tmp_path):
    path = write_town(tmp_path / "town")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[grids]\n", "[grids]\ngrid_count = 1\n"), encoding="utf-8")
    out = tmp_path / "out"
    assert run(["alternatives", str(path), "--out", str(out), "--number", "2", "--lang", "en"]) == 0
    page = (out / "alternatives.html").read_text(encoding="utf-8")
    reasons = page.split("Grids outside the band")[1].split("</ul>")[0]
    assert "<b>c1001</b>" in reasons
    told = read_plan(out / "balance.gpkg").report.territories[0].reason
    assert told.ways
    assert told.ways[0].text("en") in page


def test_two_plans_are_the_first_and_the_least_change(study_file, tmp_path, capsys):
    command = ["alternatives", str(study_file), "--out", str(tmp_path / "two"), "--number", "2", "--json"]
    assert run(command) == 0
    assert list(json.loads(capsys.readouterr().out)["plans"]) == ["present", "balance", "change"]


def test_more_plans_than_there_are_is_refused_and_nothing_written(tmp_path, capsys):
    study = write_town(tmp_path / "no_present")
    out = tmp_path / "out"
    assert run(["alternatives", str(study), "--out", str(out), "--number", "4", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == "setting-nonsense"
    assert not out.exists()


def test_a_present_grid_belongs_to_the_community_with_most_of_it():
    study = study_of(lattice(4, 1, [100] * 4, HUNDREDS))
    units = study.units.assign(community_id=["C", "C", "C", "D"])
    at = units["community_id"].map({"C": "g1", "D": "g1"})
    plan = present_plan(replace(study, units=units, present=at))
    assert plan.grids["g1"].community_id == "C"
    assert present_plan(study) is None


def test_the_plans_are_told_by_name_not_by_code(
    study_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(["alternatives", str(study_file), "--out", str(tmp_path / "two"), "--number", "2", "--lang", "zh"]) == 0
    )
    told = capsys.readouterr()
    assert "负荷最均衡" in told.out + told.err
    assert "balance" not in told.out + told.err
