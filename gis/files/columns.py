"""The checks of one column, by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.files import cells as read
from gis.files import privacy
from gis.files.input_tables import Column, ValueKind
from gis.files.notebook import Notebook, Place
from gis.model.messages import Fact

__all__ = ["ColumnCells", "check_column", "check_ids"]

Ids = NDArray[np.object_] | None
_EXPONENT = re.compile(r"[eE]\+?\d")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
_YEARS = (1900.0, 2200.0)
_MOST = 1e7  # households or residents in one row; more is a slip of the columns


@dataclass(frozen=True, slots=True, eq=False)
class ColumnCells:
    """The cells of one column, and what is needed to tell of them.

    Parameters
    ----------
    cells
        As they stand in the file.
    column
        What they should be.
    header
        As the file spells it.
    ids
        Id of every row, for findings that name it.
    """

    cells: pd.Series
    column: Column
    header: str
    place: Place
    book: Notebook
    ids: Ids = None

    def tell(
        self,
        code: str,
        found: NDArray[np.bool_],
        *,
        each: Callable[[int], Mapping[str, Fact]] | None = None,
        **facts: Fact,
    ) -> None:
        """Write one finding a cell that was found."""
        self.book.at(code, self.place, found, column=self.header, ids=self.ids, each=each, **facts)

    def tell_values(self, code: str, found: NDArray[np.bool_], **facts: Fact) -> None:
        """Write one finding a cell, with what stands in it as far as it may be shown."""
        raw = self.cells.to_numpy(dtype=object)
        self.tell(code, found, each=lambda i: {"value": privacy.shown(raw[i])}, **facts)

    def tell_if_required(self, empty: NDArray[np.bool_]) -> None:
        """Tell empty cells of a column that must be filled."""
        if self.column.required:
            self.tell("value-empty", empty)


def check_ids(here: ColumnCells) -> pd.Series:
    """Return the ids of a table as text; empty, repeated, rounded and personal ones are told."""
    ids = read.as_text(here.cells)
    here.tell("id-empty", ids.isna().to_numpy())
    twice = ids.duplicated(keep="first").to_numpy() & ids.notna().to_numpy()
    if twice.any():
        values = ids.to_numpy(dtype=object)
        first = _first_rows(ids, ids[twice], here.place)
        named = replace(here, ids=values)
        named.tell("id-twice", twice, each=lambda i: {"first": first[str(values[i])]})
    _tell_scientific(ids, here)
    if privacy.hides_persons(ids.dropna()):
        here.book.add("id-personal", table=here.place.table, file=here.place.file, column=here.header)
        return pd.Series([f"#{row}" for row in here.place.rows], dtype="str")
    return ids


def _first_rows(ids: pd.Series, wanted: pd.Series, place: Place) -> dict[str, int]:
    """Return the row in which each of the wanted ids stands first."""
    hits = ids[ids.isin(wanted.unique())].drop_duplicates(keep="first")
    return {str(v): int(place.rows[int(str(i))]) for i, v in zip(hits.index, hits, strict=True)}


def _tell_scientific(ids: pd.Series, here: ColumnCells) -> None:
    """Tell ids that a spreadsheet turned into 4.60102E+11."""
    if _EXPONENT.search("\n".join(ids.dropna().to_numpy(dtype=object))):  # one search is quicker than a million
        here.tell("id-scientific", ids.str.match(_SCIENTIFIC, na=False).to_numpy(dtype=bool))


def check_column(here: ColumnCells) -> object:
    """Return one column as values of its kind; whatever is wrong with a cell is told."""
    return _CHECKS[here.column.kind](here)


def _text(here: ColumnCells) -> pd.Series:
    text = read.as_text(here.cells)
    if here.place.table != privacy.CONTACTS and here.column.name != privacy.DUTY_PHONE:
        personal = privacy.personal_cells(text)
        if personal.any():
            here.tell("personal-removed", personal)
            text = text.mask(personal)
    here.tell_if_required(text.isna().to_numpy())
    return text


def _other_id(here: ColumnCells) -> pd.Series:
    text = read.as_text(here.cells)
    _tell_scientific(text, here)
    if privacy.hides_persons(text.dropna()):
        here.book.add("column-personal", table=here.place.table, file=here.place.file, column=here.header)
        return pd.Series(np.full(len(text), None, dtype=object), dtype="str")
    here.tell_if_required(text.isna().to_numpy())
    return text


def _numbers(here: ColumnCells, *, finite: str = "number-unreadable") -> read.Numbers:
    found = read.as_numbers(here.cells, share=here.column.kind is ValueKind.SHARE)
    here.tell_values("number-unreadable", found.unreadable)
    here.tell_values(finite, found.not_finite)
    return found


def _count(here: ColumnCells) -> object:
    found = _numbers(here)
    values = np.where(np.isfinite(found.values), found.values, 0.0)

    def value(i: int) -> Mapping[str, Fact]:
        return {"value": float(found.values[i])}

    here.tell("number-negative", values < 0, each=value)
    here.tell("number-not-whole", values != np.floor(values), each=value)
    here.tell("number-too-large", values > _MOST, each=value, most=int(_MOST))
    whole = np.clip(values, 0, _MOST).astype(np.int64)
    if here.column.required:
        here.tell_if_required(found.empty)
        return whole
    unknown = here.column.name == "residents"  # estimated later from the households; anything else is 0
    taken: dict[str, Fact] = (
        {"taken_zh": "估算值", "taken_en": "an estimate"} if unknown else {"taken_zh": "0", "taken_en": "0"}
    )
    here.tell("count-empty", found.empty, each=lambda _: taken)
    return pd.arrays.IntegerArray(whole, found.empty) if unknown and found.empty.any() else whole


def _within(
    here: ColumnCells, values: NDArray[np.float64], low: float | None, high: float | None
) -> NDArray[np.bool_]:
    """Tell numbers outside a range, and return which lie inside."""
    outside = values < (-np.inf if low is None else low)
    outside |= values > (np.inf if high is None else high)
    ends = {"low": "−∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
    here.tell("number-outside-range", outside, each=lambda i: {"value": float(values[i]), **ends})
    return np.isfinite(values) & ~outside


def _number(here: ColumnCells) -> NDArray[np.float64]:
    found = _numbers(here)
    share = here.column.kind is ValueKind.SHARE
    low, high = (0.0, 1.0) if share else (here.column.minimum, here.column.maximum)
    inside = _within(here, found.values, low, high)
    here.tell_if_required(found.empty)
    return np.where(inside, found.values, np.nan)


def _year(here: ColumnCells) -> object:
    found = _numbers(here)
    parts = np.isfinite(found.values) & (found.values % 1 != 0)
    here.tell("number-not-whole", parts, each=lambda i: {"value": float(found.values[i])})
    inside = _within(here, found.values, *_YEARS) & ~parts
    here.tell_if_required(found.empty)
    return pd.array(np.where(inside, found.values, np.nan), dtype="Int64")


def _coordinate(here: ColumnCells) -> NDArray[np.float64]:
    found = _numbers(here, finite="coordinates-not-finite")
    return np.where(np.isfinite(found.values), found.values, np.nan)


def _choice(here: ColumnCells) -> pd.Series:
    if not here.column.choices:
        return _text(here)
    words, empty, unknown = read.as_choices(here.cells, here.column.choices)
    here.tell_values("value-unknown", unknown, allowed=", ".join(here.column.choices))
    here.tell_if_required(empty)
    return words


def _flag(here: ColumnCells) -> NDArray[np.bool_]:
    yes, unknown = read.as_flags(here.cells)
    here.tell_values("value-unknown", unknown, allowed="yes / 是, no / 否")
    return yes


def _date(here: ColumnCells) -> pd.Series:
    times, odd = read.as_dates(here.cells)
    here.tell_values("date-unreadable", odd)
    return times


_CHECKS: dict[ValueKind, Callable[[ColumnCells], object]] = {
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
