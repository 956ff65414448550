import re
import tomllib
import zlib

LIMIT_BYTES = 5_000_000
BENCHMARK_LIMIT_BYTES = 3_000_000
TEXT = {".csv", ".md", ".toml", ".geojson", ".py"}
MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
PERSONAL_HEADERS = {"姓名", "户主", "身份证", "身份证号", "手机", "联系电话", "name_of_head", "phone", "nric"}


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def text_of(path):
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def compressed_bytes(folder):
    return sum(len(zlib.compress(path.read_bytes(), 6)) for path in files_of(folder))


def named_inputs(study):
    entries = study["inputs"].values()
    return {entry if isinstance(entry, str) else entry["file"] for entry in entries}


def test_all_examples_together_stay_under_5_mb_compressed(root):
    assert compressed_bytes(root / "examples") < LIMIT_BYTES


def test_the_whole_city_stays_under_3_mb_compressed(root):
    assert compressed_bytes(root / "benchmarks" / "singapore") < BENCHMARK_LIMIT_BYTES


def test_every_input_is_there_and_every_file_is_an_input(folder, study):
    shipped = {path.name for path in files_of(folder)}
    assert shipped == named_inputs(study) | {"study.toml", "README.md"}


def test_the_city_benchmark_has_its_inputs(root):
    folder = root / "benchmarks" / "singapore"
    study = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    assert {path.name for path in files_of(folder)} == named_inputs(study) | {"study.toml", "README.md"}


def test_every_study_says_in_both_languages_what_it_is_not(study):
    assert study["study"]["notice_zh"]
    assert study["study"]["notice_en"]


def test_every_readme_gives_licence_and_credit_and_names_every_input(folder, study):
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert re.search(r"licen[cs]e and credit|licences and credit", readme, re.IGNORECASE)
    assert [name for name in named_inputs(study) if name not in readme] == []


def test_synthetic_tables_say_so_in_name_or_notice(folder, study):
    made_up = {"workers", "contacts", "present", "work_items", "growth"} & set(study["inputs"])
    whole = "合成" in study["study"]["name"]
    assert [name for name in made_up if not whole and "synthetic" not in study["inputs"][name]] == []


def test_no_file_leads_to_another_machine(root):
    for path in files_of(root / "examples"):
        if path.suffix in TEXT:
            assert not re.search(r"(^|[\s\"'(])/(work|tmp|home|root|Users)/", text_of(path)), path.name


def test_duty_phones_are_obviously_fictitious(folder, study):
    if "contacts" in study["inputs"]:
        rows = text_of(folder / study["inputs"]["contacts"]).splitlines()[1:]
        assert rows
        assert all(",0000-0" in row for row in rows)


def test_no_table_holds_a_mobile_or_identity_number(folder):
    for path in files_of(folder):
        # node ids of the road network are eleven digits too
        if path.suffix == ".csv" and not path.name.startswith("path"):
            text = text_of(path)
            assert not MOBILE.search(text), path.name
            assert not IDENTITY.search(text), path.name


def test_no_table_has_a_personal_header(folder):
    for path in files_of(folder):
        if path.suffix == ".csv":
            headers = {header.strip().lower() for header in text_of(path).splitlines()[0].split(",")}
            assert not headers & PERSONAL_HEADERS, path.name
