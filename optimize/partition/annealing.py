"""Annealing as a schedule: temperatures and prices of the band, pass by pass, over the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from optimize.partition.anchors import anchored_start
from optimize.partition.apart import apart_start
from optimize.partition.kernels import kernels
from optimize.partition.ordering import Arrays, arrays_of
from optimize.partition.problem import Floats, Ints, Territory, renumber, terms_hm
from optimize.stopping import Stop

__all__ = ["Found", "Schedule", "Trial", "bisected", "thresholds"]

SLICE_SWEEPS = 30  # passes between two looks at the clock
STRICT_PRICE = 1000.0  # the last, cold passes: the band before everything
COLD_SWEEPS = 10
USUAL_WIDTH = 0.5  # of a band in targets; in a narrower one every load unit outside weighs more
SWAPS_OF_1024 = 300  # trials that swap two units instead of moving one
WINDOW = 4096  # trials that stay near each other on the curve, for the cache
DIRECTIONS = 8  # cuts compared at each bisection


@dataclass(frozen=True)
class Found:
    """A drawing in unit order, with its band violation and household-metres."""

    labels: Ints
    violation: int
    walk_hm: float
    terms_hm: float = 0.0

    @property
    def key(self) -> tuple[int, float]:
        """Order of drawings: the band first, then the walk and what is asked for beside it."""
        return (self.violation, self.walk_hm + self.terms_hm)


@dataclass(frozen=True)
class Schedule:
    """One annealing.

    Parameters
    ----------
    sweeps
        Passes of one trial a unit.
    hot, cold
        First and last temperature, in mean household-metres of one unit.
    prices
        First and last price of one load unit outside the band, in mean metres.
    """

    sweeps: int
    hot: float
    cold: float
    prices: tuple[float, float]


class Trial:
    """A drawing in the making: labels along the curve and the kernels' state, changed in place."""

    def __init__(self, territory: Territory, arrays: Arrays, placed: Ints) -> None:
        self.territory = territory
        self.arrays = arrays
        self.placed = placed
        self.refresh()

    @classmethod
    def construct(cls, territory: Territory, arrays: Arrays, count: int, turn: float) -> Trial:
        """Return a first drawing of ``count`` grids, around locked units where there are any, rivals apart."""
        if len(territory.rivals):
            labels = apart_start(territory, count, lambda part, k: bisected(part, k, turn))
            return cls(territory, arrays, labels[arrays.order].astype(np.int32))
        if (territory.anchor >= 0).any():
            labels = anchored_start(territory, count, lambda part, k: bisected(part, k, turn))
            return cls(territory, arrays, labels[arrays.order].astype(np.int32))
        return cls(territory, arrays, _bisect(arrays, count, turn))

    def copy(self) -> Trial:
        """Return the same drawing, to be changed by itself."""
        return Trial(self.territory, self.arrays, self.placed.copy())

    def refresh(self) -> None:
        """Compute the state from the labels anew."""
        a = self.arrays
        count = int(self.placed.max()) + 1
        self.state = kernels().build_state(a.ground, a.weight, a.load, self.placed, count)

    @property
    def grids(self) -> int:
        """Number of grids."""
        return len(self.state[0])

    @property
    def grid_violation(self) -> Ints:
        """Violation per grid."""
        return self.territory.band.violation(self.state[0])

    @property
    def key(self) -> tuple[int, float]:
        """Order of drawings: the band first, then the walk and what is asked for beside it."""
        return (int(self.grid_violation.sum()), float(self.grid_hm.sum()))

    @property
    def scale_hm(self) -> float:
        """What temperatures and prices are measured by: the walk and leaving home, else the cut borders."""
        walk_hm = float(self.state[1].sum() + self.arrays.away.sum())
        return walk_hm if self.territory.households.any() and self.territory.terms.walk else float(self.grid_hm.sum())

    @property
    def grid_hm(self) -> Floats:
        """Household-metres per grid with everything that is asked for beside the walk."""
        return np.asarray(self.state[1] + self.grid_terms_hm)

    @property
    def grid_terms_hm(self) -> Floats:
        """Per grid, what is asked for beside the walk."""
        if self.territory.terms.empty:
            return np.zeros(self.grids)
        return terms_hm(self.territory, self.arrays.to_units(self.placed))

    def anneal(self, schedule: Schedule, seed: int, scale_hm: float, stop: Stop) -> int:
        """Anneal, in slices that look at the clock; return the trials done.

        Parameters
        ----------
        scale_hm
            Household-metres that temperatures and prices are measured by.
        """
        rng = np.array([seed], dtype=np.uint64)
        unit_hm, mean_m, strict = self._scales(scale_hm)
        slices = max(1, round(schedule.sweeps / SLICE_SWEEPS))
        sweeps = max(1, schedule.sweeps // slices)
        cooling = (schedule.cold / schedule.hot) ** (1 / max(1, slices * sweeps - 1))
        done = 0
        for part, price in enumerate(_prices(*schedule.prices, slices)):
            if stop.now():
                return done
            heat = schedule.hot * unit_hm * cooling ** (part * sweeps)
            done += self._passes(price * mean_m, heat, cooling, sweeps, rng)
        if not stop.now():
            done += self._passes(strict, 0.0, 1.0, COLD_SWEEPS, rng)
        return done

    def _scales(self, scale_hm: float) -> tuple[float, float, float]:
        """Return what temperatures and prices of the band are measured by, and the price of the last passes.

        Where nothing but cut borders counts, a unit that leaves its grid changes a few of them, so that a cut pair is
        the measure of heat and one unit's load outside the band that of prices, however narrow the band.
        """
        band = self.territory.band
        if not self.territory.terms.walk and len(self.arrays.border):
            pair = float(self.arrays.border.mean())
            return pair, pair / max(1.0, float(np.median(self.arrays.load))), float(self.arrays.border.sum())
        narrow = max(1.0, USUAL_WIDTH * band.target / max(1, band.max - band.min))
        mean_m = narrow * scale_hm / max(1.0, float(self.arrays.load.sum()))
        return scale_hm / len(self.placed), mean_m, STRICT_PRICE * mean_m

    def _passes(self, price: float, heat: float, cooling: float, sweeps: int, rng: Ints) -> int:
        a, band, terms = self.arrays, self.territory.band, self.territory.terms
        return kernels().anneal(
            a.indptr, a.indices, a.ground, a.weight, a.load, a.free, a.border, a.home, a.away, a.rival_starts,
            a.rivals, band.min, band.max, band.target, terms.uneven, a.area, terms.area_cap, terms.area_price,
            self.placed, self.state, price, heat, cooling, sweeps, WINDOW, thresholds(), rng, SWAPS_OF_1024,
        )  # fmt: skip

    def take(self, other: Trial) -> None:
        """Take from another drawing of as many grids every outline that it draws better."""
        taken = kernels().recombine(
            self.placed,
            other.placed,
            self.grid_violation,
            other.grid_violation,
            self.grid_hm,
            other.grid_hm,
            len(self.arrays.home) > 0,
        )
        if taken:
            self.refresh()
        if other.key < self.key:
            self.placed = other.placed.copy()
            self.refresh()

    def take_annealed(self, other: Trial, schedule: Schedule, *, seed: int, scale_hm: float, stop: Stop) -> None:
        """Take from another drawing, or from the same annealed on, every outline that it draws better."""
        child = other.copy()
        child.anneal(schedule, seed, scale_hm, stop)
        other.take(child)
        self.take(other)

    def found(self) -> Found:
        """Return the drawing in unit order; grids numbered by their first unit, unless units have homes."""
        labels = self.arrays.to_units(self.placed)
        if len(self.arrays.home) == 0:
            labels = renumber(labels)
        terms = float(self.grid_terms_hm.sum())
        return Found(labels, int(self.grid_violation.sum()), self._walk_hm(), terms)

    def _walk_hm(self) -> float:
        """Household-metres as they are told: a place without anyone weighs nothing."""
        a, households = self.arrays, self.territory.households
        if not self.territory.terms.walk or households.all():
            return float(self.state[1].sum())
        weight = households[a.order].astype(np.float64)
        state = kernels().build_state(a.ground, weight, a.load, self.placed, self.grids)
        return float(state[1].sum())


@cache
def _prices(first: float, last: float, slices: int) -> tuple[float, ...]:
    """Return a price for every slice, each the same multiple of the one before."""
    return tuple(np.geomspace(first, last, slices).tolist())


def _bisect(arrays: Arrays, count: int, turn: float) -> Ints:
    a = arrays
    return kernels().bisect(a.indptr, a.indices, a.x, a.y, a.load, count, DIRECTIONS, turn)


def bisected(part: Territory, count: int, turn: float) -> Ints:
    """Return labels of a first drawing by bisection; ``turn`` (radians) turns the first direction."""
    arrays = arrays_of(part)
    return arrays.to_units(_bisect(arrays, count, turn))


@cache
def thresholds() -> Floats:
    """Return exponentially distributed thresholds; rounded, so that every machine has the same."""
    return np.asarray(np.round(-np.log((np.arange(4096) + 0.5) / 4096), 6), dtype=np.float64)
