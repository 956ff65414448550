"""What is measured again when grids were edited by hand since they were measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gis.measures.coverage import measure_coverage
from gis.measures.grids import measure_grids
from gis.measures.registry import measure_plan
from gis.model.kinds import Proof
from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.results import SolveReport, TerritoryReport

__all__ = ["measured_again"]


def measured_again(outcome: Outcome, before: Plan) -> Outcome:
    """Measure the grids, coverage and scores of an edited plan.

    Who is posted where and which sites were chosen are decisions, not measures: they stay. What was proven of a
    community, or told of a grid, holds no longer once it was edited.

    Parameters
    ----------
    outcome
        The edited plan with the tables of the last measured version.
    before
        The plan as it was then.
    """
    study, plan = outcome.study, outcome.plan
    edited = _edited(before, plan)
    communities = {p.grids[g].community_id for p in (before, plan) for g in edited if g in p.grids}
    report = _still_true(outcome.report, edited, communities)
    grids = measure_grids(study, plan, report)
    coverage = measure_coverage(study, plan)
    scores = measure_plan(study, plan, coverage, report=report, staffing=outcome.staffing, grids=grids)
    measured = replace(outcome, report=report, grids=grids, coverage=coverage, scorecard=scores)
    return replace(measured, **_micro_grids(outcome, edited))


def _micro_grids(outcome: Outcome, edited: set[str]) -> dict[str, Any]:
    """Return the micro-grids of grids that were not edited: the others are to be cut anew."""
    if outcome.micro_grids is None or outcome.micro_of is None:
        return {}
    left = outcome.micro_grids[~outcome.micro_grids["grid_id"].isin(edited)]
    return {"micro_grids": left, "micro_of": outcome.micro_of[outcome.micro_of.isin(left.index)]}


def _edited(before: Plan, plan: Plan) -> set[str]:
    """Return the grids that lost or won a unit, were made or retired."""
    now = plan.assignment
    then = before.assignment.reindex(now.index)
    moved = now.ne(then)
    touched = {str(g) for g in (*now[moved], *then[moved].dropna())}
    return touched | (set(plan.grids) ^ set(before.grids))


def _still_true(report: SolveReport, edited: set[str], communities: set[str]) -> SolveReport:
    return replace(
        report,
        territories=tuple(_unproven(t) if t.community_id in communities else t for t in report.territories),
        grid_reasons={g: reason for g, reason in report.grid_reasons.items() if g not in edited},
    )


def _unproven(territory: TerritoryReport) -> TerritoryReport:
    return replace(territory, bound=None, violation_bound=None, proof=Proof.NONE, reason=None, other_counts=())
