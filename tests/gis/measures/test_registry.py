from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gis.measures import MEASURES, measure_plan, moved_households, surviving_grids
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.study import StudyArea


def test_every_measure_has_a_name_a_unit_and_a_version_once(outcome: Outcome):
    names = [m.name for m in MEASURES]
    assert len(set(names)) == len(names)
    assert all(m.unit and m.version >= 1 for m in MEASURES)
    assert [s.measure for s in outcome.scorecard][: len(names)] == names


def test_the_scores_of_the_town_add_up_in_the_head(outcome: Outcome):
    value = {s.measure: s.value for s in outcome.scorecard}
    assert (value["communities"], value["units"], value["grids"], value["general_grids"]) == (3, 13, 4, 3)
    assert (value["households"], value["residents"]) == (1200, 3000)
    assert value["grids_in_band_share"] == value["households_in_band_share"] == 1
    assert value["walk_mean_m"] == pytest.approx((200 + 100 * 2**0.5) / 4)
    assert value["polsby_popper_mean_share"] == pytest.approx(3.14159 / 4, abs=1e-4)
    assert (value["households_per_worker"], value["workers_per_10000_residents"]) == (400, 10)
    assert value["covered_residents_share:clinic_200"] == pytest.approx(1250 / 3000)
    assert value["split_compounds"] == 0
    assert value["households_moved_share"] is None, "there is no present plan"


def test_broken_rules_show_in_the_scores(town: StudyArea, plan: Plan):
    broken = plan.move("u30", to="A001").move("u40", to="A002")
    value = {s.measure: s.value for s in measure_plan(town, broken)}
    assert (value["disconnected_grids"], value["cross_community_grids"]) == (2, 1)
    without = replace(town, units=town.units.drop(index="u51"))
    assert measure_plan(without, plan.move("u51", to="B001"))["gap_m2"].value == 10_000


def test_a_compound_in_two_grids_is_split(town: StudyArea, plan: Plan):
    assert measure_plan(town, plan.move("u01", to="A002"))["split_compounds"].value == 1


def test_scores_without_coverage_or_staff_say_nothing_of_them(town: StudyArea, plan: Plan):
    card = measure_plan(town, plan)
    assert card["vacant_grids"].value is None
    assert not [s for s in card if s.measure.startswith("covered_")]


def test_grids_live_on_where_most_households_stay(plan: Plan):
    households = pd.Series(100, index=plan.assignment.index)
    present = plan.assignment.replace({"A001": "old1", "A002": "old2", "B001": "old3", "C001": "old4"})
    moved = plan.move("u20", to="A001")
    assert surviving_grids(present, moved, households)["old2"] == "A002"
    assert moved_households(present, moved, households) == 100
    assert moved_households(present, plan, households) == 0


def test_households_without_a_present_grid_do_not_count_as_moved(town: StudyArea, plan: Plan):
    present = plan.assignment.copy()
    present.loc[["u00", "u01"]] = None
    later = replace(town, present=present)
    assert measure_plan(later, plan)["households_moved_share"].value == 0
    assert measure_plan(later, plan.move("u20", to="A001"))["households_moved_share"].value == pytest.approx(0.1)
