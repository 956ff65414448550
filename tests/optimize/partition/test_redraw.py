from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from gis.model.errors import LockedError
from gis.model.plan import GridInfo, Plan
from optimize.partition.drawing import draw_grids
from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import LoadBand
from optimize.partition.redraw import redraw_grids, trade_off
from optimize.partition.repair import grow, mend
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.test_gates import tree
from tests.optimize.partition.towns import lattice, random_town, study_of

HUNDREDS = LoadBand(300, 400, 500)
QUICK = PartitionSettings(work=20_000, prove=False)


def strip(loads):
    return study_of(lattice(len(loads), 1, loads, HUNDREDS))


def plan_of(study, grids):
    units = sorted(study.units.index)
    return Plan.of("town", dict(zip(units, grids, strict=True)), [GridInfo(g, "C") for g in set(grids)])


@pytest.fixture(scope="module")
def town():
    study = study_of(random_town(60, 4))
    return study, draw_grids(study, QUICK).plan


def test_a_plan_in_its_band_is_left_as_it_is():
    study = strip([200] * 6)
    base = plan_of(study, ["C001"] * 2 + ["C002"] * 2 + ["C003"] * 2)
    redrawn = redraw_grids(study, QUICK, base)
    assert redrawn.drawn.plan.digest == base.digest
    assert redrawn.households_moved == 0
    assert set(redrawn.changes["fate"]) == {"kept"}


def test_the_fewest_households_move_to_mend_a_grid():
    study = strip([200, 200, 150, 50, 200])
    base = plan_of(study, ["C001"] * 3 + ["C002"] * 2)  # 550 and 250
    redrawn = redraw_grids(study, QUICK, base)
    assert redrawn.households_moved == 150
    assert redrawn.drawn.report.territories[0].band_violation == 0
    assert set(redrawn.changes["fate"]) == {"adjusted"}


def test_a_new_estate_splits_its_grid_and_the_others_stay():
    study = strip([200, 200, 300, 400, 200, 200])
    base = plan_of(study, ["C001"] * 2 + ["C002"] * 2 + ["C003"] * 2)
    redrawn = redraw_grids(study, QUICK, base)
    assert list(redrawn.drawn.plan.grids) == ["C001", "C002", "C003", "C004"]
    assert redrawn.changes.loc["C002", "fate"] == "split"
    assert redrawn.changes.loc["C004", "fate"] == "new"
    assert redrawn.households_moved == 300
    assert redrawn.codes["households"].sum() == 1500


def test_a_demolished_grid_goes_and_its_code_is_never_given_again():
    study = strip([200, 200, 10, 10, 200, 200])
    base = plan_of(study, ["C001"] * 2 + ["C009"] * 2 + ["C003"] * 2)
    redrawn = redraw_grids(study, QUICK, base)
    assert list(redrawn.drawn.plan.grids) == ["C001", "C003"]
    assert redrawn.changes.loc["C009", "fate"] == "merged"
    assert redrawn.households_moved == 20


def test_a_broken_present_plan_is_made_whole():
    study = strip([200] * 6)
    base = plan_of(study, ["C001", "C002", "C001", "C002", "C003", "C003"])
    plan = redraw_grids(study, QUICK, base).drawn.plan
    graph = study.graph()
    assert all(nx.is_connected(graph.subgraph(plan.units_of(g))) for g in plan.grids)


def test_units_that_came_and_went_are_handled(town):
    study, base = town
    gone = study.units.index[7]
    left = replace(
        study,
        units=study.units.drop(gone),
        adjacency=study.adjacency[(study.adjacency[["unit_a", "unit_b"]] != gone).all(axis=1)],
    )
    without = redraw_grids(left, QUICK, base).drawn.plan
    assert len(without) == len(study.units) - 1
    back = redraw_grids(study, QUICK, without)
    assert len(back.drawn.plan) == len(study.units)
    assert back.households_moved <= 500


def test_moving_costs_less_and_less_along_the_trade_off(town):
    study, base = town
    changed = replace(study, units=study.units.assign(households=study.units["households"] * 13 // 10))
    curve = trade_off(changed, QUICK, base, keep_prices_m=(10_000.0, 300.0, 30.0, 0.0))
    assert curve["band_violation"].nunique() == 1
    assert curve["households_moved"].is_monotonic_increasing
    assert curve["walk_mean_m"].is_monotonic_decreasing


def test_the_trade_off_counts_the_grids_that_a_plan_has_dedicated_ones_too():
    study = strip([200] * 6)
    base = plan_of(study, ["C001", "C001", "C002", "C002", "C003", "C003"])
    locked = Plan.of("town", base.assignment, [replace(g, locked=g.grid_id == "C001") for g in base.grids.values()])
    redrawn = redraw_grids(study, QUICK, locked)
    curve = trade_off(study, QUICK, locked, keep_prices_m=(1000.0,), known={1000.0: redrawn})
    assert curve["grids"].tolist() == [len(redrawn.drawn.plan.grids)] == [3]


def test_the_walk_of_the_trade_off_is_without_the_price_of_moving():
    study = strip([200, 200, 150, 50, 200])
    base = plan_of(study, ["C001"] * 3 + ["C002"] * 2)
    redrawn = redraw_grids(study, QUICK, base)
    curve = trade_off(study, QUICK, base, keep_prices_m=(1000.0,), known={1000.0: redrawn})
    xy = study.units[["x", "y"]].to_numpy()
    step_m = float(abs(xy[1] - xy[0]).max())
    # two grids: 200 + 200 around one of them; 150, 50, 200 around the middle one
    assert redrawn.households_moved == 150
    assert curve.loc[1000.0, "walk_mean_m"] == pytest.approx((200 + 150 + 200) * step_m / 800)


def test_mending_names_what_goes_on_and_what_is_new():
    t = lattice(4, 1, [400] * 4, HUNDREDS)
    mended = mend(t, np.array([5, 5, 9, 9]))
    assert sorted(mended.names) == [-1, -1, 5, 9]
    assert not mended.whole
    assert len(np.unique(mended.labels)) == 4


def locked_in(study, *units):
    return replace(study, units=study.units.assign(locked=study.units.index.isin(units)))


def test_a_locked_unit_of_a_stray_piece_stays_and_is_joined_to_its_grid():
    study = locked_in(strip([200] * 6), "u0005")
    base = plan_of(study, ["C001"] * 3 + ["C002"] * 2 + ["C001"])
    both = locked_in(study, "u0000", "u0005")
    assert redraw_grids(study, QUICK, base).drawn.plan.assignment["u0005"] == "C001"
    with pytest.raises(LockedError):
        redraw_grids(locked_in(study, "u0000", "u0003", "u0005"), QUICK, base)
    assert set(redraw_grids(both, replace(QUICK, grid_count=1), base).drawn.plan.assignment) == {"C001"}


def test_a_grid_with_a_locked_unit_is_not_dissolved():
    study = locked_in(strip([200, 200, 10, 10, 200, 200]), "u0002")
    base = plan_of(study, ["C001"] * 2 + ["C009"] * 2 + ["C003"] * 2)
    plan = redraw_grids(study, replace(QUICK, grid_count=2), base).drawn.plan
    assert plan.assignment["u0002"] == "C009"
    assert len(plan.grids) == 2


def test_a_grid_that_is_split_keeps_its_locked_units():
    for locked in (["u0000"], ["u0005"], ["u0000", "u0001"]):
        study = locked_in(strip([200] * 6), *locked)
        plan = redraw_grids(study, replace(QUICK, grid_count=3), plan_of(study, ["C001"] * 6)).drawn.plan
        assert {plan.assignment[unit] for unit in locked} == {"C001"}
        assert len(plan.grids) == 3


def test_a_group_follows_its_locked_unit():
    study = locked_in(strip([200] * 6), "u0001")
    grids = replace(study.settings.grids, together=(("u0001", "u0002", "u0003"),))
    study = replace(study, settings=replace(study.settings, grids=grids))
    plan = redraw_grids(study, QUICK, plan_of(study, ["C001"] * 2 + ["C002"] * 2 + ["C003"] * 2)).drawn.plan
    assert set(plan.assignment[["u0001", "u0002", "u0003"]]) == {"C001"}


@pytest.mark.parametrize("keep_price_m", [0.0, 100.0])
@pytest.mark.parametrize("seed", range(12))
def test_locked_units_keep_their_codes_whatever_the_present_plan(seed, keep_price_m):
    rng = np.random.default_rng(seed)
    territory = random_town(12, seed)
    study = study_of(territory)
    labels = np.full(12, -1)
    labels[rng.choice(12, 4, replace=False)] = np.arange(4)
    grow(territory, labels)
    labels[rng.choice(12, 2)] = rng.integers(0, 4, 2)  # torn
    base = plan_of(study, [f"C00{label}" for label in labels])
    chosen = [f"u{unit:04d}" for unit in rng.choice(12, 2, replace=False)]
    plan = redraw_grids(locked_in(study, *chosen), QUICK, base, keep_price_m=keep_price_m).drawn.plan
    assert plan.assignment[chosen].tolist() == base.assignment[chosen].tolist()
    graph = study.graph()
    assert all(nx.is_connected(graph.subgraph(plan.units_of(g))) for g in plan.grids)


def test_a_code_given_up_by_an_earlier_redraw_is_never_given_again():
    """C003 went in the first redraw; the second, which needs a new grid, does not know it from its base."""
    study = strip([200, 200, 200, 200, 10, 10])
    base = plan_of(study, ["C001"] * 2 + ["C002"] * 2 + ["C003"] * 2)
    first = redraw_grids(study, QUICK, base).drawn
    assert first.report.retired == ("C003",)
    grown = replace(study, units=study.units.assign(households=[200, 200, 200, 200, 200, 200]))
    second = redraw_grids(grown, QUICK, first.plan, retired=first.report.retired).drawn
    assert list(second.plan.grids) == ["C001", "C002", "C004"]
    assert second.report.retired == ("C003",)


def test_a_cancelled_trade_off_tells_what_it_has(town):
    study, base = town
    assert trade_off(study, QUICK, base, cancelled=lambda: True).empty


def test_at_no_price_a_plan_is_drawn_afresh_under_the_codes_it_shares_most_with(town):
    study, drawn = town
    order = study.units["x"].rank(method="first").astype(int) - 1  # slices from west to east: long walks
    count = len(drawn.grids)
    slices = {unit: f"C{1 + n * count // len(order):03d}" for unit, n in order.items()}
    base = Plan.of("town", slices, [GridInfo(g, "C") for g in set(slices.values())])
    kept = redraw_grids(study, QUICK, base)
    afresh = redraw_grids(study, QUICK, base, keep_price_m=0.0)

    def walk(redrawn):
        return sum(t.objective - t.parts_hm.get("moved", 0.0) for t in redrawn.drawn.report.territories)

    assert walk(afresh) < 0.9 * walk(kept)
    held = study.units["households"].groupby([base.assignment, afresh.drawn.plan.assignment]).sum()
    assert afresh.households_moved < 0.9 * int(study.units["households"].sum())  # codes go where most stay
    assert held.sum() == study.units["households"].sum()
    again = redraw_grids(study, QUICK, afresh.drawn.plan, keep_price_m=0.0)
    assert again.households_moved == 0


def test_a_plan_in_its_band_is_drawn_afresh_along_the_trade_off():
    study = study_of(lattice(4, 2, [100] * 8, HUNDREDS))
    base = plan_of(study, ["C001"] * 4 + ["C002"] * 4)  # two rows, where two squares walk less
    curve = trade_off(study, QUICK, base, keep_prices_m=(10_000.0, 0.0))
    assert curve["households_moved"].tolist()[0] == 0
    assert curve["walk_mean_m"].iloc[1] < curve["walk_mean_m"].iloc[0]


@pytest.mark.parametrize(
    ("asked", "grids"), [({"grid_count": 2}, 2), ({"grid_count": 5}, 5), ({"grid_count_max": 3}, 3)]
)
def test_a_stated_number_of_grids_holds_in_a_redraw_too(asked, grids):
    study = strip([200] * 8)
    base = plan_of(study, [f"C00{1 + n // 2}" for n in range(8)])
    redrawn = redraw_grids(study, replace(QUICK, **asked), base)
    assert len(redrawn.drawn.plan.grids) == grids
    assert sum(grid in base.grids for grid in redrawn.drawn.plan.grids) == min(4, grids)


def test_the_price_of_moving_is_a_setting():
    study = strip([200, 200, 150, 50, 200])
    base = plan_of(study, ["C001"] * 3 + ["C002"] * 2)
    dear = redraw_grids(study, replace(QUICK, keep_price_m=7.0), base)
    (told,) = dear.drawn.report.territories
    assert told.parts_hm["moved"] == pytest.approx(7.0 * dear.households_moved)


@pytest.mark.parametrize(
    "asked", [{"grid_count": 5}, {"grid_count": {"C": 5}}, {"grid_count_min": 5, "grid_count_max": 5}]
)
def test_locked_grids_count_among_those_that_are_asked_for(asked):
    study = study_of(lattice(6, 4, [70] * 24, HUNDREDS))
    settings = replace(QUICK, **asked)
    base = draw_grids(study, settings).plan
    locked = Plan.of("town", base.assignment, [replace(g, locked=g.grid_id == "C001") for g in base.grids.values()])
    redrawn = redraw_grids(study, settings, locked)
    assert redrawn.households_moved == 0
    assert sorted(redrawn.drawn.plan.grids) == sorted(base.grids)
    assert len(draw_grids(study, settings, base=locked).plan.grids) == 5


def test_a_present_plan_in_pieces_behind_walls_is_drawn_afresh_where_moves_leave_the_band():
    t = tree(60, 5, HUNDREDS, links=6)
    present = np.random.default_rng(5).integers(0, 17, len(t))
    mended = mend(t, present, count=17)
    away = np.where(mended.home >= 0, t.households * 1000.0, 0.0)
    at_home = replace(t, terms=replace(t.terms, home=mended.home, away=away))
    settings = PartitionSettings(work=20_000, prove=True)
    task = Task(at_home, 17, settings, first=mended.labels, names=mended.names)
    answer = draw_territory(task, Stop())
    free = draw_territory(Task(t, 17, replace(settings, prove=False)), Stop())
    assert answer.found.violation <= free.found.violation < 300
    assert answer.task.names == mended.names
    stays = answer.found.labels == mended.home
    assert stays.sum() > len(t) / 17  # grids go on under the homes that they keep most of


def test_where_all_grids_are_locked_nothing_is_drawn():
    study = study_of(lattice(6, 4, [70] * 24, HUNDREDS))
    base = draw_grids(study, QUICK).plan
    locked = Plan.of("town", base.assignment, [replace(g, locked=True) for g in base.grids.values()])
    for drawn in (redraw_grids(study, QUICK, locked).drawn, draw_grids(study, QUICK, base=locked)):
        assert drawn.plan.assignment.equals(base.assignment)
        assert drawn.report.territories == ()
