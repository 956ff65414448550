"""Units kept together and apart: held by the search, the proof, locks, redrawing, and to brute force."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.model.errors import GroupingError, LockedError
from gis.model.kinds import Proof
from gis.model.plan import GridInfo, Plan
from gis.model.standards import Band
from optimize.partition.annealing import bisected
from optimize.partition.apart import clashes, least_count
from optimize.partition.compounds import compound_terms
from optimize.partition.drawing import draw_grids
from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import LoadBand, Terms, make_territory, piece_count
from optimize.partition.proof import THOROUGH, prove
from optimize.partition.redraw import redraw_grids
from optimize.partition.reference import reference_drawing
from optimize.partition.search import found_of, search, seed_of
from optimize.partition.together import blocks_of, contracted
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import HUNDREDS, lattice, random_town, study_of

WIDE = LoadBand(200, 400, 700)


def with_rules(territory, together=(), apart=()):
    """Return a territory whose units (by position) are kept together and apart."""
    group = np.full(len(territory), -1)
    for number, units in enumerate(together):
        group[list(units)] = number
    rivals = np.array(sorted(tuple(sorted(p)) for units in apart for p in combinations(units, 2)), dtype=np.int64)
    return replace(territory, group=group, rivals=rivals.reshape(-1, 2))


def neighbouring_pairs(territory):
    return [(u, int(v)) for u in range(len(territory)) for v in territory.neighbours(u) if u < v]


def obeys(territory, labels):
    whole = all(len(set(labels[territory.group == number])) == 1 for number in set(territory.group.tolist()) - {-1})
    pieces = [piece_count(territory, np.flatnonzero(labels == grid)) for grid in set(labels.tolist())]
    return whole and not len(clashes(territory, labels)) and set(pieces) == {1}


def test_contraction_adds_up_and_expands_back():
    strip = with_rules(lattice(4, 1, [100, 50, 30, 20], WIDE), together=[(1, 2)], apart=[(2, 3)])
    small = contracted(strip)
    assert small.territory.load.tolist() == [100, 80, 20]
    assert small.territory.indices.tolist() == [1, 0, 2, 1]
    assert small.territory.rivals.tolist() == [[1, 2]]
    assert small.expand(np.array([0, 1, 2])).tolist() == [0, 1, 1, 2]
    assert small.contract(np.array([0, 0, 1, 1]), strip.households).tolist() == [0, 0, 1]


@pytest.mark.parametrize("seed", range(12))
def test_a_drawing_obeys_its_rules_and_is_proven_the_best_of_them(seed):
    town = random_town(11, seed, band=WIDE, most=160)
    rng = np.random.default_rng(seed)
    pairs = neighbouring_pairs(town)
    together = [pairs[int(rng.integers(len(pairs)))]]
    others = [u for u in range(11) if u not in together[0]]
    apart = [tuple(int(u) for u in rng.choice(others, 2, replace=False))]
    ruled = with_rules(town, together, apart)
    answer = draw_territory(Task(ruled, 3, PartitionSettings(work=20_000)), Stop())
    assert obeys(ruled, answer.found.labels)
    least, walk = reference_drawing(ruled, 3)
    assert answer.found.violation == least
    assert answer.proven is not None
    if answer.proven.proof is Proof.OPTIMAL:
        assert answer.found.walk_hm == pytest.approx(walk)
    elif answer.proven.bound is not None:
        assert answer.proven.bound <= walk * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_priced_sets_obey_the_rules_where_not_all_can_be_listed(seed):
    town = random_town(12, seed + 50, band=WIDE, most=160)
    pairs = neighbouring_pairs(town)
    ruled = with_rules(town, [pairs[seed]], [[u for u in range(12) if u not in pairs[seed]][:2]])
    start = draw_territory(Task(ruled, 3, PartitionSettings(work=5_000, prove=False)), Stop()).found.labels
    proven = prove(ruled, start, effort=replace(THOROUGH, listed=5))
    assert obeys(ruled, proven.labels)
    least, walk = reference_drawing(ruled, 3)
    assert proven.violation_bound <= least <= proven.violation
    if proven.violation == least and proven.bound is not None:
        assert proven.bound <= walk * (1 + 1e-9)
        if proven.proof is Proof.OPTIMAL:
            assert proven.objective == pytest.approx(walk)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(6, 40), st.data())
def test_whatever_the_rules_no_drawing_breaks_one(seed, n, data):
    town = random_town(n, seed)
    pairs = neighbouring_pairs(town)
    chosen = data.draw(st.lists(st.sampled_from(pairs), max_size=3))
    used: set[int] = set()
    together = []
    for a, b in chosen:
        if not {a, b} & used:
            together.append((a, b))
            used |= {a, b}
    rivals = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=5))
    apart = [p for p in rivals if p[0] != p[1] and not any(set(p) <= set(g) for g in together)]
    ruled = with_rules(town, together, apart)
    found = draw_territory(Task(ruled, None, PartitionSettings(work=3_000, prove=False)), Stop()).found
    assert obeys(ruled, found.labels)


def test_a_rival_at_the_end_of_a_blind_alley_gets_a_grid_of_its_own():
    """The last unit touches its rival only: no grid but its own can hold it."""
    strip = with_rules(lattice(6, 1, [100] * 6, WIDE), apart=[(4, 5)])
    answer = draw_territory(Task(strip, 2, PartitionSettings(work=10_000)), Stop())
    assert answer.found.labels.tolist() == [0, 0, 0, 0, 0, 1]


def test_few_grids_are_shared_among_many_rivals():
    """A ring of six with neighbours apart needs six grids; with every other one apart from the next, two do not."""
    strip = lattice(6, 1, [100] * 6, WIDE)
    bisect = lambda part, k: bisected(part, k, 0.0)  # noqa: E731
    assert least_count(with_rules(strip, apart=[(0, 1), (1, 2), (2, 3)]), bisect) == 4
    assert least_count(with_rules(strip, apart=[(0, 5)]), bisect) == 2
    assert least_count(with_rules(strip, apart=[(0, 1, 2, 3, 4, 5)]), bisect) == 6


def study_with(territory, together=(), apart=(), **table):
    study = study_of(territory)
    grids = replace(study.settings.grids, together=tuple(together), apart=tuple(apart))
    return replace(study, settings=replace(study.settings, grids=grids), units=study.units.assign(**table))


def test_a_plan_keeps_the_rules_of_its_study_whatever_they_cost():
    block = lattice(4, 2, [100] * 8, HUNDREDS)
    free = draw_grids(study_with(block), PartitionSettings(work=20_000)).plan.assignment
    ids = list(block.unit_ids)
    corner = (ids[0], ids[1], ids[2], ids[3])
    study = study_with(block, together=[corner], apart=[(ids[4], ids[5])])
    drawn = draw_grids(study, PartitionSettings(work=20_000))
    at = drawn.plan.assignment
    assert free[ids[0]] != free[ids[3]]
    assert at[list(corner)].nunique() == 1
    assert at[ids[4]] != at[ids[5]]
    assert drawn.report.territories[0].band_violation == 0
    assert drawn.report.territories[0].proof is Proof.OPTIMAL


@pytest.mark.parametrize("processes", [1, 2])
def test_rules_give_the_same_plan_on_any_number_of_processes(processes):
    towns = [random_town(30, seed) for seed in (1, 2)]
    named = [
        replace(t, community_id=f"C{i}", unit_ids=tuple(f"c{i}{u}" for u in t.unit_ids)) for i, t in enumerate(towns)
    ]
    study = study_of(*named)
    pairs = [named[0].unit_ids[:2], named[1].unit_ids[5:7]]
    grids = replace(study.settings.grids, apart=tuple(tuple(p) for p in pairs))
    study = replace(study, settings=replace(study.settings, grids=grids))
    digest = draw_grids(study, PartitionSettings(work=5_000), processes=processes).plan.digest
    assert digest == draw_grids(study, PartitionSettings(work=5_000)).plan.digest


def test_a_group_heavier_than_the_band_is_drawn_and_named():
    strip = lattice(4, 1, [300, 300, 200, 200], LoadBand(200, 300, 400))
    study = study_with(strip, together=[strip.unit_ids[:2]])
    drawn = draw_grids(study, PartitionSettings(band=Band(200, 300, 400), work=5_000))
    told = [r for r in drawn.report.grid_reasons.values() if r.code == "band-heavy-group"]
    assert told[0].facts == {"units": 2, "unit_ids": "u0000, u0001", "load": 600, "max": 400}
    assert "u0000" in told[0].text("zh")


def test_a_group_that_is_not_one_piece_is_refused_by_name():
    strip = lattice(4, 1, [100] * 4, WIDE)
    with pytest.raises(GroupingError) as refused:
        draw_grids(study_with(strip, together=[("u0000", "u0003")]), PartitionSettings())
    assert refused.value.code == "together-disconnected-here"
    assert "u0000" in str(refused.value) and "u0003" in str(refused.value)


def test_too_few_grids_for_what_must_be_apart_are_refused_by_name():
    strip = lattice(4, 1, [100] * 4, WIDE)
    study = study_with(strip, apart=[("u0000", "u0001"), ("u0001", "u0002")])
    with pytest.raises(GroupingError) as refused:
        draw_grids(study, PartitionSettings(grid_count=2))
    assert (refused.value.code, refused.value.facts["least"]) == ("apart-needs-more-in-all", 3)
    with pytest.raises(GroupingError, match="C is to have 2 grids"):
        draw_grids(study, PartitionSettings(grid_count={"C": 2}))
    assert draw_grids(study, PartitionSettings(work=5_000)).plan.assignment.nunique() == 3


def present_of(study, labels):
    held = dict(zip(study.units.index, labels, strict=True))
    return Plan.of("town", held, [GridInfo(g, "C") for g in sorted(set(labels))])


def test_locks_that_contradict_a_rule_are_refused_by_name():
    strip = lattice(4, 1, [100] * 4, WIDE)
    locked = [True, True, False, False]
    torn = study_with(strip, together=[("u0000", "u0001")], locked=locked)
    with pytest.raises(LockedError) as refused:
        draw_grids(torn, PartitionSettings(), base=present_of(torn, ["C001", "C002", "C002", "C002"]))
    assert refused.value.code == "together-locked-apart"
    joined = study_with(strip, apart=[("u0000", "u0001")], locked=locked)
    with pytest.raises(LockedError) as refused:
        draw_grids(joined, PartitionSettings(), base=present_of(joined, ["C001", "C001", "C002", "C002"]))
    assert refused.value.code == "apart-locked-together"


def test_a_group_is_locked_with_its_unit_and_apart_from_what_that_may_not_meet():
    strip = lattice(4, 1, [100] * 4, WIDE)
    study = study_with(strip, together=[("u0000", "u0001")], apart=[("u0001", "u0002")],
                       locked=[True, False, True, False])  # fmt: skip
    with pytest.raises(LockedError) as refused:
        draw_grids(study, PartitionSettings(), base=present_of(study, ["C001"] * 4))
    assert refused.value.code == "apart-locked-together"
    assert refused.value.facts == {"unit_id": "u0001", "other_unit_id": "u0002"}


def test_a_locked_grid_that_holds_half_a_group_is_refused_by_name():
    strip = lattice(4, 1, [100] * 4, WIDE)
    study = study_with(strip, together=[("u0001", "u0002")])
    base = Plan.of("town", dict(zip(strip.unit_ids, ["C001", "C001", "C002", "C002"], strict=True)),
                   [GridInfo("C001", "C", locked=True), GridInfo("C002", "C")])  # fmt: skip
    with pytest.raises(GroupingError) as refused:
        draw_grids(study, PartitionSettings(), base=base)
    assert refused.value.code == "together-disconnected-here"


def test_a_locked_unit_takes_its_group_along():
    strip = lattice(6, 1, [100] * 6, WIDE)
    study = study_with(strip, together=[("u0002", "u0003")], apart=[("u0001", "u0000")],
                       locked=[False, False, True, False, False, True])  # fmt: skip
    base = present_of(study, ["C001"] * 3 + ["C002"] * 3)
    plan = draw_grids(study, PartitionSettings(work=5_000), base=base).plan.assignment
    assert plan["u0002"] == plan["u0003"] == "C001"
    assert plan["u0005"] == "C002"
    assert plan["u0000"] != plan["u0001"]


def test_redrawing_mends_what_breaks_a_rule_and_nothing_else():
    block = lattice(8, 1, [100] * 8, WIDE)
    ids = block.unit_ids
    study = study_with(block, together=[(ids[3], ids[4])])
    base = present_of(study, ["C001"] * 4 + ["C002"] * 4)
    redrawn = redraw_grids(study, PartitionSettings(work=5_000), base)
    at = redrawn.drawn.plan.assignment
    assert at[ids[3]] == at[ids[4]]
    assert redrawn.households_moved == 100
    kept = study_with(block, together=[(ids[2], ids[3])], apart=[(ids[0], ids[7])])
    assert redraw_grids(kept, PartitionSettings(work=5_000), base).households_moved == 0


def test_redrawing_parts_rivals_of_one_grid():
    block = lattice(8, 1, [100] * 8, WIDE)
    ids = block.unit_ids
    study = study_with(block, apart=[(ids[0], ids[1])])
    base = present_of(study, ["C001"] * 4 + ["C002"] * 4)
    at = redraw_grids(study, PartitionSettings(work=5_000), base).drawn.plan.assignment
    assert at[ids[0]] != at[ids[1]]


def test_the_prices_of_homes_and_borders_follow_a_contraction():
    strip = lattice(4, 1, [100, 50, 30, 20], WIDE)
    rows = np.repeat(np.arange(4), np.diff(strip.indptr))
    border = np.array([10.0 * (min(a, b) + 1) for a, b in zip(rows, strip.indices, strict=True)])
    priced = replace(
        with_rules(strip, together=[(1, 2)]),
        terms=Terms(border=border, home=np.array([0, 0, 1, 1]), away=np.array([1.0, 5.0, 3.0, 2.0])),
    )
    small = contracted(priced).territory
    assert small.terms.border.tolist() == [10.0, 10.0, 30.0, 30.0]
    assert small.terms.home.tolist() == [0, 0, 1]
    assert small.terms.away == pytest.approx([1.0, 5.0, 2.0])
    assert found_of(small, np.array([0, 0, 1])).terms_hm == pytest.approx(30.0)


def test_rows_in_another_order_make_the_same_territory_of_rules():
    loads, xy = [5, 6, 7], [(0, 0), (1, 0), (2, 0)]
    one = make_territory(["a", "b", "c"], loads, xy, [(0, 1), (1, 2)], WIDE, group=[0, 0, -1], rivals=[(0, 2)])
    two = make_territory(
        ["c", "b", "a"], loads[::-1], xy[::-1], [(2, 1), (1, 0)], WIDE, group=[-1, 0, 0], rivals=[(0, 2)]
    )
    assert one.group.tolist() == two.group.tolist() == [0, 0, -1]
    assert one.rivals.tolist() == two.rivals.tolist() == [[0, 2]]


def housing(seed):
    """Return a town of estates of some ten houses each, dear to cut."""
    town = random_town(150, seed, most=40)
    estate = (town.xy[:, 0] // 150 * 10 + town.xy[:, 1] // 150).astype(int)
    town = replace(town, compound=np.where(estate % 4 == 0, -1, estate))
    return replace(town, terms=compound_terms(town, 300.0))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_estates_are_drawn_whole_as_well_as_by_themselves(seed):
    town = housing(seed)
    count = round(town.total_load / 400)
    whole = contracted(replace(town, group=blocks_of(town)))
    coarse = search(whole.territory, count, seed=seed_of(1, "whole"), work=40_000, stop=Stop(), trees=6)
    told = found_of(town, whole.expand(coarse.labels))
    fine = search(town, count, seed=1, work=40_000, stop=Stop(), trees=6)
    assert fine.key <= told.key


def test_only_what_is_dear_to_cut_and_fits_a_grid_is_a_block():
    strip = lattice(7, 1, [100, 100, 300, 300, 50, 50, 50], LoadBand(100, 200, 400))
    strip = replace(strip, compound=np.array([0, 0, 1, 1, 2, -1, 2]))
    assert blocks_of(strip) is None  # nothing costs anything
    blocks = blocks_of(replace(strip, terms=compound_terms(strip, 10.0)))
    assert blocks[0] == blocks[1] >= 0  # 600 do not fit a grid; the third estate is in two parts
    assert blocks[2:].tolist() == [-1] * 5
