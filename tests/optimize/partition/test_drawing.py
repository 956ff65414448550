from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from gis.model.errors import SettingError
from gis.model.kinds import BalanceOn, GridKind, Proof, StoppedBy
from gis.model.plan import GridInfo, Plan
from gis.model.standards import Band
from optimize.partition.drawing import draw_grids
from optimize.partition.problem import LoadBand, make_territory
from optimize.partition.search import search
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import lattice, random_town, study_of

HUNDREDS = LoadBand(300, 400, 500)
QUICK = PartitionSettings(work=1, prove=False)


def town(name, n, seed):
    t = random_town(n, seed)
    return replace(t, community_id=name, unit_ids=tuple(f"{name}-{u}" for u in t.unit_ids))


@pytest.fixture(scope="module")
def three_communities():
    return study_of(town("A", 40, 1), town("B", 25, 2), town("C", 1, 3))


def assert_hard_rules(study, plan):
    assert plan.assignment.index.tolist() == sorted(study.units.index)
    graph = study.graph()
    for grid_id, info in plan.grids.items():
        units = plan.units_of(grid_id)
        assert units
        assert set(study.units.loc[units, "community_id"]) == {info.community_id}
        assert nx.is_connected(graph.subgraph(units))


def test_every_unit_is_in_one_connected_grid_of_its_community(three_communities):
    drawn = draw_grids(three_communities, QUICK)
    assert_hard_rules(three_communities, drawn.plan)
    assert drawn.report.stopped_by is StoppedBy.WORK
    assert [t.community_id for t in drawn.report.territories] == ["A", "B", "C"]


def test_any_order_of_the_rows_gives_the_same_digest(three_communities):
    study = three_communities
    shuffled = replace(
        study,
        units=study.units.sample(frac=1, random_state=1),
        adjacency=study.adjacency.sample(frac=1, random_state=2),
    )
    assert draw_grids(study, QUICK).plan.digest == draw_grids(shuffled, QUICK).plan.digest


@pytest.mark.slow
def test_one_two_three_and_five_processes_give_the_same_digest(three_communities):
    digests = {draw_grids(three_communities, QUICK, processes=p).plan.digest for p in (1, 2, 3, 5)}
    assert len(digests) == 1


def test_another_seed_may_give_another_plan_but_the_same_seed_never_does(three_communities):
    digests = [draw_grids(three_communities, replace(QUICK, rng_seed=s)).plan.digest for s in (0, 0)]
    assert digests[0] == digests[1]
    territory = random_town(60, 1)
    drawn = [search(territory, 15, seed=seed, work=1, stop=Stop()).labels.tolist() for seed in (1, 2, 1)]
    assert drawn[0] == drawn[2] != drawn[1]


def test_codes_run_in_reading_order_inside_the_community():
    study = study_of(replace(lattice(2, 2, [400] * 4, HUNDREDS), community_id="440101001001"))
    plan = draw_grids(study, QUICK).plan
    assert list(plan.grids) == [f"440101001001{i:03d}" for i in (1, 2, 3, 4)]
    assert [plan.grid_of(u)[-3:] for u in ("u0100", "u0101", "u0000", "u0001")] == ["001", "002", "003", "004"]


def test_a_total_number_of_grids_is_shared_out_by_load(three_communities):
    drawn = draw_grids(three_communities, replace(QUICK, grid_count=20))
    assert [t.grids for t in drawn.report.territories] == [11, 8, 1]  # of 4,224, 3,114 and 48 households


def test_a_number_of_grids_by_community_is_kept(three_communities):
    drawn = draw_grids(three_communities, replace(QUICK, grid_count={"A": 5}))
    assert drawn.report.territories[0].grids == 5


def test_one_grid_and_as_many_grids_as_units_can_be_asked_for():
    study = study_of(lattice(3, 2, [400] * 6, HUNDREDS))
    for count in (1, 6):
        assert len(draw_grids(study, replace(QUICK, grid_count=count)).plan.grids) == count
    with pytest.raises(SettingError) as refused:
        draw_grids(study, replace(QUICK, grid_count=60))
    assert refused.value.code == "grids-above-units-in-all"


def test_a_community_without_households_is_one_empty_grid():
    study = study_of(lattice(2, 2, [0] * 4, HUNDREDS))
    plan = draw_grids(study, QUICK).plan
    assert [g.kind for g in plan.grids.values()] == [GridKind.EMPTY]


def test_a_disconnected_community_is_drawn_piece_by_piece():
    loads = [200, 200, 0, 150, 150]
    pieces = make_territory(list("abcde"), loads, [(i * 10, 0) for i in range(5)], [(0, 1), (3, 4)], HUNDREDS)
    study = study_of(pieces)
    drawn = draw_grids(study, QUICK)
    assert_hard_rules(study, drawn.plan)
    kinds = {drawn.plan.grid_of(u): drawn.plan.grids[drawn.plan.grid_of(u)].kind for u in "ace"}
    assert sorted(kinds.values()) == [GridKind.EMPTY, GridKind.GENERAL, GridKind.GENERAL]
    assert [t.territory_id for t in drawn.report.territories] == ["C/1", "C/2", "C/3"]
    assert sum(t.band_violation for t in drawn.report.territories) == 0


def test_workload_is_balanced_in_hours():
    study = study_of(lattice(4, 2, [1000] * 8, HUNDREDS))
    band = Band(150, 200, 250)
    drawn = draw_grids(study, replace(QUICK, balance_on=BalanceOn.WORKLOAD_H, band=band))
    hours = study.units["workload_h"].groupby(drawn.plan.assignment).sum()
    assert hours.tolist() == [200.0] * 4


def test_a_price_per_grid_draws_fewer_grids():
    study = study_of(lattice(6, 6, [100] * 36, LoadBand(200, 400, 600)))
    band = Band(200, 400, 600)
    counts = [
        len(draw_grids(study, replace(QUICK, band=band, grid_price_hm=price)).plan.grids) for price in (0.0, 1e9)
    ]
    assert counts == [18, 6]


def test_progress_grows_to_one(three_communities):
    shares = []
    draw_grids(three_communities, QUICK, on_progress=lambda share, **facts: shares.append((share, facts)))
    assert [s for s, _ in shares] == sorted(s for s, _ in shares)
    assert shares[-1][0] == pytest.approx(1.0)
    assert shares[-1][1]["territories"] == 3


def test_a_cancelled_drawing_keeps_a_whole_plan(three_communities):
    drawn = draw_grids(three_communities, QUICK, cancelled=lambda: True)
    assert drawn.report.stopped_by is StoppedBy.CANCELLED
    assert_hard_rules(three_communities, drawn.plan)


def test_the_clock_only_truncates(three_communities):
    drawn = draw_grids(three_communities, replace(QUICK, seconds=1e-9))
    assert drawn.report.stopped_by is StoppedBy.TIME
    assert_hard_rules(three_communities, drawn.plan)


def strip(loads, **columns):
    study = study_of(make_territory(list("abcdefgh")[: len(loads)], loads, [(i * 10, 0) for i in range(len(loads))],
                                    [(i, i + 1) for i in range(len(loads) - 1)], HUNDREDS))  # fmt: skip
    return replace(study, units=study.units.assign(**columns))


def base_of(study, grids, **infos):
    assignment = dict(zip(sorted(study.units.index), grids, strict=True))
    return Plan.of("town", assignment, [GridInfo(g, "C", **infos.get(g, {})) for g in set(grids)])


def test_a_dedicated_grid_is_kept_and_subtracted():
    study = strip([200] * 6)
    base = base_of(study, ["C007"] * 2 + ["C001"] * 4, C007={"kind": GridKind.DEDICATED})
    plan = draw_grids(study, QUICK, base=base).plan
    assert plan.units_of("C007") == ["a", "b"]
    assert plan.grids["C007"].kind is GridKind.DEDICATED
    assert sorted(len(plan.units_of(g)) for g in plan.grids) == [2, 2, 2]
    assert "C001" not in plan.grids  # retired, never given again


def test_a_locked_unit_stays_in_its_grid():
    study = strip([200] * 6, locked=[False, False, True, False, False, False])
    base = base_of(study, ["C002"] * 3 + ["C001"] * 3)
    plan = draw_grids(study, replace(QUICK, grid_count=2), base=base).plan
    assert plan.grid_of("c") == "C002"
    assert_hard_rules(study, plan)


def test_locked_units_of_two_grids_never_share_one():
    study = strip([10] * 4, locked=[True, False, False, True])
    base = base_of(study, ["C001"] * 2 + ["C002"] * 2)
    plan = draw_grids(study, QUICK, base=base).plan
    assert (plan.grid_of("a"), plan.grid_of("d")) == ("C001", "C002")


def test_grids_are_numbered_after_those_that_exist():
    study = strip([200] * 4)
    plan = draw_grids(study, QUICK, base=base_of(study, ["C004"] * 4)).plan
    assert list(plan.grids) == ["C005", "C006"]


def test_the_input_is_never_changed(three_communities):
    before = three_communities.units.copy()
    draw_grids(three_communities, QUICK)
    assert three_communities.units.equals(before)
    assert np.array_equal(three_communities.units.index, before.index)


def test_a_small_community_is_proven_and_its_exceptions_are_explained():
    study = strip([400, 620, 400])
    drawn = draw_grids(study, PartitionSettings(work=1))
    (territory,) = drawn.report.territories
    assert (territory.proof, territory.bound) == (Proof.OPTIMAL, territory.objective)
    assert (territory.band_violation, territory.violation_bound) == (120, 120)
    heavy = drawn.plan.grid_of("b")
    assert list(drawn.report.grid_reasons) == [heavy]
    assert drawn.report.grid_reasons[heavy].facts["unit_id"] == "b"
    assert "620" in drawn.report.grid_reasons[heavy].text("zh")


def test_a_locked_drawing_is_bounded_by_the_free_one():
    study = strip([200] * 4, locked=[True, False, True, False])
    base = base_of(study, ["C001", "C001", "C002", "C002"])
    drawn = draw_grids(study, PartitionSettings(work=1, grid_count=2), base=base)
    assert drawn.plan.grid_of("a") == "C001"
    assert drawn.report.territories[0].bound <= drawn.report.territories[0].objective


def test_a_dedicated_ground_is_one_grid_outside_every_band():
    campus = lattice(4, 2, [300] * 8, LoadBand(300, 400, 500), community_id="campus", territory_id="campus")
    study = study_of(campus)
    study = replace(study, areas=study.areas.assign(profile="dedicated"))
    drawn = draw_grids(study, PartitionSettings())
    (grid,) = drawn.plan.grids.values()
    assert grid.kind is GridKind.DEDICATED
    assert drawn.report.territories[0].band_violation == 0
