"""Groups brought to the units of a study: what contradicts is refused by name."""

from dataclasses import replace

import pytest

from gis.model.errors import InputRefusedError
from gis.space import build_study
from tests.towns import river_town_inputs, strip6_inputs


def with_rules(inputs, together=(), apart=(), **grids):
    own = replace(inputs.settings.grids, together=tuple(together), apart=tuple(apart), **grids)
    return replace(inputs, settings=replace(inputs.settings, grids=own))


def refused(inputs):
    with pytest.raises(InputRefusedError) as error:
        build_study(inputs)
    return {f.code: f for f in error.value.findings.items}


def test_groups_that_share_a_unit_are_one_and_rivals_are_pairs():
    inputs = with_rules(strip6_inputs(), [("u0", "u1"), ("u1", "u2")], [("u3", "u4", "u5")])
    grids = build_study(inputs).settings.grids
    assert grids.together == (("u0", "u1", "u2"),)
    assert grids.apart == (("u3", "u4"), ("u3", "u5"), ("u4", "u5"))


def test_a_study_without_rules_is_left_as_it_is():
    assert build_study(strip6_inputs()).settings.grids == strip6_inputs().settings.grids


def test_a_unit_that_is_not_there_is_refused_by_name():
    assert refused(with_rules(strip6_inputs(), [("u0", "nobody")]))["grouping-lost"].facts["unit_id"] == "nobody"


def test_a_group_with_a_gap_is_refused_by_its_two_ends():
    fault = refused(with_rules(strip6_inputs(), [("u0", "u1", "u4")]))["together-disconnected"]
    assert fault.facts == {"unit_a": "u0", "unit_b": "u4"}
    assert "u4" in fault.what("zh")


def test_a_group_across_a_river_without_a_bridge_is_refused():
    assert "together-disconnected" in refused(with_rules(river_town_inputs(bridge=False), [("s11", "n10")]))
    assert build_study(with_rules(river_town_inputs(), [("s11", "n10")])).settings.grids.together


def test_apart_inside_together_is_refused_even_by_way_of_another_group():
    found = refused(with_rules(strip6_inputs(), [("u0", "u1"), ("u1", "u2")], [("u0", "u2")]))
    assert found["apart-inside-together"].facts == {"unit_a": "u0", "unit_b": "u2"}


def test_a_group_above_the_band_is_a_warning_that_names_it():
    inputs = with_rules(strip6_inputs(), [("u0", "u1", "u2")], households_min=100, households_target=200,
                        households_max=250)  # fmt: skip
    found = [f for f in build_study(inputs).findings.items if f.code == "group-heavy"]
    assert found[0].facts == {"units": 3, "unit_id": "u0", "households": 300, "max": "250"}
