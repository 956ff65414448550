"""What a number that identifies a person looks like in a text."""

from __future__ import annotations

import re

__all__ = ["ID_CARD", "MOBILE", "holds_personal_number"]

ID_CARD = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")


def holds_personal_number(text: str) -> bool:
    """Whether a text holds what may be a mobile or an identity number."""
    return bool(MOBILE.search(text) or ID_CARD.search(text))
