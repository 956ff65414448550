import numpy as np
import pytest

from gis.model.messages import catalogue
from optimize.partition.explanation import RANK, explain
from optimize.partition.problem import LoadBand
from optimize.partition.proof import prove
from tests.optimize.partition.towns import HUNDREDS, brute_force, lattice


def reasons(territory, labels, **options):
    return explain(territory, np.array(labels), **options)


def test_a_drawing_inside_the_band_needs_no_reason():
    told = reasons(lattice(4, 1, [200] * 4, HUNDREDS), [0, 0, 1, 1])
    assert told.territory is None
    assert told.grids == {}


def test_a_building_heavier_than_the_band_is_named_with_its_split():
    told = reasons(lattice(4, 1, [620, 200, 150, 100], HUNDREDS), [0, 1, 1, 1])
    assert set(told.grids) == {0}
    reason = told.grids[0]
    assert reason.code == "band-heavy-unit"
    assert reason.facts == {"unit_id": "u0000", "load": 620, "max": 500, "parts": 2, "part": 310}
    assert "620" in reason.text("zh") and "310" in reason.text("en")


def test_a_territory_below_the_band_says_what_it_holds():
    told = reasons(lattice(2, 1, [90, 90], HUNDREDS), [0, 0])
    assert told.territory.code == "band-small-territory"
    assert told.territory.facts["load"] == 180


def test_a_whole_community_below_the_band_is_not_said_to_be_cut_off():
    told = reasons(lattice(2, 1, [90, 90], HUNDREDS, territory_id="C", community_id="C"), [0, 0])
    assert told.territory.code == "band-small-community"
    assert told.territory.facts == {"load": 180, "min": 300}


def test_a_total_that_no_number_of_grids_fits_states_both_numbers():
    # 550 is too much for one grid of 500 and too little for two of 300
    told = reasons(lattice(5, 1, [110] * 5, HUNDREDS), [0, 0, 0, 1, 1])
    facts = told.territory.facts
    assert told.territory.code == "band-no-count"
    assert (facts["fewer"], facts["more"], facts["low"], facts["high"]) == (1, 2, 275, 550)


@pytest.mark.parametrize(("low", "violation"), [(275, 0), (276, 2)])
def test_the_widened_band_of_that_reason_fits_and_a_narrower_one_does_not(low, violation):
    assert brute_force(lattice(5, 1, [55, 110, 110, 220, 55], LoadBand(low, 400, 500)), 2).violation == violation


def test_a_wrong_number_of_grids_names_one_that_fits():
    told = reasons(lattice(4, 1, [200] * 4, HUNDREDS), [0, 1, 2, 2])
    assert told.territory.code == "band-other-count"
    assert told.territory.facts["fitting"] == 2


@pytest.fixture
def pocket():
    # two units behind a heavy gate: 180 alone, 630 with the gate
    return lattice(6, 1, [90, 90, 450, 200, 150, 100], HUNDREDS)


def test_a_pocket_behind_a_unit_is_named_and_really_can_not_be_mended(pocket):
    assert brute_force(pocket, 3).violation > 0
    told = reasons(pocket, [0, 0, 1, 2, 2, 2])
    reason = told.grids[0]
    assert reason.code == "band-pocket"
    assert reason.facts["unit_id"] == "u0002"
    assert (reason.facts["load"], reason.facts["joined"]) == (180, 630)


def test_lumpy_buildings_are_called_so_only_when_it_is_proven():
    territory = lattice(2, 2, [260] * 4, HUNDREDS)
    labels = np.array([0, 1, 2, 2])
    proof = prove(territory, labels)
    assert brute_force(territory, 3).violation == proof.violation_bound == proof.violation
    proven = explain(territory, proof.labels, violation_bound=proof.violation_bound)
    assert {r.code for r in proven.grids.values()} == {"band-lumpy"}
    unproven = explain(territory, proof.labels, violation_bound=proof.violation - 1)
    assert {r.code for r in unproven.grids.values()} == {"band-not-proven"}


def test_the_widened_band_holds_the_drawing():
    territory = lattice(2, 2, [260] * 4, HUNDREDS)
    facts = explain(territory, np.array([0, 1, 2, 2])).territory.facts
    loads = [260, 260, 520]
    assert facts["low"] <= min(loads)
    assert facts["high"] >= max(loads)


def test_tenths_of_hours_are_told_as_hours():
    told = reasons(lattice(2, 1, [905, 900], LoadBand(3000, 4000, 5000)), [0, 0], scale=10)
    assert told.territory.facts["load"] == 180.5


def test_every_reason_has_words_in_both_languages():
    for code in RANK:
        assert catalogue()[code].what["zh"] and catalogue()[code].what["en"]
