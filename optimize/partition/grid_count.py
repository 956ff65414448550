"""How many grids a territory gets."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from optimize.partition.problem import LoadBand, Territory

__all__ = ["count_range", "natural_count", "share_out"]


def least_violation(load: int, count: int, band: LoadBand) -> int:
    """Return the band violation that ``count`` grids of a summed load cannot avoid."""
    return max(0, count * band.min - load) + max(0, load - count * band.max)


def _countable(territory: Territory) -> int:
    """Return the load that the number of grids follows: a unit above the band fills one grid and no more."""
    return int(np.minimum(territory.load, territory.band.max).sum())


def natural_count(territory: Territory) -> int:
    """Return the number of grids with the least unavoidable violation, then nearest load / target."""
    load, band, most = _countable(territory), territory.band, len(territory)
    nearest = load / band.target
    ends = (nearest, load / band.max, load / band.min if band.min else nearest)
    options = {min(max(1, count), most) for end in ends for count in (floor(end), ceil(end))}
    return min(options, key=lambda k: (least_violation(load, k, band), abs(k - nearest), k))


def count_range(territory: Territory) -> range:
    """Return the numbers of grids whose mean load lies in the band, the natural number at least."""
    load, band, most = _countable(territory), territory.band, len(territory)
    natural = natural_count(territory)
    fewest = max(1, ceil(load / band.max))
    highest = min(most, load // band.min if band.min else most)
    return range(min(fewest, natural), max(highest, natural) + 1)


def share_out(total: int, territories: Sequence[Territory], fewest: Sequence[int] | None = None) -> list[int]:
    """Share a number of grids out by load, by largest remainders; each gets at least one, or its ``fewest``.

    The sum is ``total`` unless the fewest come to more, or the units to less.
    """
    most = [len(t) for t in territories]
    loads = [t.total_load for t in territories]
    least = [1] * len(territories) if fewest is None else [max(1, few) for few in fewest]
    counts = least.copy()
    left = total - sum(counts)
    whole = sum(loads)
    if whole and left > 0:
        quota = [total * load / whole for load in loads]
        counts = [min(m, max(few, floor(q))) for m, few, q in zip(most, least, quota, strict=True)]
        left = total - sum(counts)
    while left != 0:
        open_ = [i for i, c in enumerate(counts) if (c < most[i] if left > 0 else c > least[i])]
        if not open_:
            break
        step = 1 if left > 0 else -1
        # the next grid goes where it is missed most; one too many is taken where it is missed least
        worth = {i: total * loads[i] / whole - counts[i] if whole else 0.0 for i in open_}
        at = max(open_, key=lambda i: (step * worth[i], territories[i].territory_id))
        counts[at] += step
        left -= step
    return counts
