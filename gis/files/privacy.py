"""What personal data may pass: none, but the duty contacts. Decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.files.headers import plain
from gis.model.personal_numbers import ID_CARD, MOBILE, holds_personal_number

__all__ = [
    "hides_persons",
    "is_personal_header",
    "looks_personal",
    "personal_cells",
    "shown",
]

CONTACTS = "contacts"  # the only table that may name a person
DUTY_PHONE = "duty_phone"  # an office's telephone, wherever it stands
_NAMES = (
    "姓名",
    "户主",
    "戶主",
    "联系人",
    "聯繫人",
    "聯絡人",
    "居民姓名",
    "负责人",
    "負責人",
    "电话",
    "電話",
    "手机",
    "手機",
    "联系方式",
    "聯繫方式",
    "身份证",
    "身份證",
    "证件号",
    "證件號",
    "公民身份",
    "护照",
    "護照",
    "微信",
    "邮箱",
    "郵箱",
    "出生日期",
    "生日",
    "银行卡",
    "银行账号",
    "車牌",
    "车牌",
)
_WORDS = re.compile(
    r"(^|[^a-z])(person|resident|full|first|last|family|given|householder|owner|contact)[ _]?names?($|[^a-z])"
    r"|(^|[^a-z])(phone|mobile|tel|telephone|e[-_ ]?mail|wechat|passport|id[ _]?(number|no|card)"
    r"|national[ _]?id|identity|birth(day|date)?|date[ _]of[ _]birth|dob|surname)($|[^a-z])",
    re.IGNORECASE,
)
_PEOPLE = frozenset({"households", "units", "workers", "events", "present"})  # where a bare "name" is a person's
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ID_CARD_CHARACTERS = 18
_SAMPLED = 2000  # ids that are looked at
_PERSONAL_SHARE = 0.5  # of the filled cells; a code that happens to look like a number now and then is none
_SHOWN_CHARACTERS = 40


def is_personal_header(header: str, table: str) -> bool:
    """Whether a header says that its column names, reaches or identifies persons."""
    if table == CONTACTS:
        return False
    word = plain(header)
    if table in _PEOPLE and word in ("name", "名字", "姓名"):
        return True
    return any(plain(name) in word for name in _NAMES) or bool(_WORDS.search(header))


def is_id_card(text: str) -> bool:
    """Whether a text holds a Chinese identity number with a valid check digit."""
    return any(_checks(found) for found in ID_CARD.findall(text))


def _checks(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[-1].upper()


def looks_personal(values: Iterable[object]) -> bool:
    """Whether most filled cells of a column hold identity or mobile numbers."""
    texts = [str(v).strip() for v in values if v is not None and v == v and str(v).strip()]  # noqa: PLR0124
    hits = sum(is_id_card(t) or bool(MOBILE.fullmatch(t)) for t in texts)
    return bool(texts) and hits >= _PERSONAL_SHARE * len(texts)


def hides_persons(ids: pd.Series[str]) -> bool:
    """Whether an id column is made of identity numbers."""
    long = [v for v in ids.to_numpy(dtype=object) if len(v) == _ID_CARD_CHARACTERS][:_SAMPLED]
    return bool(long) and sum(map(is_id_card, long)) >= _PERSONAL_SHARE * len(long)


def personal_cells(texts: pd.Series[str]) -> NDArray[np.bool_]:
    """Return which cells of a free text hold an identity or mobile number; near-linear in the characters."""
    filled = texts.dropna()
    found = np.zeros(len(texts), dtype=bool)
    values = pd.unique(filled)
    if not len(values) or not _any_number(values):
        return found
    bad = {v for v in values if is_id_card(v) or MOBILE.search(v)}
    return texts.isin(bad).to_numpy() if bad else found


def _any_number(values: Iterable[str]) -> bool:
    """Whether a number stands in any of the values; one search over all of them is quicker than one each."""
    text = "\n".join(values)
    return holds_personal_number(text)


def shown(value: object) -> str:
    """Return a cell as a finding may show it: short, and nothing that could be a person's number."""
    text = str(value).strip()
    if holds_personal_number(text):
        return "…"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
