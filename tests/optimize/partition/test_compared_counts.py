"""Numbers of grids: a stated range, a price, and what one fewer and one more would give."""

from dataclasses import replace

import pytest

from gis.model.grid_counts import counts_of_communities
from gis.model.results import CountOption
from gis.model.standards import Band
from optimize.partition.drawing import draw_grids
from optimize.partition.problem import LoadBand
from optimize.settings import PartitionSettings
from tests.optimize.partition.towns import brute_force, lattice, random_town, study_of

WIDE = LoadBand(100, 400, 900)
BAND = Band(100, 400, 900)


@pytest.mark.parametrize("seed", range(4))
def test_one_fewer_and_one_more_are_what_brute_force_finds(seed):
    town = random_town(9, seed)
    drawn = draw_grids(study_of(town), PartitionSettings(compare_counts=True))
    (report,) = drawn.report.territories
    assert {o.grids for o in report.other_counts} == {k for k in (report.grids - 1, report.grids + 1) if k >= 1}
    for option in report.other_counts:
        best = brute_force(town, option.grids)
        assert option.band_violation == best.violation
        assert option.objective == pytest.approx(best.walk_hm)


def test_the_plan_is_the_same_with_and_without_the_comparison():
    study = study_of(random_town(30, 5))
    plain, shown = (draw_grids(study, PartitionSettings(work=5_000, compare_counts=c)) for c in (False, True))
    assert plain.plan.digest == shown.plan.digest
    assert not plain.report.territories[0].other_counts
    assert len(shown.report.territories[0].other_counts) == 2


def test_a_community_says_what_its_last_and_its_next_grid_save():
    """Eight units of 100 in a row, 10 m apart: one grid walks 1600 * 10, two 800 * 10, four 400 * 10."""
    drawn = draw_grids(study_of(lattice(8, 1, [100] * 8, WIDE)),
                       PartitionSettings(grid_count=2, compare_counts=True))  # fmt: skip
    (community,) = counts_of_communities(drawn.report.territories)
    assert (community.fewer.grids, community.now.grids, community.more.grids) == (1, 2, 3)
    assert community.walk_mean_m(community.now) == pytest.approx(10.0)
    assert community.last_grid_saves_hm == pytest.approx(16_000 - 8_000)
    assert community.next_grid_saves_hm == pytest.approx(8_000 - 5_000)


def test_a_divided_community_loses_the_grid_that_it_misses_least():
    drawn = draw_grids(study_of(lattice(4, 1, [100] * 4, WIDE)),
                       PartitionSettings(grid_count=2, band=BAND, work=5_000, compare_counts=True))  # fmt: skip
    (report,) = drawn.report.territories
    dear = replace(report, territory_id="C/2", other_counts=(CountOption(1, 50, report.objective + 9000),))
    (community,) = counts_of_communities([report, dear])
    assert community.fewer.grids == 3
    assert community.fewer.band_violation == 0
    cheapest = next(o for o in report.other_counts if o.grids == 1)
    assert community.last_grid_saves_hm == pytest.approx(cheapest.objective - report.objective)


@pytest.mark.parametrize(("limits", "expected"), [((None, None), 2), ((3, None), 3), ((4, 5), 4), ((None, 1), 1)])
def test_the_number_of_grids_stays_in_its_range(limits, expected):
    study = study_of(lattice(8, 1, [100] * 8, LoadBand(300, 400, 500)))
    fewest, most = limits
    settings = PartitionSettings(grid_count_min=fewest, grid_count_max=most, work=5_000)
    assert draw_grids(study, settings).plan.assignment.nunique() == expected
    by_id = PartitionSettings(grid_count_min={"C": fewest} if fewest else None,
                              grid_count_max={"C": most} if most else None, work=5_000)  # fmt: skip
    assert draw_grids(study, by_id).plan.assignment.nunique() == expected


def test_a_divided_community_stays_in_its_range_in_all():
    west, east = (lattice(4, 1, [100] * 4, WIDE) for _ in range(2))
    east = replace(east, unit_ids=tuple(f"v{u}" for u in east.unit_ids))
    study = study_of(west, east)
    drawn = draw_grids(study, PartitionSettings(grid_count_min=5, grid_count_max=5, work=5_000))
    assert drawn.plan.assignment.nunique() == 5


def test_a_price_chooses_inside_the_range():
    study = study_of(lattice(8, 1, [100] * 8, LoadBand(100, 400, 900)))
    free = PartitionSettings(grid_price_hm=0.0, work=20_000, band=BAND, grid_count_max=6)
    assert draw_grids(study, free).plan.assignment.nunique() == 6
    dear = PartitionSettings(grid_price_hm=1e6, work=20_000, band=BAND, grid_count_min=2)
    assert draw_grids(study, dear).plan.assignment.nunique() == 2
