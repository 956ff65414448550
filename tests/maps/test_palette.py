from dataclasses import replace

import pandas as pd

from maps.palette import INSIDE_TINTS, LOAD_COLOURS, LoadClass, inside_thirds, load_classes, tints


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_loads_are_classed_against_the_band(town):
    assert load_classes(town).to_dict() == {
        "610001001": "in_band",
        "610001002": "in_band",
        "610001003": "in_band",
        "610002001": "far_above",
        "610002002": "in_band",
        "610002003": "far_below",
        "610003001": "empty",
    }


def test_a_grid_little_outside_its_band_is_not_far_outside(town):
    grids = town.grids.copy()
    grids.loc["610002001", "households"] = 580  # 80 above 500 is 20 % of the target 400: the end belongs to it
    assert load_classes(replace(town, grids=grids))["610002001"] == "above"


def test_the_band_is_parted_in_three(town):
    grids = town.grids.copy()
    grids["households"] = [300, 366, 367, 434, 500, 400, 0]
    assert inside_thirds(replace(town, grids=grids)).tolist() == [0, 0, 1, 2, 2, 1, 0]


def test_neighbouring_grids_have_different_tints(town):
    grid_of, shade = town.plan.assignment, tints(town)
    pairs = town.study.adjacency[["unit_a", "unit_b"]].apply(lambda c: c.map(grid_of))
    across = pairs[pairs["unit_a"] != pairs["unit_b"]]
    assert len(across) > 0
    assert (across["unit_a"].map(shade) != across["unit_b"].map(shade)).all()


def test_rows_in_another_order_give_the_same_tints(town):
    shuffled = replace(town, study=replace(town.study, adjacency=town.study.adjacency.iloc[::-1]))
    pd.testing.assert_series_equal(tints(town), tints(shuffled))


def test_far_ends_are_darker_than_near_ends_and_those_than_the_band():
    light = {kind: _luminance(colour) for kind, colour in LOAD_COLOURS.items()}
    inside = min(_luminance(colour) for third in INSIDE_TINTS for colour in third)
    assert light[LoadClass.FAR_ABOVE] < light[LoadClass.ABOVE] < inside
    assert light[LoadClass.FAR_BELOW] < light[LoadClass.BELOW] < inside
