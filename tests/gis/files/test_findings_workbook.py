import openpyxl
import pytest

from gis.files import write_findings
from gis.model.findings import Finding, Findings

WHERE = {"where_zh": "a.csv 第 3 行", "where_en": "a.csv, row 3"}
FOUND = Findings(
    (
        Finding("column-ignored", {"columns": "颜色"}, table="facilities", file="a.csv"),
        Finding("number-negative", {**WHERE, "value": -1.0}, table="households", file="=cmd()", row=3, column="人口"),
        Finding("count-empty", {**WHERE, "taken_zh": "0", "taken_en": "0"}, table="households", file="a.csv", row=3),
    )
)


def rows(path):
    sheet = openpyxl.load_workbook(path).active
    return sheet, [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]


@pytest.mark.parametrize(("lang", "what"), [("zh", "a.csv 第 3 行的“人口”是负数（-1）。"), ("en", None)])
def test_findings_stand_worst_first_in_the_language_asked_for(lang, what, tmp_path):
    sheet, cells = rows(write_findings(FOUND, tmp_path / "f.xlsx", lang))
    assert [r[-1] for r in cells[1:]] == ["number-negative", "count-empty", "column-ignored"]
    assert cells[1][6] == (what or 'a.csv, row 3: "人口" is negative (-1).')
    assert [cells[1][i] for i in (0, 2, 4)] == [1, "households", 3]
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:J6"


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    sheet, _ = rows(write_findings(FOUND, tmp_path / "f.xlsx"))
    assert sheet["D4"].data_type == "s"
    assert sheet["D4"].value == "=cmd()"


def test_no_finding_makes_an_empty_list(tmp_path):
    sheet, cells = rows(write_findings(Findings(), tmp_path / "f.xlsx"))
    assert len(cells) == 1
    assert "0" in sheet["A2"].value
