"""Communities merged and split: connected, in one subdistrict, of the size asked for, no more change than must be."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.model.errors import InputRefusedError
from gis.model.standards import Band
from gis.model.study import GridSettings
from optimize.partition import draw_communities
from tests.optimize.partition.towns import HUNDREDS, lattice, study_of

BAND = Band(300, 400, 500)


def town(columns, loads, community_of, *, subdistrict_of=None, rows=1, cut=(), **settings):
    """Return a lattice whose columns are communities of subdistrict S (or of `subdistrict_of`), and its links."""
    study = study_of(lattice(columns, rows, loads, HUNDREDS), **settings)
    ids = pd.Series({u: community_of[int(u[3:])] for u in study.units.index})
    communities = sorted(set(ids))
    parents = subdistrict_of or dict.fromkeys(communities, "S")
    areas = study.areas.reindex([*communities, *sorted(set(parents.values()))])
    areas = areas.assign(
        level=["community"] * len(communities) + ["subdistrict"] * len(set(parents.values())),
        name=[f"{a} name" for a in areas.index],
        parent_id=[parents.get(a) for a in areas.index],
        profile=None,
    )
    study = replace(study, units=study.units.assign(community_id=ids), areas=areas)
    adjacency = study.adjacency[~study.adjacency[["unit_a", "unit_b"]].apply(tuple, axis=1).isin(cut)]
    of = study.units["community_id"].map(parents)
    same = of.reindex(adjacency["unit_a"]).to_numpy() == of.reindex(adjacency["unit_b"]).to_numpy()
    inner = ids.reindex(adjacency["unit_a"]).to_numpy() == ids.reindex(adjacency["unit_b"]).to_numpy()
    return replace(study, adjacency=adjacency[inner]), adjacency[same]


def members(redrawn):
    return redrawn.drawn.plan.assignment.groupby(redrawn.drawn.plan.assignment).groups


def test_communities_inside_the_band_stay_as_they_are():
    study, links = town(4, [200] * 4, "AABB")
    redrawn = draw_communities(study, BAND, links)
    assert redrawn.changes["fate"].to_dict() == {"A": "kept", "B": "kept"}
    assert redrawn.households_moved == 0


def test_a_light_community_goes_to_a_neighbour_that_has_room():
    study, links = town(4, [250, 250, 100, 300], "AABC")
    redrawn = draw_communities(study, BAND, links)
    assert redrawn.drawn.plan.assignment.tolist() == ["A", "A", "C", "C"]
    assert redrawn.changes["fate"].to_dict() == {"A": "kept", "B": "merged", "C": "adjusted"}
    assert redrawn.drawn.plan.grids["C"].community_id == "S"


def test_a_heavy_community_is_split_and_its_largest_part_keeps_the_code():
    study, links = town(6, [100, 100, 100, 150, 150, 150], "AAAAAA")
    redrawn = draw_communities(study, BAND, links)
    sums = study.units["households"].groupby(redrawn.drawn.plan.assignment).sum()
    assert sums.to_dict() == {"A": 450, "S001": 300}
    assert redrawn.changes["fate"].to_dict() == {"A": "split", "S001": "new"}
    assert redrawn.drawn.plan.grids["S001"].name == "A name 001"


def test_a_light_community_takes_a_part_of_a_heavy_one():
    study, links = town(6, [100, 150, 150, 150, 100, 200], "BAAAAA")
    redrawn = draw_communities(study, BAND, links)
    sums = study.units["households"].groupby(redrawn.drawn.plan.assignment).sum()
    assert sums.between(300, 500).all()
    assert sums.to_dict() == {"A": 450, "B": 400}
    assert redrawn.changes["fate"].to_dict() == {"A": "adjusted", "B": "adjusted"}


def test_units_move_on_where_merging_whole_parts_leaves_the_band():
    study, links = town(7, [220, 100, 100, 100, 100, 100, 100], "BAAAAAA")
    redrawn = draw_communities(study, BAND, links)
    sums = study.units["households"].groupby(redrawn.drawn.plan.assignment).sum()
    assert sorted(sums) == [400, 420]
    assert redrawn.drawn.report.grid_reasons == {}


def test_nothing_is_merged_across_subdistricts():
    study, links = town(3, [100, 400, 400], "ABC", subdistrict_of={"A": "S", "B": "T", "C": "T"})
    redrawn = draw_communities(study, BAND, links)
    assert set(redrawn.changes["fate"]) == {"kept"}
    reason = redrawn.drawn.report.grid_reasons["A"]
    assert (reason.code, reason.facts["load"]) == ("community-cut-off", 100)
    assert "周边没有可以合并的社区" in reason.text("zh")
    assert "lower the lower end to 100" in reason.text("en")


def test_nothing_is_merged_across_a_barrier():
    study, links = town(2, [100, 300], "AB", cut=[("u0000", "u0001")])
    assert set(draw_communities(study, BAND, links).changes["fate"]) == {"kept"}
    study, links = town(2, [100, 300], "AB")
    assert members(draw_communities(study, BAND, links)).keys() == {"B"}


def test_other_profiles_dedicated_grounds_and_empty_communities_take_no_part():
    study, links = town(5, [50, 50, 50, 0, 350], "ABCDE")
    profiles = study.areas.index.map({"A": "pastoral", "B": "dedicated"})
    study = replace(study, areas=study.areas.assign(profile=profiles))
    redrawn = draw_communities(study, BAND, links)
    assert redrawn.changes["fate"].to_dict() == dict.fromkeys("ABCDE", "kept")
    kinds = {c: str(info.kind) for c, info in redrawn.drawn.plan.grids.items()}
    assert kinds == {"A": "general", "B": "dedicated", "C": "general", "D": "empty", "E": "general"}


def test_nothing_changes_where_no_community_takes_part():
    study, links = town(3, [50, 60, 70], "ABC")
    study = replace(study, areas=study.areas.assign(profile="pastoral"))
    redrawn = draw_communities(study, BAND, links)
    assert set(redrawn.changes["fate"]) == {"kept"}
    assert redrawn.drawn.report.territories == ()


def test_units_that_share_a_grid_share_a_community_when_a_heavy_one_is_split():
    grids = GridSettings(together=(("u0002", "u0003"),))
    study, links = town(7, [220, 100, 100, 100, 100, 100, 100], "BAAAAAA", grids=grids)
    plan = draw_communities(study, BAND, links).drawn.plan
    assert plan.grid_of("u0002") == plan.grid_of("u0003")


def test_a_community_without_a_subdistrict_is_refused_by_name():
    study, links = town(3, [100, 400, 400], "ABC")
    study = replace(study, areas=study.areas.assign(parent_id=[None, "S", "S", None]))
    with pytest.raises(InputRefusedError) as refused:
        draw_communities(study, BAND, links)
    (finding,) = refused.value.findings.items
    assert (finding.code, finding.feature) == ("community-without-subdistrict", "A")
    assert "社区 A" in finding.what("zh")


def test_a_building_heavier_than_the_band_is_told():
    study, links = town(2, [700, 350], "AB")
    reason = draw_communities(study, BAND, links).drawn.report.grid_reasons["A"]
    assert reason.code == "community-heavy"
    assert "A name" in reason.text("en")


def test_three_that_do_not_fit_in_twos_are_told_with_the_proof():
    study, links = town(3, [280, 280, 280], "ABC")
    redrawn = draw_communities(study, BAND, links)
    (report,) = redrawn.drawn.report.territories
    assert report.band_violation == report.violation_bound == 60  # three of 280, or 280 and 560
    assert {r.code for r in redrawn.drawn.report.grid_reasons.values()} <= {
        "community-other-count",
        "community-proven",
    }


def test_the_same_seed_gives_the_same_communities_on_two_processes():
    rng = np.random.default_rng(4)
    study, links = town(12, rng.integers(20, 160, 36).tolist(), "AABBCCDDEEFF", rows=3)
    once = draw_communities(study, BAND, links).drawn.plan.digest
    assert draw_communities(study, BAND, links, processes=2).drawn.plan.digest == once


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), columns=st.integers(2, 7), rows=st.integers(1, 3))
def test_every_new_community_is_connected_and_inside_one_subdistrict(seed, columns, rows):
    rng = np.random.default_rng(seed)
    names = sorted("ABCDEFG"[int(i)] for i in rng.integers(0, columns, columns))
    parents = {c: ("S" if c < "D" else "T") for c in set(names)}
    loads = rng.integers(0, 260, columns * rows).tolist()
    study, links = town(columns, loads, names, rows=rows, subdistrict_of=parents)
    plan = draw_communities(study, BAND, links).drawn.plan
    graph = nx.Graph(list(zip(links["unit_a"], links["unit_b"], strict=True)))
    graph.add_nodes_from(study.units.index)
    before = study.units["community_id"].map(parents)
    assert sorted(plan.assignment.index) == sorted(study.units.index)
    for community, units in plan.assignment.groupby(plan.assignment).groups.items():
        assert nx.is_connected(graph.subgraph(units))
        assert set(before[units]) == {plan.grids[community].community_id}


@settings(max_examples=25, deadline=None)
@given(loads=st.lists(st.integers(300, 500), min_size=1, max_size=6))
def test_no_community_changes_where_all_are_inside_the_band(loads):
    study, links = town(len(loads), loads, "ABCDEF"[: len(loads)])
    assert set(draw_communities(study, BAND, links).changes["fate"]) == {"kept"}
