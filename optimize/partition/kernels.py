"""The compiled functions of the search by their names, loaded when first asked for: numba takes half a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from optimize.partition.problem import Ints

if TYPE_CHECKING:
    from optimize.partition.grid_state import State

__all__ = ["Kernels", "kernels"]


@dataclass(frozen=True)
class Kernels:
    """Functions of plain arrays and numbers; their own modules say which."""

    bisect: Callable[..., Ints]
    build_state: Callable[..., State]
    anneal: Callable[..., int]
    recombine: Callable[..., int]
    recut: Callable[..., float]


@cache
def kernels() -> Kernels:
    """Return the compiled functions, imported at their first use."""
    from optimize.partition.construction import bisect  # noqa: PLC0415
    from optimize.partition.grid_state import build_state  # noqa: PLC0415
    from optimize.partition.local_search import anneal  # noqa: PLC0415
    from optimize.partition.recombination import recombine  # noqa: PLC0415
    from optimize.partition.recutting import recut  # noqa: PLC0415

    return Kernels(bisect, build_state, anneal, recombine, recut)
