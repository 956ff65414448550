"""A territory as a set partitioning model sees it: capped loads, distances, and the band with its slack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimize.partition.columns import Columns, columns_of_drawing
from optimize.partition.enumeration import every_set, priced_sets
from optimize.partition.problem import Bools, Floats, Ints, Territory, csr_from_pairs

__all__ = ["Duals", "Listed", "SetModel"]


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
    """

    territory: Territory
    load: Ints
    house: Floats
    gap: Floats
    unavoidable: int

    @classmethod
    def of(cls, territory: Territory) -> SetModel:
        """Return the model of a territory; O(n^2) room for the distances."""
        x, y = territory.xy[:, 0], territory.xy[:, 1]
        capped = np.minimum(territory.load, territory.band.max).astype(np.int64)
        return cls(
            territory,
            capped,
            territory.households.astype(np.float64),
            np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]),
            int((territory.load - capped).sum()),
        )

    def __len__(self) -> int:
        return len(self.load)

    @cached_property
    def _rules(self) -> tuple[Ints, Ints, Ints, Ints, Floats, Ints, Floats]:
        """Groups that share a set, rivals that do not, and costs beside the walk, as the kernels want them."""
        t = self.territory
        group = np.unique(t.group, return_inverse=True)[1] - int((t.group < 0).any()) if len(t.group) else t.group
        sizes = np.bincount(group[group >= 0]).astype(np.int64)
        costs = t.terms
        return (
            group.astype(np.int64),
            sizes,
            *csr_from_pairs(t.rivals, len(t)),
            costs.border,
            costs.home.astype(np.int64),
            costs.away,
        )

    def columns_of(self, labels: Ints) -> Columns:
        """Return the grids of a drawing as columns."""
        return columns_of_drawing(self.territory, labels, self.load)

    def every(self, slack: int, *, most: int, most_nodes: int) -> Listed:
        """List every connected set with at most ``slack`` of load outside the band."""
        t = self.territory
        complete, nodes, starts, units, cost, hearts, excess = every_set(
            t.indptr,
            t.indices,
            self.load,
            self.house,
            self.gap,
            t.band.min,
            t.band.max,
            slack,
            most,
            most_nodes,
            *self._rules,
        )
        columns = Columns(starts, units, cost, hearts, excess)
        return self._allowed(Listed(columns, complete, nodes, np.zeros(0)))

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
    ) -> Listed:
        """List the connected sets whose reduced cost is at most ``limit``."""
        t = self.territory
        complete, nodes, starts, units, cost, hearts, excess, floor = priced_sets(
            np.arange(len(self), dtype=np.int64),
            t.indptr,
            t.indices,
            self.load,
            self.house,
            self.gap,
            t.band.min,
            t.band.max,
            slack,
            duals.unit,
            duals.count,
            duals.price,
            limit,
            keep,
            most,
            most_nodes,
            by_walk,
            *self._rules,
        )
        return self._allowed(Listed(Columns(starts, units, cost, hearts, excess), complete, nodes, floor))

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
