"""Units without anyone, taken out of a territory: what they join is joined directly.

Ponds, schools and substations carry no load and no households, but multiply the connected sets that a proof lists.
Without them a set is of loaded units only, connected where loaded units border each other or one *patch* (bare
units that hang together), and may have its heart in a patch that it borders. Two sets may then use one patch: the
least cost over such sets is a bound, and the optimum where the bare units can be given out so that all hangs
together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from optimize.partition.columns import Columns, side_hm
from optimize.partition.problem import Bools, Ints, Terms, Territory, csr_from_pairs, flood, piece_count
from optimize.partition.selection import Selection
from optimize.partition.set_model import SetModel

__all__ = ["WithoutBare", "without_bare"]


@dataclass(frozen=True, eq=False)
class WithoutBare:
    """A model over the loaded units of a territory.

    Attributes
    ----------
    model
        Of the loaded units; hearts from ``len(model)`` on are bare units.
    whole
        Of all units.
    loaded, bare
        Positions of both kinds in the whole.
    patch
        Number of the patch of every bare unit.
    """

    model: SetModel
    whole: SetModel
    loaded: Ints
    bare: Ints
    patch: Ints

    def project(self, columns: Columns) -> Columns | None:
        """Return the loaded parts of columns of the whole; None where one has none."""
        place = np.full(len(self.whole), -1, np.int64)
        place[self.loaded] = np.arange(len(self.loaded))
        sets = [place[columns.of(j)] for j in range(len(columns))]
        sets = [np.sort(units[units >= 0]) for units in sets]
        if not all(len(units) for units in sets):
            return None
        hearts = [self._heart(units) for units in sets]
        loads = np.array([int(self.model.load[units].sum()) for units in sets], np.int64)
        return Columns(
            np.concatenate([[0], np.cumsum([len(units) for units in sets])]).astype(np.int64),
            np.concatenate(sets).astype(np.int32),
            np.array([walk for _, walk in hearts]) + side_hm(self.model.territory, sets, loads),
            np.array([heart for heart, _ in hearts], np.int32),
            columns.excess,
        )

    def _heart(self, units: Ints) -> tuple[int, float]:
        beside = [self.model.hosts[self.model.host_starts[u] : self.model.host_starts[u + 1]] for u in units]
        hearts = np.concatenate([units, np.unique(np.concatenate(beside))]).astype(np.int64)
        walks = self.model.gap[np.ix_(hearts, units)] @ self.model.house[units]
        best = int(np.argmin(walks))
        return int(hearts[best]), float(walks[best])

    def expand(self, columns: Columns) -> tuple[Ints | None, Ints]:
        """Return labels of the whole that cost what the columns cost, and no units.

        Where there are none: None, and bare units that stood in the way: what other grids had taken of a patch.
        """
        territory = self.whole.territory
        labels = np.full(len(territory), -1, np.int64)
        hearts = np.concatenate([self.loaded, self.bare])[columns.heart]
        for grid in range(len(columns)):
            labels[self.loaded[columns.of(grid)]] = grid
        for grid, heart in enumerate(hearts):
            if labels[heart] not in (-1, grid):
                return None, np.array([heart])
            labels[heart] = grid
        for grid in range(len(columns)):
            if not self._join(labels, grid):
                near = self._beside(self.loaded[columns.of(grid)])
                taken = near[(labels[near] >= 0) & (labels[near] != grid)]
                return None, taken if len(taken) else near
        flood(territory, labels)
        return (labels if (labels >= 0).all() else None), self.bare[:0]

    def _beside(self, units: Ints) -> Ints:
        """Return the bare units of all patches that border some units."""
        near = np.isin(self.bare, np.concatenate([self.whole.territory.neighbours(int(u)) for u in units]))
        return self.bare[np.isin(self.patch, self.patch[near])]

    def expand_selection(self, selection: Selection, chosen: Columns) -> Selection:
        """Return a selection as one of the whole, bare units without a price: the grids as ``chosen`` has them."""
        return replace(
            selection,
            chosen=chosen,
            stages=tuple(stage.among(self.loaded, len(self.whole)) for stage in selection.stages),
            branches=tuple(node.among(self.loaded, len(self.whole)) for node in selection.branches),
        )

    def _join(self, labels: Ints, grid: int) -> bool:
        """Take the fewest free bare units that join the pieces of a grid, one path after another."""
        territory = self.whole.territory
        while piece_count(territory, np.flatnonzero(labels == grid)) > 1:
            piece = _first_piece(territory, np.flatnonzero(labels == grid))
            path = _path(territory, piece, labels, grid)
            if path is None:
                return False
            labels[path] = grid
        return True


def _first_piece(territory: Territory, units: Ints) -> Ints:
    """Return the units that hang together with the first one."""
    piece = connected_components(territory.adjacency()[units][:, units], directed=False)[1]
    return np.asarray(units[piece == piece[0]])


def _path(territory: Territory, piece: Ints, labels: Ints, grid: int) -> list[int] | None:
    """Return the free units of a shortest way from a piece to another piece of its grid."""
    came = {int(u): -1 for u in piece}
    queue = list(came)
    for unit in queue:
        for beside in territory.neighbours(unit).tolist():
            if beside in came:
                continue
            if labels[beside] == grid:
                return _way_back(came, unit)
            if labels[beside] < 0:
                came[beside] = unit
                queue.append(beside)
    return None


def _way_back(came: dict[int, int], unit: int) -> list[int]:
    path = []
    while came[unit] >= 0:
        path.append(unit)
        unit = came[unit]
    return path


def _terms(terms: Terms, ends: Ints, indptr: Ints, indices: Ints, loaded: Ints) -> Terms:
    """Return the prices of the loaded units; ``ends`` are the pairs of the whole, -1 for a bare unit."""
    border = terms.border
    if len(border):
        known = {(int(a), int(b)): price for (a, b), price in zip(ends, border, strict=True)}
        rows = np.repeat(np.arange(len(loaded)), np.diff(indptr))
        border = np.array([known.get((int(a), int(b)), 0.0) for a, b in zip(rows, indices, strict=True)])
    if not len(terms.home):
        return replace(terms, border=border)
    return replace(terms, border=border, home=terms.home[loaded], away=terms.away[loaded])


def without_bare(whole: SetModel, slack: int, kept: Bools | None = None) -> WithoutBare | None:
    """Return the model over the loaded units; None where nothing can be taken out.

    Units that are locked, in a group, apart from others or part of a price stay. Where a grid of bare units only
    would not leave the band by more than ``slack`` they all stay. ``kept``: others to stay, shape (n,).
    """
    t = whole.territory
    free = (t.load == 0) & (t.households == 0) & (t.anchor < 0)
    if kept is not None:
        free &= ~kept
    if len(t.group):
        free &= t.group < 0
    free[t.rivals.ravel()] = False
    if len(t.terms.home):
        free &= t.terms.home < 0
    if t.terms.area_price > 0:
        free &= t.area == 0
    rows = np.repeat(np.arange(len(t)), np.diff(t.indptr))
    if len(t.terms.border):
        free[rows[t.terms.border > 0]] = False
    loaded, bare = np.flatnonzero(~free), np.flatnonzero(free)
    if not len(bare) or len(loaded) < 2 or t.band.min <= slack:
        return None
    place = np.full(len(t), -1, np.int64)
    place[loaded] = np.arange(len(loaded))
    patch = connected_components(t.adjacency()[bare][:, bare], directed=False)[1]
    patch_of = np.full(len(t), -1, np.int64)
    patch_of[bare] = patch
    ends = np.stack([rows, t.indices], axis=1)
    pairs = [place[ends[~free[rows] & ~free[t.indices]]]]
    hosts: list[list[int]] = [[] for _ in loaded]
    for number in range(int(patch.max()) + 1):
        rim = np.unique(place[rows[~free[rows] & (patch_of[t.indices] == number)]])
        pairs.append(np.stack(np.meshgrid(rim, rim), axis=-1).reshape(-1, 2))
        inside = len(loaded) + np.flatnonzero(patch == number)
        for u in rim:
            hosts[u].extend(inside.tolist())
    indptr, indices = csr_from_pairs(np.concatenate(pairs), len(loaded))
    small = replace(
        t, unit_ids=tuple(t.unit_ids[u] for u in loaded), load=t.load[loaded], households=t.households[loaded],
        xy=t.xy[loaded], gap=t.gap[np.ix_(loaded, loaded)] if len(t.gap) else t.gap,
        indptr=indptr, indices=indices, compound=t.compound[loaded], anchor=t.anchor[loaded],
        terms=_terms(t.terms, place[ends], indptr, indices, loaded),
        group=t.group[loaded] if len(t.group) else t.group, rivals=place[t.rivals],
        area=t.area[loaded] if len(t.area) else t.area,
    )  # fmt: skip
    model = SetModel(
        small, whole.load[loaded], whole.house[loaded],
        np.ascontiguousarray(whole.gap[np.ix_(np.concatenate([loaded, bare]), loaded)]), whole.unavoidable,
        np.concatenate([[0], np.cumsum([len(h) for h in hosts])]).astype(np.int64),
        np.array([z for h in hosts for z in h], np.int64),
    )  # fmt: skip
    return WithoutBare(model, whole, loaded, bare, patch)
