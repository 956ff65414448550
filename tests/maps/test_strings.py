import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import maps
from gis.model.kinds import BarrierKind, Better, FacilityStatus, Proof, Role, Severity, StoppedBy
from gis.model.standards import default_targets
from maps.palette import LoadClass
from maps.strings import number, percent, say, words

ROOM = Path(maps.__file__).parent
SOURCES = [*ROOM.glob("*.py"), *(ROOM / "page").glob("*.js"), *(ROOM / "templates").glob("*.html")]


def test_every_text_is_there_in_chinese_and_in_english():
    rooms = tomllib.loads((ROOM / "strings.toml").read_text(encoding="utf-8"))
    pairs = {code: pair for room in rooms.values() for code, pair in room.items()}
    assert len(pairs) == sum(len(room) for room in rooms.values())
    assert [c for c, pair in pairs.items() if len(pair) != 2 or not all(part.strip() for part in pair)] == []


def test_both_languages_name_the_same_facts():
    def facts(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [c for c in words("zh") if facts(words("zh")[c]) != facts(words("en")[c])] == []


def test_every_code_that_a_page_or_module_names_has_words():
    named = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        named.update(re.findall(r"\bt\([\"']([a-z_.0-9]+)[\"']", text))
        named.update(re.findall(r"\bsay\(\s*[\"']([a-z_.0-9]+)[\"']", text))
        named.update(f"column.{c}" for c in re.findall(r"\"([a-z_.]+)\"", "".join(re.findall(r"heads = (.*)", text))))
    assert len(named) > 100
    unknown = {code for code in named if code not in words("en") and not code.endswith(".")}
    assert unknown == set()


@pytest.mark.parametrize(
    ("prefix", "kinds"),
    [
        ("role", Role),
        ("barrier", BarrierKind),
        ("proof", Proof),
        ("severity", Severity),
        ("stopped_by", StoppedBy),
        ("better", Better),
        ("status", FacilityStatus),
    ],
)
def test_every_member_of_a_closed_set_has_words(prefix, kinds):
    assert [k for k in kinds if f"{prefix}.{k}" not in words("zh")] == []


def test_every_load_class_has_a_legend():
    outside = [k for k in LoadClass if k is not LoadClass.IN_BAND]
    assert [k for k in outside if f"legend.{k}" not in words("zh") or f"in_band.{k}" not in words("zh")] == []


def test_facility_kinds_of_the_default_targets_have_words():
    assert [t.kind for t in default_targets() if f"facility.{t.kind}" not in words("zh")] == []


def test_a_kind_without_words_is_shown_by_its_own_name():
    assert say("facility.swimming_pool", "zh") == "swimming_pool"


def test_unknown_figures_are_a_dash_and_thousands_stand_apart():
    assert (number(None), percent(None), number(52140), percent(0.805)) == ("–", "–", "52\u00a0140", "80.5 %")
