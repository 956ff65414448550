"""Grids drawn by walking metres: search, proofs and witnesses go by the ways that are told, not by straight lines."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from gis.model.kinds import Proof, WalkBasis
from gis.model.standards import Band
from gis.model.walks import UnitWalks
from optimize.partition.annealing import Schedule, Trial
from optimize.partition.drawing import draw_grids
from optimize.partition.effort import Effort
from optimize.partition.micro_grids import draw_micro_grids
from optimize.partition.ordering import arrays_of
from optimize.partition.problem import heart_of, make_territory, score
from optimize.partition.proof import FINE, prove
from optimize.partition.redraw import redraw_grids, trade_off
from optimize.partition.reference import reference_drawing
from optimize.partition.search import search
from optimize.partition.territories import territories_of
from optimize.partition.together import contracted
from optimize.partition.witness_record import witness_record
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import HUNDREDS, brute_force, lattice, random_town, study_of
from tests.optimize.partition.witness_checker import check

HEARTS = replace(FINE, record=True, heart_work=40)


def walked(territory):
    """Return the territory with the shortest ways from neighbour to neighbour, some of them through mud."""
    rng = np.random.default_rng(len(territory))
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    steps = np.hypot(*(territory.xy[rows] - territory.xy[territory.indices]).T)
    slow = rng.uniform(1, 4, (len(territory), len(territory)))
    weights = steps * slow[np.minimum(rows, territory.indices), np.maximum(rows, territory.indices)]
    graph = csr_array((weights, (rows, territory.indices)), shape=(len(territory),) * 2)
    return replace(territory, gap=np.round(shortest_path(graph, directed=False), 1))


def town(n, seed, **options):
    return walked(random_town(n, seed, **options))


def walks_of(*territories):
    return UnitWalks(
        {t.community_id: t.unit_ids for t in territories},
        {t.community_id: np.rint(t.gap * 10).astype(np.int32) for t in territories},
    )


def count_of(territory):
    return max(2, round(territory.total_load / 400))


@pytest.mark.parametrize("seed", range(5))
def test_the_proof_meets_brute_force_and_the_reference(seed):
    territory = town(8, seed)
    truth = brute_force(territory, count_of(territory))
    straight = brute_force(replace(territory, gap=np.zeros((0, 0))), count_of(territory))
    proof = prove(territory, search(territory, count_of(territory), seed=1, work=1, stop=Stop()).labels)
    assert proof.proof is Proof.OPTIMAL
    assert (proof.violation, proof.objective) == (truth.violation, pytest.approx(truth.walk_hm))
    assert reference_drawing(territory, count_of(territory)) == (truth.violation, pytest.approx(truth.walk_hm))
    assert truth.walk_hm > straight.walk_hm


@pytest.mark.parametrize("seed", range(3))
def test_the_kernels_measure_as_the_definition_does(seed):
    territory = town(40, seed)
    trial = Trial.construct(territory, arrays_of(territory), 9, 0.0)
    for turn in range(4):
        trial.anneal(Schedule(sweeps=30, hot=0.5, cold=0.1, prices=(1.0, 1.0)), turn, trial.key[1], Stop())
        found = trial.found()
        assert found.walk_hm == pytest.approx(score(territory, found.labels).walk_hm)


@pytest.mark.parametrize("bare", [False, True], ids=["", "bare"])
@pytest.mark.parametrize("hearts", [False, True], ids=["sets", "hearts"])
def test_witnesses_hold_before_the_checker(hearts, bare):
    territory = town(11, 4)
    if bare:
        loads = np.where(np.random.default_rng(1).random(11) < 0.3, 0, territory.load)
        territory = replace(territory, load=loads, households=loads)
    count = count_of(territory)
    labels = search(territory, count, seed=1, work=1, stop=Stop()).labels
    proof = prove(territory, labels, effort=HEARTS if hearts else Effort(record=True))
    record = json.loads(json.dumps(witness_record(territory, proof)))
    least, bound = check(record)
    truth = brute_force(territory, count)
    assert least <= truth.violation
    assert bound is None or bound <= truth.walk_hm * (1 + 1e-5)
    assert hearts or bound == pytest.approx(truth.walk_hm, 1e-5)


def test_rows_in_another_order_are_the_same_territory():
    territory = town(12, 2)
    rows = np.random.default_rng(0).permutation(12)
    place = np.argsort(rows)
    ends = np.repeat(np.arange(12), np.diff(territory.indptr))
    again = make_territory(
        [territory.unit_ids[r] for r in rows],
        territory.load[rows],
        territory.xy[rows],
        np.stack([place[ends], place[territory.indices]], axis=1),
        territory.band,
        gap=territory.gap[np.ix_(rows, rows)],
    )
    assert (again.gap == territory.gap).all()
    some = np.array([1, 4, 7])
    assert (territory.part(some).gap == territory.gap[np.ix_(some, some)]).all()


def test_a_group_stands_where_it_is_walked_to_least():
    territory = town(10, 3)
    members = np.array([u for u in range(10) if u in {0, *territory.neighbours(0).tolist()}])
    group = np.full(10, -1)
    group[members] = 0
    whole = contracted(replace(territory, group=group))
    at = whole.part[members[0]]
    heart = heart_of(territory, members)[0]
    for other in set(range(10)) - set(members.tolist()):
        assert whole.territory.gap[at, whole.part[other]] == territory.gap[heart, other]


def test_a_wall_draws_the_grids_along_it():
    # two rows of houses, 10 m apart, a wall between them with a gate at one end only
    street = lattice(6, 2, [130] * 12, HUNDREDS)
    rows = np.repeat(np.arange(12), np.diff(street.indptr))
    over = (rows // 6 != street.indices // 6) & ~np.isin(rows, (0, 6))
    steps = csr_array((np.full(int((~over).sum()), 10.0), (rows[~over], street.indices[~over])), shape=(12, 12))
    walled = replace(street, gap=shortest_path(steps, directed=False))
    study = replace(study_of(street), walks=walks_of(walled))
    assert study.walk_basis is WalkBasis.NETWORK
    drawn = draw_grids(study, PartitionSettings(grid_count=4))
    by_grid = drawn.plan.assignment.groupby(drawn.plan.assignment)
    assert all(len({unit[:3] for unit in own.index}) == 1 for _, own in by_grid)  # no grid on both sides
    assert drawn.report.territories[0].walk_hm == 4 * 2 * 10 * 130


def test_territories_take_the_walks_of_their_study_and_so_do_micro_grids_and_redraws():
    a, b = replace(town(30, 1), community_id="A"), replace(town(24, 2), community_id="B")
    b = replace(b, unit_ids=tuple(f"b{u}" for u in b.unit_ids))
    study = replace(study_of(a, b), walks=walks_of(a, b))
    made = territories_of(study, PartitionSettings())
    assert [(t.gap == own.gap).all() for t, own in zip(made, (a, b), strict=True)] == [True, True]
    drawn = draw_grids(study, PartitionSettings())
    hm = sum(t.walk_hm for t in drawn.report.territories)
    assert hm == pytest.approx(_walk_hm(drawn.plan.assignment, a, b))
    micro = draw_micro_grids(study, drawn.plan, Band(50, 65, 80))
    assert set(micro.index) == set(study.units.index)
    redrawn = redraw_grids(study, PartitionSettings(), drawn.plan)
    assert redrawn.households_moved == 0
    curve = trade_off(study, PartitionSettings(), drawn.plan)
    assert curve["walk_mean_m"].max() == pytest.approx(hm / study.units["households"].sum(), rel=1e-6)


def _walk_hm(assignment, *territories):
    total = 0.0
    for t in territories:
        grids = assignment.loc[list(t.unit_ids)].to_numpy()
        total += sum(heart_of(t, np.flatnonzero(grids == g))[1] for g in np.unique(grids))
    return total
