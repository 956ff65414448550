"""The search of one territory at a stated number of grids: annealed starts, reheated and recombined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from optimize.partition.anchors import anchor_count
from optimize.partition.annealing import DIRECTIONS, Found, Schedule, Trial, bisected
from optimize.partition.apart import least_count
from optimize.partition.ordering import Arrays, arrays_of
from optimize.partition.problem import Ints, Territory
from optimize.partition.together import blocks_of, contracted
from optimize.partition.tree_search import cut_trees, distances, is_free
from optimize.stopping import Stop

__all__ = ["Found", "found_of", "least_grids", "search", "seed_of"]

START_SWEEPS = (60, 300)  # fewest and most passes of a start; 100 lose 0.5 % of the distance against 300
ROUND_SWEEPS = 60
PATIENCE = 24  # rounds in a row without a gain that end a line
COLD = 0.02
HOT = 2.0
PRICES = (15.0, 40.0)
SHORT = Schedule(sweeps=0, hot=0.6, cold=0.06, prices=(1.0, 20.0))  # of a start that has not the most passes
ROUND_HEATS = (1.0, 2.0, 4.0, 8.0)  # warm rounds mend distances, hot ones mend the band
ROUND_PRICES = (20.0, 160.0, 60.0)
CUT_SWEEPS = (60, 10_000)  # as START_SWEEPS where borders alone count: slow cooling, then another start
CUT_STARTS = 20  # that the work is shared out to, as far as each gets its fewest passes
CUT_HOT, CUT_COLD, CUT_PRICES = 2.0, 0.15, (0.5, 50.0)  # in cut pairs, and in cut pairs a unit's load
CUT_UNIT_WORK = 1_000_000
TREE_PATIENCE = 8  # trees in a row without a gain: twice through their temperatures
TREE_SCHEDULE = Schedule(sweeps=ROUND_SWEEPS, hot=1.0, cold=COLD, prices=PRICES)
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
    first: Ints | None = None,
    trees: int = 0,
    fit_alone: bool = False,
    fitting: bool = False,
    on_better: Callable[[Found], None] | None = None,
) -> Found:
    """Draw ``count`` grids in a territory; every grid is connected whenever the search is stopped.

    A few independent starts are annealed; then the best drawing is reheated again and again, and whatever
    a round draws better, outline by outline, is kept.

    Parameters
    ----------
    count
        Number of grids, `least_grids` .. number of units.
    work
        Trials; at least one start is made.
    first
        A drawing of ``count`` connected grids to start from instead of a constructed one; where units have
        homes, its labels are theirs.
    trees
        Drawings that are cut from spanning trees beside the annealed starts, where no unit is locked, has a home or
        a rival.
    fit_alone
        Whether trees are cut only while the band is left.
    fitting
        Whether any drawing inside the band will do: the first one ends the search.
    on_better
        Called with every better drawing.
    """
    n = len(territory)
    if first is None and count == 1:
        return found_of(territory, np.zeros(n, np.int64))
    if first is None and count == n and (territory.anchor < 0).all():
        return found_of(territory, np.arange(n))
    left = min(work, (UNIT_WORK if territory.terms.walk else CUT_UNIT_WORK) * n)
    arrays = arrays_of(territory)
    best: Trial | None = None
    told: tuple[int, float] | None = None
    line = 0
    enough = False
    while best is None or not (enough or left <= 0 or stop.now()):
        begun = _begin(territory, arrays, count, seed_of(seed, line), first)
        draw = _line if territory.terms.walk else _cut_line
        for trial, spent in draw(begun, seed_of(seed, line), work if draw is _cut_line else left, stop):
            left -= spent
            if best is None:
                best = trial.copy()
            else:
                best.take(trial)
            told = _tell(best, told, on_better)
            enough = fitting and best.key[0] == 0
            if enough or left <= 0 or stop.now():
                break
        line += 1
    if first is None and is_free(territory):
        _take_whole(best, count, seed, stop, work=work, trees=trees)
        told = _tell(best, told, on_better)
        if trees > 0 and not (fit_alone and best.key[0] == 0):
            _take_trees(best, count, trees, seed, stop, fit_alone=fit_alone)
            _tell(best, told, on_better)
    return best.found()


def _take_whole(best: Trial, count: int, seed: int, stop: Stop, *, work: int, trees: int) -> None:
    """Take what a drawing of whole compounds draws better: what is dear to cut moves as one there."""
    territory = best.territory
    blocks = blocks_of(territory)
    if blocks is None or stop.now():
        return
    whole = contracted(replace(territory, group=blocks))
    if count > len(whole.territory):
        return
    found = search(whole.territory, count, seed=seed_of(seed, "whole"), work=work, stop=stop, trees=trees)
    placed = whole.expand(found.labels)[best.arrays.order].astype(np.int32)
    trial = Trial(territory, best.arrays, placed)
    best.take_annealed(trial, TREE_SCHEDULE, seed=seed_of(seed, "apart"), scale_hm=best.scale_hm, stop=stop)


def _take_trees(best: Trial, count: int, trees: int, seed: int, stop: Stop, *, fit_alone: bool) -> None:
    """Take what drawings cut from spanning trees, each annealed a little, draw better, until some win nothing."""
    gap = distances(best)
    scale_hm = best.scale_hm
    since = 0
    for turn in range(trees):
        if stop.now() or since == TREE_PATIENCE or (fit_alone and best.key[0] == 0):
            return
        before = best.key
        line_seed = seed_of(seed, "trees", turn)
        trial = _begin(best.territory, best.arrays, count, line_seed, None)
        cut_trees(trial, gap, turn, line_seed, stop)
        best.take_annealed(trial, TREE_SCHEDULE, seed=line_seed, scale_hm=scale_hm, stop=stop)
        since = 0 if best.key < before else since + 1


def _begin(territory: Territory, arrays: Arrays, count: int, seed: int, first: Ints | None) -> Trial:
    """Return the drawing that a line starts from."""
    if first is not None:
        return Trial(territory, arrays, first[arrays.order].astype(np.int32))
    turn = (seed % 1024) / 1024 * np.pi / DIRECTIONS
    return Trial.construct(territory, arrays, count, turn)


def _line(trial: Trial, seed: int, work: int, stop: Stop) -> Iterator[tuple[Trial, int]]:
    """Yield one start and its better and better descendants, until rounds in a row win nothing."""
    fewest, most = START_SWEEPS
    sweeps = min(most, max(fewest, work // len(trial.placed)))
    schedule = Schedule(sweeps=sweeps, hot=HOT, cold=COLD, prices=PRICES)
    if len(trial.arrays.home):  # a present drawing is not melted: it is the first to be improved on
        child = trial.copy()
        spent = child.anneal(schedule, seed, trial.scale_hm, stop)
        trial.take(child)
    else:
        if sweeps < most:
            schedule = replace(SHORT, sweeps=sweeps)
        spent = trial.anneal(schedule, seed, trial.scale_hm, stop)
    scale_hm = trial.scale_hm
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


def _cut_line(trial: Trial, seed: int, work: int, stop: Stop) -> Iterator[tuple[Trial, int]]:
    """Yield one slowly cooled start; ``work`` is that of all starts. Reheating wins less than another start."""
    fewest, most = CUT_SWEEPS
    sweeps = min(most, max(fewest, work // (CUT_STARTS * len(trial.placed))))
    schedule = Schedule(sweeps=sweeps, hot=CUT_HOT, cold=CUT_COLD, prices=CUT_PRICES)
    yield trial, max(1, trial.anneal(schedule, seed, trial.scale_hm, stop))


def _tell(
    trial: Trial, told: tuple[int, float] | None, on_better: Callable[[Found], None] | None
) -> tuple[int, float]:
    if on_better is not None and (told is None or trial.key < told):
        on_better(trial.found())
    return trial.key


def least_grids(territory: Territory) -> int:
    """Return the fewest grids that locked units and rivals allow, as far as is found."""
    if not len(territory.rivals):
        return max(1, anchor_count(territory))
    return least_count(territory, lambda part, count: bisected(part, count, 0.0))


def found_of(territory: Territory, labels: Ints) -> Found:
    """Return a drawing with its figures."""
    arrays = arrays_of(territory)
    return Trial(territory, arrays, labels[arrays.order].astype(np.int32)).found()
