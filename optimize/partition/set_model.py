"""A territory as a set partitioning model sees it: capped loads, distances, and the band with its slack."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from optimize.partition.all_sets import beginning, every_set
from optimize.partition.columns import Columns, columns_of_drawing
from optimize.partition.priced_sets import priced_sets
from optimize.partition.problem import Bools, Floats, Ints, Territory, csr_from_pairs
from optimize.partition.set_rules import SetRules
from optimize.stopping import Stop

__all__ = ["Duals", "Listed", "SetModel"]

PAUSE = 100_000  # nodes after which a kernel comes back, so that a person's wish to stop is heard


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices of the rows of the model.

    Attributes
    ----------
    unit
        Of each unit's row "in exactly one grid", shape (n,).
    count
        Of the row "as many grids as stated".
    price
        Of load outside the band, >= 0.
    """

    unit: Floats
    count: float
    price: float


@dataclass(frozen=True, eq=False)
class Listed:
    """Columns found by a search, and whether it was complete.

    Attributes
    ----------
    floor
        Proven least reduced cost per heart (priced searches only).
    """

    columns: Columns
    complete: bool
    nodes: int
    floor: Floats


@dataclass(frozen=True, eq=False)
class SetModel:
    """Connected sets of a territory's units, their costs and their load.

    A unit heavier than the band takes ``load - max`` outside the band wherever it is put. That share is
    taken out: loads are capped at the band's maximum, and ``unavoidable`` is added to every violation.

    Attributes
    ----------
    load, house
        Capped loads, and households as floats, shape (n,).
    gap
        Metres from hearts to units, shape (n, n), or more rows where there are hearts beside the units.
    host_starts, hosts
        Those that a set with each unit may have, in CSR form.
    """

    territory: Territory
    load: Ints
    house: Floats
    gap: Floats
    unavoidable: int
    host_starts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    hosts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def of(cls, territory: Territory) -> SetModel:
        """Return the model of a territory; O(n^2) room for the distances."""
        every = np.arange(len(territory))
        capped = np.minimum(territory.load, territory.band.max).astype(np.int64)
        return cls(
            territory,
            capped,
            territory.households.astype(np.float64),
            territory.metres(every, every),
            int((territory.load - capped).sum()),
        )

    def __len__(self) -> int:
        return len(self.load)

    @property
    def unavoidable_hm(self) -> float:
        """What the load that is taken out costs as load off the target: such a grid is above it anyway."""
        return self.territory.terms.uneven * self.unavoidable

    @cached_property
    def _rules(self) -> SetRules:
        t = self.territory
        group = np.unique(t.group, return_inverse=True)[1] - int((t.group < 0).any()) if len(t.group) else t.group
        rival_starts, rivals = csr_from_pairs(t.rivals, len(t))
        return SetRules(
            indptr=t.indptr,
            indices=t.indices,
            load=self.load,
            house=self.house,
            gap=self.gap,
            low=t.band.min,
            high=t.band.max,
            target=t.band.target,
            uneven=t.terms.uneven,
            area=t.area if t.terms.area_price > 0 else t.area[:0],
            area_cap=t.terms.area_cap,
            area_price=t.terms.area_price,
            group=group.astype(np.int64),
            group_size=np.bincount(group[group >= 0]).astype(np.int64),
            rival_starts=rival_starts,
            rivals=rivals,
            border=t.terms.border,
            home=t.terms.home.astype(np.int64),
            away=t.terms.away,
            host_starts=self.host_starts,
            hosts=self.hosts,
        )

    def columns_of(self, labels: Ints) -> Columns:
        """Return the grids of a drawing as columns."""
        return columns_of_drawing(self.territory, labels, self.load)

    def every(self, slack: int, *, most: int, most_nodes: int, stop: Stop) -> Listed:
        """List every connected set with at most ``slack`` of load outside the band; stopped, no columns."""
        place, parts = beginning(len(self)), [Columns.none()]
        nodes = sets = 0
        while True:
            complete, more, found = every_set(self._rules, slack, most - sets, most_nodes - nodes, place, PAUSE)
            parts.append(Columns(*found))
            nodes += more
            sets += len(parts[-1])
            if complete:
                return self._allowed(Listed(Columns.joined(parts), True, nodes, np.zeros(0)))
            if place.at[1] < 0 or stop.now():
                return Listed(Columns.none(), False, nodes, np.zeros(0))

    def priced(
        self,
        duals: Duals,
        slack: int,
        *,
        limit: float,
        keep: int,
        most: int,
        most_nodes: int,
        by_walk: bool = True,
        stop: Stop,
    ) -> Listed:
        """List the connected sets whose reduced cost is at most ``limit``; stopped, no floor is known of the rest."""
        hearts, floor = np.arange(len(self), dtype=np.int64), np.full(len(self), -np.inf)
        parts, whole = [Columns.none()], True
        nodes = sets = 0
        some = max(1, PAUSE // most_nodes)
        for first in range(0, len(self), some):
            if stop.now():
                whole = False
                break
            complete, more, found, lowest = priced_sets(
                hearts[first : first + some],
                self._rules,
                slack,
                duals.unit,
                duals.count,
                duals.price,
                limit,
                keep,
                most - sets,
                most_nodes,
                by_walk,
            )
            parts.append(Columns(*found))
            floor[first : first + some] = lowest
            whole = whole and complete
            nodes += more
            sets += len(parts[-1])
        return self._allowed(Listed(Columns.joined(parts), whole, nodes, floor))

    def _allowed(self, listed: Listed) -> Listed:
        """Leave out what locked units forbid: two anchors in one grid, or an anchor in two."""
        keep = allowed_by_anchors(self.territory.anchor, listed.columns)
        if keep is None:
            return listed
        return Listed(listed.columns.take(keep), listed.complete, listed.nodes, listed.floor)


def allowed_by_anchors(anchor: Ints, columns: Columns) -> Bools | None:
    """Return the columns that hold all locked units of one anchor or of none; None: all of them."""
    numbers = np.unique(anchor[anchor >= 0])
    if not len(numbers):
        return None
    held = columns.incidence(len(anchor))
    allowed = np.ones(len(columns), dtype=bool)
    holds_any = np.zeros(len(columns), dtype=np.int64)
    for number in numbers:
        of = anchor == number
        inside = np.asarray(held[of].sum(axis=0)).ravel()
        allowed &= (inside == 0) | (inside == of.sum())
        holds_any += inside > 0
    return allowed & (holds_any <= 1)
