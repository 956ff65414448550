import pandas as pd
import pytest

from gis.files import privacy, read_inputs
from gis.files.privacy import hides_persons, is_id_card, is_personal_header, looks_personal, personal_cells, shown
from tests.gis.files.file_towns import SUFFIX, make_town, write_town
from tests.gis.files.finding_cases import ID_CARD, MOBILE


@pytest.mark.parametrize(
    "header",
    [
        "姓名",
        "户主姓名",
        "联系电话",
        "手机号码",
        "身份证号",
        "证件号码",
        "戶主",
        "手機",
        "name",
        "Phone",
        "id_number",
        "E-mail",
    ],
)
def test_headers_that_name_persons_are_known(header):
    assert is_personal_header(header, "households")


@pytest.mark.parametrize(
    "header", ["户号", "小区", "household_id", "building_id", "telecom_boxes", "单元", "unit_id"]
)
def test_headers_that_count_or_place_pass(header):
    assert not is_personal_header(header, "households")


def test_a_name_is_a_persons_among_people_and_not_among_facilities():
    assert is_personal_header("name", "workers")
    assert not is_personal_header("name", "facilities")
    assert not is_personal_header("名称", "areas")


def test_only_a_valid_check_digit_makes_an_identity_number():
    assert is_id_card(ID_CARD)
    assert not is_id_card("110105194912310021")
    assert not is_id_card("632501001001000123")


def test_content_is_judged_by_most_of_its_cells():
    assert looks_personal([MOBILE, "13900000001", None])
    assert not looks_personal([MOBILE, "老街", "新街", "后街"])


def test_ids_that_are_identity_numbers_are_known():
    assert hides_persons(pd.Series([ID_CARD, "a1"], dtype="str"))
    assert not hides_persons(pd.Series(["13010200101", "632501001001000123"], dtype="str"))


def test_free_text_with_a_number_of_a_person_is_found():
    texts = pd.Series(["河边路1号", f"电话{MOBILE}", None, "138-1234-5678", "4号楼101"], dtype="str")
    assert personal_cells(texts).tolist() == [False, True, False, True, False]


def test_what_a_finding_shows_holds_no_number_of_a_person():
    assert shown(f"x {MOBILE}") == "…"
    assert shown(ID_CARD) == "…"
    assert len(shown("长" * 200)) < 50


@pytest.mark.parametrize("fmt", SUFFIX)
def test_no_person_gets_past_the_door(fmt, tmp_path):
    town = make_town("facilities", "workers")
    for row in town.rows("households"):
        row |= {"户主姓名": "张三丰", "备注": MOBILE, "身份证": ID_CARD}
        row["address"] = f"河边路 {MOBILE}"
    for row in town.rows("workers"):
        row["姓名"] = "李四光"
    inputs = read_inputs(write_town(town, tmp_path, "households", fmt))
    held = "".join(
        str(table.drop(columns="geometry", errors="ignore").to_dict())
        for table in (inputs.households, inputs.workers, inputs.facilities)
    )
    held += "".join(f.what("zh") + str(f.facts) for f in inputs.findings.items)
    assert not any(person in held for person in ("张三丰", "李四光", MOBILE, ID_CARD))


def test_duty_contacts_are_the_only_table_with_names(tmp_path):
    town = make_town("workers")
    town.tables["contacts"] = [{"人员编号": "W1", "公示名称": "网格员甲", "值班电话": "0974-8580001", "可公开": "是"}]
    inputs = read_inputs(write_town(town, tmp_path, "contacts", "csv-utf8"))
    assert inputs.contacts is not None
    assert inputs.contacts.loc["W1"].tolist() == ["网格员甲", "0974-8580001", True]
    assert "display_name" not in inputs.workers
    assert privacy.CONTACTS == "contacts"
