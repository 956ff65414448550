import numpy as np
import pandas as pd
import pytest

from gis.files.cells import as_choices, as_dates, as_flags, as_numbers, as_text


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-05", "2026-03-05 00:00"),
        ("2026/3/5", "2026-03-05 00:00"),
        ("2026年3月5日", "2026-03-05 00:00"),
        ("2026年3月5日 8时30分", "2026-03-05 08:30"),
        ("2026.3.5 8:30", "2026-03-05 08:30"),
        ("2026-03-05T08:30:00", "2026-03-05 08:30"),
        ("2026-03-05T08:30:00+08:00", "2026-03-05 08:30"),
        ("2026年3月5日8点", "2026-03-05 08:00"),
    ],
)
def test_times_are_read_as_offices_write_them(text, time):
    times, odd = as_dates(pd.Series([text, "昨天", None], dtype=object))
    assert times[0] == pd.Timestamp(time)
    assert odd.tolist() == [False, True, False]


def test_numbers_are_told_apart_from_what_is_none():
    found = as_numbers(pd.Series(["3", " 4.5 ", "１２", "1,234", "inf", "NaN", "三", None, ""], dtype=object))
    assert found.values[:4].tolist() == [3, 4.5, 12, 1234]
    assert found.not_finite.tolist() == [False] * 4 + [True, True] + [False] * 3
    assert found.unreadable.tolist() == [False] * 6 + [True, False, False]
    assert found.empty.tolist() == [False] * 7 + [True, True]


def test_a_share_may_be_a_per_cent():
    assert as_numbers(pd.Series(["80%", "0.4", "７５％"]), share=True).values.tolist() == pytest.approx(
        [0.8, 0.4, 0.75]
    )
    assert as_numbers(pd.Series(["80%"])).unreadable.tolist() == [True]


def test_text_is_stripped_and_whole_numbers_have_no_point():
    assert as_text(pd.Series([1.0, 2.0, np.nan])).tolist()[:2] == ["1", "2"]
    assert as_text(pd.Series(["  a ", "", None], dtype=object)).isna().tolist() == [False, True, True]
    assert as_text(pd.Series([True, False])).tolist() == ["yes", "no"]


def test_choices_and_flags_know_other_words():
    words, empty, unknown = as_choices(pd.Series(["现有", "EXISTING", None, "？"]), {"existing": ("现有",)})
    assert words.tolist()[:2] == ["existing", "existing"]
    assert (empty.tolist(), unknown.tolist()) == ([False, False, True, False], [False, False, False, True])
    yes, odd = as_flags(pd.Series(["是", "no", None, "也许"]))
    assert (yes.tolist(), odd.tolist()) == ([True, False, False, False], [False, False, False, True])
