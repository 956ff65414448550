"""Assignment and levelling held to PuLP models and to their own bounds."""

import numpy as np
import pulp
import pytest

from optimize.solver import solve
from optimize.staffing.assignment import NOBODY, assign_leads, least_largest_load
from optimize.staffing.problem import StaffingProblem
from optimize.staffing.sharing import level_loads, load_bound


def one_community(seed, *, workers, grids):
    rng = np.random.default_rng(seed)
    homes, hearts = rng.uniform(0, 3000, (workers, 2)), rng.uniform(0, 3000, (grids, 2))
    walk = np.hypot(*(homes[:, None] - hearts[None]).transpose(2, 0, 1))
    return StaffingProblem(
        worker_ids=tuple(f"w{i}" for i in range(workers)),
        grid_ids=tuple(f"g{j}" for j in range(grids)),
        role=("grid_leader",) * workers,
        capacity_h=rng.choice([625.0, 1250.0], workers),
        worker_community=np.zeros(workers, dtype=np.int64),
        may_lead=np.ones(workers, dtype=bool),
        walk_m=walk,
        cost_m=walk,
        kept_households=np.zeros((workers, grids)),
        workload_h=rng.uniform(400, 1500, grids),
        grid_community=np.zeros(grids, dtype=np.int64),
        slot_grid=np.arange(grids),
    )


def assignment_model(problem, most_load):
    """Nearest homes with one worker a grid and nobody above `most_load`: the readable reference."""
    model = pulp.LpProblem("posting", pulp.LpMinimize)
    load = problem.workload_h[None, :] / problem.capacity_h[:, None]
    takes = {
        (w, g): model.add_variable(f"takes_{w:03d}_{g:03d}", cat="Binary")
        for w, g in np.argwhere(load <= most_load + 1e-9).tolist()
    }
    model += pulp.lpSum(float(problem.cost_m[pair]) * x for pair, x in takes.items())
    for grid in range(len(problem.grid_ids)):
        model += pulp.lpSum(x for (_, g), x in takes.items() if g == grid) == 1
    for worker in range(len(problem.worker_ids)):
        model += pulp.lpSum(x for (w, _), x in takes.items() if w == worker) <= 1
    return model


def levelling_model(hours, capacity):
    """Least largest load when workers may take several slots: the readable reference."""
    model = pulp.LpProblem("levelling", pulp.LpMinimize)
    most = model.add_variable("most", 0)
    takes = [
        [model.add_variable(f"t_{w:02d}_{s:02d}", cat="Binary") for s in range(len(hours))]
        for w in range(len(capacity))
    ]
    model += most + 0
    for slot in range(len(hours)):
        model += pulp.lpSum(row[slot] for row in takes) == 1
    for row, c in zip(takes, capacity, strict=True):
        model += pulp.lpSum(float(h) * x for h, x in zip(hours, row, strict=True)) <= float(c) * most
    return model


@pytest.mark.parametrize("seed", range(6))
def test_the_assignment_costs_what_the_model_proves_least(seed):
    problem = one_community(seed, workers=12, grids=9)
    worker_of = assign_leads(problem)
    most = max(1.0, least_largest_load(problem.workload_h, problem.capacity_h))
    reference = solve(assignment_model(problem, most))
    assert reference.status == "optimal"
    assert (worker_of != NOBODY).all()
    assert len(set(worker_of.tolist())) == 9
    assert problem.cost_m[worker_of, np.arange(9)].sum() == pytest.approx(reference.objective)
    assert (problem.workload_h / problem.capacity_h[worker_of]).max() <= most + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_no_assignment_has_a_smaller_largest_load(seed):
    problem = one_community(seed, workers=8, grids=8)
    least = least_largest_load(problem.workload_h, problem.capacity_h)
    assert solve(assignment_model(problem, least)).status == "optimal"
    assert solve(assignment_model(problem, least * 0.999)).status == "infeasible"


@pytest.mark.parametrize("seed", range(4))
def test_levelling_is_near_the_proven_least_and_never_below_the_bound(seed):
    rng = np.random.default_rng(seed)
    hours, capacity = rng.uniform(200, 900, 12), rng.choice([625.0, 1250.0], 4)
    worker_of = level_loads(hours, capacity, rng.uniform(0, 3000, (4, 12)))
    largest = (np.bincount(worker_of, weights=hours, minlength=4) / capacity).max()
    proven = solve(levelling_model(hours, capacity), gap_share=1e-4).objective
    assert load_bound(hours, capacity) <= proven * 1.0001
    assert proven * 0.9999 <= largest <= proven * 1.08


def test_a_thousand_grids_are_levelled_over_five_hundred_workers_close_to_the_bound():
    rng = np.random.default_rng(0)
    hours, capacity = rng.uniform(500, 1500, 1000), np.full(500, 1250.0)
    homes, hearts = rng.uniform(0, 9000, (500, 2)), rng.uniform(0, 9000, (1000, 2))
    metres = np.hypot(*(homes[:, None] - hearts[None]).transpose(2, 0, 1))
    worker_of = level_loads(hours, capacity, metres)
    largest = np.bincount(worker_of, weights=hours, minlength=500).max() / 1250
    assert largest <= load_bound(hours, capacity) * 1.01


def test_a_slot_that_must_stay_stays():
    hours, capacity = np.array([900.0, 100.0, 100.0]), np.array([1250.0, 1250.0])
    worker_of = level_loads(hours, capacity, np.zeros((2, 3)), fixed=np.array([1, 1, NOBODY]))
    assert worker_of.tolist() == [1, 1, 0]
