"""Grid codes: the community's code and a sequence in reading order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["SEQUENCE_DIGITS", "code_of", "next_codes", "reading_order", "sequence_of"]

SEQUENCE_DIGITS = 3  # the usual scheme: 12-digit community code + 3 digits


def reading_order(places_m: NDArray[np.float64], row_height_m: float) -> NDArray[np.int64]:
    """Order places from north to south by rows, inside a row from west to east.

    Parameters
    ----------
    places_m
        Array (n, 2) of x, y in metres, y to the north.
    row_height_m
        Height of a row, usually the median height of the grids.

    Returns
    -------
    ndarray
        Array (n,) of positions in reading order; ties fall to the lower position.
    """
    if len(places_m) == 0:
        return np.empty(0, dtype=np.int64)
    top = places_m[:, 1].max()
    height = row_height_m if row_height_m > 0 else 1.0
    row = np.floor((top - places_m[:, 1]) / height).astype(np.int64)
    return np.lexsort((places_m[:, 1] * -1, places_m[:, 0], row)).astype(np.int64)


def code_of(community_id: str, sequence: int) -> str:
    """Return the grid code; the sequence is wider than three digits above 999."""
    return f"{community_id}{sequence:0{SEQUENCE_DIGITS}d}"


def sequence_of(grid_id: str, community_id: str) -> int | None:
    """Return the sequence of a grid code, or None where it follows another scheme."""
    tail = grid_id.removeprefix(community_id)
    return int(tail) if grid_id.startswith(community_id) and tail.isdecimal() else None


def next_codes(community_id: str, count: int, *, taken: Iterable[str] = ()) -> list[str]:
    """Return `count` new codes after the highest ever taken, so that no retired code returns."""
    used = [sequence_of(code, community_id) for code in taken]
    start = max((s for s in used if s is not None), default=0)
    return [code_of(community_id, start + i) for i in range(1, count + 1)]
