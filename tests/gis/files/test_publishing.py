from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gis.files.disclosure import changed_around_few, keep_number, rounded, sum_shown
from gis.files.publishing import public_tables, write_public
from gis.measures import measure_coverage
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan

CONTACTS = pd.DataFrame(
    {"display_name": ["Li", "Wu", "He"], "duty_phone": ["1", "2", "3"], "public": ["yes", "no", "是"]},
    index=pd.Index(["w1", "w2", "w3"], name="worker_id"),
)


def with_counts(outcome: Outcome, households: Mapping[str, int], grids: Mapping[str, str] | None = None) -> Outcome:
    """The town with other households (twice as many residents) and, if told, other grids."""
    units = outcome.study.units.copy()
    given_counts = pd.Series(dict(households)).reindex(units.index).fillna(0).astype("int64")
    units["households"], units["residents"] = given_counts, given_counts * 2
    study = replace(outcome.study, units=units)
    plan = outcome.plan
    if grids is not None:
        assignment = plan.assignment
        assignment.update(pd.Series(dict(grids)))
        plan = Plan.of(study.study_id, assignment, plan.grids.values())
    return replace(outcome, study=study, plan=plan, coverage=measure_coverage(study, plan))


def interval(shown: object) -> tuple[float, float]:
    """What anybody may conclude of a count from what is shown."""
    if pd.isna(shown):
        return 0, np.inf
    if shown % 5 or shown == 0:
        return float(shown), float(shown)  # no number of the rule: taken as it is
    low = 5 if shown == 5 else shown - 2
    return float(low), float(shown + 2)


def span(target: np.ndarray, rows: list[np.ndarray], limits: list[tuple[float, float]]) -> tuple[float, float]:
    """Least and greatest value of target.x over x >= 0 that agrees with everything shown."""
    a = np.array([*rows, *(-r for r in rows)])
    b = np.array([*(high for _, high in limits), *(-low for low, _ in limits)])
    finite = np.isfinite(b)
    ends = []
    for sign in (1, -1):
        solved = linprog(sign * target, A_ub=a[finite], b_ub=b[finite], bounds=(0, 10_000), method="highs")
        assert solved.status == 0
        ends.append(sign * solved.fun)
    return ends[0], ends[1]


def shown_grids(outcome: Outcome, *earlier: Outcome) -> pd.DataFrame:
    """The households and residents of each grid as published."""
    rates = public_tables(outcome, earlier=earlier)["coverage_rates"]
    cells = rates[rates["level"].eq("grid")].set_index("area_id")
    return pd.DataFrame({basis: cells["total"][cells["basis"].eq(basis)] for basis in ("households", "residents")})


def test_small_counts_are_withheld_and_others_end_in_0_or_5():
    shown = rounded(pd.Series([0, 1, 4, 5, 7, 8, 12, 13, 402]))
    assert shown.fillna(-1).tolist() == [-1, -1, -1, 5, 5, 10, 10, 15, 400]


def test_sums_follow_from_published_numbers_only():
    shown = pd.Series(pd.array([400, None, 15], dtype="Int64"))
    assert sum_shown(shown, ["a", "a", "b"]).to_dict() == {"a": 400, "b": 15}


def test_a_number_stays_until_the_truth_is_five_away():
    before = pd.Series(pd.array([400, 400, 400, None], dtype="Int64"))
    assert keep_number(pd.Series([403, 404, 405, 6]), before).tolist() == [400, 400, 405, 5]


def test_a_change_that_sets_few_apart_is_found_with_all_grids_on_its_ground():
    counts = pd.DataFrame({"households": [100, 3, 50, 60]}, index=list("abcd"))
    old = pd.Series({"a": "A", "b": "A", "c": "B", "d": "C"})
    new = pd.Series({"a": "A", "b": "B", "c": "B", "d": "C"})
    assert changed_around_few(counts, old, new) == {"A", "B"}
    assert changed_around_few(counts * 10, old, new) == set()
    assert changed_around_few(counts, old, old) == set()


def test_public_layers_hold_no_unit_no_person_and_no_exact_share(outcome: Outcome, tmp_path: Path):
    path = write_public(public_tables(outcome, contacts=CONTACTS), tmp_path / "public.gpkg")
    layers = {str(name) for name in pyogrio.list_layers(path)[:, 0]}
    assert layers == {"areas", "grids", "facilities", "coverage_rates", "about", "layer_styles"}
    fields = {f for layer in layers for f in pyogrio.read_info(path, layer=layer)["fields"]}
    betraying = {
        "unit_id",
        "worker_id",
        "deviation_share",
        "walk_mean_m",
        "workload_h",
        "heart_unit_id",
        "elder_special",
    }
    assert not fields & betraying
    assert pyogrio.read_info(path, layer="grids")["crs"] == "EPSG:3414"


def test_only_contacts_marked_public_are_shown(outcome: Outcome):
    grids = public_tables(outcome, contacts=CONTACTS)["grids"].set_index("grid_id")
    assert grids["duty_name"].to_dict() == {"A001": "Li", "A002": "", "B001": "He", "C001": ""}
    assert grids["duty_phone"].to_dict() == {"A001": "1", "A002": "", "B001": "3", "C001": ""}


def test_candidates_and_closed_facilities_stay_inside(outcome: Outcome):
    assert public_tables(outcome)["facilities"]["facility_id"].tolist() == ["f1"]


def test_rates_follow_from_published_counts(outcome: Outcome):
    rates = public_tables(outcome)["coverage_rates"]
    row = rates[rates["area_id"].eq("A") & rates["basis"].eq("residents")].iloc[0]
    assert row[["total", "covered", "uncovered", "rate_share", "shortfall"]].tolist() == [2000, 1250, 750, 0.62, 350]
    people = rates[rates["basis"].ne("buildings")]
    for column in ("total", "covered", "uncovered", "shortfall"):
        assert (people[column].dropna() % 5 == 0).all()


def test_the_rule_is_told_with_the_notice(outcome: Outcome):
    about = public_tables(outcome)["about"].set_index("key")
    assert about.loc["notice", "value_zh"] == "示例数据。"
    assert "5" in about.loc["rounding", "value_en"]


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_a_small_grid_is_withheld_in_every_table(outcome: Outcome, few: int):
    tables = public_tables(with_counts(outcome, {"u00": few, "u20": 100, "u30": 100}))
    assert tables["grids"].set_index("grid_id").loc["A001", "households"] is pd.NA
    rates = tables["coverage_rates"]
    rows = rates[rates["area_id"].eq("A001") & rates["basis"].eq("households")]
    assert rows[["total", "covered", "uncovered", "rate_share", "shortfall"]].isna().all(axis=None)


def test_few_uncovered_cannot_be_told_from_none(outcome: Outcome):
    # 200 m reach u00 and u10 but not u30: 3 households are uncovered of 103 in A002
    rates = public_tables(with_counts(outcome, {"u20": 100, "u31": 3}))["coverage_rates"]
    row = rates[rates["area_id"].eq("A002") & rates["basis"].eq("households")].iloc[0]
    assert (row["total"], row["covered"]) == (105, 100)
    assert row["uncovered"] == 5


small_towns = st.fixed_dictionaries(
    {u: st.sampled_from([0, 0, 0, 1, 2, 3, 4, 30]) for u in ("u00", "u01", "u10", "u11", "u20", "u21", "u30", "u31")}
)
quick = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would measure towns for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@given(households=small_towns)
def test_no_small_cell_of_one_version_can_be_pinned(outcome: Outcome, households: dict[str, int]):
    town = with_counts(outcome, households)
    rates = public_tables(town)["coverage_rates"]
    shown = rates[rates["basis"].eq("households") & rates["level"].eq("grid")].set_index("area_id")
    true = town.coverage.rates
    true = true[true["basis"].eq("households") & true["level"].eq("grid")].set_index("area_id")
    covered, uncovered, total = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([1.0, 1.0])
    for grid_id in ("A001", "A002"):
        limits = [interval(shown.loc[grid_id, c]) for c in ("total", "covered")]
        cells = {"total": total, "covered": covered, "uncovered": uncovered}
        counts = dict(true.loc[grid_id, ["total", "covered"]])
        counts["uncovered"] = counts["total"] - counts["covered"]
        for name, cell in cells.items():
            if 1 <= counts[name] <= 4:
                low, high = span(cell, [total, covered], limits)
                assert high - low >= 3, f"{name} of {grid_id}: only {low}..{high} remain possible"


@quick
@given(
    households=small_towns,
    flips=st.sets(st.sampled_from(["u10", "u11", "u20", "u21"]), min_size=1, max_size=3),
    again=st.sets(st.sampled_from(["u10", "u11", "u20", "u21"]), max_size=3),
)
def test_no_small_cell_can_be_pinned_from_several_versions(
    outcome: Outcome, households: dict[str, int], flips: set[str], again: set[str]
):
    def flipped(base: Mapping[str, str], units: set[str]) -> dict[str, str]:
        return {u: {"A001": "A002", "A002": "A001"}[g] if u in units else g for u, g in base.items()}

    first = {u: "A001" if u < "u2" else "A002" for u in households}
    second = flipped(first, flips)
    third = flipped(second, again)
    versions = [with_counts(outcome, households, grids) for grids in (first, second, third)]
    units = sorted(households)
    # the units that keep company in all versions are one unknown; nobody outside can tell them apart
    company = pd.Series({u: (first[u], second[u], third[u]) for u in units})
    groups = sorted(set(company))
    truth = {g: sum(households[u] for u in units if company[u] == g) for g in groups}
    rows, limits = [], []
    for number, version in enumerate(versions):
        shown = shown_grids(version, *versions[:number])["households"]
        for grid_id in ("A001", "A002"):
            rows.append(np.array([float(group[number] == grid_id) for group in groups]))
            low, high = interval(shown[grid_id])
            before = versions[number - 1].plan if number else version.plan
            kept = number > 0 and before.units_of(grid_id) == version.plan.units_of(grid_id)
            limits.append((low - 2, high + 2) if kept else (low, high))  # a number may be kept from before
    for i, group in enumerate(groups):
        if 1 <= truth[group] <= 4 and len(groups) > 2:
            low, high = span(np.eye(len(groups))[i], rows, limits)
            assert high - low >= 3, f"{group}: only {low}..{high} remain possible"


def test_threes_set_apart_by_several_small_changes_stay_hidden(outcome: Outcome):
    """Three buildings of 4 households go to A001 together: 402 becomes 414, while each loser keeps showing 10."""
    homes = ["A002", "A003", "A004"]
    grids = [GridInfo(g, "A") for g in ("A003", "A004")]
    wider = replace(outcome, plan=outcome.plan.with_grids(*grids))
    counts = {"u00": 402} | dict.fromkeys(["u10", "u11", "u20"], 8) | dict.fromkeys(["u21", "u30", "u31"], 4)
    stay = {"u00": "A001", "u01": "A001", **dict(zip(["u10", "u11", "u20"], homes, strict=True))}
    before = with_counts(wider, counts, stay | dict(zip(["u21", "u30", "u31"], homes, strict=True)))
    after = with_counts(wider, counts, stay | dict.fromkeys(["u21", "u30", "u31"], "A001"))
    units = sorted(counts)

    def least_and_most(*shown_of_versions: pd.Series) -> tuple[float, float]:
        rows, limits = [], []
        for version, shown in zip((before, after), shown_of_versions, strict=True):
            for grid_id in ("A001", *homes):
                rows.append(np.array([float(u in version.plan.units_of(grid_id)) for u in units]))
                limits.append(interval(shown[grid_id]))
        return span(np.array([float(u == "u21") for u in units]), rows, limits)

    careless = least_and_most(shown_grids(before)["households"], shown_grids(after)["households"])
    assert careless == (3, 4), "rounding alone leaves hardly a choice"
    careful = least_and_most(shown_grids(before)["households"], shown_grids(after, before)["households"])
    assert careful[0] == 0
    assert careful[1] >= 4


def test_sums_and_rates_tell_no_more_than_the_cells_they_are_made_of(outcome: Outcome):
    # grids of 402 and 3, and of 398 and 1: the same cells are shown, so everything above must be the same too
    first, second = (
        public_tables(with_counts(outcome, {"u00": large, "u20": small, "u40": 100}))
        for large, small in ((402, 3), (398, 1))
    )
    for layer in ("grids", "areas", "coverage_rates"):
        one, other = (
            pd.DataFrame(t[layer]).drop(columns=["geometry", "residents"], errors="ignore") for t in (first, second)
        )
        if layer == "coverage_rates":
            one, other = (t[t["basis"].ne("residents")] for t in (one, other))
        pd.testing.assert_frame_equal(one, other)


def test_the_ground_that_changed_around_few_shows_no_number(outcome: Outcome):
    before = with_counts(outcome, {"u00": 300, "u10": 3, "u20": 300, "u40": 300})
    after = with_counts(outcome, {"u00": 300, "u10": 3, "u20": 300, "u40": 300}, {"u10": "A002"})
    shown = shown_grids(after, before)
    assert shown["households"].isna().to_dict() == {"A001": True, "A002": True, "B001": False, "C001": True}
    rates = public_tables(after, earlier=[before])["coverage_rates"]
    people = rates[rates["area_id"].isin(["A001", "A002"]) & rates["basis"].ne("buildings")]
    assert people[["total", "covered", "uncovered", "rate_share"]].isna().all(axis=None)


def test_ground_that_stays_keeps_its_number_for_a_small_change(outcome: Outcome):
    before = with_counts(outcome, {"u00": 402, "u20": 300})
    after = with_counts(outcome, {"u00": 403, "u20": 310})
    assert shown_grids(after)["households"].tolist()[:2] == [405, 310]
    assert shown_grids(after, before)["households"].tolist()[:2] == [400, 310]


def test_a_grid_new_to_the_plan_is_published(outcome: Outcome):
    wider = replace(outcome, plan=outcome.plan.with_grids(GridInfo("A003", "A")).move("u30", "u31", to="A003"))
    tables = public_tables(wider, earlier=[outcome])
    assert tables["coverage_rates"]["area_id"].isin(["A001"]).any()
