"""Every sentence that a person can see stands in both languages, with the same facts."""

import re
import string
from pathlib import Path

import pytest

from gis.model.messages import catalogue

REPO = Path(__file__).parents[2]
FACT = string.Formatter()


def facts_of(text: str) -> set[str]:
    """Return the facts a sentence names; a fact may come in both languages, as where_zh and where_en."""
    return {re.sub("_(zh|en)$", "", name) for _, name, _, _ in FACT.parse(text) if name}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_message_says_the_same_in_both_languages(code: str) -> None:
    message = catalogue()[code]
    for text in (message.what, message.why, message.mend):
        assert facts_of(text["zh"]) == facts_of(text["en"])
        assert bool(text["zh"]) == bool(text["en"])
    assert message.what["zh"].strip()
    assert re.search(r"[\u4e00-\u9fff]", message.what["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub('"[^"]*"', "", message.what["en"]))


def test_every_finding_has_a_way_to_mend_it() -> None:
    bare = [m.code for m in catalogue().values() if m.severity in ("error", "warning") and not m.mend["zh"]]
    assert bare == []


def test_every_code_is_used_somewhere() -> None:
    source = "\n".join(
        p.read_text(encoding="utf-8")
        for top in ("gis", "optimize", "maps", "api", "wangge")
        for p in (REPO / top).rglob("*.py")
    )
    unused = [code for code in catalogue() if not re.search(f"[\"']{code}[\"' ]", source)]
    assert unused == []
