"""The four sides (四至) of a grid in English, from the words that a plan holds in Chinese."""

from __future__ import annotations

import re

from gis.model.kinds import Language

__all__ = ["sides_in"]

SIDES = re.compile("东至(.*)，南至(.*)，西至(.*)，北至(.*)")
NAMES_EN = ("east", "south", "west", "north")
JOINT_ZH, JOINT_EN = "、", " and "
WORDS_EN = {
    "范围边界": "edge of the study",
    "河流": "river",
    "铁路": "railway",
    "快速路": "expressway",
    "主干道": "arterial road",
}


def sides_in(text: str, lang: Language | str) -> str:
    """Return the four sides in a language; names stay as they are, and so does what is no such text."""
    match = SIDES.fullmatch(text)
    if str(lang) != str(Language.EN) or match is None:
        return text
    sides = [JOINT_EN.join(WORDS_EN.get(n, n) for n in side.split(JOINT_ZH)) for side in match.groups()]
    return "; ".join(f"{name}: {side}" for name, side in zip(NAMES_EN, sides, strict=True))
