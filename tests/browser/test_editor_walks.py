"""Live numbers follow the streets where the study measures its grids by them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gis.measures import grid_hearts
from gis.model.outcome import Outcome
from tests.api.conftest import town
from tests.browser.hand import WEST1, WEST2, Hand, saved
from tests.towns import by_streets


@pytest.fixture
def shown_town() -> Outcome:
    """River town with walks along its streets."""
    outcome = town()
    return replace(outcome, study=by_streets(outcome.study))


def test_live_walks_are_those_of_the_service(open_editor, shown_town):
    page = open_editor()
    hand = Hand(page)
    with page.expect_response(lambda r: r.url.endswith("/edits")) as caught:
        hand.pull("u00", "u10", "u11")
        live = {grid: hand.number(grid, "walk").inner_text() for grid in (WEST1, WEST2)}
        page.mouse.up()
    saved(page, 2)
    answered = {line["grid_id"]: f"{line['walk_mean_m']:.1f}" for line in caught.value.json()["grids"]}
    assert live == answered
    after = {grid: hand.number(grid, "walk").inner_text() for grid in (WEST1, WEST2)}
    assert after == answered
    straight = grid_hearts(shown_town.study.units, shown_town.plan.move("u10", to=WEST1).move("u11", to=WEST1))
    assert answered[WEST1] != f"{straight.loc[WEST1, 'walk_mean_m']:.1f}"
