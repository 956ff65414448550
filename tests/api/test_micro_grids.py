"""Micro-grids along the whole way: drawn, in the file, in the register, audited, gone when a grid is edited."""

from dataclasses import replace
from functools import partial

import pytest

from api.workflow import make_outcome
from gis.files.geopackage import plan_layers, write_plan
from gis.files.plan_file import indexed_layer, outcome_of_layers, read_layers, read_plan
from gis.files.register_tables import register_tables
from gis.measures import audit_plan, measured_again
from gis.model.plan import Plan
from gis.model.study import MicroGridSettings
from gis.space import build_study, neighbours
from maps.report import report_html
from maps.report_tables import micro_grids_table
from maps.strings import say
from tests.towns import lattice4x4_inputs


@pytest.fixture(scope="module")
def outcome():
    inputs = lattice4x4_inputs()
    study = build_study(
        replace(inputs, settings=replace(inputs.settings, micro_grids=MicroGridSettings(90, 100, 110)))
    )
    return make_outcome(study)


def audited(layers):
    read = {name: indexed_layer(name, table) for name, table in layers.items()}
    return audit_plan(read, neighbours, reread=partial(outcome_of_layers, read))


def test_the_plan_file_holds_micro_grids_and_gives_them_back(outcome, tmp_path):
    path = write_plan(outcome, tmp_path / "plan.gpkg")
    again = read_plan(path)
    assert again.micro_grids is not None
    assert again.micro_grids["households"].tolist() == [100] * 8
    assert again.micro_grids["in_band"].all()
    assert again.micro_of.to_dict() == outcome.micro_of.to_dict()
    assert again.study.settings.micro_grids == MicroGridSettings(90, 100, 110)
    assert again.micro_grids.geometry.area.sum() == pytest.approx(outcome.units.geometry.area.sum())
    assert audit_plan(read_layers(path), neighbours, reread=lambda: again).sound


def test_the_audit_names_a_micro_grid_that_leaves_its_grid_or_falls_apart(outcome):
    layers = {name: table.copy() for name, table in plan_layers(outcome).items()}
    units = layers["units"]
    grids = units.groupby("grid_id")["micro_grid_id"].first()
    own = units["grid_id"].eq(grids.index[0])
    units.loc[units.index[own][0], "micro_grid_id"] = grids.iloc[-1]
    codes = {b.code for b in audited(layers).breaches.items}
    assert {"audit-micro-grid-across", "audit-micro-grid-count"} <= codes


def test_the_register_lists_micro_grids_by_code(outcome):
    tables = register_tables(outcome, contacts=None, lang="en")
    assert tables["micro_grids"]["micro_grid_id"].tolist() == outcome.micro_grids.index.tolist()
    assert tables["units"]["micro_grid_id"].ne("").all()
    assert "micro_grids" not in register_tables(
        replace(outcome, micro_grids=None, micro_of=None), contacts=None, lang="en"
    )


def test_an_edited_grid_loses_its_micro_grids_and_the_others_keep_theirs(outcome):
    plan = outcome.plan
    unit, old = next(iter(plan.assignment.items()))
    new = next(g for g in plan.grids if g != old)
    edited = Plan.of(plan.study_id, {**plan.assignment.to_dict(), unit: new}, plan.grids.values())
    after = measured_again(replace(outcome, plan=edited), plan)
    assert set(after.micro_grids["grid_id"]) == set(plan.grids) - {old, new}
    assert set(after.micro_of) == set(after.micro_grids.index)


def test_a_study_that_asks_for_none_has_none():
    plain = make_outcome(build_study(lattice4x4_inputs()))
    assert plain.micro_grids is None
    assert "micro_grids" not in plan_layers(plain)
    assert "micro_grid_id" not in plan_layers(plain)["units"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_tells_micro_grids_by_community(outcome, lang):
    table = micro_grids_table(outcome, lang)
    assert sum(int(row[1][0]) for row in table.rows) == len(outcome.micro_grids)
    assert all(row[1:6] == (row[1], row[1], ("100",), ("100",), ("100",)) for row in table.rows)
    title = say("report.title.micro_grids", lang)
    assert title in report_html(outcome, lang=lang)
    assert title not in report_html(replace(outcome, micro_grids=None, micro_of=None), lang=lang)
