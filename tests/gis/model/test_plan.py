"""The plan: complete, immutable, and the same whatever order its rows came in."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from gis.model.errors import IncompletePlanError, UnknownIdError
from gis.model.plan import GridInfo, Plan, PlanChange

GRIDS = (GridInfo("west", "c1"), GridInfo("east", "c1"))


@pytest.fixture
def plan() -> Plan:
    return Plan.of("strip", {"u1": "west", "u2": "west", "u3": "east", "u4": "east"}, GRIDS)


def test_the_digest_does_not_depend_on_the_order_of_rows(plan: Plan) -> None:
    backwards = pd.Series({"u4": "east", "u3": "east", "u2": "west", "u1": "west"})
    assert Plan.of("strip", backwards, reversed(GRIDS)).digest == plan.digest


def test_the_digest_is_sha256_of_sorted_lines() -> None:
    expected = hashlib.sha256(b"a\tg1\nb\tg2\n").hexdigest()
    assert Plan.of("s", {"b": "g2", "a": "g1"}, [GridInfo("g1", "c"), GridInfo("g2", "c")]).digest == expected


def test_a_move_leaves_the_plan_as_it_was(plan: Plan) -> None:
    moved = plan.move("u2", to="east")
    assert plan.grid_of("u2") == "west"
    assert moved.grid_of("u2") == "east"
    assert moved.units_of("east") == ["u2", "u3", "u4"]


def test_some_grids_are_a_plan_of_their_own(plan: Plan) -> None:
    plan = plan.changed({"u2": "east"}, [GridInfo("north", "c1")])
    part = plan.only(["north", "east"])
    assert (list(part.grids), part.unit_ids.tolist()) == (["east", "north"], ["u2", "u3", "u4"])
    assert [list(part.grids)[number] for number in part.grid_numbers] == ["east"] * 3
    assert part.grid_of("u2") == "east"
    with pytest.raises(UnknownIdError):
        plan.only(["south"])


def test_a_diff_names_the_units_that_moved(plan: Plan) -> None:
    assert plan.move("u2", to="east").diff(plan) == (PlanChange("u2", "west", "east"),)


def test_a_diff_names_units_that_came_and_went(plan: Plan) -> None:
    smaller = Plan.of("strip", {"u1": "west", "u9": "east"}, GRIDS)
    changes = {c.unit_id: (c.old_grid_id, c.new_grid_id) for c in smaller.diff(plan)}
    assert changes == {"u2": ("west", None), "u3": ("east", None), "u4": ("east", None), "u9": (None, "east")}


def test_the_assignment_handed_out_cannot_change_the_plan(plan: Plan) -> None:
    series = plan.assignment
    series["u1"] = "east"
    assert plan.grid_of("u1") == "west"


def test_a_unit_without_a_grid_is_refused() -> None:
    with pytest.raises(IncompletePlanError) as refused:
        Plan.of("strip", {"u1": "west", "u2": None}, GRIDS)  # type: ignore[dict-item]
    assert refused.value.facts == {"count": 1, "unit_id": "u2"}


def test_a_unit_in_two_grids_is_refused() -> None:
    twice = pd.Series(["west", "east"], index=["u1", "u1"])
    with pytest.raises(IncompletePlanError, match="more than one grid"):
        Plan.of("strip", twice, GRIDS)


def test_a_grid_nobody_named_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="north"):
        Plan.of("strip", {"u1": "north"}, GRIDS)


@pytest.mark.parametrize("unit_id", ["u0", "u5", ""])
def test_an_unknown_unit_is_named(plan: Plan, unit_id: str) -> None:
    with pytest.raises(UnknownIdError):
        plan.grid_of(unit_id)
    with pytest.raises(UnknownIdError):
        plan.move(unit_id, to="east")


def test_a_plan_of_many_units_keeps_every_one() -> None:
    units = [f"u{i:05d}" for i in range(5000)]
    grids = [GridInfo(f"g{i}", "c") for i in range(50)]
    rng = np.random.default_rng(7)
    assignment = {u: f"g{rng.integers(50)}" for u in units}
    assert Plan.of("s", assignment, grids).assignment.to_dict() == assignment
