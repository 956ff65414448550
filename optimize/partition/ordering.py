"""Orders in which the engine walks: along a Hilbert curve, so that neighbours lie near in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.partition.problem import Bools, Floats, Ints, Territory, csr_from_pairs

__all__ = ["Arrays", "arrays_of", "hilbert_order"]

_BITS = 16
_FAINT = 0.01  # households a place without any counts for, so that it still joins the nearest grid


@dataclass(frozen=True)
class Arrays:
    """A territory as the kernels want it: along the curve; ``order[i]`` is the unit at position i."""

    order: Ints
    indptr: Ints
    indices: Ints
    x: Floats
    y: Floats
    gap: Floats
    weight: Floats
    load: Ints
    area: Ints
    free: Bools
    border: Floats
    home: Ints
    away: Floats
    rival_starts: Ints
    rivals: Ints

    @property
    def ground(self) -> tuple[Floats, Floats, Floats]:
        """Where the units are, and the metres between them; these are empty where they are straight."""
        return self.x, self.y, self.gap

    def to_units(self, labels: Ints) -> Ints:
        """Return labels along the curve as labels in unit order."""
        back = np.empty(len(labels), dtype=np.int64)
        back[self.order] = labels
        return back


def arrays_of(territory: Territory) -> Arrays:
    """Lay a territory out along the curve."""
    order = hilbert_order(territory.xy)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    degree = np.diff(territory.indptr)[order]
    indptr = np.zeros(len(order) + 1, dtype=np.int32)
    np.cumsum(degree, out=indptr[1:])
    from_ = np.repeat(np.arange(len(order), dtype=np.int64), np.diff(territory.indptr))
    rows, columns = place[from_], place[territory.indices]
    by_row = np.lexsort((columns, rows))
    terms = territory.terms
    rival_starts, rivals = csr_from_pairs(place[territory.rivals], len(order))
    return Arrays(
        order=order,
        indptr=indptr,
        indices=columns[by_row].astype(np.int32),
        x=np.ascontiguousarray(territory.xy[order, 0]),
        y=np.ascontiguousarray(territory.xy[order, 1]),
        gap=np.ascontiguousarray(territory.gap[np.ix_(order, order)]) if len(territory.gap) else territory.gap,
        weight=np.maximum(territory.households[order].astype(np.float64), _FAINT) * float(terms.walk),
        load=np.ascontiguousarray(territory.load[order], dtype=np.int64),
        area=np.ascontiguousarray(territory.area[order] if terms.area_price > 0 else territory.area[:0]),
        free=np.ascontiguousarray(territory.anchor[order] < 0),
        border=terms.border[by_row] if len(terms.border) else terms.border,
        home=terms.home[order].astype(np.int32) if len(terms.home) else terms.home.astype(np.int32),
        away=terms.away[order] if len(terms.home) else terms.away,
        rival_starts=rival_starts,
        rivals=rivals,
    )


def hilbert_order(xy: Floats) -> Ints:
    """Return the positions of places in the order of a Hilbert curve; ties by position."""
    side = (1 << _BITS) - 1
    low = xy.min(axis=0) if len(xy) else np.zeros(2)
    extent = float(np.ptp(xy, axis=0).max()) if len(xy) else 0.0
    scaled = np.zeros(xy.shape, dtype=np.int64) if extent <= 0 else ((xy - low) / extent * side).astype(np.int64)
    x, y = scaled[:, 0], scaled[:, 1]
    along = np.zeros(len(xy), dtype=np.int64)
    step = 1 << (_BITS - 1)
    while step:
        right, upper = (x & step) > 0, (y & step) > 0
        along += step * step * ((3 * right) ^ upper)
        flip = ~upper & right
        x, y = np.where(flip, side - x, x), np.where(flip, side - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        step >>= 1
    return np.argsort(along, kind="stable")
