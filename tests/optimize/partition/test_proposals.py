"""Proposals for a part of a plan: even loads, kept codes, locks, and nothing touched outside."""

from dataclasses import replace

import networkx as nx
import pytest

from gis.model.errors import LockedError, SettingError, UnknownIdError
from gis.model.kinds import GridKind
from gis.model.plan import GridInfo, Plan
from optimize.partition import draw_grids, propose_even_grids, propose_split
from optimize.partition.problem import LoadBand
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import lattice, random_town, study_of

QUICK = PartitionSettings(work=20_000, prove=False)
HUNDREDS = LoadBand(300, 400, 500)


def strip(*loads):
    return study_of(lattice(len(loads), 1, loads, HUNDREDS))


def plan_of(study, grids, *locked):
    units = sorted(study.units.index)
    infos = [GridInfo(g, "C", name=f"name of {g}", locked=g in locked) for g in set(grids)]
    return Plan.of("town", dict(zip(units, grids, strict=True)), infos, version=7)


def loads_of(study, plan):
    return study.units["households"].groupby(plan.assignment.reindex(study.units.index)).sum().to_dict()


def test_two_grids_are_made_even_and_the_third_is_left_alone():
    study = strip(100, 100, 100, 100, 100, 100, 100, 300)
    plan = plan_of(study, ["C001"] * 5 + ["C002"] * 2 + ["C003"])
    after = propose_even_grids(study, QUICK, plan, ["C002", "C001"])
    assert sorted(loads_of(study, after).values()) == [300, 300, 400]
    assert loads_of(study, after)["C003"] == 300
    assert {g.grid_id: g.name for g in after.grids.values()} == {g.grid_id: g.name for g in plan.grids.values()}
    assert len(after.diff(plan)) == 1  # one unit is enough


def test_a_locked_unit_stays_where_it_is():
    study = strip(100, 100, 100, 100, 100, 100)
    locked = replace(study, units=study.units.assign(locked=study.units.index == sorted(study.units.index)[3]))
    plan = plan_of(study, ["C001"] * 4 + ["C002"] * 2)
    assert loads_of(study, propose_even_grids(study, QUICK, plan, plan.grids)) == {"C001": 300, "C002": 300}
    assert not propose_even_grids(locked, QUICK, plan, plan.grids).diff(plan)


@pytest.mark.parametrize("seed", range(4))
def test_in_any_town_grids_stay_connected_and_no_less_even(seed):
    study = study_of(random_town(60, seed))
    graph = nx.from_pandas_edgelist(study.adjacency, "unit_a", "unit_b")
    plan = draw_grids(study, QUICK).plan
    near = {plan.grid_of(u) for u in graph[plan.units_of("C001")[0]]} | {"C001"}
    chosen = sorted(near | {plan.grid_of(v) for u in plan.units_of("C001") for v in graph[u]})
    after = propose_even_grids(study, QUICK, plan, chosen)
    for grid_id in after.grids:
        assert nx.is_connected(graph.subgraph(after.units_of(grid_id)))
    assert {c.old_grid_id for c in after.diff(plan)} | {c.new_grid_id for c in after.diff(plan)} <= set(chosen)
    mean = sum(loads_of(study, plan)[g] for g in chosen) / len(chosen)

    def uneven(which):
        return sum(max(0.0, abs(loads_of(study, which)[g] - mean) - 0.05 * mean) for g in chosen)

    assert uneven(after) <= uneven(plan) + 1e-9


def test_a_split_keeps_the_code_for_the_greater_part_and_never_reuses_one():
    study = strip(100, 100, 100, 100, 100, 100, 100)
    plan = plan_of(study, ["C002"] * 7)
    after = propose_split(study, QUICK, plan, "C002", taken={"C009"})
    assert loads_of(study, after) == {"C002": 400, "C010": 300}
    assert after.grids["C002"].name == "name of C002"


def test_a_new_code_is_never_that_of_a_neighbour():
    study = strip(100, 100, 100, 100, 400)
    plan = plan_of(study, ["C001"] * 4 + ["C002"])
    assert loads_of(study, propose_split(study, QUICK, plan, "C001")) == {"C001": 200, "C002": 400, "C003": 200}


def test_locked_units_stay_in_the_part_that_keeps_the_code():
    study = strip(100, 100, 100, 100, 100, 100)
    ends = sorted(study.units.index)[0]
    study = replace(study, units=study.units.assign(locked=study.units.index == ends))
    after = propose_split(study, QUICK, plan_of(study, ["C001"] * 6), "C001", parts=3)
    assert after.grid_of(ends) == "C001"
    assert sorted(loads_of(study, after).values()) == [200, 200, 200]


def test_what_can_not_be_proposed_is_refused():
    study = strip(100, 100, 100, 100)
    plan = plan_of(study, ["C001", "C001", "C002", "C002"], "C002")
    with pytest.raises(LockedError):
        propose_even_grids(study, QUICK, plan, ["C001", "C002"])
    with pytest.raises(SettingError, match="2 to 18"):
        propose_even_grids(study, QUICK, plan, ["C001"])
    with pytest.raises(SettingError, match="3"):
        propose_split(study, QUICK, plan, "C001", parts=3)
    with pytest.raises(UnknownIdError):
        propose_split(study, QUICK, plan, "C007")


def test_what_has_no_load_to_share_is_refused_in_words():
    study = strip(0, 0, 0, 100)
    plan = plan_of(study, ["C001", "C001", "C002", "C003"])
    for propose in (
        lambda: propose_split(study, QUICK, plan, "C001"),
        lambda: propose_even_grids(study, QUICK, plan, ["C001", "C002"]),
    ):
        with pytest.raises(SettingError) as refused:
            propose()
        assert refused.value.code == "proposal-empty"
    dedicated = replace(plan.grids["C003"], kind=GridKind.DEDICATED)
    plan = Plan.of("town", plan.assignment, [plan.grids["C001"], plan.grids["C002"], dedicated])
    with pytest.raises(SettingError) as refused:
        propose_split(study, QUICK, plan, "C003")
    assert refused.value.code == "proposal-dedicated"
