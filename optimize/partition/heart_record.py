"""The branching record of a bound by hearts: every node with its prices, for anybody to check without the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimize.partition.problem import Floats, Ints

__all__ = ["ROOT", "HeartNode", "HeartRecord"]


@dataclass(frozen=True, eq=False)
class HeartNode:
    """A part of all drawings.

    Attributes
    ----------
    parent
        Number of the node it is a part of; -1: all drawings.
    hearts, unit, within
        What divides it from its sibling. Without a unit (-1): one of these hearts at least is the heart of a grid
        (``within``), or none is. With a unit: a grid with one of these hearts holds it, or another does.
    """

    parent: int
    hearts: Ints
    unit: int
    within: bool


ROOT = HeartNode(-1, np.zeros(0, np.int64), -1, within=False)


@dataclass(eq=False)
class HeartRecord:
    """Nodes in the order in which they were made, each with the prices it was bounded by, a few steps a node.

    Attributes
    ----------
    goal
        A bound that is enough: what costs as much or more is not looked at.
    nodes
        The nodes; the parent stands before its parts.
    steps
        Of each node, prices of the units, shape (n,), prices of the load of every heart's grid, shape (n,): below 0
        for load above the band, above 0 for load below it; and every heart's tolls of the priced pairs, shape
        (n, pairs). After each step hearts, and units of
        hearts, leave that nothing below the goal can use.
    outside
        Price of load outside the band, which all grids together have no more of than the slack.
    """

    goal: float
    nodes: list[HeartNode] = field(default_factory=list)
    steps: list[list[tuple[Floats, Floats, Floats]]] = field(default_factory=list)
    outside: float = 0.0

    def begin(self, node: HeartNode) -> int:
        """Add a node; return its number."""
        self.nodes.append(node)
        self.steps.append([])
        return len(self.nodes) - 1

    def note(self, price: Floats, theta: Floats, toll: Floats) -> None:
        """Add a step of the last node."""
        self.steps[-1].append((price.copy(), theta.copy(), toll.copy()))
