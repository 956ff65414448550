from dataclasses import replace

import pytest

from gis.model.exceptions import split_compounds
from gis.model.standards import Band
from optimize.partition.compounds import compound_terms
from optimize.partition.drawing import draw_grids
from optimize.partition.problem import LoadBand
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import lattice, study_of

HUNDREDS = LoadBand(300, 400, 500)


@pytest.fixture(scope="module")
def two_long_compounds():
    """Two rows of six: each row is a compound, although square halves would be walked less."""
    study = study_of(lattice(4, 2, [100] * 8, HUNDREDS))
    names = ["south" if u.startswith("u00") else "north" for u in study.units.index]
    return replace(study, units=study.units.assign(compound=names))


def test_only_neighbours_of_one_compound_cost_a_cut():
    strip = lattice(3, 1, [100, 300, 50], HUNDREDS, compound=[4, 4, -1])
    assert compound_terms(strip, 2.0).border.tolist() == [400.0, 400.0, 0.0, 0.0]
    assert compound_terms(strip, 0.0).empty


def test_compounds_are_cut_for_the_walk_when_that_costs_nothing(two_long_compounds):
    plan = draw_grids(two_long_compounds, PartitionSettings(prove=False, work=20_000)).plan
    split = split_compounds(two_long_compounds, plan)
    assert split["compound"].tolist() == ["north", "south"]
    assert split["grids"].map(len).tolist() == [2, 2]


def test_compounds_stay_whole_at_a_price(two_long_compounds):
    settings = PartitionSettings(compound_price_m=100.0, work=20_000)
    plan = draw_grids(two_long_compounds, settings).plan
    assert split_compounds(two_long_compounds, plan).empty


def test_a_compound_above_the_band_is_cut_at_any_price(two_long_compounds):
    settings = PartitionSettings(compound_price_m=1e6, band=Band(150, 200, 250), work=20_000)
    drawn = draw_grids(two_long_compounds, settings)
    assert sum(t.band_violation for t in drawn.report.territories) == 0
    assert len(split_compounds(two_long_compounds, drawn.plan)) == 2
