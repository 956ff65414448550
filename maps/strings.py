"""Words on maps, plots and reports, in Chinese and in English: ``strings.toml`` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from gis.model.kinds import Language

__all__ = ["number", "percent", "say", "words"]

_PLACE = {str(Language.ZH): 0, str(Language.EN): 1}


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    text = files("maps").joinpath("strings.toml").read_text(encoding="utf-8")
    rooms = tomllib.loads(text)
    return {code: (pair[0], pair[1]) for room in rooms.values() for code, pair in room.items()}


@cache
def words(lang: Language | str) -> Mapping[str, str]:
    """Return every text by its code, in one language."""
    at = _PLACE[str(lang)]
    return {code: pair[at] for code, pair in _table().items()}


def say(code: str, lang: Language | str, **facts: object) -> str:
    """Return the text of `code` with `facts` filled in; an unknown code is returned as it is.

    Kinds of facilities, roles and the like are open sets: one that has no words yet is shown by its own name.
    """
    text = words(lang).get(code)
    return code.rpartition(".")[2] if text is None else text.format_map(facts)


def number(value: float | None, *, digits: int = 0) -> str:
    """Return a figure with thousands set apart by a space that does not break, or a dash for what is not known."""
    return "–" if value is None else f"{value:,.{digits}f}".replace(",", "\u00a0")


def percent(share: float | None, *, digits: int = 1) -> str:
    """Return a share as a percentage, or a dash where there is none."""
    return "–" if share is None else f"{share * 100:.{digits}f} %"
