"""The commands of the contract: what they write, what they say, how they leave."""

import json
import signal
import threading
from pathlib import Path

import geopandas as gpd
import pytest

from api import cli, plan_file, workflow
from api.cli import run
from gis import files
from gis.files import read_plan
from gis.model.findings import Findings
from tests.api.commands.town import write_town

OUTPUTS = {
    "plan.gpkg",
    "certificate.json",
    "register.xlsx",
    "map.html",
    "report.html",
    "findings.xlsx",
    "study.toml",
}


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Return the one JSON object on stdout."""
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    record: dict[str, object] = json.loads(lines[0])
    return record


def test_plan_writes_every_output_of_the_contract(plan_folder: Path) -> None:
    assert {p.name for p in plan_folder.iterdir()} == OUTPUTS


def test_plan_draws_two_grids_of_three_squares(plan_folder: Path) -> None:
    grids = gpd.read_file(plan_folder / "plan.gpkg", layer="grids")
    assert grids["households"].tolist() == [300, 300]
    assert grids["grid_id"].tolist() == ["c1001", "c1002"]


def test_plan_refuses_an_existing_folder_and_leaves_it_alone(
    study_file: Path, plan_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (plan_folder / "certificate.json").read_text()
    assert run(["plan", str(study_file), "--out", str(plan_folder), "--json"]) == 2
    assert answer(capsys)["code"] == "output-exists"
    assert (plan_folder / "certificate.json").read_text() == before


def test_the_same_seed_gives_the_same_plan_on_two_processes(
    study_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = set()
    for processes in ("1", "2"):
        out = str(tmp_path / processes)
        assert run(["plan", str(study_file), "--out", out, "--processes", processes, "--json", "--seed", "3"]) == 0
        digests.add(answer(capsys)["plan_digest"])
    assert len(digests) == 1


def test_check_tells_every_finding_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = write_town(tmp_path)
    units = (tmp_path / "units.csv").read_text().replace("u1,c1,100", "u0,c1,-5")
    (tmp_path / "units.csv").write_text(units)
    before = sorted(p.name for p in tmp_path.iterdir())
    assert run(["check", str(study), "--json"]) == 2
    record = answer(capsys)
    found = record["findings"]
    assert isinstance(found, list)
    assert len([f for f in found if f["severity"] == "error"]) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_check_writes_the_findings_where_asked(study_file: Path, tmp_path: Path) -> None:
    report = tmp_path / "found.xlsx"
    assert run(["check", str(study_file), "--report", str(report)]) == 0
    assert report.stat().st_size > 1000


def test_redraw_of_an_unchanged_town_moves_nobody(
    study_file: Path, plan_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "redrawn"
    words = ["redraw", str(study_file), "--base", str(plan_folder / "plan.gpkg"), "--out", str(out), "--json"]
    assert run(words) == 0
    record = answer(capsys)
    assert (record["households_moved"], record["fates"]) == (0, {"kept": 2})
    assert {p.name for p in out.iterdir()} == OUTPUTS | {"diff.xlsx", "diff.html"}


def test_redraw_after_a_demolition_keeps_the_codes_that_survive(
    plan_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_town(tmp_path / "town")
    units = study.with_name("units.csv")
    units.write_text(units.read_text().replace("u0,c1,100,250", "u0,c1,0,0").replace("u1,c1,100,250", "u1,c1,10,25"))
    out = tmp_path / "redrawn"
    words = ["redraw", str(study), "--base", str(plan_folder / "plan.gpkg"), "--out", str(out), "--json"]
    assert run(words) == 0
    record = answer(capsys)
    assert record["households_moved"] == 100
    assert record["grids_in_band"] == 2
    assert gpd.read_file(out / "plan.gpkg", layer="grids")["grid_id"].tolist() == ["c1001", "c1002"]


def test_a_refused_input_writes_no_folder(tmp_path: Path) -> None:
    study = write_town(tmp_path)
    (tmp_path / "units.csv").unlink()
    assert run(["plan", str(study), "--out", str(tmp_path / "plan")]) == 2
    assert not (tmp_path / "plan").exists()


def test_audit_proves_a_plan_from_the_file_alone(plan_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", str(plan_folder / "plan.gpkg"), "--json"]) == 0
    assert answer(capsys) == {"ok": True, "grids": 2, "units": 6, "breaches": []}


def test_gaps_names_who_is_not_served(plan_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["gaps", str(plan_folder / "plan.gpkg"), "--service", "clinic_150", "--level", "community", "--json"]
    assert run(words) == 0
    (gap,) = answer(capsys)["gaps"]  # type: ignore[misc]
    assert (gap["total"], gap["covered"], gap["uncovered"]) == (1500, 500, 1000)


def test_gaps_refuses_a_service_nobody_knows(plan_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["gaps", str(plan_folder / "plan.gpkg"), "--service", "opera", "--level", "community", "--json"]
    assert run(words) == 2
    assert "clinic_150" in str(answer(capsys)["mend_en"])


def test_publish_writes_the_public_version(plan_folder: Path, tmp_path: Path) -> None:
    assert run(["publish", str(plan_folder / "plan.gpkg"), "--out", str(tmp_path / "public")]) == 0
    assert {p.name for p in (tmp_path / "public").iterdir()} == {"public.gpkg", "public.html"}


def test_publish_looks_at_what_was_published_before(plan_folder: Path, tmp_path: Path) -> None:
    plan, seen = plan_folder / "plan.gpkg", []
    with pytest.MonkeyPatch.context() as patch:
        tables = plan_file.public_tables
        patch.setattr(plan_file, "public_tables", lambda *a, earlier, **k: seen.extend(earlier) or tables(*a, **k))
        words = ["publish", str(plan), "--earlier", str(plan), "--earlier", str(plan), "--out", str(tmp_path / "p")]
        assert run(words) == 0
    assert [before.plan.digest for before in seen] == 2 * [read_plan(plan).plan.digest]


def test_publish_refuses_an_earlier_plan_that_is_not_there(
    plan_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, out = str(plan_folder / "plan.gpkg"), str(tmp_path / "public")
    assert run(["publish", plan, "--earlier", "gone.gpkg", "--out", out, "--json"]) == 2
    assert "gone.gpkg" in str(answer(capsys))


def test_load_puts_a_plan_into_the_database(
    plan_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'wangge.db'}"
    assert run(["load", str(plan_folder), "--database", url, "--json"]) == 0
    assert answer(capsys)["study"] == "six-squares"


def test_serve_refuses_any_other_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--host", "0.0.0.0", "--json"]) == 2
    assert answer(capsys)["code"] == "host-not-loopback"


@pytest.mark.parametrize("words", [["plan"], ["fly"], ["plan", "--nonsense"], ["--lang", "fr", "check", "x"]])
def test_wrong_usage_is_64(words: list[str]) -> None:
    assert run(words) == 64


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_file_that_is_not_there_is_named(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, str(tmp_path / "nowhere"), "--lang", "en"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_fault_inside_is_70_with_a_log_and_no_traceback(
    study_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path) -> Findings:
        raise RuntimeError("secret 13800138000")

    monkeypatch.setattr(files, "check_inputs", fail)
    assert run(["check", str(study_file), "--json"]) == 70
    said = capsys.readouterr()
    record = json.loads(said.out)
    log = Path(record["facts"]["log"])
    assert "RuntimeError" in log.read_text()
    assert "Traceback" not in said.out + said.err
    assert "13800138000" not in said.out + said.err
    log.unlink()


def test_ctrl_c_keeps_the_best_plan_and_leaves_with_130(
    study_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_plan = workflow.run_plan

    def interrupted(*args: object, **options: object) -> object:
        signal.raise_signal(signal.SIGINT)
        assert options["cancelled"]() is True  # type: ignore[operator]
        return run_plan(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(workflow, "run_plan", interrupted)
    out = tmp_path / "plan"
    assert threading.current_thread() is threading.main_thread()
    assert run(["plan", str(study_file), "--out", str(out)]) == cli.EXIT_CANCELLED
    assert json.loads((out / "certificate.json").read_text())["stopped_by"] == "cancelled"
    assert run(["audit", str(out / "plan.gpkg")]) == 0


@pytest.mark.parametrize(("lang", "word"), [("zh", "完成"), ("en", "Done")])
def test_the_language_may_stand_anywhere(
    lang: str, word: str, study_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--lang", lang, str(study_file), "--out", str(tmp_path / "plan")]) == 0
    assert word in capsys.readouterr().out


def test_a_present_plan_of_another_place_is_refused(plan_folder: Path, tmp_path: Path, capsys) -> None:
    elsewhere = write_town(tmp_path / "elsewhere")
    units = elsewhere.parent / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("\nu", "\nv"), encoding="utf-8")
    out = tmp_path / "redrawn"
    base = str(plan_folder / "plan.gpkg")
    assert run(["redraw", str(elsewhere), "--base", base, "--out", str(out), "--lang", "en"]) == 2
    assert "None of the 6 units" in capsys.readouterr().err
    assert not out.exists()


def test_ctrl_c_before_there_is_a_plan_says_that_nothing_was_written(
    study_file, tmp_path, monkeypatch, capsys
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workflow, "run_plan", interrupted)
    out = tmp_path / "plan"
    assert run(["plan", str(study_file), "--out", str(out), "--lang", "en"]) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not out.exists()
