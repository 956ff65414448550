"""The words of the register in both languages: sheets, titles, headings, kinds."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gis.model.kinds import Language
from gis.model.standards import default_visits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["heading", "heading_keys", "word", "words"]


@cache
def words() -> Mapping[str, Any]:
    """Return the words of the register, read once."""
    read: dict[str, Any] = tomllib.loads(
        files("gis.files").joinpath("register_words.toml").read_text(encoding="utf-8")
    )
    return read


def word(group: str, key: str, lang: Language | str) -> str:
    """Return one word of the register; the key itself where there is none."""
    found = words()[group].get(key)
    return str(found[str(lang)]) if found else key


def heading(column: str, lang: Language | str) -> str:
    """Return the heading of a column; group counts are called as in the workload table."""
    if column in words()["columns"]:
        return word("columns", column, lang)
    for kind in default_visits():
        if kind.key == column:
            return kind.name_zh if str(lang) == Language.ZH else kind.name_en
    return column


def heading_keys() -> dict[str, str]:
    """Return heading, in either language -> our key."""
    columns = [*words()["columns"], *(kind.key for kind in default_visits())]
    return {heading(column, lang): column for column in columns for lang in Language}
