import numpy as np

from gis.model.kinds import BalanceOn
from gis.model.standards import Band
from optimize.partition.problem import LoadBand
from optimize.partition.territories import load_band, territories_of
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import lattice, study_of

HUNDREDS = LoadBand(300, 400, 500)


def test_a_territory_comes_back_as_it_went_in():
    t = lattice(3, 2, [1, 2, 3, 4, 5, 6], HUNDREDS)
    (back,) = territories_of(study_of(t), PartitionSettings())
    assert back.unit_ids == t.unit_ids
    assert back.band == t.band
    for name in ("load", "households", "xy", "indptr", "indices"):
        assert np.array_equal(getattr(back, name), getattr(t, name)), name


def test_neighbours_across_communities_are_cut():
    study = study_of(lattice(4, 1, [100] * 4, HUNDREDS))
    study.units["community_id"] = ["A", "A", "B", "B"]
    made = territories_of(study, PartitionSettings())
    assert [(t.territory_id, t.unit_ids) for t in made] == [("A", ("u0000", "u0001")), ("B", ("u0002", "u0003"))]


def test_units_drawn_already_are_left_out_and_may_cut_a_community():
    study = study_of(lattice(5, 1, [100] * 5, HUNDREDS))
    made = territories_of(study, PartitionSettings(), kept={"u0002"})
    assert [t.territory_id for t in made] == ["C/1", "C/2"]


def test_compounds_are_numbered_by_name_and_none_is_minus_one():
    study = study_of(lattice(4, 1, [100] * 4, HUNDREDS))
    study.units["compound"] = ["b", "", None, "a"]
    (t,) = territories_of(study, PartitionSettings())
    assert t.compound.tolist() == [1, -1, -1, 0]


def test_workload_is_counted_in_tenths_of_an_hour():
    study = study_of(lattice(2, 1, [123, 4], HUNDREDS))
    settings = PartitionSettings(balance_on=BalanceOn.WORKLOAD_H, band=Band(10.01, 20, 30))
    (t,) = territories_of(study, settings)
    assert t.load.tolist() == [123, 4]
    assert t.band == LoadBand(101, 200, 300)


def test_a_band_without_a_whole_number_is_widened_to_one():
    assert load_band(Band(1.2, 1.5, 1.8), 1) == LoadBand(2, 2, 2)
