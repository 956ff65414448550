"""Micro-grids: connected, nested, of the size asked for."""

from dataclasses import replace

import pytest

from gis.measures import unit_pieces
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from gis.model.standards import Band
from optimize.partition.micro_grids import draw_micro_grids
from tests.optimize.partition.towns import HUNDREDS, lattice, random_town, study_of

BAND = Band(50, 65, 80)


def halves(columns=8, rows=2, load=30):
    """A lattice of two grids, left and right, and its study."""
    study = study_of(lattice(columns, rows, [load] * (columns * rows), HUNDREDS))
    ids = {u: "C001" if int(u[3:]) < columns // 2 else "C002" for u in study.units.index}
    return study, Plan.of("town", ids, [GridInfo("C001", "C"), GridInfo("C002", "C")])


def test_every_unit_of_a_general_grid_is_in_one_connected_micro_grid_of_that_grid():
    study, plan = halves()
    micro = draw_micro_grids(study, plan, BAND)
    assert micro.index.tolist() == sorted(study.units.index)
    assert (micro.str.split("-").str[0] == plan.assignment.reindex(micro.index)).all()
    assert unit_pieces(micro, study.adjacency).groupby(micro).nunique().eq(1).all()
    assert study.units["households"].groupby(micro).sum().between(50, 80).all()
    assert sorted(micro.unique())[:2] == ["C001-01", "C001-02"]


def test_codes_run_in_reading_order_from_the_north_west():
    study, plan = halves(columns=4, rows=4, load=20)
    micro = draw_micro_grids(study, plan, Band(30, 40, 50))
    first = study.units[micro == "C001-01"]
    last = study.units[micro == sorted(m for m in micro.unique() if m.startswith("C001"))[-1]]
    assert (-first["y"].mean(), first["x"].mean()) < (-last["y"].mean(), last["x"].mean())


@pytest.mark.parametrize("processes", [1, 2])
def test_one_seed_gives_the_same_micro_grids_on_any_number_of_processes(processes):
    study = study_of(random_town(40, 3, most=60))
    plan = Plan.of("town", dict.fromkeys(study.units.index, "C001"), [GridInfo("C001", "C")])
    assert draw_micro_grids(study, plan, BAND, processes=processes).equals(draw_micro_grids(study, plan, BAND))


def test_dedicated_and_empty_grids_are_not_cut():
    study, plan = halves()
    grids = [GridInfo("C001", "C", GridKind.DEDICATED), GridInfo("C002", "C")]
    micro = draw_micro_grids(study, Plan.of("town", plan.assignment.to_dict(), grids), BAND)
    assert set(micro.str[:4]) == {"C002"}
    none = [GridInfo("C001", "C", GridKind.EMPTY), GridInfo("C002", "C", GridKind.EMPTY)]
    assert draw_micro_grids(study, Plan.of("town", plan.assignment.to_dict(), none), BAND).empty


def test_units_that_share_a_grid_need_not_share_a_micro_grid():
    study, plan = halves()
    left = tuple(sorted(plan.units_of("C001")))
    grids = replace(study.settings.grids, together=(left,))
    ruled = replace(study, settings=replace(study.settings, grids=grids))
    assert draw_micro_grids(ruled, plan, BAND).equals(draw_micro_grids(study, plan, BAND))
