"""Every finding code is told in every format in which it can occur, at the right place, in both languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from gis.files import check_inputs, file_kind
from gis.model.findings import Findings
from gis.model.kinds import Severity
from gis.model.messages import catalogue
from tests.gis.files.file_towns import SPATIAL, SUFFIX, make_town, write_town
from tests.gis.files.finding_cases import CASES, ID_CARD, MOBILE
from tests.gis.files.study_cases import STUDY_CASES

WRITERS = {
    "csv": ("csv-utf8", "csv-gb18030"),
    "xlsx": ("xlsx",),
    "geojson": ("geojson",),
    "gpkg": ("gpkg",),
    "shp": ("shp.zip",),
}


def _entries() -> dict[str, dict[str, object]]:
    text = files("gis.model").joinpath("catalogue", "findings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _pairs() -> list[tuple[str, str]]:
    pairs = []
    for code, entry in _entries().items():
        own = CASES[code].formats if code in CASES else ()
        for name in entry["formats"]:
            if name != "study":
                pairs += [
                    (code, fmt) for fmt in own or WRITERS[name] if not own or fmt.split(".")[0].startswith(name)
                ]
    return pairs


def _check(town, folder, table: str, fmt: str) -> Findings:
    return check_inputs(write_town(town, folder, table, fmt))


def test_every_code_has_a_case_in_every_format():
    entries = _entries()
    in_files = {c for c, e in entries.items() if set(e["formats"]) - {"study"}}
    in_study = {c for c, e in entries.items() if "study" in e["formats"]}
    assert in_files == set(CASES)
    assert in_study == set(STUDY_CASES)
    covered = {(code, "shp" if fmt == "shp.zip" else fmt.split("-")[0].split(".")[0]) for code, fmt in _pairs()}
    asked = {(code, name) for code, e in entries.items() for name in e["formats"] if name != "study"}
    assert covered == asked


@pytest.mark.parametrize(("code", "fmt"), _pairs())
def test_code_is_told(code, fmt, tmp_path, monkeypatch):
    case = CASES[code]
    if code == "file-too-large":
        monkeypatch.setattr(file_kind, "MAX_UNPACKED_BYTES", 10)
    findings = _check(case.make(fmt), tmp_path, case.table, fmt)
    told = [f for f in findings.items if f.code == code and f.table == case.table]
    assert told, [f.what("en") for f in findings.ordered()]
    assert told[0].file == f"{case.table}{SUFFIX[fmt]}"
    if case.record is not None:
        _stands_at(told, case, fmt)
    for finding in told:
        _speaks(finding)


def _stands_at(told, case, fmt):
    """The record at fault, and no other, is named."""
    if fmt in SPATIAL:
        assert len(told) == 1
        own = case.make(fmt).tables[case.table][case.record]
        key = next(iter(own))
        assert told[0].row is None
        assert told[0].feature in (str(own[key]), f"#{case.record + 1}")
    else:
        assert [f.row for f in told] == [case.record + 2]


def _speaks(finding):
    for lang in ("zh", "en"):
        text = " ".join((finding.what(lang), finding.why(lang), finding.mend(lang)))
        assert finding.what(lang)
        assert "{" not in text.replace("{ control_points", "").replace("{ file", ""), text
        assert ID_CARD not in text
        assert MOBILE not in text
        if finding.severity is not Severity.NOTE:
            assert finding.why(lang)
            assert finding.mend(lang)


@pytest.mark.parametrize("code", STUDY_CASES)
def test_study_code_is_told(code, tmp_path):
    town = make_town("facilities")
    STUDY_CASES[code](town, tmp_path)
    findings = _check(town, tmp_path, "households", "csv-utf8")
    told = [f for f in findings.items if f.code == code]
    assert told, [f.what("en") for f in findings.ordered()]
    assert {f.file for f in told} <= {"study.toml", "points.csv"}
    for finding in told:
        _speaks(finding)


@pytest.mark.parametrize("fmt", SUFFIX)
@pytest.mark.parametrize("table", ["areas", "households", "facilities"])
def test_a_clean_town_has_notes_only(fmt, table, tmp_path):
    findings = _check(make_town("facilities"), tmp_path, table, fmt)
    allowed = {"column-recognised", "crs-taken-as-equal", "encoding-read"}
    assert {f.code for f in findings.items} <= allowed


def test_every_error_and_warning_has_a_why_and_a_mend():
    for code in _entries():
        message = catalogue()[code]
        assert message.severity is not None
        if message.severity is not Severity.NOTE:
            assert all(message.why.values()), code
            assert all(message.mend.values()), code
