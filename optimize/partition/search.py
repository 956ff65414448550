"""The search of one territory at a stated number of grids: several annealed starts, the best kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil
from types import ModuleType

import numpy as np

from optimize.partition.anchors import anchored_start
from optimize.partition.ordering import Arrays, arrays_of
from optimize.partition.problem import Floats, Ints, Territory, renumber
from optimize.stopping import Stop

__all__ = ["Found", "search", "seed_of"]

SWEEPS = 300  # passes of one annealed start; 100 lose 0.5 % of the distance, 1,000 win 0.2 %
SLICES = 10  # a start is cut into so many calls, so that it can be stopped between them
MAX_STARTS = 24
HOT, COLD = 2.0, 0.02  # first and last temperature, in mean household-metres of one unit
PRICES = (15.0, 40.0)  # first and last price of a household outside the band, in mean metres
STRICT_PRICE = 1000.0  # the last, cold passes: the band before everything
COLD_SWEEPS = 10
SWAPS_OF_1024 = 300  # trials that swap two units instead of moving one
WINDOW = 4096  # trials that stay near each other on the curve, for the cache
DIRECTIONS = 8


@dataclass(frozen=True)
class Found:
    """A drawing in unit order, with its band violation and household-metres as searched."""

    labels: Ints
    violation: int
    walk_hm: float

    @property
    def key(self) -> tuple[int, float]:
        """Order of drawings: the band first."""
        return (self.violation, self.walk_hm)


def seed_of(rng_seed: int, *names: str | int) -> int:
    """Return a 63-bit seed, never 0, the same on every machine."""
    text = "\x1f".join(str(part) for part in (rng_seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1 | 1


def search(
    territory: Territory,
    count: int,
    *,
    seed: int,
    work: int,
    stop: Stop,
    on_better: Callable[[Found], None] | None = None,
) -> Found:
    """Draw ``count`` grids in a territory; every grid is connected whenever the search is stopped.

    Parameters
    ----------
    count
        Number of grids, 1 .. number of units.
    work
        Trials; at least one full start is made.
    on_better
        Called with every better drawing.
    """
    if count == 1 or count == len(territory):
        return found_of(territory, np.arange(len(territory)) if count > 1 else np.zeros(len(territory), np.int64))
    arrays = arrays_of(territory)
    trials = len(territory) * (SWEEPS + COLD_SWEEPS)
    starts = min(MAX_STARTS, max(1, ceil(work / trials)))
    best: Found | None = None
    for start in range(starts):
        found = _one_start(territory, arrays, count, seed_of(seed, start), stop)
        if best is None or found.key < best.key:
            best = found
            if on_better is not None:
                on_better(found)
        if stop.now():
            break
    assert best is not None
    return best


def found_of(territory: Territory, labels: Ints) -> Found:
    """Return a drawing with its figures."""
    arrays = arrays_of(territory)
    placed = labels[arrays.order].astype(np.int32)
    state = kernels()[1].build_state(arrays.x, arrays.y, arrays.weight, arrays.load, placed, int(labels.max()) + 1)
    return _found(territory, arrays, placed, state)


def _one_start(territory: Territory, arrays: Arrays, count: int, seed: int, stop: Stop) -> Found:
    _, local = kernels()
    rng = np.array([seed], dtype=np.uint64)
    turn = (seed % 1024) / 1024 * np.pi / DIRECTIONS
    placed = _construct(territory, arrays, count, turn)
    state = local.build_state(arrays.x, arrays.y, arrays.weight, arrays.load, placed, count)
    walk_hm = float(state[1].sum())
    mean_m = walk_hm / max(1.0, float(arrays.load.sum()))
    heats = np.geomspace(HOT, COLD, SLICES) * walk_hm / len(placed)
    prices = np.geomspace(*PRICES, SLICES) * mean_m
    sweeps = SWEEPS // SLICES
    cooling = (COLD / HOT) ** (1 / ((SLICES - 1) * sweeps))
    plan = [(float(p), float(h), cooling, sweeps) for p, h in zip(prices, heats, strict=True)]
    plan.append((STRICT_PRICE * mean_m, 0.0, 1.0, COLD_SWEEPS))
    for price, heat, cool, passes in plan:
        if stop.now():
            break
        local.anneal(
            arrays.indptr, arrays.indices, arrays.x, arrays.y, arrays.weight, arrays.load, arrays.free,
            territory.band.min, territory.band.max, placed, state, price, heat, cool, passes,
            WINDOW, thresholds(), rng, SWAPS_OF_1024,
        )  # fmt: skip
    return _found(territory, arrays, placed, state)


def _construct(territory: Territory, arrays: Arrays, count: int, turn: float) -> Ints:
    """Return a first drawing along the curve, around locked units where there are any."""
    if (territory.anchor >= 0).any():
        labels = anchored_start(
            territory, count, lambda part, k: _bisected(arrays_of(part), k, turn, unit_order=True)
        )
        return labels[arrays.order].astype(np.int32)
    return _bisected(arrays, count, turn)


def _bisected(arrays: Arrays, count: int, turn: float, *, unit_order: bool = False) -> Ints:
    placed: Ints = kernels()[0].bisect(
        arrays.indptr, arrays.indices, arrays.x, arrays.y, arrays.load, count, DIRECTIONS, turn
    )
    return arrays.to_units(placed) if unit_order else placed


def _found(
    territory: Territory, arrays: Arrays, placed: Ints, state: tuple[Ints, Floats, Ints, Ints, Ints, Ints, Floats]
) -> Found:
    labels = renumber(arrays.to_units(placed))
    return Found(labels, int(territory.band.violation(state[0]).sum()), float(state[1].sum()))


@cache
def thresholds() -> Floats:
    """Return exponentially distributed thresholds; rounded, so that every machine has the same."""
    return np.asarray(np.round(-np.log((np.arange(4096) + 0.5) / 4096), 6), dtype=np.float64)


@cache
def kernels() -> tuple[ModuleType, ModuleType]:
    """Return the compiled modules, imported at their first use: numba takes half a second to load."""
    from optimize.partition import construction, local_search  # noqa: PLC0415

    return construction, local_search
