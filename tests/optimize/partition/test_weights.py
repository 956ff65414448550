"""The weights of a study: borders off mapped lines, load off the target, each part of the objective told apart."""

from dataclasses import replace

import pandas as pd
import pytest

from gis.model.errors import SettingError
from gis.model.kinds import BalanceOn, GridObjective, Proof
from optimize.partition import draw_grids, redraw_grids
from optimize.partition.problem import LoadBand
from optimize.partition.territories import territories_of
from optimize.partition.weights import Weights, off_line_metres
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import lattice, study_of

BAND = LoadBand(300, 400, 500)


def town(columns=4, rows=4, load=50):
    return lattice(columns, rows, [load] * (columns * rows), BAND)


def road_down_the_middle(study, territory):
    """A road between columns 1 and 2: borders across it are mapped."""
    table = study.adjacency[["unit_a", "unit_b"]].assign(length_m=10.0, mapped_m=0.0)
    across = {(f"u{r:02d}01", f"u{r:02d}02") for r in range(4)}
    on = [pair in across for pair in zip(table["unit_a"], table["unit_b"], strict=True)]
    return replace(study, borders=table.assign(mapped_m=pd.Series(on, index=table.index) * 10.0))


def test_borders_off_the_road_cost_what_they_measure():
    territory = town()
    study = study_of(territory)
    settings = PartitionSettings(off_line_price_hm=3.0)
    assert set(off_line_metres(study).values()) == {10.0}  # nothing is mapped
    mapped = road_down_the_middle(study, territory)
    (drawn,) = territories_of(mapped, settings)
    border = Weights(mapped, settings).terms(drawn).border
    assert sorted(set(border.tolist())) == [0.0, 30.0]
    assert (border == 0).sum() == 8  # four pairs, both ways


def test_a_price_of_borders_off_the_road_draws_along_it():
    territory = lattice(4, 4, [50, 40, 50, 60] * 4, BAND)
    study = road_down_the_middle(study_of(territory), territory)
    plain = draw_grids(study, PartitionSettings(grid_count=2))
    priced = draw_grids(study, PartitionSettings(grid_count=2, off_line_price_hm=1000.0))
    (told,) = priced.report.territories
    sides = {unit[3:]: grid for unit, grid in priced.plan.assignment.items()}
    assert len({sides["00"], sides["01"]}) == len({sides["02"], sides["03"]}) == 1 < len(set(sides.values()))
    assert told.parts_hm == {"off_lines": 0.0}
    assert plain.report.territories[0].parts_hm == {}
    assert told.proof is Proof.OPTIMAL


def test_each_part_of_the_objective_is_told_and_they_sum_up():
    territory = lattice(5, 4, [30 + 7 * u % 40 for u in range(20)], BAND)
    study = study_of(territory)
    study.units["compound"] = ["north" if unit < "u0200" else "" for unit in study.units.index]
    settings = PartitionSettings(
        grid_count=2, compound_price_m=5.0, off_line_price_hm=2.0, deviation_price_m=10.0, work=30_000
    )
    drawn = draw_grids(study, settings)
    (told,) = drawn.report.territories
    assert list(told.parts_hm) == ["compounds", "off_lines", "deviation"]
    loads = study.units["households"].groupby(drawn.plan.assignment).sum()
    assert told.parts_hm["deviation"] == pytest.approx(10.0 * (loads - 400).abs().sum())
    grids = drawn.plan.assignment
    cut = [grids[a] != grids[b] for a, b in zip(study.adjacency["unit_a"], study.adjacency["unit_b"], strict=True)]
    assert told.parts_hm["off_lines"] == pytest.approx(2.0 * 10.0 * sum(cut))
    (plain,) = draw_grids(
        study, replace(settings, compound_price_m=0, off_line_price_hm=0, deviation_price_m=0)
    ).report.territories
    assert told.objective - sum(told.parts_hm.values()) >= plain.bound * (1 - 1e-9)  # the walk is what is left
    assert told.bound <= told.objective * (1 + 1e-9)
    redrawn = redraw_grids(study, settings, drawn.plan)
    assert set(redrawn.drawn.report.territories[0].parts_hm) >= {"compounds", "off_lines", "deviation", "moved"}


def test_hours_are_counted_in_hours():
    study = study_of(town())
    settings = PartitionSettings(balance_on=BalanceOn.WORKLOAD_H, deviation_price_m=6.0)
    (drawn,) = territories_of(study, settings)
    assert Weights(study, settings).terms(drawn).uneven == pytest.approx(0.6)  # loads are tenths


def pastures(**grids):
    """Five herders in a row, the last with as much land as the others: a profile's cap of 100 km2 parts 4 and 1."""
    territory = lattice(5, 1, [10] * 5, LoadBand(10, 35, 60))
    study = study_of(territory, profile="pastoral")
    area_m2 = [25e6, 25e6, 25e6, 25e6, 100e6]
    return replace(study, units=study.units.assign(area_m2=area_m2)), PartitionSettings(grid_count=2, **grids)


def test_a_price_of_area_keeps_grids_below_the_cap_of_their_profile():
    study, plain = pastures()
    drawn = draw_grids(study, plain)
    area = study.units["area_m2"]
    assert area.groupby(drawn.plan.assignment).sum().max() == 150e6
    assert drawn.report.territories[0].parts_hm == {}
    study, priced = pastures(area_price_hm=50.0)
    even = draw_grids(study, priced)
    (told,) = even.report.territories
    assert area.groupby(even.plan.assignment).sum().tolist() == [100e6, 100e6]
    assert (told.parts_hm, told.proof) == ({"area": 0.0}, Proof.OPTIMAL)


def test_area_above_the_cap_is_counted_in_square_kilometres_and_told():
    study, priced = pastures(area_price_hm=0.5)
    (told,) = draw_grids(study, priced).report.territories
    assert told.parts_hm == {"area": pytest.approx(0.5 * 25)}  # three and two: 75 and 125 km2
    assert told.proof is Proof.OPTIMAL
    redrawn = redraw_grids(study, replace(priced, area_price_hm=50.0), draw_grids(study, priced).plan)
    assert "area" in redrawn.drawn.report.territories[0].parts_hm


def test_a_profile_without_a_cap_knows_no_price_of_area():
    study = study_of(town())
    (drawn,) = territories_of(study, PartitionSettings(area_price_hm=5.0))
    assert len(drawn.area) == 0
    assert Weights(study, PartitionSettings(area_price_hm=5.0)).terms(drawn).empty


def test_where_borders_alone_count_they_are_the_one_part():
    drawn = draw_grids(study_of(town()), PartitionSettings(objective=GridObjective.CUT_EDGES, grid_count=2))
    (told,) = drawn.report.territories
    assert told.parts_hm == {"cut_edges": told.objective}


@pytest.mark.parametrize("name", ["deviation_price_m", "off_line_price_hm", "area_price_hm"])
def test_a_price_below_nothing_is_refused(name):
    with pytest.raises(SettingError):
        PartitionSettings(**{name: -1.0})
