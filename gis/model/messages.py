"""Words for people: every code has a sentence in Chinese and in English.

A finding, a reason or an error is a code and its facts; the sentence is
rendered here. The catalogue is the TOML files beside this module, one table
a code::

    [household-outside]
    severity = "error"                       # findings only
    zh = "第 {row} 行的住户落在所有社区之外。"
    en = "Household in row {row} lies outside every community."
    why_zh = "…"                             # what it breaks
    why_en = "…"
    mend_zh = "…"                            # what to do
    mend_en = "…"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gis.model.kinds import Language, Severity

__all__ = ["Fact", "Message", "catalogue", "message", "render", "sentences"]

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """Text of one code: what happened, why it matters, how to mend it."""

    code: str
    room: str
    severity: Severity | None
    what: Mapping[str, str]
    why: Mapping[str, str]
    mend: Mapping[str, str]


class _Facts(dict[str, Fact]):
    """Facts for a template; a missing one shows its name instead of failing."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@cache
def catalogue() -> Mapping[str, Message]:
    """Return every message by code, read once from the TOML files of the catalogue.

    Raises
    ------
    ValueError
        If two files define the same code.
    """
    found: dict[str, Message] = {}
    for path in sorted(files("gis.model").joinpath("catalogue").iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        room = path.name.removesuffix(".toml")
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"message code {code!r} stands in {found[code].room} and in {room}")
            found[code] = Message(
                code=code,
                room=room,
                severity=Severity(entry["severity"]) if "severity" in entry else None,
                what={"zh": entry["zh"], "en": entry["en"]},
                why={"zh": entry.get("why_zh", ""), "en": entry.get("why_en", "")},
                mend={"zh": entry.get("mend_zh", ""), "en": entry.get("mend_en", "")},
            )
    return found


def message(code: str) -> Message:
    """Return the message of `code`; raises KeyError for an unknown one."""
    return catalogue()[code]


def render(template: Mapping[str, str], facts: Mapping[str, Fact], lang: Language | str) -> str:
    """Fill the sentence of `lang` with `facts`; what is `allowed` is in its words too."""
    told = _Facts(facts)
    if "allowed" in told:
        told["allowed"] = _allowed(str(told["allowed"]), lang)
    return template[str(lang)].format_map(told)


def _allowed(told: str, lang: Language | str) -> str:
    """Return what a setting may be: where it begins with a code of the room `allowed`, that in words."""
    code, space, rest = told.partition(" ")
    known = catalogue().get(code)
    return told if known is None or known.room != "allowed" else known.what[str(lang)] + space + rest


def sentences(parts: Iterable[str], lang: Language | str) -> str:
    """Return sentences one after another, empty ones left out; Chinese has no space between them."""
    return ("" if str(lang) == str(Language.ZH) else " ").join(filter(None, parts))
