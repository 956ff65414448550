"""First drawings by cutting spanning trees: the way out of valleys that walls make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.partition.annealing import Trial, thresholds
from optimize.partition.kernels import kernels
from optimize.partition.problem import Floats, Territory
from optimize.stopping import Stop

__all__ = ["MOST_UNITS", "cut_trees", "distances", "is_free"]

MOST_UNITS = 1_500  # above it the distances alone take more room than they are worth


@dataclass(frozen=True)
class _Heat:
    """One annealing of cuts: first temperature as a share of the walk, steps, price in mean metres."""

    share: float
    steps: int
    price: float


HEATS = (_Heat(0.06, 4_000, 40), _Heat(0.2, 4_000, 40), _Heat(0.2, 16_000, 10), _Heat(0.6, 16_000, 10))
COOLED = 1e-3  # last temperature by the first
STEPS_AT_ONCE = 2_000  # a stop is heard between


def is_free(territory: Territory) -> bool:
    """Return whether units may go anywhere and the walk counts: what cutting trees knows.

    Prices of borders are not seen by the cuts, but by the annealing after them.
    """
    bare = not len(territory.terms.home) and territory.terms.walk and not len(territory.rivals)
    return bool(bare and len(territory) <= MOST_UNITS and (territory.anchor < 0).all())


def distances(trial: Trial) -> Floats:
    """Return the metres between units, along the curve."""
    return trial.territory.metres(trial.arrays.order, trial.arrays.order)


def cut_trees(trial: Trial, gap: Floats, turn: int, seed: int, stop: Stop) -> None:
    """Cut pairs of neighbouring grids anew along random trees, in place; ``turn`` chooses the temperatures."""
    heat = HEATS[turn % len(HEATS)]
    a, band = trial.arrays, trial.territory.band
    walk_hm = trial.scale_hm
    price = heat.price * walk_hm / max(1.0, float(a.load.sum()))
    rng = np.array([seed], dtype=np.uint64)
    best, best_cost = trial.placed.copy(), np.inf
    for done in range(0, heat.steps, STEPS_AT_ONCE):
        warmth = heat.share * walk_hm * COOLED ** (done / heat.steps)
        best_cost = kernels().recut(
            a.indptr, a.indices, a.weight, gap, a.load, band.min, band.max, trial.placed, best, best_cost,
            price, warmth, COOLED ** (1 / heat.steps), STEPS_AT_ONCE, thresholds(), rng,
        )  # fmt: skip
        if stop.now():
            break
    trial.placed[:] = best
    trial.refresh()
