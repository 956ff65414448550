"""Small towns with all that can be asked of a drawing, in chance mixtures, and their best drawing by trying all."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np

from optimize.partition.apart import clashes
from optimize.partition.compounds import compound_terms
from optimize.partition.problem import Ints, LoadBand, Terms, Territory, score, terms_hm
from tests.optimize.partition.towns import labellings, random_town

BANDS = (LoadBand(200, 400, 700), LoadBand(300, 400, 500), LoadBand(150, 400, 650), LoadBand(390, 400, 410))


def mixed_town(seed: int, n: int) -> Territory:
    """Return a town where locks, a group, rivals, units without anyone, longer walks, prices may be."""
    rng = np.random.default_rng(seed)
    town = random_town(n, seed, band=BANDS[rng.integers(len(BANDS))], most=int(rng.choice([160, 220, 420])))
    if rng.random() < 0.3:
        bare = rng.random(n) < 0.25
        town = replace(town, load=np.where(bare, 0, town.load), households=np.where(bare, 0, town.households))
    if rng.random() < 0.3:
        town = replace(town, households=rng.integers(0, 200, n))
    if rng.random() < 0.3:
        longer = np.triu(rng.uniform(1, 2, (n, n)))
        town = replace(town, gap=town.metres(np.arange(n), np.arange(n)) * (longer + longer.T) / 2)
    rows = np.repeat(np.arange(n), np.diff(town.indptr))
    if rng.random() < 0.5:
        group, edge = np.full(n, -1), int(rng.integers(len(rows)))
        group[[rows[edge], town.indices[edge]]] = 0
        town = replace(town, group=group)
    if rng.random() < 0.5:
        pairs = {tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(int(rng.integers(1, 3)))}
        town = replace(town, rivals=np.array(sorted(pairs)))
    if rng.random() < 0.5:
        anchor = np.full(n, -1)
        anchor[rng.choice(n, int(rng.integers(1, 4)), replace=False)] = 7
        anchor[int(rng.integers(n))] = 3
        town = replace(town, anchor=anchor)
    town = replace(town, terms=_terms(town, rows, rng))
    return with_areas(town, seed) if town.terms.walk and rng.random() < 0.4 else town


def _terms(town: Territory, rows: Ints, rng: np.random.Generator) -> Terms:
    n = len(town)
    if rng.random() < 0.1:
        return Terms(border=np.ones(len(rows)), walk=False)
    terms = Terms()
    if rng.random() < 0.4:
        compounds = replace(town, compound=rng.integers(-1, 3, n))
        terms = compound_terms(compounds, float(rng.choice([1, 10, 100])))
    elif rng.random() < 0.5:
        price = rng.uniform(0, 4000, (n, n)) * (rng.random((n, n)) < 0.4)
        terms = Terms(border=(price + price.T)[rows, town.indices])
    return replace(terms, uneven=float(rng.choice([0.0, 1.0, 30.0, 300.0])))


def with_areas(town: Territory, seed: int) -> Territory:
    """Return a town with areas, and a price of them above a cap that some grids keep and some do not."""
    rng = np.random.default_rng(seed)
    area = rng.integers(0, 1000, len(town))
    cap = int(area.sum() * rng.choice([0.2, 0.4, 0.6]))
    return replace(town, area=area, terms=replace(town.terms, area_cap=cap, area_price=float(rng.choice([3, 100]))))


def with_homes(town: Territory, labels: Ints, seed: int) -> Territory:
    """Return a town whose units are at home in a drawing, a few of them in another grid or in none."""
    rng = np.random.default_rng(seed)
    home = labels.copy()
    movable = np.flatnonzero(town.anchor < 0)
    for unit in rng.choice(movable, min(3, len(movable)), replace=False):
        home[unit] = rng.integers(-1, labels.max() + 1)
    away = np.where(home >= 0, town.households * float(rng.choice([1, 30, 1000])), 0.0)
    return replace(town, terms=replace(town.terms, home=home, away=away))


def obeys(town: Territory, labels: Ints) -> bool:
    """Whether a drawing keeps groups and locked grids whole, two of these apart, and rivals apart."""
    locked = town.anchor >= 0
    held = {(int(a), int(grid)) for a, grid in zip(town.anchor[locked], labels[locked], strict=True)}
    apart = len(held) == len({a for a, _ in held}) == len({grid for _, grid in held})
    groups = set(town.group.tolist()) - {-1}
    whole = all(len(np.unique(labels[town.group == number])) == 1 for number in groups)
    return whole and apart and not len(clashes(town, labels))


def best_by_trying(town: Territory, count: int) -> tuple[int, float] | None:
    """Return the least violation and the least cost at it of all drawings and names of grids; None: no such."""
    best: tuple[int, float] | None = None
    home, away, locked = town.terms.home, town.terms.away, town.anchor >= 0
    names = list(permutations(range(max(count, int(home.max(initial=-1)) + 1)), count)) if len(home) else [()]
    without = replace(town, terms=replace(town.terms, home=home[:0], away=away[:0]))
    for labels in labellings(len(town), count):
        reached = score(town, labels)
        if reached.disconnected or not obeys(town, labels):
            continue
        beside = (reached.walk_hm if town.terms.walk else 0.0) + float(terms_hm(without, labels).sum())
        for named in names:
            grids = np.array(named)[labels] if named else home
            if ((grids == home) | ~locked[: len(home)]).all():
                reach = (reached.violation, beside + float(away[grids != home].sum()))
                best = reach if best is None else min(best, reach)
    return best
