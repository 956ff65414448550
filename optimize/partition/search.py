"""The search of one territory at a stated number of grids: annealed starts, reheated and recombined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from optimize.partition.annealing import DIRECTIONS, Found, Schedule, Trial
from optimize.partition.ordering import arrays_of
from optimize.partition.problem import Ints, Territory
from optimize.stopping import Stop

__all__ = ["Found", "found_of", "search", "seed_of"]

START_SWEEPS = (60, 300)  # fewest and most passes of a start; 100 lose 0.5 % of the distance against 300
ROUND_SWEEPS = 60
PATIENCE = 24  # rounds in a row without a gain that end a line
COLD = 0.02
HOT = 2.0
PRICES = (15.0, 40.0)
ROUND_HEATS = (1.0, 2.0, 4.0, 8.0)  # warm rounds mend distances, hot ones mend the band
ROUND_PRICES = (20.0, 160.0, 60.0)
UNIT_WORK = 15_000  # trials a unit beyond which a search wins less than 0.1 %


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

    A few independent starts are annealed; then the best drawing is reheated again and again, and whatever
    a round draws better, outline by outline, is kept.

    Parameters
    ----------
    count
        Number of grids, 1 .. number of units.
    work
        Trials; at least one start is made.
    on_better
        Called with every better drawing.
    """
    n = len(territory)
    if count == 1:
        return found_of(territory, np.zeros(n, np.int64))
    if count == n and (territory.anchor < 0).all():
        return found_of(territory, np.arange(n))
    left = min(work, UNIT_WORK * n)
    best: Trial | None = None
    told: tuple[int, float] | None = None
    line = 0
    while best is None or (left > 0 and not stop.now()):
        for trial, spent in _line(territory, count, seed_of(seed, line), left, stop):
            left -= spent
            if best is None:
                best = trial.copy()
            else:
                best.take(trial)
            told = _tell(best, told, on_better)
            if left <= 0 or stop.now():
                break
        line += 1
    return best.found()


def _line(territory: Territory, count: int, seed: int, work: int, stop: Stop) -> Iterator[tuple[Trial, int]]:
    """Yield one start and its better and better descendants, until rounds in a row win nothing."""
    turn = (seed % 1024) / 1024 * np.pi / DIRECTIONS
    trial = Trial.construct(territory, arrays_of(territory), count, turn)
    fewest, most = START_SWEEPS
    sweeps = min(most, max(fewest, work // len(territory)))
    spent = trial.anneal(Schedule(sweeps=sweeps, hot=HOT, cold=COLD, prices=PRICES), seed, trial.key[1], stop)
    scale_hm = trial.key[1]
    yield trial, spent
    since = turns = 0
    while since < PATIENCE:
        before = trial.key
        heat = ROUND_HEATS[turns % len(ROUND_HEATS)]
        price = ROUND_PRICES[turns % len(ROUND_PRICES)]
        child = trial.copy()
        schedule = Schedule(sweeps=ROUND_SWEEPS, hot=heat, cold=COLD, prices=(price, price))
        spent = child.anneal(schedule, seed_of(seed, turns), scale_hm, stop)
        trial.take(child)
        yield trial, max(1, spent)
        turns += 1
        since = 0 if trial.key < before else since + 1


def _tell(
    trial: Trial, told: tuple[int, float] | None, on_better: Callable[[Found], None] | None
) -> tuple[int, float]:
    if on_better is not None and (told is None or trial.key < told):
        on_better(trial.found())
    return trial.key


def found_of(territory: Territory, labels: Ints) -> Found:
    """Return a drawing with its figures."""
    arrays = arrays_of(territory)
    return Trial(territory, arrays, labels[arrays.order].astype(np.int32)).found()
