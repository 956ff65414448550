from __future__ import annotations

import pandas as pd
import pytest

from gis.measures import check_indicators


def indicators(*rows: tuple[str, float, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "stated", "numerator", "denominator"])


def test_the_two_known_inconsistencies_are_flagged_and_the_control_holds():
    checked = check_indicators(
        indicators(
            ("coverage", 0.82, 1681, 2101),
            ("sum", 16858, 3682 + 7337 + 3414, None),
            ("control", 0.76, 12812, 16858),
        )
    )
    assert checked["flagged"].tolist() == [True, True, False]
    assert checked["computed"].tolist() == pytest.approx([0.8001, 14433, 0.76], abs=5e-5)
    assert checked.loc[0, "difference_points"] == pytest.approx(1.99, abs=0.005)


def test_percent_and_share_mean_the_same():
    checked = check_indicators(indicators(("share", 0.82, 1681, 2101), ("percent", 82, 1681, 2101)))
    assert checked["stated"].tolist() == [0.82, 0.82]


def test_half_a_point_is_not_yet_flagged():
    checked = check_indicators(indicators(("at", 0.505, 500, 1000), ("beyond", 0.5051, 500, 1000)))
    assert checked["flagged"].tolist() == [False, True]


def test_a_denominator_of_zero_is_not_applicable():
    checked = check_indicators(indicators(("none", 1.0, 0, 0)))
    assert checked[["computed", "difference_points", "flagged"]].isna().all(axis=None)


def test_what_was_given_is_not_changed():
    table = indicators(("percent", 82, 1681, 2101))
    check_indicators(table)
    assert table["stated"].tolist() == [82]
