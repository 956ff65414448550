"""Branch and bound over a pool of sets, each leaf with its prices: the written proof of what a solver has said.

Two units are in one set, or they are not (D. M. Ryan & B. A. Foster 1981, An integer programming approach to
scheduling). Only asked for where a witness is: the solver is quicker.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from optimize.partition.columns import Columns
from optimize.partition.master import Master, Relaxed
from optimize.partition.problem import Bools, Floats, Ints
from optimize.partition.witness import SetNode, Stage
from optimize.stopping import Stop

__all__ = ["branch_sets"]

WHOLE = 1e-6
MISSING = 20.0  # times the value: cost of a unit that no set covers; much more and prices lose their digits


@dataclass
class _Tree:
    units: int
    count: int
    slack: int
    costs: Floats
    pool: Columns
    triples: Ints
    goal: float
    most: int
    stop: Stop
    nodes: list[SetNode] = field(default_factory=list)

    def divide(self, parent: int, pair: tuple[int, int], inside: Bools, *, together: bool) -> bool:
        """Bound what a node leaves, and its parts; False when that ends before the goal."""
        if len(self.nodes) >= self.most or self.stop.now():
            return False
        left = np.flatnonzero(inside)
        part = self.pool.take(left)
        master = Master(
            self.units, self.count, self.slack, part, self.costs[left], dear=MISSING * (1 + self.goal),
            triples=self.triples,
        )  # fmt: skip
        relaxed = master.solve(self.stop)
        if relaxed.bound >= self.goal:
            stage = Stage(relaxed.duals, master.triples, relaxed.cut_duals, relaxed.bound)
            self.nodes.append(SetNode(parent, pair, together, stage))
            return True
        self.nodes.append(SetNode(parent, pair, together, None))
        here = len(self.nodes) - 1
        chosen = self._pair(part, relaxed)
        if chosen is None:
            return False
        held = self.pool.incidence(self.units)
        both = np.asarray(held[list(chosen)].sum(axis=0)).ravel()
        return all(
            self.divide(here, chosen, inside & ((both != 1) if joined else (both != 2)), together=joined)
            for joined in (True, False)
        )

    def _pair(self, part: Columns, relaxed: Relaxed) -> tuple[int, int] | None:
        """Return the pair of units that is the least clearly together or apart; None: all are clear."""
        held = part.incidence(self.units)
        joined = (held @ sparse.diags(relaxed.shares) @ held.T).toarray()
        unclear = np.triu(np.minimum(joined, 1 - joined), 1)
        first, second = np.unravel_index(int(np.argmax(unclear)), unclear.shape)
        return None if unclear[first, second] < WHOLE else (int(first), int(second))


def branch_sets(
    units: int,
    count: int,
    slack: int,
    pool: Columns,
    costs: Floats,
    *,
    triples: Ints,
    goal: float,
    most: int,
    stop: Stop,
) -> tuple[SetNode, ...]:
    """Prove that no ``count`` sets of a pool cost less than a goal.

    Parameters
    ----------
    units, count, slack
        How many units and sets, and the load that may lie outside the band.
    pool, costs
        The sets and what each costs.
    triples
        Cuts to begin with, shape (c, 3).
    most
        Nodes at most.

    Returns
    -------
    tuple of SetNode
        Empty where the goal was not reached.
    """
    tree = _Tree(units, count, slack, costs, pool, triples, goal, most, stop)
    done = tree.divide(-1, (-1, -1), np.ones(len(pool), dtype=bool), together=False)
    return tuple(tree.nodes) if done else ()
