"""The witness of a bound by an integer programme: its branches, and prices of its rows at every leaf.

Whatever the prices, the least of ``costs + prices x what the rows miss`` over the columns' own ends bounds every
drawing of a node from below: nobody has to trust a solver.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PieceCut", "Prices", "ProgrammeNode", "ProgrammeWitness", "Row"]

Row = tuple[str, *tuple[int, ...]]
"""The name of a row: what it asks for, and of which unit, grid or pair."""
Prices = tuple[tuple[Row, float], ...]
PieceCut = tuple[int, int, tuple[int, ...]]
"""Two units, and others around the first: both are in one grid only if one of those is."""


@dataclass(frozen=True)
class ProgrammeNode:
    """A part of all drawings.

    Attributes
    ----------
    parent
        Number of the node it is a part of; -1: all drawings.
    unit, grid, inside
        The unit is in the grid here, or it is not. The sibling is the other way round.
    prices
        Prices of the rows that have one; None where the node is divided.
    possible
        False: the prices are those of a programme without costs, and a bound above 0 shows that nothing fits.
    """

    parent: int
    unit: int
    grid: int
    inside: bool
    prices: Prices | None
    possible: bool = True


@dataclass(frozen=True, eq=False)
class ProgrammeWitness:
    """What shows by an integer programme that no drawing beats a bound.

    Attributes
    ----------
    of
        What is made small: ``cut`` (pairs or metres of border), ``violation`` (load outside the band) or ``moved``
        (households that leave home).
    violation
        Load that may lie outside the band; None where that itself is made small.
    goal, bound
        What a solver has told, and what the nodes prove: as much where they did not run out. Of households moved,
        plans that move fewer than the goal are looked at.
    cuts
        Connectedness, for every grid alike.
    nodes
        Branch and bound; the parent stands before its parts.
    """

    of: str
    violation: int | None
    goal: float
    bound: float
    cuts: tuple[PieceCut, ...]
    nodes: tuple[ProgrammeNode, ...]
