"""The checks of one column, by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.files import cells as read
from gis.files import privacy
from gis.files.input_tables import Column, ValueKind
from gis.files.notebook import Notebook, Place

__all__ = ["check_column", "check_ids"]

Ids = NDArray[np.object_] | None
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_YEARS = (1900.0, 2200.0)
_MOST = 1e7  # households or residents in one row; more is a slip of the columns


def check_ids(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook) -> pd.Series:
    """Return the ids of a table as text; empty, repeated, rounded and personal ones are told."""
    ids = read.as_text(cells)
    book.at("id-empty", place, ids.isna().to_numpy(), column=header)
    twice = ids.duplicated(keep="first").to_numpy() & ids.notna().to_numpy()
    if twice.any():
        first = {v: int(place.rows[i]) for i, v in _first_rows(ids, ids[twice])}
        values = ids.to_numpy(dtype=object)
        book.at("id-twice", place, twice, column=header, ids=values, each=lambda i: {"first": first[str(values[i])]})
    _tell_scientific(ids, header, place, book)
    if privacy.hides_persons(ids.dropna()):
        book.add("id-personal", table=place.table, file=place.file, column=header)
        return pd.Series([f"#{row}" for row in place.rows], dtype="str")
    return ids


def _first_rows(ids: pd.Series, wanted: pd.Series) -> list[tuple[int, str]]:
    """Return the position at which each of the wanted values stands first."""
    hits = ids[ids.isin(wanted.unique())].drop_duplicates(keep="first")
    return [(int(i), str(v)) for i, v in zip(hits.index, hits, strict=True)]


def _tell_scientific(ids: pd.Series, header: str, place: Place, book: Notebook) -> None:
    """Tell ids that a spreadsheet turned into 4.60102E+11."""
    suspects = ids.str.contains("E+", regex=False).fillna(value=False).to_numpy(dtype=bool)
    if suspects.any():
        book.at(
            "id-scientific",
            place,
            suspects & ids.str.match(_SCIENTIFIC).fillna(value=False).to_numpy(dtype=bool),
            column=header,
        )


def check_column(
    cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, *, ids: Ids = None
) -> object:
    """Return one column as values of its kind; whatever is wrong with a cell is told."""
    check = _CHECKS[column.kind]
    return check(cells, column, header, place, book, ids)


def _text(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> pd.Series:
    text = read.as_text(cells)
    if place.table != privacy.CONTACTS and column.name != "duty_phone":
        personal = privacy.personal_cells(text)
        if personal.any():
            book.at("personal-removed", place, personal, column=header, ids=ids)
            text = text.mask(personal)
    if column.required:
        book.at("value-empty", place, text.isna().to_numpy(), column=header, ids=ids)
    return text


def _other_id(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> pd.Series:
    text = read.as_text(cells)
    _tell_scientific(text, header, place, book)
    if privacy.hides_persons(text.dropna()):
        book.add("column-personal", table=place.table, file=place.file, column=header)
        return pd.Series(np.full(len(text), None, dtype=object), dtype="str")
    if column.required:
        book.at("value-empty", place, text.isna().to_numpy(), column=header, ids=ids)
    return text


def _tell_odd(
    found: read.Numbers, cells: pd.Series, header: str, place: Place, book: Notebook, ids: Ids, *, finite: str
) -> None:
    raw = cells.to_numpy(dtype=object)
    book.at(
        "number-unreadable",
        place,
        found.unreadable,
        column=header,
        ids=ids,
        each=lambda i: {"value": privacy.shown(raw[i])},
    )
    book.at(finite, place, found.not_finite, column=header, ids=ids, each=lambda i: {"value": privacy.shown(raw[i])})


def _count(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> object:
    found = read.as_numbers(cells)
    _tell_odd(found, cells, header, place, book, ids, finite="number-unreadable")
    values = np.where(np.isfinite(found.values), found.values, 0.0)
    told = {"each": lambda i: {"value": float(found.values[i])}}
    book.at("number-negative", place, values < 0, column=header, ids=ids, **told)
    book.at("number-not-whole", place, values != np.floor(values), column=header, ids=ids, **told)
    book.at("number-too-large", place, values > _MOST, column=header, ids=ids, **told, most=int(_MOST))
    whole = np.clip(values, 0, _MOST).astype(np.int64)
    if column.required:
        book.at("value-empty", place, found.empty, column=header, ids=ids)
        return whole
    unknown = column.name == "residents"  # estimated later from the households; anything else is 0
    taken = {"taken_zh": "估算值", "taken_en": "an estimate"} if unknown else {"taken_zh": "0", "taken_en": "0"}
    book.at("count-empty", place, found.empty, column=header, ids=ids, **taken)
    return pd.arrays.IntegerArray(whole, found.empty) if unknown and found.empty.any() else whole


def _number(
    cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids
) -> NDArray[np.float64]:
    found = read.as_numbers(cells, share=column.kind is ValueKind.SHARE)
    _tell_odd(found, cells, header, place, book, ids, finite="number-unreadable")
    low, high = (0.0, 1.0) if column.kind is ValueKind.SHARE else (column.minimum, column.maximum)
    outside = np.zeros(len(found.values), dtype=bool)
    outside |= found.values < (-np.inf if low is None else low)
    outside |= found.values > (np.inf if high is None else high)
    book.at(
        "number-outside-range",
        place,
        outside,
        column=header,
        ids=ids,
        each=lambda i: {"value": float(found.values[i])},
        low="−∞" if low is None else f"{low:g}",
        high="∞" if high is None else f"{high:g}",
    )
    if column.required:
        book.at("value-empty", place, found.empty, column=header, ids=ids)
    return np.where(np.isfinite(found.values) & ~outside, found.values, np.nan)


def _year(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> object:
    found = read.as_numbers(cells)
    _tell_odd(found, cells, header, place, book, ids, finite="number-unreadable")
    filled = np.isfinite(found.values)
    wrong = filled & ((found.values < _YEARS[0]) | (found.values > _YEARS[1]) | (found.values % 1 != 0))
    book.at(
        "number-outside-range",
        place,
        wrong,
        column=header,
        ids=ids,
        each=lambda i: {"value": float(found.values[i])},
        low=int(_YEARS[0]),
        high=int(_YEARS[1]),
    )
    if column.required:
        book.at("value-empty", place, found.empty, column=header, ids=ids)
    return pd.array(np.where(filled & ~wrong, found.values, np.nan), dtype="Int64")


def _coordinate(
    cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids
) -> NDArray[np.float64]:
    found = read.as_numbers(cells)
    _tell_odd(found, cells, header, place, book, ids, finite="coordinates-not-finite")
    return np.where(np.isfinite(found.values), found.values, np.nan)


def _choice(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> pd.Series:
    if not column.choices:
        return _text(cells, column, header, place, book, ids)
    words, empty, unknown = read.as_choices(cells, column.choices)
    raw = read.as_text(cells).to_numpy(dtype=object)
    book.at(
        "value-unknown",
        place,
        unknown,
        column=header,
        ids=ids,
        each=lambda i: {"value": privacy.shown(raw[i])},
        allowed=", ".join(column.choices),
    )
    if column.required:
        book.at("value-empty", place, empty, column=header, ids=ids)
    return words


def _flag(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> NDArray[np.bool_]:
    yes, unknown = read.as_flags(cells)
    raw = read.as_text(cells).to_numpy(dtype=object)
    book.at(
        "value-unknown",
        place,
        unknown,
        column=header,
        ids=ids,
        each=lambda i: {"value": privacy.shown(raw[i])},
        allowed="yes / 是, no / 否",
    )
    return yes


def _date(cells: pd.Series, column: Column, header: str, place: Place, book: Notebook, ids: Ids) -> pd.Series:
    times, odd = read.as_dates(cells)
    raw = cells.to_numpy(dtype=object)
    book.at("date-unreadable", place, odd, column=header, ids=ids, each=lambda i: {"value": privacy.shown(raw[i])})
    return times


_Check = Callable[[pd.Series, Column, str, Place, Notebook, Ids], object]
_CHECKS: dict[ValueKind, _Check] = {
    ValueKind.ID: _other_id,
    ValueKind.TEXT: _text,
    ValueKind.COUNT: _count,
    ValueKind.NUMBER: _number,
    ValueKind.SHARE: _number,
    ValueKind.CHOICE: _choice,
    ValueKind.YEAR: _year,
    ValueKind.DATE: _date,
    ValueKind.YES_NO: _flag,
    ValueKind.X: _coordinate,
    ValueKind.Y: _coordinate,
}
