"""Versions as entity tags."""

from __future__ import annotations

import re

from gis.model.errors import SettingError

__all__ = ["version_of"]

_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def version_of(if_match: str) -> int:
    """Return the version that an If-Match header names.

    Raises
    ------
    SettingError
        If it names none.
    """
    named = _VERSION.fullmatch(if_match.strip())
    if named is None:
        raise SettingError("if-match-wrong", value=if_match)
    return int(named.group(1))
