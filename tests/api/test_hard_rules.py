"""Rules of together and apart, asked of a plan before and after an edit."""

from dataclasses import replace

import pytest

from api.hard_rules import HardRules
from gis.model.errors import GroupingError
from gis.model.plan import GridInfo, Plan
from tests.optimize.partition.towns import HUNDREDS, lattice, study_of

LEFT, RIGHT = "C001", "C002"


@pytest.fixture
def rules():
    """Two rows of four; the third column is together, the second and the fourth of the south are apart."""
    study = study_of(lattice(4, 2, [100] * 8, HUNDREDS))
    grids = replace(study.settings.grids, together=(("u0002", "u0102"),), apart=(("u0001", "u0003"),))
    return HardRules(replace(study, settings=replace(study.settings, grids=grids)))


def plan(left):
    ids = [f"u{r:02d}{c:02d}" for r in range(2) for c in range(4)]
    return Plan.of(
        "town", {u: LEFT if u in left else RIGHT for u in ids}, [GridInfo(LEFT, "C"), GridInfo(RIGHT, "C")]
    )


WEST = {"u0000", "u0001", "u0100", "u0101"}


def test_a_move_that_parts_a_group_is_refused_by_both_names(rules):
    with pytest.raises(GroupingError) as refused:
        rules.check(plan(WEST), plan(WEST | {"u0102"}))
    assert refused.value.code == "together-parted"
    assert set(refused.value.facts) == {"unit_id", "other_unit_id", "grid_id", "other_grid_id"}


def test_a_group_moves_as_a_whole(rules):
    rules.check(plan(WEST), plan(WEST | {"u0002", "u0102"}))


def test_a_move_that_joins_rivals_is_refused(rules):
    with pytest.raises(GroupingError) as refused:
        rules.check(plan(WEST), plan(WEST - {"u0001"}))
    assert refused.value.facts == {"unit_id": "u0001", "other_unit_id": "u0003", "grid_id": RIGHT}


def test_a_plan_that_broke_a_rule_before_may_still_be_edited(rules):
    before = WEST | {"u0102"}
    rules.check(plan(before), plan(before | {"u0002"}))
    rules.check(plan(WEST - {"u0001"}), plan(WEST - {"u0001", "u0000"}))
