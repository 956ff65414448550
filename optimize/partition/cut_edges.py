"""Fewest cut edges: grids that cut as few neighbour pairs, or metres of shared border, as can be.

After a search that prices cut pairs, neighbouring grids are cut anew by small integer programmes, two or three at a
time, and the whole territory by one, whose bound holds for every drawing (Validi & Buchanan 2022, "Political
districting to minimize cut edges", doi:10.1007/s12532-022-00221-5). Connectedness is added by cuts where an answer
lacks it, so that an answer stopped early still bounds from below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil

import numpy as np
from scipy import sparse

from gis.model.kinds import Proof
from optimize.partition.least_moved import piece_cuts
from optimize.partition.polish import part_of
from optimize.partition.problem import Bools, Floats, Ints, Terms, Territory, grid_loads, renumber, terms_hm
from optimize.partition.proof import TerritoryProof
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["CutEffort", "cut_terms", "prove_cut"]

SLIP = 1e-6  # by which sums of the same metres may differ


@dataclass(frozen=True)
class CutEffort:
    """Work of the programmes, in counts: nodes and rounds of one, units of a window, columns of the largest."""

    nodes: int = 400
    rounds: int = 40
    window_units: int = 70
    passes: int = 3
    columns: int = 1_200


def cut_terms(territory: Territory, shared_m: dict[tuple[str, str], float] | None) -> Terms:
    """Return a price of 1, or of the shared metres, for every cut pair of neighbours, and none for the walk."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    if shared_m is None:
        return Terms(border=np.ones(len(rows)), walk=False)
    ids = territory.unit_ids
    pairs = [tuple(sorted((ids[u], ids[int(v)]))) for u, v in zip(rows, territory.indices, strict=True)]
    return Terms(border=np.array([shared_m.get((a, b), 0.0) for a, b in pairs]), walk=False)


def prove_cut(
    territory: Territory, labels: Ints, *, effort: CutEffort | None = None, stop: Stop | None = None
) -> TerritoryProof:
    """Mend a drawing by integer programmes and bound what it cuts.

    Parameters
    ----------
    territory
        Its terms price cut pairs and no walk. Locked units, groups and rivals stand as drawn: then nothing is mended,
        and the bound is that of free drawings.
    labels
        A drawing with connected grids.

    Returns
    -------
    TerritoryProof
        ``objective`` and ``bound`` are cut pairs or metres of shared border; the bound holds for all drawings with as
        many grids and no larger violation.
    """
    stop, effort = stop or Stop(), effort or CutEffort()
    free = bool((territory.anchor < 0).all()) and not len(territory.group) and not len(territory.rivals)
    best = labels.copy()
    if free:
        for _ in range(effort.passes):
            mended = _mended(territory, best, effort, stop)
            if (mended == best).all():
                break
            best = mended
    count = int(best.max()) + 1
    violation, cost = _key(territory, best)
    if len(territory) * count > effort.columns or stop.now():
        return _told(best, violation, 0, cost, 0.0)
    least, drawn = _least(territory, count, None, effort, stop, start=best) if violation else (0.0, None)
    if free and drawn is not None and _key(territory, drawn) < (violation, cost):
        best = drawn
        violation, cost = _key(territory, best)
    bound, drawn = _least(territory, count, violation, effort, stop, start=best)
    if free and drawn is not None and _key(territory, drawn) < (violation, cost - SLIP):
        best = drawn
        violation, cost = _key(territory, best)
    if bool((territory.terms.border == np.round(territory.terms.border)).all()):
        bound = float(ceil(bound - SLIP))
    return _told(best, violation, ceil(least - SLIP), cost, min(bound, cost))


def _told(labels: Ints, violation: int, least: int, cost: float, bound: float) -> TerritoryProof:
    proof = Proof.OPTIMAL if violation <= least and bound >= cost - SLIP else Proof.BOUNDED
    return TerritoryProof(renumber(labels), violation, min(violation, max(0, least)), cost, bound, proof)


def _key(territory: Territory, labels: Ints) -> tuple[int, float]:
    outside = int(territory.band.violation(grid_loads(territory, labels)).sum())
    return outside, float(terms_hm(territory, labels).sum())


def _mended(territory: Territory, labels: Ints, effort: CutEffort, stop: Stop) -> Ints:
    """Cut neighbouring grids anew, two at a time, then three, each window once."""
    best = labels.copy()
    for size in (2, 3):
        for grids in list(_windows(territory, best, size)):
            units = np.flatnonzero(np.isin(best, grids))
            if stop.now() or len(units) > effort.window_units:
                continue
            part = _part(territory, units)
            old = np.searchsorted(grids, best[units])
            outside = _key(part, old)
            for limit in (None, outside[0]) if outside[0] else (0,):
                _, drawn = _least(part, size, limit, effort, stop, start=old)
                if drawn is not None and _key(part, drawn) < (outside[0], outside[1] - SLIP):
                    best[units] = np.array(grids)[drawn]
                    break
    return best


def _windows(territory: Territory, labels: Ints, size: int) -> Iterator[tuple[int, ...]]:
    """Yield groups of grids that border each other, sorted."""
    rows = np.repeat(labels, np.diff(territory.indptr))
    beside = {(int(a), int(b)) for a, b in zip(rows, labels[territory.indices], strict=True) if a < b}
    for group in combinations(range(int(labels.max()) + 1), size):
        if sum(pair in beside for pair in combinations(group, 2)) >= size - 1:
            yield group


def _part(territory: Territory, units: Ints) -> Territory:
    """Return some units with the prices of the pairs inside."""
    inside = np.zeros(len(territory), dtype=bool)
    inside[units] = True
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    kept = inside[rows] & inside[territory.indices]
    return replace(part_of(territory, units), terms=Terms(border=territory.terms.border[kept], walk=False))


def _least(
    territory: Territory, count: int, violation: int | None, effort: CutEffort, stop: Stop, *, start: Ints
) -> tuple[float, Ints | None]:
    """Return a bound and, where one is found, a connected drawing: fewest cut at a limited violation.

    Without a limit the load outside the band itself is made smallest.
    """
    programme = _Programme.of(territory, count, violation)
    rows, low, high = programme.rows, programme.low, programme.high
    bound = 0.0
    for _ in range(effort.rounds):
        if stop.now():
            break
        answer = solve_sparse(
            programme.costs,
            rows,
            low,
            high,
            high=programme.most,
            integral=programme.whole,
            node_limit=effort.nodes,
            seconds=None if stop.deadline_s is None else max(0.1, stop.seconds_left()),
            cancelled=stop.cancelled,
            start=programme.columns_of(territory, start),
        )
        if answer.bound is not None:
            bound = max(bound, float(answer.bound))
        if answer.values is None:
            break
        labels: Ints = answer.values[: len(territory) * count].reshape(len(territory), count).argmax(axis=1)
        cuts = piece_cuts(territory, labels, count)
        if not cuts:
            return bound, labels if len(np.unique(labels)) == count else None
        more = sparse.lil_matrix((len(cuts), rows.shape[1]))
        for row, (u, v, g, around) in enumerate(cuts):
            more[row, [u * count + g, v * count + g]] = 1.0
            more[row, [w * count + g for w in around]] = -1.0
        rows = sparse.csr_matrix(sparse.vstack([rows, more.tocsr()]))
        low = np.concatenate([low, np.full(len(cuts), -np.inf)])
        high = np.concatenate([high, np.ones(len(cuts))])
    return bound, None


@dataclass(frozen=True, eq=False)
class _Programme:
    """Columns: unit u in grid g at ``u * count + g``, whether each pair is cut, load below and above the band."""

    count: int
    pairs: Ints
    costs: Floats
    most: Floats
    whole: Bools
    rows: sparse.csr_matrix
    low: Floats
    high: Floats

    @classmethod
    def of(cls, territory: Territory, count: int, violation: int | None) -> _Programme:
        n, band = len(territory), territory.band
        ends = np.repeat(np.arange(n), np.diff(territory.indptr))
        once = ends < territory.indices
        pairs = np.stack([ends[once], territory.indices[once]], axis=1)
        m, inside = len(pairs), n * count
        width = inside + m + 2 * count
        at, grid = np.arange(inside), np.arange(inside) % count
        ones = np.ones(inside)
        units = sparse.csr_matrix((ones, (at // count, at)), (n, width))
        some = sparse.csr_matrix((ones, (grid, at)), (count, width))
        scale = float(band.target)  # loads of a million and rows of ones make poor programmes
        sides = inside + m + np.arange(count)
        loads = sparse.csr_matrix((np.repeat(territory.load, count) / scale, (grid, at)), (count, width))
        below = sparse.csr_matrix((np.ones(count), (np.arange(count), sides)), (count, width))
        above = sparse.csr_matrix((-np.ones(count), (np.arange(count), sides + count)), (count, width))
        told = range(count - 1) if count == 2 else range(count)  # of two grids, one tells of the other
        apart = []
        for g in told:
            for a, b in ((0, 1), (1, 0)):
                columns = [pairs[:, a] * count + g, pairs[:, b] * count + g, inside + np.arange(m)]
                values = np.concatenate([np.ones(m), -np.ones(m), -np.ones(m)])
                apart.append(
                    sparse.csr_matrix((values, (np.tile(np.arange(m), 3), np.concatenate(columns))), (m, width))
                )
        outside = sparse.csr_matrix(np.concatenate([np.zeros(inside + m), np.ones(2 * count)])[None, :])
        limit = np.inf if violation is None else violation / scale
        costs = np.zeros(width)
        if violation is None:
            costs[inside + m :] = scale
        else:
            costs[inside : inside + m] = territory.terms.border[once]
        most = np.concatenate([np.ones(inside + m), np.full(2 * count, np.inf if violation is None else limit)])
        first = int(np.argmax(territory.load))
        most[first * count + 1 : (first + 1) * count] = 0.0  # grids are alike: the heaviest unit is in the first
        slip = 1e-9
        return cls(
            count,
            pairs,
            costs,
            most,
            np.arange(width) < inside,
            sparse.csr_matrix(sparse.vstack([units, some, loads + below, loads + above, outside, *apart])),
            np.concatenate([np.ones(n + count), np.full(count, band.min / scale - slip),
                            np.full(count + 1 + m * 2 * len(told), -np.inf)]),
            np.concatenate([np.ones(n), np.full(2 * count, np.inf), np.full(count, band.max / scale + slip),
                            [limit + slip], np.zeros(m * 2 * len(told))]),
        )  # fmt: skip

    def columns_of(self, territory: Territory, labels: Ints) -> Floats:
        """Return the columns of a drawing, its grids renamed so that the heaviest unit is in the first."""
        names = np.arange(self.count)
        home = int(labels[int(np.argmax(territory.load))])
        names[[0, home]] = names[[home, 0]]
        drawn = names[labels]
        loads = np.bincount(drawn, weights=territory.load.astype(np.float64), minlength=self.count)
        band, scale = territory.band, float(territory.band.target)
        cut = (drawn[self.pairs[:, 0]] != drawn[self.pairs[:, 1]]).astype(np.float64)
        low, high = np.maximum(band.min - loads, 0) / scale, np.maximum(loads - band.max, 0) / scale
        return np.concatenate([np.eye(self.count)[drawn].ravel(), cut, low, high])
