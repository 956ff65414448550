from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gis.files.geopackage import plan_layers, write_layers, write_plan
from gis.files.plan_file import indexed_layer, outcome_of_layers, read_layers
from gis.measures import measure_grids, measure_plan
from gis.measures.audit import AuditReport, audit_plan
from gis.model.outcome import Outcome
from gis.space import neighbours
from tests.towns import by_streets

Layers = dict[str, pd.DataFrame]


def audit(layers: Layers, certificate: dict[str, object] | None = None) -> AuditReport:
    return audit_plan(layers, neighbours, reread=partial(outcome_of_layers, layers), certificate=certificate)


def as_read(layers: Layers) -> Layers:
    return {name: indexed_layer(name, table) for name, table in layers.items()}


@pytest.fixture
def tampered(outcome: Outcome) -> Callable[[Callable[[Layers], None]], dict[str, dict[str, object]]]:
    """Changes the layers of the plan and tells what the audit names: code -> facts of the first."""

    def broken_by(change: Callable[[Layers], None]) -> dict[str, dict[str, object]]:
        layers = {name: table.copy() for name, table in plan_layers(outcome).items()}
        change(layers)
        report = audit(as_read(layers))
        assert not report.sound
        named: dict[str, dict[str, object]] = {}
        for breach in report.breaches.items:
            named.setdefault(breach.code, dict(breach.facts))
            assert "{" not in breach.what("zh") + breach.what("en"), "every fact of the sentence is given"
        return named

    return broken_by


def at(table: pd.DataFrame, column: str, value: str) -> int:
    return int(table.index[table[column].eq(value)][0])


def test_a_plan_as_written_is_sound(outcome: Outcome, tmp_path: Path):
    path = write_plan(outcome, tmp_path / "plan.gpkg")
    report = audit(read_layers(path), certificate={"plan_digest": outcome.plan.digest})
    assert [b.what("en") for b in report.breaches.items] == []
    assert report.sound
    assert (report.units, report.grids) == (13, 4)


def test_a_file_tampered_with_is_caught(outcome: Outcome, tmp_path: Path):
    layers = plan_layers(outcome)
    layers["units"] = layers["units"][layers["units"]["unit_id"].ne("u41")]
    report = audit(read_layers(write_layers(layers, tmp_path / "tampered.gpkg", styles={})))
    assert "audit-community-gap" in {b.code for b in report.breaches.items}


def test_a_flipped_unit_is_named_with_its_grids(tampered):
    def flip(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "u20"), "grid_id"] = "A001"

    named = tampered(flip)
    assert named["audit-outline-differs"] == {"grid_id": "A001", "area_m2": 10_000.0}
    assert named["audit-digest-differs"]["place"] == "rules"
    assert named["audit-number-wrong"]["id"] == "A001"
    assert "audit-grid-disconnected" not in named, "u20 lies beside A001"


def test_a_unit_flipped_out_of_reach_cuts_the_grid(tampered):
    def flip(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "u30"), "grid_id"] = "A001"

    assert tampered(flip)["audit-grid-disconnected"] == {"grid_id": "A001", "pieces": 2, "unit_ids": "u30"}


def test_a_unit_flipped_across_the_community_is_named(tampered):
    def flip(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "u30"), "grid_id"] = "B001"

    assert tampered(flip)["audit-grid-across"] == {
        "grid_id": "B001",
        "grid_community_id": "B",
        "unit_id": "u30",
        "community_id": "A",
    }


def test_a_flip_that_follows_every_rule_is_still_not_the_plan_certified(outcome: Outcome):
    report = audit(as_read(plan_layers(outcome)), certificate={"plan_digest": "0" * 64})
    codes = [b.code for b in report.breaches.items]
    assert codes == ["audit-digest-differs"]


def test_a_dropped_unit_leaves_a_gap(tampered):
    def drop(layers: Layers) -> None:
        layers["units"] = layers["units"][layers["units"]["unit_id"].ne("u41")]

    named = tampered(drop)
    assert named["audit-community-gap"] == {"community_id": "B", "area_m2": 10_000.0}
    assert named["audit-adjacency-forged"] == {"unit_a": "u40", "unit_b": "u41"}
    assert named["audit-number-wrong"]["layer"] == "grids"


def test_a_moved_unit_leaves_a_gap_and_an_overlap(tampered):
    def move(layers: Layers) -> None:
        units = layers["units"]
        row = at(units, "unit_id", "u11")
        units.loc[[row], "geometry"] = units.loc[[row], "geometry"].translate(0, -50)

    named = tampered(move)
    assert named["audit-community-gap"] == {"community_id": "A", "area_m2": 5_000.0}
    assert named["audit-community-overlap"] == {"community_id": "A", "area_m2": 5_000.0}


def test_a_unit_moved_out_of_its_community_is_outside(tampered):
    def move(layers: Layers) -> None:
        units = layers["units"]
        row = at(units, "unit_id", "u11")
        units.loc[[row], "geometry"] = units.loc[[row], "geometry"].translate(0, 1_000)

    assert tampered(move)["audit-community-outside"] == {"community_id": "A", "area_m2": 10_000.0}


def test_a_duplicated_unit_is_named_with_both_grids(tampered):
    def duplicate(layers: Layers) -> None:
        units = layers["units"]
        again = units[units["unit_id"].eq("u31")].assign(grid_id="A001")
        layers["units"] = gpd.GeoDataFrame(pd.concat([units, again], ignore_index=True), crs=units.crs)

    named = tampered(duplicate)
    assert named["audit-unit-twice"] == {"unit_id": "u31", "grids": "A001, A002"}
    assert named["audit-community-overlap"]["community_id"] == "A"


def test_a_forged_neighbour_is_named(tampered):
    def forge(layers: Layers) -> None:
        row = {"unit_a": "u00", "unit_b": "u31", "shared_m": 100.0, "via": "border"}
        layers["adjacency"] = pd.concat([layers["adjacency"], pd.DataFrame([row])], ignore_index=True)

    assert tampered(forge) == {"audit-adjacency-forged": {"unit_a": "u00", "unit_b": "u31"}}


def test_a_forged_neighbour_does_not_hide_a_cut(tampered):
    def forge(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "u30"), "grid_id"] = "A001"
        row = {"unit_a": "u10", "unit_b": "u30", "shared_m": 100.0, "via": "border"}
        layers["adjacency"] = pd.concat([layers["adjacency"], pd.DataFrame([row])], ignore_index=True)

    named = tampered(forge)
    assert named["audit-grid-disconnected"]["unit_ids"] == "u30"
    assert named["audit-adjacency-forged"] == {"unit_a": "u10", "unit_b": "u30"}


def test_a_neighbour_left_out_or_changed_is_named(tampered):
    def leave_out(layers: Layers) -> None:
        layers["adjacency"] = layers["adjacency"].iloc[1:]
        layers["adjacency"].loc[1, "shared_m"] = 7.0

    named = tampered(leave_out)
    assert named["audit-adjacency-missing"] == {"unit_a": "u00", "unit_b": "u01"}
    assert named["audit-adjacency-differs"] == {"unit_a": "u00", "unit_b": "u10"}


def test_a_neighbour_said_twice_is_named(tampered):
    def repeat(layers: Layers) -> None:
        layers["adjacency"] = pd.concat([layers["adjacency"], layers["adjacency"].iloc[[0]]], ignore_index=True)

    assert tampered(repeat)["audit-adjacency-twice"] == {"unit_a": "u00", "unit_b": "u01"}


def test_a_grid_that_does_not_exist_is_named(tampered):
    def rename(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "u20"), "grid_id"] = "A009"

    assert tampered(rename)["audit-grid-unknown"] == {"unit_id": "u20", "grid_id": "A009"}


def test_a_unit_without_grid_and_a_grid_without_units_are_named(tampered):
    def empty(layers: Layers) -> None:
        units = layers["units"]
        units.loc[at(units, "unit_id", "v0"), "grid_id"] = None

    named = tampered(empty)
    assert named["audit-unit-unassigned"] == {"unit_id": "v0"}
    assert named["audit-grid-hollow"] == {"grid_id": "C001"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("households", 401), ("residents", 999), ("workload_h", 1.0), ("walk_mean_m", 1.0), ("pieces", 2), ("units", 5)]
    + [("deviation_share", 0.5), ("in_band", False), ("heart_unit_id", "u11")],
)
def test_a_changed_number_of_a_grid_is_named(tampered, field: str, value: object):
    def change(layers: Layers) -> None:
        layers["grids"].loc[at(layers["grids"], "grid_id", "A001"), field] = value

    named = tampered(change)
    assert named["audit-number-wrong"]["layer"] == "grids"
    assert (named["audit-number-wrong"]["id"], named["audit-number-wrong"]["field"]) == ("A001", field)


def test_counts_that_are_no_whole_numbers_are_named(tampered):
    def halve(layers: Layers) -> None:
        layers["units"]["residents"] = layers["units"]["residents"] + 0.5

    assert tampered(halve)["audit-count-wrong"] == {"layer": "units", "field": "residents", "count": 13}


def test_a_rate_or_a_score_made_up_is_named(tampered):
    def praise(layers: Layers) -> None:
        layers["coverage_rates"].loc[0, "covered"] += 1
        layers["scorecard"].loc[0, "value"] = 99.0

    assert tampered(praise)["audit-number-wrong"]["layer"] == "coverage_rates"


def test_coverage_beyond_the_standard_is_named(tampered):
    def stretch(layers: Layers) -> None:
        table = layers["coverage"]
        table.loc[at(table, "unit_id", "u51"), "covered"] = True

    facts = tampered(stretch)["audit-number-wrong"]
    assert (facts["layer"], facts["id"], facts["field"]) == ("coverage", "u51", "covered")


def test_an_outline_redrawn_by_hand_is_named(tampered):
    def redraw(layers: Layers) -> None:
        grids = layers["grids"]
        grids.loc[[at(grids, "grid_id", "B001")], "geometry"] = shapely.box(400, 0, 600, 190)

    assert tampered(redraw)["audit-outline-differs"] == {"grid_id": "B001", "area_m2": 2_000.0}


def test_many_breaches_of_one_kind_are_counted_beyond_twenty(outcome: Outcome):
    layers = plan_layers(outcome)
    ids = [f"x{i:02d}" for i in range(30)]
    forged = pd.DataFrame({"unit_a": ids, "unit_b": "z", "shared_m": 1.0, "via": "border"})
    layers["adjacency"] = pd.concat([layers["adjacency"], forged], ignore_index=True)
    report = audit(as_read(layers))
    assert len(report.breaches) == 21
    assert report.breaches.items[-1].facts == {"code": "audit-adjacency-forged", "count": 10}


def test_work_items_keep_the_hours_of_grids_provable(outcome: Outcome):
    items = pd.DataFrame(
        {"hours": [2.0], "times_per_year": [6.0], "per": ["grid"], "status": ["active"]},
        index=pd.Index(["i1"], name="item_id"),
    )
    study = replace(outcome.study, work_items=items)
    grids = measure_grids(study, outcome.plan)
    card = measure_plan(study, outcome.plan, outcome.coverage, report=outcome.report, staffing=outcome.staffing)
    burdened = replace(outcome, study=study, grids=grids, scorecard=card)
    assert grids.loc["A001", "workload_h"] == outcome.grids.loc["A001", "workload_h"] + 12
    assert audit(as_read(plan_layers(burdened))).sound


def with_rules(outcome: Outcome, together: tuple[tuple[str, ...], ...], apart: tuple[tuple[str, ...], ...]) -> Layers:
    settings = outcome.study.settings
    grids = replace(settings.grids, together=together, apart=apart)
    study = replace(outcome.study, settings=replace(settings, grids=grids))
    return as_read(plan_layers(replace(outcome, study=study)))


def test_rules_of_together_and_apart_are_proven_from_the_file_alone(outcome: Outcome):
    assert audit(with_rules(outcome, (("u00", "u10"),), (("u00", "u20"),))).sound
    broken = audit(with_rules(outcome, (("u10", "u20"),), (("u00", "u01"),))).breaches.items
    assert {b.code: dict(b.facts) for b in broken} == {
        "audit-together-parted": {"unit_ids": "u10, u20", "grids": "A001, A002"},
        "audit-apart-joined": {"unit_a": "u00", "unit_b": "u01", "grid_id": "A001"},
    }


def test_rules_come_back_from_a_plan_file(outcome: Outcome):
    layers = with_rules(outcome, (("u00", "u10"),), (("u00", "u20"),))
    grids = outcome_of_layers(layers).study.settings.grids
    assert grids.together == (("u00", "u10"),)
    assert grids.apart == (("u00", "u20"),)


def walked_outcome(outcome: Outcome) -> Outcome:
    """The outcome with walks that go round by streets, measured by them."""
    study = by_streets(outcome.study)
    card = measure_plan(study, outcome.plan, outcome.coverage, report=outcome.report, staffing=outcome.staffing)
    return replace(outcome, study=study, grids=measure_grids(study, outcome.plan), scorecard=card)


def test_walks_of_a_plan_file_prove_its_hearts_and_means(outcome: Outcome, tmp_path: Path):
    path = write_plan(walked_outcome(outcome), tmp_path / "plan.gpkg")
    report = audit(read_layers(path))
    assert [b.what("en") for b in report.breaches.items] == []
    straight = as_read(plan_layers(replace(walked_outcome(outcome), study=outcome.study)))
    assert {b.facts["field"] for b in audit(straight).breaches.items} == {"walk_mean_m", "value"}


@pytest.mark.parametrize(
    ("unit_id", "change", "code", "facts"),
    [
        (
            "u11",
            lambda told: f"1 {told.split(' ', 1)[1]}",
            "audit-number-wrong",
            {"id": "A001", "field": "walk_mean_m"},
        ),
        ("u10", lambda told: f"1001 {told.split(' ', 1)[1]}", "audit-walk-far", {"unit_a": "u00", "unit_b": "u10"}),
        ("u10", lambda told: f"{told} 7", "audit-walks-wrong", {"unit_id": "u10"}),
        ("u10", lambda told: told.split(" ", 1)[1], "audit-walks-wrong", {"unit_id": "u10"}),
        ("u10", lambda told: told.replace("1", "-1", 1), "audit-walks-wrong", {"unit_id": "u10"}),
        ("u00", lambda _: "12", "audit-walks-wrong", {"unit_id": "u00"}),
    ],
)
def test_a_damaged_walk_is_named(
    outcome: Outcome, unit_id: str, change: Callable[[str], str], code: str, facts: dict[str, str]
):
    layers = {name: table.copy() for name, table in plan_layers(walked_outcome(outcome)).items()}
    row = at(layers["walks"], "unit_id", unit_id)
    layers["walks"].loc[row, "walks_dm"] = change(layers["walks"].loc[row, "walks_dm"])
    found = [b for b in audit(as_read(layers)).breaches.items if b.code == code]
    assert facts.items() <= found[0].facts.items()
    assert "{" not in found[0].what("zh") + found[0].what("en")


def test_a_row_of_walks_lost_or_doubled_is_named(outcome: Outcome):
    layers = plan_layers(walked_outcome(outcome))
    walks = layers["walks"]
    layers["walks"] = pd.concat([walks[walks["unit_id"].ne("u20")], walks.iloc[[0]]], ignore_index=True)
    found = audit(as_read(layers)).breaches.items
    assert [(b.code, b.facts["unit_id"]) for b in found] == [("audit-walks-wrong", u) for u in ("u00", "u20")]


def test_a_plan_by_walks_without_them_is_named(outcome: Outcome):
    layers = plan_layers(walked_outcome(outcome))
    del layers["walks"]
    assert [b.code for b in audit(as_read(layers)).breaches.items] == ["audit-walks-missing"]
