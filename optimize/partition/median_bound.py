"""A bound for territories too large for a table of distances: the capacitated median problem, relaxed.

Each unit gets a price; a heart takes the units that are worth more than the way to them, as far as the band lets it;
the K best hearts and the prices bound every drawing, connected or not. Only units near a heart are worth the way, so
that room and time grow with the units times those near a heart. Load outside the band has a price too, as all grids
together have no more of it than the drawing that is bounded.

J. E. Beasley (1993), Lagrangean heuristics for location problems, doi:10.1016/0377-2217(93)90118-7.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from optimize.partition.heart_record import ROOT, HeartRecord
from optimize.partition.lagrange import Medians, add_wanted, unit_prices
from optimize.partition.problem import Floats, Ints, Territory
from optimize.stopping import Stop

__all__ = ["MOST_UNITS", "median_bound"]

MOST_UNITS = 200_000
NEAR_LOADS = 5.0  # of the band's upper end, that the units near a heart hold while prices move
FEWEST_NEAR, MOST_NEAR = 8, 200
WORK = 200_000_000  # units near hearts that are passed, all rounds together: about 6 s
MOST_ROUNDS = 250
START = 1.5  # of all prices at first, by the cost of the drawing
OUTSIDE = 4.0  # price of a load unit outside the band, in mean metres of the drawing
AT_ONCE = 2_000  # units whose hearts are looked up at once

Around = tuple[Ints, Ints, Ints, Floats]  # units, and by unit in CSR form hearts and metres to them


def median_bound(
    territory: Territory, count: int, slack: int, value: float, *, stop: Stop | None = None
) -> HeartRecord | None:
    """Bound the walk of any ``count`` grids with at most ``slack`` outside the band.

    Parameters
    ----------
    slack
        Load outside the band beyond the unavoidable: units heavier than the band count as its upper end.
    value
        Household-metres of the drawing: what the prices aim at.

    Returns
    -------
    HeartRecord
        The bound in household-metres (``goal``), and the prices that show it in one node; None when it was stopped or
        the territory is larger still.
    """
    stop = stop or Stop()
    if len(territory) > MOST_UNITS or value <= 0 or stop.now():
        return None
    band = territory.band
    load = np.minimum(territory.load, band.max).astype(np.int64)
    house = territory.households.astype(np.float64)
    outside = OUTSIDE * value / max(1.0, float(load.sum()))
    near, metres = _near(territory, load)
    start = START * value * load / max(1, int(load.sum()))
    rounds = max(1, min(MOST_ROUNDS, WORK // near.size))
    medians = Medians(load, house, metres, near, band.min, band.max, slack, outside, count, value)
    price, last = unit_prices(medians, start, rounds, stop)
    price = np.where(house > 0, price, np.minimum(price, 0.0))  # else every heart would take them, however far
    thetas = np.stack([np.full(len(load), outside), np.zeros(len(load)), np.full(len(load), -outside), last], axis=1)
    if ((house == 0) & (load > 0)).any():
        thetas = np.minimum(thetas, 0.0)
    worth = -price[:, None] - thetas * load[:, None] + _of_loads(thetas, territory, slack, outside)
    reach_m = (price + thetas.max() * load) / np.maximum(house, 1e-9)
    for part in _around(territory, np.where(house > 0, reach_m, 0.0)):
        if stop.now():
            return None
        add_wanted(*part, house, load, price, thetas, worth)
    best = worth.argmax(axis=1)
    cheapest = np.partition(worth.max(axis=1), count - 1)[:count] if count < len(load) else worth.max(axis=1)
    record = HeartRecord(float(price.sum() + cheapest.sum()) - outside * slack, outside=outside)
    record.begin(ROOT)
    record.note(price, thetas[np.arange(len(load)), best], np.zeros((len(load), 0)))
    return record


def _of_loads(thetas: Floats, territory: Territory, slack: int, outside: float) -> Floats:
    """Return the least that the load of a grid can come to at its prices, with that outside the band."""
    band = territory.band
    ends = np.array([max(0, band.min - slack), band.min, band.max, band.max + slack], dtype=np.float64)
    beyond = outside * np.maximum(np.maximum(band.min - ends, ends - band.max), 0.0)
    return np.asarray((thetas[:, :, None] * ends + beyond).min(axis=2))


def _near(territory: Territory, load: Ints) -> tuple[Ints, Floats]:
    """Return the units near each heart, itself first, and the metres to them, shape (n, near)."""
    n = len(territory)
    mean = max(float(load.mean()), 1.0)
    wanted = int(min(max(FEWEST_NEAR, NEAR_LOADS * territory.band.max / mean), MOST_NEAR, n))
    if len(territory.gap):
        near = np.argsort(territory.gap, axis=1, kind="stable")[:, :wanted]
        metres = np.take_along_axis(territory.gap, near, axis=1)
    else:
        found = cKDTree(territory.xy).query(territory.xy, k=wanted)
        metres, near = np.reshape(found[0], (n, wanted)), np.reshape(found[1], (n, wanted))
    own = np.arange(n)
    first = (near == own[:, None]).argmax(axis=1)  # of units at one place another may come first
    near[own, first], metres[own, first] = near[:, 0], metres[:, 0]
    near[:, 0], metres[:, 0] = own, 0.0
    return np.ascontiguousarray(near.astype(np.int64)), np.ascontiguousarray(metres)


def _around(territory: Territory, reach_m: Floats) -> Iterator[Around]:
    """Yield the hearts within reach of each unit, some units at a time."""
    tree = None if len(territory.gap) else cKDTree(territory.xy)
    worth_it = np.flatnonzero(reach_m > 0)
    for at in range(0, len(worth_it), AT_ONCE):
        units = worth_it[at : at + AT_ONCE]
        if tree is None:
            row, hearts = np.nonzero(territory.gap[units] < reach_m[units, None])
            sizes = np.bincount(row, minlength=len(units))
            metres = territory.gap[units[row], hearts]
        else:
            found = tree.query_ball_point(territory.xy[units], reach_m[units], return_sorted=True)
            sizes = np.array([len(own) for own in found])
            hearts = np.concatenate([np.asarray(own, np.int64) for own in found])
            apart = territory.xy[np.repeat(units, sizes)] - territory.xy[hearts]
            metres = np.hypot(apart[:, 0], apart[:, 1])
        yield units, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), hearts, metres
