"""Units that must share a grid, contracted to one: the search then can not part them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gis.model.errors import GroupingError, LockedError
from optimize.partition.problem import (
    Floats,
    Ints,
    Terms,
    Territory,
    csr_from_pairs,
    heart_of,
    linked_parts,
    piece_count,
    sorted_pairs,
)

__all__ = ["Contraction", "blocks_of", "contracted"]


@dataclass(frozen=True, eq=False)
class Contraction:
    """A territory with each group as one unit, at the place of the group's best unit.

    Attributes
    ----------
    territory
        The contracted territory; the same one where there are no groups.
    part
        Position in it of every unit of the territory as it was.
    """

    territory: Territory
    part: Ints

    def expand(self, labels: Ints) -> Ints:
        """Return labels of the contracted territory as labels of all units."""
        return np.asarray(labels[self.part])

    def contract(self, labels: Ints, weight: Ints) -> Ints:
        """Return labels of all units (-1 for none) as labels of the contracted ones: that of most weight."""
        if len(self.territory) == len(self.part):
            return labels.copy()
        votes = np.zeros((len(self.territory), int(labels.max(initial=-1)) + 1), dtype=np.int64)
        held = labels >= 0
        np.add.at(votes, (self.part[held], labels[held]), 1024 * weight[held] + 1)
        made: Ints = votes.argmax(axis=1) if votes.shape[1] else np.zeros(len(votes), dtype=np.int64)
        return np.where(votes.any(axis=1), made, -1)


def contracted(territory: Territory) -> Contraction:
    """Contract the groups of a territory.

    Raises
    ------
    GroupingError
        When a group is not one piece, or two units of one group never share a grid.
    LockedError
        When units of one group are locked to two grids, or rivals to one.
    """
    _refuse_locked_rivals(territory)
    n = len(territory)
    if not len(territory.group) or not (territory.group >= 0).any():
        return Contraction(territory, np.arange(n))
    first: dict[int, int] = {}
    kept = [u for u in range(n) if territory.group[u] < 0 or first.setdefault(int(territory.group[u]), u) == u]
    place = np.full(n, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    part = np.array([place[first[int(g)]] if g >= 0 else place[u] for u, g in enumerate(territory.group)])
    stands, anchor = np.array(kept), territory.anchor[kept].copy()
    for at in first.values():
        members = np.flatnonzero(part == place[at])
        _refuse_pieces(territory, members)
        stands[place[at]] = heart_of(territory, members)[0]
        anchor[place[at]] = _anchor(territory, members)
    rows = np.repeat(np.arange(n), np.diff(territory.indptr))
    indptr, indices = csr_from_pairs(np.column_stack([part[rows], part[territory.indices]]), len(kept))
    rivals = part[territory.rivals]
    for a, b in territory.rivals[rivals[:, 0] == rivals[:, 1]]:
        raise _fault("apart-inside-together", territory, int(a), int(b))
    _refuse_locked_rivals(replace(territory, anchor=anchor[part]))  # a group is locked with one of its units
    small = Territory(
        territory_id=territory.territory_id,
        community_id=territory.community_id,
        unit_ids=tuple(territory.unit_ids[u] for u in kept),
        load=_sums(territory.load, part, len(kept)),
        households=_sums(territory.households, part, len(kept)),
        xy=territory.xy[stands],
        gap=territory.metres(stands, stands) if len(territory.gap) else territory.gap,
        indptr=indptr,
        indices=indices,
        band=territory.band,
        compound=territory.compound[kept],
        anchor=anchor,
        rivals=sorted_pairs(rivals),
        area=_sums(territory.area, part, len(kept)) if len(territory.area) else territory.area,
    )
    return Contraction(replace(small, terms=_terms(territory, part, small)), part)


def blocks_of(territory: Territory) -> Ints | None:
    """Return the compounds that cost something to cut as groups, one a connected part, -1 for none; None: no such.

    One that is heavier than the band is no group: it is cut in every good drawing.
    """
    border = territory.terms.border
    if not len(border):
        return None
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    compound = territory.compound
    dear = (border > 0) & (compound[rows] >= 0) & (compound[rows] == compound[territory.indices])
    block = linked_parts(territory, dear)[1]
    size, load = np.bincount(block), np.bincount(block, weights=territory.load)
    kept = ((size > 1) & (load <= territory.band.max))[block]
    return np.where(kept, block, -1) if kept.any() else None


def _sums(values: Ints, part: Ints, size: int) -> Ints:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, part, values)
    return sums


def _terms(territory: Territory, part: Ints, small: Territory) -> Terms:
    """Return the prices between contracted units; a group is at home where most of its price is."""
    terms = territory.terms
    border: Floats = np.zeros(0)
    if len(terms.border):
        rows = part[np.repeat(np.arange(len(territory)), np.diff(territory.indptr))]
        columns = part[territory.indices]
        across = rows != columns
        key = (rows * len(small) + columns)[across]
        across_of = np.unique(key, return_inverse=True)[1]
        border = np.bincount(across_of, weights=terms.border[across]).astype(np.float64)
    if not len(terms.home):
        return replace(terms, border=border)
    votes = np.zeros((len(small), max(0, int(terms.home.max(initial=-1))) + 1))
    held = terms.home >= 0
    np.add.at(votes, (part[held], terms.home[held]), terms.away[held] + 1e-9)
    home = np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
    return replace(terms, border=border, home=home, away=np.where(home >= 0, votes.max(axis=1), 0.0))


def _refuse_pieces(territory: Territory, members: Ints) -> None:
    if piece_count(territory, members) == 1:
        return
    reached = {int(members[0])}
    queue = [int(members[0])]
    inside = set(members.tolist())
    while queue:
        for v in territory.neighbours(queue.pop()).tolist():
            if v in inside and v not in reached:
                reached.add(v)
                queue.append(v)
    raise _fault("together-disconnected-here", territory, int(members[0]), min(inside - reached))


def _anchor(territory: Territory, members: Ints) -> int:
    """Return the locked grid of a group; refused where there are two."""
    locked = members[territory.anchor[members] >= 0]
    for u in locked:
        if territory.anchor[u] != territory.anchor[locked[0]]:
            ids = {"unit_id": territory.unit_ids[int(locked[0])], "other_unit_id": territory.unit_ids[int(u)]}
            raise LockedError("together-locked-apart", **ids)
    return int(territory.anchor[locked[0]]) if len(locked) else -1


def _refuse_locked_rivals(territory: Territory) -> None:
    for a, b in territory.rivals:
        if territory.anchor[a] >= 0 and territory.anchor[a] == territory.anchor[b]:
            ids = {"unit_id": territory.unit_ids[int(a)], "other_unit_id": territory.unit_ids[int(b)]}
            raise LockedError("apart-locked-together", **ids)


def _fault(code: str, territory: Territory, a: int, b: int) -> GroupingError:
    first, second = territory.unit_ids[a], territory.unit_ids[b]
    if code == "apart-inside-together":
        return GroupingError(code, unit_a=first, unit_b=second)
    return GroupingError(code, unit_id=first, other_unit_id=second)
