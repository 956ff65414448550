"""The numbers of a plan file, worked out again and set beside what the file says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.measures.grids import measure_grids
from gis.measures.rates import BASES, coverage_rates
from gis.measures.registry import measure_plan
from gis.model.findings import Finding

if TYPE_CHECKING:
    from gis.model.outcome import Outcome
    from gis.model.scorecard import Scorecard

__all__ = ["audit_numbers"]

RELATIVE = 1e-6  # sums of hours and metres in another order differ in the last digits
GRID_NUMBERS = (
    "units",
    "households",
    "residents",
    "workload_h",
    "deviation_share",
    "walk_mean_m",
    "pieces",
    "in_band",
)
RATE_NUMBERS = ("total", "covered", "rate_share", "target_share", "shortfall")
HELD_ELSEWHERE = ("gap_m2", "overlap_m2")  # to 1 m2, by the rule of cover itself


def audit_numbers(outcome: Outcome, rebuilt: pd.DataFrame) -> list[Finding]:
    """Return what the file states otherwise than its own units, walks and rules make it.

    Parameters
    ----------
    outcome
        The plan file as read.
    rebuilt
        The adjacency as rebuilt; pieces are counted by it.
    """
    study = replace(outcome.study, adjacency=rebuilt)
    grids = measure_grids(study, outcome.plan, sides=False)
    found = _differences(outcome.grids, grids, GRID_NUMBERS, "grids")
    hearts = grids["heart_unit_id"].ne(outcome.grids["heart_unit_id"].reindex(grids.index))
    found += [
        _wrong("grids", str(g), "heart_unit_id", outcome.grids.loc[g, "heart_unit_id"], grids.loc[g, "heart_unit_id"])
        for g in grids.index[hearts]
    ]
    found += _coverage(outcome)
    again = measure_plan(
        study, outcome.plan, outcome.coverage, report=outcome.report, grids=grids, staffing=outcome.staffing
    )
    stated, computed = (_scores(card) for card in (outcome.scorecard, again))
    return found + _differences(stated, computed, ("value",), "scorecard")


def _scores(card: Scorecard) -> pd.DataFrame:
    table = card.table().set_index("measure")[["value"]]
    return table.drop(index=list(HELD_ELSEWHERE), errors="ignore")


def _wrong(layer: str, row: str, field: str, stated: object, computed: object) -> Finding:
    facts = {"layer": layer, "id": row, "field": field, "stated": str(stated), "computed": str(computed)}
    return Finding("audit-number-wrong", facts)


def _differences(stated: pd.DataFrame, computed: pd.DataFrame, fields: tuple[str, ...], layer: str) -> list[Finding]:
    """Compare tables of one index, field by field; a missing value equals a missing value."""
    rows = [str(row) for row in stated.index.union(computed.index)]
    both = (stated, computed)
    found: list[Finding] = []
    for field in fields:
        left, right = (t[field].reindex(rows).astype("Float64").to_numpy(np.float64, na_value=np.nan) for t in both)
        differs = ~np.isclose(left, right, rtol=RELATIVE, atol=RELATIVE, equal_nan=True)
        found += [_wrong(layer, rows[i], field, left[i], right[i]) for i in np.flatnonzero(differs).tolist()]
    return found


def _coverage(outcome: Outcome) -> list[Finding]:
    """Hold the table to its walks and standards, its counts to the units, the rates to both."""
    table, units = outcome.coverage.table, outcome.study.units
    found = []
    far = table["covered"].astype(bool) & ~(table["walk_m"] <= table["standard_m"])
    for column in BASES:
        off = table[column].to_numpy() != units[column].reindex(table["unit_id"]).to_numpy()
        found += [
            _wrong("coverage", str(u), column, stated, units[column].get(u))
            for u, stated in zip(table["unit_id"][off], table[column][off], strict=True)
        ]
    found += [_wrong("coverage", str(u), "covered", stated=True, computed=False) for u in table["unit_id"][far]]
    if not set(table["unit_id"]) <= set(units.index):
        return found
    rates = coverage_rates(outcome.study, outcome.plan, table)
    stated, computed = (_by_key(t) for t in (outcome.coverage.rates, rates))
    return found + _differences(stated, computed, RATE_NUMBERS, "coverage_rates")


def _by_key(rates: pd.DataFrame) -> pd.DataFrame:
    return rates.set_index(rates["area_id"] + "/" + rates["level"] + "/" + rates["service"] + "/" + rates["basis"])
