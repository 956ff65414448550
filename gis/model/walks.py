"""How far it is on foot between the units of one community, where grids are drawn by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["UnitWalks", "straight_metres"]

COLUMNS = ("community_id", "walks_dm")
DM_A_M = 10

Metres = NDArray[np.float64]
Decimetres = NDArray[np.int32]


def straight_metres(xy: Metres, others: Metres | None = None) -> Metres:
    """Return the straight metres between places, or to others: shapes (n, 2) and (m, 2) to (n, m)."""
    to = xy if others is None else others
    return np.asarray(np.hypot(xy[:, None, 0] - to[None, :, 0], xy[:, None, 1] - to[None, :, 1]))


@dataclass(frozen=True, eq=False)
class UnitWalks:
    """Walking metres between units, in whole decimetres.

    Parameters
    ----------
    unit_ids
        Ids of the units of each community, sorted.
    walks_dm
        Decimetres between them, symmetric, shape (n, n), by community.
    """

    unit_ids: Mapping[str, Sequence[str]]
    walks_dm: Mapping[str, Decimetres]

    @cached_property
    def _at(self) -> dict[str, tuple[str, int]]:
        return {unit: (name, row) for name, ids in self.unit_ids.items() for row, unit in enumerate(ids)}

    def between(self, unit_ids: Sequence[str], xy: Metres) -> Metres:
        """Return the walking metres between some units; straight ones between units of two communities.

        Parameters
        ----------
        unit_ids
            Any units, shape (n,).
        xy
            Their places in metres, shape (n, 2).

        Returns
        -------
        Array of shape (n, n).
        """
        homes = [self._at.get(str(unit), ("", -1)) for unit in unit_ids]
        names = sorted({name for name, _ in homes if name})
        rows = np.array([row for _, row in homes], dtype=np.int64)
        if len(names) == 1 and (rows >= 0).all():
            return np.asarray(self.walks_dm[names[0]][np.ix_(rows, rows)] / DM_A_M)
        metres = straight_metres(xy)
        for name in names:
            own = np.flatnonzero([home == name for home, _ in homes])
            metres[np.ix_(own, own)] = self.walks_dm[name][np.ix_(rows[own], rows[own])] / DM_A_M
        return metres

    def of_pairs(self, unit_a: Sequence[str], unit_b: Sequence[str]) -> Metres:
        """Return the walking metres of pairs of units, missing where a pair is of no one community."""
        ends = ((self._at.get(a, ("", 0)), self._at.get(b, ("", 0))) for a, b in zip(unit_a, unit_b, strict=True))
        decimetres = [
            float(self.walks_dm[home][i, j]) if home and home == other else np.nan for (home, i), (other, j) in ends
        ]
        return np.array(decimetres, dtype=np.float64) / DM_A_M

    def table(self) -> pd.DataFrame:
        """Return the walks as rows to be kept.

        Returns
        -------
        DataFrame
            Index ``unit_id``; community_id, walks_dm: decimetres to each unit of the community whose id is smaller,
            in their order, with spaces between. Sorted by community_id and unit_id.
        """
        rows = [
            (unit, name, " ".join(map(str, self.walks_dm[name][row, :row].tolist())))
            for name, ids in sorted(self.unit_ids.items())
            for row, unit in enumerate(ids)
        ]
        return pd.DataFrame(rows, columns=["unit_id", *COLUMNS]).astype("str").set_index("unit_id")

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> UnitWalks:
        """Return the walks that :meth:`table` has written."""
        unit_ids: dict[str, Sequence[str]] = {}
        walks_dm: dict[str, Decimetres] = {}
        for name, own in table.sort_index().groupby("community_id", sort=True):
            metres = np.zeros((len(own), len(own)), dtype=np.int32)
            for row, told in enumerate(own["walks_dm"].fillna("").astype(str)):
                metres[row, :row] = metres[:row, row] = np.array(told.split(), dtype=np.int32)
            unit_ids[str(name)], walks_dm[str(name)] = own.index.astype(str).tolist(), metres
        return cls(unit_ids, walks_dm)
