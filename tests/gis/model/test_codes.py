"""Grid codes: reading order, width, and retired codes that never return."""

import numpy as np

from gis.model.codes import code_of, next_codes, reading_order, sequence_of


def test_reading_order_goes_by_rows_from_the_north_and_west_to_east() -> None:
    places = np.array([[10.0, 0.0], [0.0, 1.0], [5.0, 100.0], [0.0, 99.0]])
    assert reading_order(places, 50.0).tolist() == [3, 2, 1, 0]


def test_reading_order_of_nothing_is_nothing() -> None:
    assert reading_order(np.empty((0, 2)), 10.0).tolist() == []


def test_a_code_has_three_digits_and_grows_wider_above_999() -> None:
    assert code_of("632524100001", 7) == "632524100001007"
    assert code_of("632524100001", 1000) == "6325241000011000"
    assert sequence_of("6325241000011000", "632524100001") == 1000


def test_a_foreign_code_has_no_sequence() -> None:
    assert sequence_of("A-17", "632524100001") is None


def test_a_retired_code_never_returns() -> None:
    assert next_codes("c", 2, taken=["c001", "c009", "other"]) == ["c010", "c011"]
