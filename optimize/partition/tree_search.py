"""First drawings by cutting spanning trees: the way out of valleys that walls make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.partition.annealing import Trial, kernels, thresholds
from optimize.partition.problem import Floats, Territory

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


def is_free(territory: Territory) -> bool:
    """Return whether units may go anywhere and the walk counts: what cutting trees knows.

    Prices of borders are not seen by the cuts, but by the annealing after them.
    """
    bare = not len(territory.terms.home) and territory.terms.walk and not len(territory.rivals)
    return bool(bare and len(territory) <= MOST_UNITS and (territory.anchor < 0).all())


def distances(trial: Trial) -> Floats:
    """Return the metres between units, along the curve."""
    x, y = trial.arrays.x, trial.arrays.y
    return np.asarray(np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]))


def cut_trees(trial: Trial, gap: Floats, turn: int, seed: int) -> None:
    """Cut pairs of neighbouring grids anew along random trees, in place; ``turn`` chooses the temperatures."""
    heat = HEATS[turn % len(HEATS)]
    a, band = trial.arrays, trial.territory.band
    walk_hm = trial.scale_hm
    kernels()[3].recut(
        a.indptr, a.indices, a.weight, gap, a.load, band.min, band.max, trial.placed,
        heat.price * walk_hm / max(1.0, float(a.load.sum())), heat.share * walk_hm, COOLED ** (1 / heat.steps),
        heat.steps, thresholds(), np.array([seed], dtype=np.uint64),
    )  # fmt: skip
    trial.refresh()
