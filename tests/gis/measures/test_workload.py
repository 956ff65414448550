from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gis.measures import grid_workload, unit_workload, workload_parts
from gis.model.plan import GridInfo, Plan
from gis.model.standards import default_profiles, default_ratios, default_visits
from gis.model.study import StudyArea

EXAMPLE = pd.DataFrame(
    {
        "households": [400],
        "elder_80_alone": [6],
        "elder_special": [20],
        "disabled_severe": [6],
        "low_income": [6],
        "floating_household": [60],
    },
    index=["g"],
)


def example_parts(**options: object) -> pd.DataFrame:
    return workload_parts(
        EXAMPLE, default_profiles()["urban"], default_visits(), record_min=default_ratios().record_min, **options
    )


def test_the_worked_example_is_met_exactly():
    parts = example_parts().loc["g"]
    profile = default_profiles()["urban"]
    total = parts.sum() + profile.patrol_h
    assert parts["visits_h"] == pytest.approx(644 + 2 / 3, rel=1e-12)
    assert parts["travel_h"] == pytest.approx(1688 * 1.3 * 4 / 60, rel=1e-12)
    assert [round(parts[p], 1) for p in ("visits_h", "travel_h", "events_h")] == [644.7, 146.3, 100.0]
    assert profile.patrol_h == 250
    assert round(total) == 1141
    assert round(total / default_ratios().full_time_h, 2) == 0.91


def test_attempts_multiply_travel_only():
    urban = default_profiles()["urban"]
    eager = replace(urban, attempts=2.6)
    once = workload_parts(EXAMPLE, urban, default_visits(), record_min=5)
    twice = workload_parts(EXAMPLE, eager, default_visits(), record_min=5)
    assert twice["travel_h"].iloc[0] == pytest.approx(2 * once["travel_h"].iloc[0])
    assert twice["visits_h"].iloc[0] == once["visits_h"].iloc[0]


def test_known_metres_between_doors_replace_the_profiles_minutes():
    # 300 m at 4.5 km/h are the default 4 minutes
    known = example_parts(between_doors_m=pd.Series({"g": 300.0}))
    assert known["travel_h"].iloc[0] == pytest.approx(example_parts()["travel_h"].iloc[0])


def test_counted_events_replace_the_assumption():
    assert example_parts(events=pd.Series({"g": 40.0}))["events_h"].iloc[0] == 40.0


def test_units_carry_no_patrol_and_grids_carry_it_once(town: StudyArea, plan: Plan):
    hours = unit_workload(town)
    grids = grid_workload(town, plan)
    # 100 households: 2 visits x 20 min, 2 x 1.3 x 4 min, 0.25 events
    ordinary = 100 * (2 * 20 / 60 + 2 * 1.3 * 4 / 60 + 0.25)
    elders = 3 * (12 * 30 / 60 + 12 * 1.3 * 4 / 60)
    assert hours["u20"] == pytest.approx(ordinary)
    assert hours["u00"] == pytest.approx(ordinary + elders)
    assert hours["v0"] == 0
    assert grids["A002"] == pytest.approx(4 * ordinary + 250)
    assert grids["A001"] == pytest.approx(4 * ordinary + 2 * elders + 250)
    assert grids["C001"] == 0, "nobody patrols an empty grid in this sum"


def test_a_community_follows_its_own_profile(town: StudyArea):
    areas = town.areas.copy()
    areas.loc["B", "profile"] = "rural"
    hours = unit_workload(replace(town, areas=areas))
    assert hours["u40"] == pytest.approx(100 * (2 * 20 / 60 + 2 * 1.15 * 10 / 60 + 0.15))
    assert hours["u20"] == unit_workload(town)["u20"]


def test_cancelled_work_items_weigh_nothing(town: StudyArea, plan: Plan):
    items = pd.DataFrame(
        {
            "hours": [1.0, 2.0, 50.0],
            "times_per_year": [2.0, 6.0, 1.0],
            "per": ["household", "grid", "grid"],
            "status": ["active", "active", "cancelled"],
        },
        index=pd.Index(["i1", "i2", "i3"], name="item_id"),
    )
    burdened = replace(town, work_items=items)
    assert (unit_workload(burdened) - unit_workload(town))["u20"] == pytest.approx(200)
    extra = grid_workload(burdened, plan) - grid_workload(town, plan)
    assert extra["A001"] == pytest.approx(12)  # its units' hours stand in the study's table


def test_a_grid_without_units_still_has_its_patrol(town: StudyArea, plan: Plan):
    wider = plan.with_grids(GridInfo("A003", "A"))
    assert grid_workload(town, wider)["A003"] == 250
