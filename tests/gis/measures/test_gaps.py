from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gis.measures import gap_table
from gis.measures.gaps import GAP_COLUMNS
from gis.model.errors import SettingError, UnknownIdError
from gis.model.outcome import Outcome


def test_the_largest_gap_comes_first_with_what_would_close_it(outcome: Outcome):
    gaps = gap_table(outcome, service="clinic_200")
    assert list(gaps.columns) == list(GAP_COLUMNS)
    assert gaps["area_id"].tolist() == ["B", "A", "C"]
    birch = gaps.iloc[0]
    assert birch[["name", "total", "covered", "uncovered", "rate_share"]].tolist() == ["Birch", 1000, 0, 1000, 0.0]
    assert birch["shortfall"] == 800
    assert birch["sites"] == (("f2", 1000),)
    alder = gaps.iloc[1]
    assert alder[["uncovered", "shortfall", "farthest_walk_m"]].tolist() == [750, 350, 400.0]
    assert alder["sites"] == (("f2", 250),), "the site is 200 m from u30 only"


def test_where_nobody_lives_there_is_nothing_to_close(outcome: Outcome):
    cedar = gap_table(outcome, service="clinic_200").set_index("area_id").loc["C"]
    assert cedar[["total", "uncovered", "beyond_reach"]].tolist() == [0, 0, 0]
    assert np.isnan(cedar["rate_share"])
    assert cedar["sites"] == ()


def test_walks_longer_than_were_measured_are_counted_apart(outcome: Outcome):
    # 500 m reach u40 and u41 but not u51 (600 m); u50 is 500 m away
    birch = gap_table(outcome, service="clinic_200").iloc[0]
    assert birch[["farthest_walk_m", "beyond_reach"]].tolist() == [500.0, 250]


def test_the_nearest_facility_is_that_of_an_uncovered_place(outcome: Outcome):
    alder = gap_table(outcome, service="clinic_200", level="grid").set_index("area_id").loc["A002"]
    assert alder[["nearest_facility_id", "nearest_walk_m"]].tolist() == ["f1", 300.0]


def test_an_area_and_a_least_gap_narrow_the_list(outcome: Outcome):
    inside = gap_table(outcome, service="clinic_200", level="grid", area="A")
    assert inside["area_id"].tolist() == ["A002", "A001"]
    assert gap_table(outcome, service="clinic_200", area="S", min_uncovered=800)["area_id"].tolist() == ["B"]
    assert gap_table(outcome, service="clinic_200", level="county")["area_id"].tolist() == ["T"]


def test_gaps_agree_with_the_rates(outcome: Outcome):
    rates = outcome.coverage.rates.set_index(["area_id", "basis"])
    for basis in ("residents", "households", "buildings"):
        for row in gap_table(outcome, service="clinic_200", level="grid", basis=basis).itertuples():
            assert (row.total, row.covered) == tuple(rates.loc[(row.area_id, basis), ["total", "covered"]])


def test_what_is_not_known_is_refused_with_what_is(outcome: Outcome):
    with pytest.raises(UnknownIdError, match="clinic_200"):
        gap_table(outcome, service="nothing")
    with pytest.raises(UnknownIdError, match="Z9"):
        gap_table(outcome, service="clinic_200", area="Z9")
    with pytest.raises(SettingError, match="community"):
        gap_table(outcome, service="clinic_200", level="street")


def test_a_closed_site_is_not_offered(outcome: Outcome):
    closed = outcome.study.facilities.assign(status="closed")
    gaps = gap_table(replace(outcome, study=replace(outcome.study, facilities=closed)), service="clinic_200")
    assert not any(gaps["sites"])
