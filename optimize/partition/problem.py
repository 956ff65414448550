"""The territory: one connected part of a community, as arrays, and what a drawing of it costs.

Everything inside the engine speaks of *labels*: an int array, one grid number (0 .. K-1) per unit.
Ids become positions when a territory is made and ids again when the plan is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from gis.model.walks import straight_metres

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LoadBand:
    """The band of one grid's load, in the territory's own integer load units, both ends inclusive."""

    min: int
    target: int
    max: int

    def __post_init__(self) -> None:
        if not 0 <= self.min <= self.target <= self.max or self.target == 0:
            raise ValueError(
                f"a band needs 0 <= min <= target <= max and target > 0, got {self.min} / {self.target} / {self.max}"
            )

    def violation(self, load: Ints) -> Ints:
        """Return how far each load lies outside the band (0 inside)."""
        low: Ints = np.maximum(self.min - load, 0)
        return np.asarray(low + np.maximum(load - self.max, 0))


@dataclass(frozen=True)
class Terms:
    """What a drawing costs beside the walk, in household-metres; each part may be empty (shape 0).

    Attributes
    ----------
    border
        Price of each neighbour pair that is cut, aligned with ``indices``, symmetric: compounds, borders off roads.
    home
        Present grid of each unit as a label of the drawing, -1 where there is none.
    away
        Price of each unit that is outside its home.
    uneven
        Price of one unit of load that a grid has above or below the band's target.
    area_cap, area_price
        Square metres that a grid may have for nothing, and the price of one more.
    walk
        Whether household-metres to the heart cost anything.
    """

    border: Floats = field(default_factory=lambda: np.zeros(0))
    home: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    away: Floats = field(default_factory=lambda: np.zeros(0))
    uneven: float = 0.0
    area_cap: int = 0
    area_price: float = 0.0
    walk: bool = True

    @property
    def empty(self) -> bool:
        """Whether there is nothing beside the walk."""
        return not len(self.border) and not len(self.home) and self.uneven == self.area_price == 0.0


@dataclass(frozen=True)
class Territory:
    """A connected part of a community after barriers, as read-only arrays in the order of ``unit_ids``.

    Attributes
    ----------
    unit_ids
        Sorted ids of the *n* units.
    load
        The balanced quantity, int64 (households, residents, or workload in tenths of an hour).
    households
        Weights of the distance, int64.
    xy
        Places of the units, metres, shape (n, 2).
    gap
        Walking metres between units, symmetric, shape (n, n); shape (0, 0) where walks are straight.
    indptr, indices
        Adjacency in CSR form, int32, symmetric, without loops, neighbours ascending.
    band
        The band of the load; soft.
    compound
        Compound number per unit, -1 where there is none.
    anchor
        Number of the base grid a locked unit must stay in, -1 where the unit is free.
    terms
        What a drawing costs beside the walk.
    group
        Number of the group of units that share one grid, -1 for a unit in none; empty where there are none.
    rivals
        Pairs of units that never share a grid, shape (m, 2), sorted.
    area
        Whole square metres of each unit, int64; empty where no price asks for them.
    """

    territory_id: str
    community_id: str
    unit_ids: tuple[str, ...]
    load: Ints
    households: Ints
    xy: Floats
    indptr: Ints
    indices: Ints
    band: LoadBand
    compound: Ints
    anchor: Ints
    terms: Terms = field(default_factory=Terms)
    group: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rivals: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    gap: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    area: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.unit_ids)

    @property
    def total_load(self) -> int:
        """Return the summed load."""
        return int(self.load.sum())

    def neighbours(self, unit: int) -> Ints:
        """Return the positions of the units that border ``unit``."""
        return self.indices[self.indptr[unit] : self.indptr[unit + 1]]

    def metres(self, ends: Ints, units: Ints) -> Floats:
        """Return the metres of the walk between two lots of units, shape (ends, units)."""
        if len(self.gap):
            return np.ascontiguousarray(self.gap[np.ix_(ends, units)])
        return straight_metres(self.xy[ends], self.xy[units])

    def adjacency(self) -> csr_array:
        """Return the adjacency as a sparse matrix of ones."""
        n = len(self)
        ones = np.ones(len(self.indices), dtype=np.int8)
        return csr_array((ones, self.indices, self.indptr), shape=(n, n))

    def part(self, units: Ints) -> Territory:
        """Return some units as a territory of their own, without locks, groups, rivals and terms."""
        inside = self.adjacency()[units][:, units].tocoo()
        return make_territory(
            [self.unit_ids[u] for u in units],
            self.load[units],
            self.xy[units],
            np.stack([inside.row, inside.col], axis=1),
            self.band,
            households=self.households[units],
            gap=self.metres(units, units) if len(self.gap) else None,
        )


def make_territory(
    unit_ids: Sequence[str],
    load: npt.ArrayLike,
    xy: npt.ArrayLike,
    edges: Iterable[tuple[int, int]] | Ints,
    band: LoadBand,
    *,
    households: npt.ArrayLike | None = None,
    compound: npt.ArrayLike | None = None,
    anchor: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    rivals: Iterable[tuple[int, int]] | Ints = (),
    gap: npt.ArrayLike | None = None,
    area: npt.ArrayLike | None = None,
    territory_id: str = "T",
    community_id: str = "C",
) -> Territory:
    """Make a territory from rows in any order: the same rows in another order give the same territory.

    Parameters
    ----------
    unit_ids
        Ids, one per row; must be different.
    load, households
        Counts per row; ``households`` are ``load`` when left out.
    xy
        Places in metres, shape (n, 2).
    edges
        Pairs of *row numbers* that border each other; once or in both directions.
    band
        The band of the load.
    group
        Number of the group of each row that shares one grid, -1 for none.
    rivals
        Pairs of *row numbers* that never share a grid.
    gap
        Walking metres between rows, symmetric, shape (n, n); straight metres when left out.
    area
        Square metres of each row, where they have a price.
    """
    n = len(unit_ids)
    order = np.array(sorted(range(n), key=lambda row: unit_ids[row]), dtype=np.int64)
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    indptr, indices = csr_from_pairs(place[_pairs(edges)], n)
    loads = np.asarray(load, dtype=np.int64)
    weights = loads if households is None else np.asarray(households, dtype=np.int64)
    none = np.full(n, -1, dtype=np.int64)
    return Territory(
        territory_id=territory_id,
        community_id=community_id,
        unit_ids=tuple(str(unit_ids[row]) for row in order),
        load=_read_only(loads[order]),
        households=_read_only(weights[order]),
        xy=_read_only(np.ascontiguousarray(np.asarray(xy, dtype=np.float64).reshape(n, 2)[order])),
        indptr=_read_only(indptr),
        indices=_read_only(indices),
        band=band,
        compound=_read_only((none if compound is None else np.asarray(compound, dtype=np.int64))[order]),
        anchor=_read_only((none if anchor is None else np.asarray(anchor, dtype=np.int64))[order]),
        group=_read_only(none[:0] if group is None else np.asarray(group, dtype=np.int64)[order]),
        rivals=_read_only(sorted_pairs(place[_pairs(rivals)])),
        gap=_read_only(np.zeros((0, 0)) if gap is None else np.asarray(gap, np.float64)[np.ix_(order, order)]),
        area=_read_only(none[:0] if area is None else np.rint(area).astype(np.int64)[order]),
    )


def _pairs(pairs: Iterable[tuple[int, int]] | Ints) -> Ints:
    return np.asarray(pairs if isinstance(pairs, np.ndarray) else list(pairs), dtype=np.int64).reshape(-1, 2)


def sorted_pairs(pairs: Ints) -> Ints:
    """Return pairs with the smaller end first, each once, sorted."""
    return np.unique(np.sort(pairs, axis=1), axis=0) if len(pairs) else pairs


def csr_from_pairs(pairs: Ints, n: int) -> tuple[Ints, Ints]:
    """Return (indptr, indices), int32, of the symmetric graph of ``pairs``, neighbours ascending."""
    straight = pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int64)
    both = np.concatenate([straight, straight[:, ::-1]])
    key = np.unique(both[:, 0] * n + both[:, 1])
    indptr = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(key // n, minlength=n) if n else [], out=indptr[1:])
    return indptr, (key % n).astype(np.int32) if n else key.astype(np.int32)


@dataclass(frozen=True, order=True)
class Score:
    """What a drawing costs: smaller is better, compared left to right.

    Attributes
    ----------
    disconnected
        Pieces beyond one, summed over grids; 0 in every drawing that leaves the engine.
    violation
        Load outside the band, summed over grids.
    walk_hm
        Household-metres to the grids' hearts.
    """

    disconnected: int
    violation: int
    walk_hm: float


def score(territory: Territory, labels: Ints) -> Score:
    """Score a drawing plainly, by the definitions, without the kernels (the reference for tests)."""
    grids = np.unique(labels)
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    pieces, _ = linked_parts(territory, labels[rows] == labels[territory.indices])
    loads = grid_loads(territory, labels)
    order = np.argsort(labels, kind="stable")
    walk = sum(heart_of(territory, own)[1] for own in np.split(order, np.searchsorted(labels[order], grids[1:])))
    return Score(pieces - len(grids), int(territory.band.violation(loads).sum()), float(walk))


def terms_hm(territory: Territory, labels: Ints) -> Floats:
    """Return per grid what the drawing costs beside the walk; a cut pair costs each side half."""
    terms = territory.terms
    costs = np.zeros(int(labels.max()) + 1)
    if len(terms.border):
        rows = np.repeat(labels, np.diff(territory.indptr))
        cut = rows != labels[territory.indices]
        np.add.at(costs, rows[cut], terms.border[cut] / 2)
    if len(terms.home):
        away = labels != terms.home
        np.add.at(costs, labels[away], terms.away[away])
    if terms.uneven:
        costs += terms.uneven * np.abs(grid_loads(territory, labels) - territory.band.target)
    if terms.area_price:
        areas = np.bincount(labels, weights=territory.area)
        costs += terms.area_price * np.maximum(areas - terms.area_cap, 0)
    return costs


def pair_metres(territory: Territory, metres: Mapping[tuple[str, str], float]) -> Floats:
    """Return metres of each pair of neighbours, aligned with ``indices``; 0 for pairs that are not told."""
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    ids = territory.unit_ids
    pairs = ((ids[u], ids[v]) for u, v in zip(rows.tolist(), territory.indices.tolist(), strict=True))
    return np.array([metres.get((min(a, b), max(a, b)), 0.0) for a, b in pairs])


def grid_loads(territory: Territory, labels: Ints) -> Ints:
    """Return the load of grids 0 .. max(labels)."""
    loads = np.zeros(int(labels.max()) + 1, dtype=np.int64)
    np.add.at(loads, labels, territory.load)
    return loads


def heart_of(territory: Territory, units: Ints) -> tuple[int, float]:
    """Return the heart of a set of units and its household-metres; the first unit wins a tie."""
    walks = territory.metres(units, units) @ territory.households[units].astype(np.float64)
    best = int(np.argmin(walks))
    return int(units[best]), float(walks[best])


def linked_parts(territory: Territory, links: Bools) -> tuple[int, Ints]:
    """Return how many parts hang together by some pairs of neighbours alone, and the part of each unit.

    ``links`` says which pairs, aligned with ``indices`` and the same both ways.
    """
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    ones = np.ones(int(links.sum()), dtype=np.int8)
    pairs = coo_array((ones, (rows[links], territory.indices[links])), shape=(len(territory),) * 2)
    parts, part = connected_components(pairs, directed=False)
    return int(parts), np.asarray(part)


def piece_count(territory: Territory, units: Ints) -> int:
    """Return the number of connected pieces of a set of units."""
    inside = territory.adjacency()[units][:, units]
    return int(connected_components(inside, directed=False)[0])


def flood(territory: Territory, labels: Ints) -> None:
    """Give units without a grid (-1) to grids beside them, nearest in steps first; in place."""
    queue = np.flatnonzero(labels >= 0).tolist()
    for unit in queue:
        for beside in territory.neighbours(unit).tolist():
            if labels[beside] < 0:
                labels[beside] = labels[unit]
                queue.append(beside)


def renumber(labels: Ints) -> Ints:
    """Return the same drawing with grids numbered 0 .. K-1 by their first unit."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.asarray(rank[inverse])


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    frozen = array.copy()
    frozen.flags.writeable = False
    return frozen
