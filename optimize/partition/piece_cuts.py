"""Connectedness for integer programmes, asked for where an answer lacks it.

Of two pieces of one grid, both may be in it only if a unit around the first is as well: wherever the two are
together, the way between them leads out of the piece. R. Carvajal, M. Constantino, M. Goycoolea, J. P. Vielma &
A. Weintraub (2013), Imposing connectivity constraints in forest planning models, doi:10.1287/opre.2013.1183.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from optimize.partition.problem import Ints, Territory
from optimize.partition.programme_witness import PieceCut
from optimize.partition.repair import pieces_of

__all__ = ["cut_rows", "piece_cuts"]


def piece_cuts(territory: Territory, labels: Ints, *, one_each: bool = False) -> list[PieceCut]:
    """Return what keeps each piece beside the heaviest of a grid out: for all of its units, or its heaviest alone."""
    cuts: list[PieceCut] = []
    for label in np.unique(labels).tolist():
        pieces = pieces_of(territory, np.flatnonzero(labels == label))
        if len(pieces) <= 1:
            continue
        main = max(pieces, key=lambda piece: (int(territory.load[piece].sum()), -int(piece[0])))
        far = int(main[np.argmax(territory.load[main])])
        for piece in pieces:
            if piece is main:
                continue
            inside = set(piece.tolist())
            around = tuple(sorted({int(v) for u in piece for v in territory.neighbours(int(u))} - inside))
            units = [int(piece[np.argmax(territory.load[piece])])] if one_each else piece.tolist()
            cuts += [(u, far, around) for u in units]
    return cuts


def cut_rows(cuts: Sequence[PieceCut], count: int, width: int) -> sparse.csr_matrix:
    """Return the rows of cuts, each for every grid in turn: unit + far one - those around, at most 1."""
    terms = [np.array([u, far, *around], dtype=np.int64) for u, far, around in cuts]
    sizes = np.repeat([len(units) for units in terms], count)
    columns = [units * count + grid for units in terms for grid in range(count)]
    values = [np.array([1.0, 1.0, *[-1.0] * (len(units) - 2)]) for units in terms for _ in range(count)]
    starts = np.cumsum([0, *sizes.tolist()])
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), starts), shape=(len(cuts) * count, width)
    )
