"""The sets that a listing has found, one after the other in lists whose room grows, compiled."""

# ruff: noqa: PLR0917
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from optimize.partition.compiled import compiled
from optimize.partition.problem import Floats, Ints

FIRST_ROOM = 1024


class FoundSets(NamedTuple):
    """Sets of units, in the order and with the words of `optimize.partition.columns.Columns`."""

    starts: Ints
    units: Ints
    cost_hm: Floats
    heart: Ints
    excess: Ints


@compiled
def no_sets() -> FoundSets:
    """Return lists with room for the first sets."""
    return FoundSets(
        np.zeros(FIRST_ROOM, np.int64),
        np.empty(8 * FIRST_ROOM, np.int32),
        np.empty(FIRST_ROOM, np.float64),
        np.empty(FIRST_ROOM, np.int32),
        np.empty(FIRST_ROOM, np.int64),
    )


@compiled
def has_room(found: FoundSets, count: int, size: int) -> bool:
    """Return whether a set of ``size`` units has room after the first ``count`` sets."""
    return count + 2 <= len(found.starts) and found.starts[count] + size <= len(found.units)


@compiled
def roomier(found: FoundSets, count: int, size: int) -> FoundSets:
    """Return the same sets in longer lists, with room for one more of ``size`` units."""
    starts, units, costs, hearts, outside = found
    if count + 2 > len(starts):
        room = 2 * len(starts)
        starts, costs = _longer(starts, room), _longer(costs, room)
        hearts, outside = _longer(hearts, room), _longer(outside, room)
    if starts[count] + size > len(units):
        units = _longer(units, 2 * len(units) + size)
    return FoundSets(starts, units, costs, hearts, outside)


@compiled
def put(found: FoundSets, count: int, members: Ints, size: int, cost_hm: float, heart: int, excess: int) -> None:
    """Write a set after the first ``count``, where it has room."""
    starts, units, costs, hearts, outside = found
    first = starts[count]
    for a in range(size):
        units[first + a] = members[a]
    costs[count], hearts[count], outside[count] = cost_hm, heart, excess
    starts[count + 1] = first + size


@compiled
def first_sets(found: FoundSets, count: int) -> FoundSets:
    """Return the first ``count`` sets without the room behind them."""
    starts, units, costs, hearts, outside = found
    return FoundSets(starts[: count + 1], units[: starts[count]], costs[:count], hearts[:count], outside[:count])


@compiled
def _longer(array: Any, room: int) -> Any:
    wide = np.empty(room, array.dtype)
    wide[: len(array)] = array
    return wide
