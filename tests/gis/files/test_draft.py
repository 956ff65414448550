import shutil
import tomllib
from pathlib import Path

import openpyxl
import pytest

from gis.files import check_inputs, draft_study, guess_study, read_inputs, write_templates
from gis.files.input_tables import input_tables
from gis.files.template import has_template, template_name
from gis.model.errors import FileRefusedError
from tests.gis.files.file_towns import SOUTH, WEST, make_town, write_town

EXAMPLES = Path(__file__).parents[3] / "examples"


def only_files(source: Path, folder: Path) -> Path:
    shutil.copytree(source, folder)
    (folder / "study.toml").unlink()
    return folder


@pytest.mark.parametrize("name", ["ang_mo_kio", "xinghai"])
def test_the_files_of_an_example_are_told_apart(name, tmp_path):
    folder = only_files(EXAMPLES / name, tmp_path / name)
    given = tomllib.loads((EXAMPLES / name / "study.toml").read_text(encoding="utf-8"))["inputs"]
    draft = tomllib.loads(guess_study(folder).text)
    assert draft["inputs"] == given


def test_a_draft_of_ang_mo_kio_reads_without_an_error(tmp_path):
    study = draft_study(only_files(EXAMPLES / "ang_mo_kio", tmp_path / "amk"))
    assert not check_inputs(study).refused
    assert int(read_inputs(study).households["households"].sum()) == 52_140


def test_a_person_is_asked_what_cannot_be_told(tmp_path):
    write_town(make_town("facilities"), tmp_path, "households", "csv-utf8")
    (tmp_path / "study.toml").unlink()
    asked = []

    def ask(question, choices):
        asked.append((question, choices))
        return "GCJ02" if "GCJ02" in choices else choices[-1] if "urban" in choices else choices[0]

    draft = tomllib.loads(draft_study(tmp_path, ask=ask).read_text(encoding="utf-8"))
    assert draft["study"]["profile"] == "pastoral"
    assert draft["crs_of"] == {"households": "GCJ02", "facilities": "GCJ02"}
    assert len(asked) == 3


def test_a_study_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "study.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(FileRefusedError):
        draft_study(tmp_path)
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == "x = 1"
    with pytest.raises(FileRefusedError):
        draft_study(tmp_path / "nowhere")


def test_what_is_missing_gets_a_template_and_a_line(tmp_path):
    town = make_town()
    del town.tables["households"]
    write_town(town, tmp_path, "areas", "geojson")
    (tmp_path / "study.toml").unlink()
    text = draft_study(tmp_path).read_text(encoding="utf-8")
    assert (tmp_path / "households.template.xlsx").is_file()
    assert '# households = "households.template.xlsx"' in text
    assert "households" not in tomllib.loads(text)["inputs"]


def test_boundaries_have_no_template():
    assert not has_template("areas")
    assert not has_template("units")
    assert has_template("households")


def test_a_filled_template_reads_back_without_a_mapping(tmp_path):
    town = make_town()
    study = write_town(town, tmp_path, "households", "xlsx")
    (path,) = write_templates(tmp_path, ["households"])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {str(c.value).rstrip("*"): c.column for c in sheet[2]}
    for n in (1, 2):
        for header, value in (("户号", f"00{n}"), ("经度", WEST + 0.002 * n), ("纬度", SOUTH + 0.004), ("户数", n)):
            sheet.cell(2 + n, places[header], value)
    book.save(tmp_path / "households.xlsx")
    inputs = read_inputs(study)
    assert inputs.households["households"].to_dict() == {"001": 1, "002": 2}


@pytest.mark.parametrize("table", [t for t in input_tables() if has_template(t)])
def test_every_template_names_every_column(table, tmp_path):
    write_templates(tmp_path, [table])
    book = openpyxl.load_workbook(tmp_path / template_name(table))
    headers = {str(c.value).rstrip("*") for c in book.worksheets[0][2]}
    assert headers == {c.zh for c in input_tables()[table].columns.values() if c.name != "geometry"}
    assert len(book.worksheets) == 2
