"""Cells into values, a column at a time: text, numbers, choices, dates."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Numbers", "as_choices", "as_dates", "as_flags", "as_numbers", "as_text"]

_YES = {"yes", "y", "true", "1", "是", "公开", "公開", "√", "✓"}
_TIME_WORDS = (  # applied in this order, they make 2026年3月5日 8时30分 an ISO time
    (r"[年月./]", "-"),
    (r"[日号]", " "),
    (r"[时点時點：]", ":"),
    (r"[分秒]", ""),
    (r"(?<=\d)(Z|[+-]\d\d:?\d\d)$", ""),  # local time is what counts
    (r"-(\d)(?!\d)", r"-0\1"),
    (r"([ T])(\d):", r"\g<1>0\2:"),
    (r":(?=\D|$)", ":00"),
    (r"\s+", " "),
    (r"\s+$", ""),
)
_NO = {"no", "n", "false", "0", "否", "不公开", "不公開", "×"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of a column.

    Parameters
    ----------
    values
        float64; NaN where the cell is empty or no number.
    empty
        Cells that hold nothing.
    unreadable
        Cells that hold something that is no number.
    not_finite
        Cells that hold infinity or "NaN".
    """

    values: NDArray[np.float64]
    empty: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]
    not_finite: NDArray[np.bool_]


def as_text(column: pd.Series) -> pd.Series:
    """Return the cells as text, stripped, missing where empty; whole numbers without a decimal point."""
    if pd.api.types.is_bool_dtype(column.dtype):
        column = column.map({True: "yes", False: "no"})
    elif pd.api.types.is_numeric_dtype(column.dtype):
        column = _whole_text(column)
    codes, values = pd.factorize(column)
    words = np.array([str(v).strip() or None for v in values] + [None], dtype=object)
    return pd.Series(words[codes], index=column.index, dtype="str")


def _whole_text(column: pd.Series) -> pd.Series:
    values = column.to_numpy(dtype=float, na_value=np.nan)
    filled = ~np.isnan(values)
    if np.all(values[filled] == np.floor(values[filled])):
        return pd.Series(
            [str(int(v)) if ok else None for v, ok in zip(values, filled, strict=True)], column.index, dtype=object
        )
    return column.astype(object)


def as_numbers(column: pd.Series, *, share: bool = False) -> Numbers:
    """Return the cells as numbers; full-width digits, thousands commas and per cent signs are understood.

    Parameters
    ----------
    share
        Whether ``80 %`` is 0.8; otherwise a per cent sign is not a number.
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        empty = column.isna().to_numpy()
        unreadable = np.zeros(len(values), dtype=bool)
    else:
        text = as_text(column)
        empty = text.isna().to_numpy()
        values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, copy=True)
        odd = np.flatnonzero(np.isnan(values) & ~empty)
        unreadable = np.zeros(len(values), dtype=bool)
        cells = text.to_numpy()
        for i in odd:
            values[i], unreadable[i] = _one(str(cells[i]), share=share)
    not_finite = (~np.isfinite(values)) & ~empty & ~unreadable
    return Numbers(values, empty, unreadable, not_finite)


def _one(text: str, *, share: bool) -> tuple[float, bool]:
    """Return the number in one odd cell, and whether there is none."""
    word = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", "")
    percent = share and word.endswith("%")
    try:
        value = float(word.removesuffix("%") if percent else word)
    except ValueError:
        return np.nan, True
    return (value / 100 if percent else value), False


def as_choices(
    column: pd.Series, choices: Mapping[str, tuple[str, ...]]
) -> tuple[pd.Series, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return our words for theirs, which cells are empty, and which hold an unknown word."""
    words = {_word(spelling): ours for ours, other in choices.items() for spelling in (ours, *other)}
    text = as_text(column)
    known = {cell: words.get(_word(cell)) for cell in text.dropna().unique()}
    made = text.map(known).astype("str")
    empty = text.isna().to_numpy()
    return made, empty, made.isna().to_numpy() & ~empty


def _word(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def as_flags(column: pd.Series) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return yes or no for every cell (empty is no), and which cells hold neither."""
    words = as_text(column).str.lower().fillna("no")
    yes = words.isin(_YES).to_numpy()
    return yes, ~yes & ~words.isin(_NO).to_numpy()


def as_dates(column: pd.Series) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Return times, and which cells hold something that is none."""
    text = as_text(column)
    for pattern, word in _TIME_WORDS:
        text = text.str.replace(pattern, word, regex=True)
    found = pd.to_datetime(text, errors="coerce", format="ISO8601")
    return found, (found.isna() & text.notna()).to_numpy()
