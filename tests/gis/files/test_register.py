from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gis.files.register import write_register
from gis.files.register_reading import read_register, read_register_assignment
from gis.files.register_tables import register_tables
from gis.files.register_words import heading, words
from gis.model.errors import FileRefusedError
from gis.model.outcome import Outcome
from gis.model.results import Staffing

CONTACTS = pd.DataFrame(
    {
        "display_name": ["Leader Li", "Worker Wu", "=1+1"],
        "duty_phone": ["0000-1", "0000-2", "0000-3"],
        "public": "yes",
    },
    index=pd.Index(["w1", "w2", "w3"], name="worker_id"),
)


@pytest.fixture(scope="module")
def staffed(outcome: Outcome) -> Outcome:
    """w1 leads A001, where w2 works too; w3 works in B001; nobody in A002, where 12 h are too many."""
    postings = pd.DataFrame(
        {
            "worker_id": ["w1", "w2", "w3"],
            "grid_id": ["A001", "A001", "B001"],
            "role": ["grid_leader", "grid_worker", "grid_worker"],
            "hours_h": [10.0, 10.0, 10.0],
            "walk_m": [1.0, 2.0, 3.0],
        }
    )
    return replace(outcome, staffing=Staffing(postings, ("A002",), {"B001": 12.4}, outcome.staffing.answer))


@pytest.fixture(scope="module")
def register(staffed: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_register(staffed, tmp_path_factory.mktemp("register") / "register.xlsx", contacts=CONTACTS)


def test_the_register_reads_back_as_it_was_written(staffed: Outcome, register: Path):
    written = register_tables(staffed, contacts=CONTACTS, lang="zh")["grids"].set_index("grid_id")
    back = read_register(register)
    written["kind"] = staffed.grids["kind"]
    pd.testing.assert_frame_equal(back, written.astype({"kind": "str"}), check_dtype=False)


def test_the_assignment_in_the_register_is_the_plan(staffed: Outcome, register: Path):
    back = read_register_assignment(register)
    pd.testing.assert_series_equal(back, staffed.plan.assignment, check_index_type=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_either_language_reads_back(staffed: Outcome, tmp_path: Path, lang: str):
    back = read_register(write_register(staffed, tmp_path / "r.xlsx", contacts=CONTACTS, lang=lang))
    assert back["kind"].tolist() == ["general", "general", "general", "empty"]
    assert back["households"].tolist() == [400, 400, 400, 0]


def test_headings_are_chinese_by_default_and_cover_the_domain(register: Path):
    sheet = openpyxl.load_workbook(register)["网格台账"]
    headings = [cell.value for cell in sheet[3]]
    wanted = [
        "网格编码",
        "网格名称",
        "网格类型",
        "街道/乡镇",
        "社区/村",
        "四至",
        "面积（平方米）",
        "楼栋数",
        "户数",
        "居民数",
    ]
    assert headings[: len(wanted)] == wanted
    assert headings[len(wanted) :] == ["特殊困难老人", "年工作量（小时）", "网格长", "网格员", "值班电话", "备注"]


def test_the_notice_stands_on_top_of_every_sheet(register: Path):
    book = openpyxl.load_workbook(register)
    assert book.sheetnames == ["网格台账", "网格单元", "汇总", "服务覆盖"]
    assert {sheet["A2"].value for sheet in book} == {"示例数据。"}


def test_every_sheet_prints_on_a3_landscape_one_page_wide(register: Path):
    for sheet in openpyxl.load_workbook(register):
        assert (
            int(sheet.page_setup.paperSize),
            sheet.page_setup.orientation,
        ) == (8, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "C4"


def test_leaders_workers_and_duty_phones_are_shown(register: Path):
    back = read_register(register)
    assert back.loc["A001", ["leader", "workers", "phone"]].tolist() == ["Leader Li", "Worker Wu", "0000-1、0000-2"]
    assert back.loc["A002", ["leader", "workers", "phone"]].tolist() == ["", "", ""]


def test_vacancies_and_overloads_are_remarked_by_grid(register: Path):
    back = read_register(register)
    assert back.loc["A002", "remark"] == "暂缺负责人。"
    assert back.loc["B001", "remark"] == "超出工作能力 12 小时/年。"


def test_without_contacts_workers_are_shown_by_id(staffed: Outcome, tmp_path: Path):
    back = read_register(write_register(staffed, tmp_path / "r.xlsx"))
    assert back.loc["A001", ["leader", "workers", "phone"]].tolist() == ["w1", "w2", ""]


def test_a_name_that_begins_with_an_equals_sign_stays_a_name(register: Path):
    sheet = openpyxl.load_workbook(register)["网格台账"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_summary_adds_up(register: Path):
    sheet = openpyxl.load_workbook(register)["汇总"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["A"][:5] == ("Alder", 2, 2, 800, 2000)
    assert rows["合计"][1:5] == (4, 3, 1200, 3000)


def test_the_coverage_sheet_holds_the_rates_of_areas(register: Path, staffed: Outcome):
    sheet = openpyxl.load_workbook(register)["服务覆盖"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    rates = staffed.coverage.rates
    assert len(rows) == int(rates["level"].ne("grid").sum())
    assert ("A", "Alder", "社区/村", "clinic_200", "居民", 2000, 1250, 0.625, 0.8, 350) in rows


def test_notes_above_the_headings_do_not_stop_the_reading(register: Path, tmp_path: Path):
    book = openpyxl.load_workbook(register)
    book["网格台账"].insert_rows(1, 4)
    book.save(tmp_path / "noted.xlsx")
    assert read_register(tmp_path / "noted.xlsx").index.tolist() == ["A001", "A002", "B001", "C001"]


def test_codes_of_digits_only_stay_text(staffed: Outcome, tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["网格编码", "社区/村"])
    book.active.append([110101001001001, "甲"])
    book.save(tmp_path / "digits.xlsx")
    assert read_register(tmp_path / "digits.xlsx").index.tolist() == ["110101001001001"]


def test_what_is_no_register_is_refused(tmp_path: Path):
    text = tmp_path / "r.xlsx"
    text.write_text("no workbook")
    with pytest.raises(FileRefusedError, match=r"r\.xlsx"):
        read_register(text)
    book = openpyxl.Workbook()
    book.active.append(["something", "else"])
    book.save(text)
    with pytest.raises(FileRefusedError, match="网格编码"):
        read_register(text)


def test_every_word_is_there_in_both_languages():
    for group in words().values():
        for key, texts in group.items():
            assert set(texts) == {"zh", "en"}, key
            assert all(texts.values())
    assert heading("elder_80_alone", "zh") == "80岁以上独居/空巢"


def test_an_english_register_has_english_sides_and_says_whose_data_it_rests_on(staffed: Outcome, tmp_path: Path):
    sides = "东至清河，南至范围边界，西至铁路，北至河流"
    settings = replace(staffed.study.settings, credits="The survey office")
    told = replace(
        staffed,
        grids=staffed.grids.assign(sides_zh=sides),
        study=replace(staffed.study, settings=settings),
    )
    book = openpyxl.load_workbook(write_register(told, tmp_path / "register.xlsx", contacts=CONTACTS, lang="en"))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert "east: 清河; south: edge of the study; west: railway; north: river" in rows[3]
    assert str(rows[1][0]).endswith("Data: The survey office")
