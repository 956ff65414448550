"""An edited plan is measured as if it had been drawn so; what was proven of it before is not said again."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gis.measures import measure_coverage, measure_grids, measured_again
from gis.model.kinds import Proof
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.results import Reason, TerritoryReport


@pytest.fixture(scope="module")
def proven(outcome: Outcome) -> Outcome:
    """The plan with a proof for each community and a reason for each of two grids."""
    territories = tuple(
        TerritoryReport(f"{c}-1", c, 4, 400, 1, 0.0, 10.0, bound=10.0, violation_bound=0.0, proof=Proof.OPTIMAL)
        for c in ("A", "B")
    )
    told = Reason("grid-above-band", {"grid_id": "A001", "load": 400, "end": 399, "off": 1})
    report = replace(outcome.report, territories=territories, grid_reasons={"A001": told, "B001": told})
    return replace(outcome, report=report)


def moved(plan: Plan, unit: str, grid: str) -> Plan:
    assignment = plan.assignment.copy()
    assignment[unit] = grid
    return Plan.of(plan.study_id, assignment, plan.grids.values())


def test_numbers_are_those_of_the_plan_as_it_is_now(proven: Outcome, plan: Plan):
    unit = next(u for u, g in plan.assignment.items() if g == "A002")
    edited = moved(plan, unit, "A001")
    again = measured_again(replace(proven, plan=edited), plan)
    assert again.grids.loc[["A001", "A002"], "units"].tolist() == [5, 3]
    assert again.grids.loc[["A001", "A002"], "households"].tolist() == [500, 300]
    pd.testing.assert_frame_equal(again.grids, measure_grids(again.study, edited, again.report))
    pd.testing.assert_frame_equal(again.coverage.rates, measure_coverage(again.study, edited).rates)


def test_proofs_and_reasons_hold_only_where_nothing_was_edited(proven: Outcome, plan: Plan):
    unit = next(u for u, g in plan.assignment.items() if g == "A002")
    again = measured_again(replace(proven, plan=moved(plan, unit, "A001")), plan)
    kept = {t.community_id: (t.proof, t.bound) for t in again.report.territories}
    assert kept == {"A": (Proof.NONE, None), "B": (Proof.OPTIMAL, 10.0)}
    assert set(again.report.grid_reasons) == {"B001"}


def test_decisions_stay(proven: Outcome, plan: Plan):
    unit = next(u for u, g in plan.assignment.items() if g == "A002")
    again = measured_again(replace(proven, plan=moved(plan, unit, "A001")), plan)
    assert again.staffing is proven.staffing


def test_a_plan_that_was_not_edited_keeps_all_it_had(proven: Outcome, plan: Plan):
    again = measured_again(proven, plan)
    assert again.report == proven.report
