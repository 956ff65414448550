"""A present drawing made whole under the rules: groups in one grid, rivals in two."""

from __future__ import annotations

import numpy as np

from optimize.partition.annealing import bisected
from optimize.partition.apart import apart_start, clashes, keep_apart
from optimize.partition.problem import Ints, Territory
from optimize.partition.repair import Mended, mend
from optimize.partition.search import least_grids
from optimize.partition.together import Contraction

__all__ = ["LOCKED", "mended_by_rules"]

LOCKED = 1_000_000_000  # households that a locked unit counts as when grids are given their codes


def mended_by_rules(whole: Contraction, present: Ints, *, count: int | None = None) -> Mended:
    """Make a present drawing whole, with groups in the grid that holds most of them and rivals apart.

    Parameters
    ----------
    whole
        The territory with its groups as one unit each.
    present
        Number of each unit's present grid, -1 for none, before contraction.
    count
        Number of grids wanted; None: as many as now, or the nearest number that the band and the rules allow.

    Returns
    -------
    Mended
        Of the units before contraction.
    """
    small = whole.territory
    if len(small) == len(whole.part) and not len(small.rivals):
        return mend(small, present, count=count)
    held = whole.contract(present, np.ones(len(present), dtype=np.int64))
    locked = np.isin(small.anchor, present[present >= 0])
    held[locked] = small.anchor[locked]
    mended = mend(small, held, count=count)
    labels, names = mended.labels, mended.names
    if len(clashes(small, labels)):
        cut = keep_apart(small, labels)
        if cut is None:
            least = max(len(names), least_grids(small))
            cut = apart_start(small, least, lambda part, k: bisected(part, k, 0.0))
            names = _names(cut, held, small)
        labels = cut
    drawn = whole.expand(labels)
    number = {name: label for label, name in enumerate(names) if name >= 0}
    home = np.array([number.get(int(p), -1) for p in present], dtype=np.int64)
    return Mended(drawn, home, names, bool((drawn == home).all()) and len(names) == len(np.unique(home)))


def _names(labels: Ints, held: Ints, territory: Territory) -> tuple[int, ...]:
    """Return the present grid that each label goes on from: that of its locked units, else most households', once."""
    shared: dict[tuple[int, int], int] = {}
    weight = np.where(territory.anchor >= 0, LOCKED, territory.households)
    for label, number, households in zip(labels.tolist(), held.tolist(), weight.tolist(), strict=True):
        if number >= 0:
            shared[label, number] = shared.get((label, number), 0) + households
    names = [-1] * (int(labels.max()) + 1)
    for label, number in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if names[label] < 0 and number not in names:
            names[label] = number
    return tuple(names)
