"""The page of a redraw: every grid that changed, and what other prices of moving a household come to."""

import re

import pandas as pd
import pytest

from maps.change import Change, change_html
from maps.strings import number


def change_of(town, **changed):
    first, second = list(town.grids.index)[:2]
    fates = ["adjusted", "adjusted"] + ["kept"] * (len(town.grids) - 2)
    households = town.grids["households"].astype(int)
    changes = pd.DataFrame(
        {"fate": fates, "households_before": households, "households_after": households}, index=town.grids.index
    )
    changes.loc["gone009"] = ["retired", 12, 0]
    codes = pd.DataFrame(
        {"old_grid_id": [first, first], "new_grid_id": [first, second], "units": [1, 1], "households": [1234, 77]}
    )
    curve = pd.DataFrame(
        {"households_moved": [77, 905], "band_violation": [0, 0], "walk_mean_m": [50.25, 41.5], "grids": [2, 2]},
        index=pd.Index([1000.0, 0.0], name="keep_price_m"),
    )
    return Change(**{
        "changes": changes, "codes": codes, "curve": curve, "households_moved": 77, "moved_bound": 77,
        "keep_price_m": 1000.0, **changed,
    })  # fmt: skip


def rows_of(html):
    return [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr[^>]*>.*?</tr>", html)]


def test_each_changed_grid_stands_with_where_its_households_come_from(town):
    first, second = list(town.grids.index)[:2]
    rows = rows_of(change_html(town, town, change_of(town), lang="en"))
    assert any(first in row and f"{second} 77" in row for row in rows)
    assert any(second in row and f"{first} 77" in row for row in rows)
    assert any("gone009" in row and "retired" in row for row in rows)
    for kept in town.grids.index[2:]:
        assert not any(kept in row for row in rows)


@pytest.mark.parametrize(
    ("bound", "words"), [(77, "proven the fewest"), (50, "at least 50"), (None, "77 households change their grid.")]
)
def test_the_page_says_what_is_proven_of_the_households_moved(town, bound, words):
    assert words in change_html(town, town, change_of(town, moved_bound=bound), lang="en")


def test_the_trade_off_marks_the_choice_of_the_plan(town):
    html = change_html(town, town, change_of(town), lang="en")
    (chosen,) = re.findall(r'<tr class="chosen">.*?</tr>', html)
    assert number(1000) in chosen
    assert "50.2" in chosen
    assert "41.5" in html
    assert html.count("<svg") == 3


def test_a_cancelled_redraw_has_no_trade_off(town):
    change = change_of(town)
    html = change_html(town, town, change_of(town, curve=change.curve.iloc[:0]), lang="zh")
    assert html.count("<svg") == 2
    assert "取舍" not in html
