"""The integer programme of fewest cut edges: which unit is in which grid, and which pairs leave it.

A pair costs its price once for every grid that one end leaves the other behind in, which binds fractions tighter than
one 0-1 variable a pair. Grids are alike, so that every drawing would be there many times: units that can not share a
grid are given one each, by weight, and the grids without one are ordered by their heaviest unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from optimize.partition.problem import Bools, Floats, Ints, Territory
from optimize.partition.programme import Programme
from optimize.partition.programme_witness import Row

__all__ = ["CutProgramme", "allowed_of", "roots_of"]

FAINT = 1e-6  # load of a unit without any: a sparse matrix keeps no zeros


@dataclass(frozen=True, eq=False, kw_only=True)
class CutProgramme(Programme):
    """The programme; after the units in grids come the pairs that leave them, then the loads outside the band.

    Pair e leaves grid g at column ``(n + e) * count + g``. ``roots`` are units with a grid of their own; ``ordered``
    tells how many of the last grids are ordered by their heaviest unit.
    """

    pairs: Ints
    roots: Ints
    ordered: int

    @classmethod
    def of(cls, territory: Territory, count: int, violation: int | None) -> CutProgramme:
        """Return the programme at a limited violation; without a limit the load outside the band is made smallest."""
        n, band = len(territory), territory.band
        ends = np.repeat(np.arange(n), np.diff(territory.indptr))
        once = ends < territory.indices
        pairs = np.stack([ends[once], territory.indices[once]], axis=1)
        m, inside = len(pairs), n * count
        leaving = m * count
        width = inside + leaving + 2 * count
        at, grid = np.arange(inside), np.arange(inside) % count
        ones = np.ones(inside)
        units = sparse.csr_matrix((ones, (at // count, at)), (n, width))
        some = sparse.csr_matrix((ones, (grid, at)), (count, width))
        scale = float(band.target)  # loads of a million and rows of ones make poor programmes
        sides = inside + leaving + np.arange(count)
        loads = sparse.csr_matrix((np.repeat(territory.load, count) / scale, (grid, at)), (count, width))
        below = sparse.csr_matrix((np.ones(count), (np.arange(count), sides)), (count, width))
        above = sparse.csr_matrix((-np.ones(count), (np.arange(count), sides + count)), (count, width))
        one, other = ((pairs[:, side, None] * count + np.arange(count)).ravel() for side in (0, 1))
        left = np.repeat([1.0, -1.0, -1.0], leaving)
        columns = np.concatenate([one, other, inside + np.arange(leaving)])
        apart = sparse.csr_matrix((left, (np.tile(np.arange(leaving), 3), columns)), (leaving, width))
        outside = sparse.csr_matrix(np.concatenate([np.zeros(inside + leaving), np.ones(2 * count)])[None, :])
        limit = np.inf if violation is None else violation / scale
        costs = np.zeros(width)
        if violation is None:
            costs[inside + leaving :] = scale
        else:
            costs[inside : inside + leaving] = np.repeat(territory.terms.border[once], count)
        roots = roots_of(territory, count, violation)
        most = np.concatenate([np.ones(inside + leaving), np.full(2 * count, np.inf if violation is None else limit)])
        most[:inside] = allowed_of(territory, count, roots, violation).ravel()
        slip = 1e-9
        ordered = _ordered(territory, count, len(roots), width)
        return cls(
            count=count,
            scale=scale,
            pairs=pairs,
            roots=roots,
            ordered=ordered.shape[0] // n,
            costs=costs,
            most=most,
            whole=np.arange(width) < inside,
            rows=sparse.csr_matrix(
                sparse.vstack([units, some, loads + below, loads + above, outside, apart, ordered])
            ),
            low=np.concatenate([np.ones(n + count), np.full(count, band.min / scale - slip),
                                np.full(count + 1 + leaving + ordered.shape[0], -np.inf)]),
            high=np.concatenate([np.ones(n), np.full(2 * count, np.inf), np.full(count, band.max / scale + slip),
                                 [limit + slip], np.zeros(leaving + ordered.shape[0])]),
        )  # fmt: skip

    def own_names(self) -> list[Row]:
        """Return the names of the rows: units, grids, loads, the load outside the band, pairs, ordered grids."""
        n, count = int(self.whole.sum()) // self.count, self.count
        grids = [(kind, g) for kind in ("some", "low", "high") for g in range(count)]
        pairs = [("pair", a, b, g) for a, b in self.pairs.tolist() for g in range(count)]
        ordered = [("order", place, g) for g in range(count - self.ordered, count) for place in range(n)]
        return [*(("unit", u) for u in range(n)), *grids, ("outside",), *pairs, *ordered]

    def columns_of(self, territory: Territory, labels: Ints) -> Floats | None:
        """Return the columns of a drawing, its grids renamed so that each root is in its own; None where it can't."""
        homes = labels[self.roots]
        if len(np.unique(homes)) < len(homes):
            return None
        names = np.empty(self.count, dtype=np.int64)
        first = labels[np.argsort(-territory.load, kind="stable")]
        seen = list(dict.fromkeys(first.tolist()))
        names[np.concatenate([homes, [g for g in seen if g not in homes]]).astype(np.int64)] = np.arange(self.count)
        drawn = np.eye(self.count)[names[labels]]
        loads = drawn.T @ territory.load
        band, scale = territory.band, self.scale
        left = np.maximum(0, drawn[self.pairs[:, 0]] - drawn[self.pairs[:, 1]])
        low, high = np.maximum(band.min - loads, 0) / scale, np.maximum(loads - band.max, 0) / scale
        return np.concatenate([drawn.ravel(), left.ravel(), low, high])


def roots_of(territory: Territory, count: int, violation: int | None) -> Ints:
    """Return units, heaviest first, of which no two fit into one grid: the first is in grid 0, and so on.

    Grids are alike, so that without names for some of them every drawing is there many times.
    """
    heavy = np.argsort(-territory.load, kind="stable")
    if violation is None:
        return heavy[:1]
    roots: list[int] = []
    for unit in heavy[: 4 * count].tolist():
        if len(roots) < count and all(
            territory.load[unit] + territory.load[root] > territory.band.max + violation for root in roots
        ):
            roots.append(unit)
    return np.array(roots, dtype=np.int64)


def _ordered(territory: Territory, count: int, rooted: int, width: int) -> sparse.csr_matrix:
    """Return rows for the grids without a root: the heaviest unit of each is lighter than that of the one before.

    A unit is in a grid only if a heavier one is in the grid before.
    """
    heavy = np.argsort(-territory.load, kind="stable")
    n = len(heavy)
    rows = []
    for grid in range(max(1, rooted) + 1, count):
        row = sparse.lil_matrix((n, width))
        for at, unit in enumerate(heavy.tolist()):
            row[at, unit * count + grid] = 1.0
            row[at, heavy[:at] * count + grid - 1] = -1.0
        rows.append(row.tocsr())
    return sparse.csr_matrix(sparse.vstack(rows)) if rows else sparse.csr_matrix((0, width))


def allowed_of(territory: Territory, count: int, roots: Ints, violation: int | None) -> Bools:
    """Return which units can be in which grids, shape (n, count): a root's own grid reaches as far as its band.

    A grid that holds a root and a unit holds a way between them, so the lightest one must fit.
    """
    allowed = np.ones((len(territory), count), dtype=bool)
    allowed[roots] = np.arange(count) == np.arange(len(roots))[:, None]
    if violation is None:
        return allowed
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    weights = territory.load[territory.indices].astype(np.float64) + FAINT
    steps = sparse.csr_matrix((weights, (rows, territory.indices)), shape=(len(territory),) * 2)
    ways = dijkstra(steps, directed=True, indices=roots) + territory.load[roots][:, None]
    allowed[:, : len(roots)] &= (ways <= territory.band.max + violation + 0.5).T
    return allowed
