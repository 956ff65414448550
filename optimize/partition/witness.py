"""The witness of a bound: its prices and branches, for anybody to check without the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimize.partition.heart_record import HeartRecord
from optimize.partition.problem import Floats, Ints
from optimize.partition.set_model import Duals

__all__ = ["SHOWN", "GateWitness", "HeartWitness", "SetNode", "Stage", "Witness"]

SHOWN = 1e-6  # share by which a bound may exceed what the prices show


@dataclass(frozen=True, eq=False)
class Stage:
    """Prices at one step of a proof.

    Attributes
    ----------
    duals
        Prices of the units, of a grid, and of load outside the band.
    triples, cut_duals
        Cuts (of the grids that hold two or three of a triple at most one is chosen) and their prices, <= 0.
    bound
        The lower bound that these prices prove.
    """

    duals: Duals
    triples: Ints
    cut_duals: Floats
    bound: float

    def among(self, units: Ints, n: int) -> Stage:
        """Return the same prices of ``units`` among ``n``, the others without a price."""
        price = np.zeros(n)
        price[units] = self.duals.unit
        return replace(self, duals=replace(self.duals, unit=price), triples=units[self.triples])


@dataclass(frozen=True, eq=False)
class SetNode:
    """A part of all selections of sets.

    Attributes
    ----------
    parent
        Number of the node it is a part of; -1: all selections.
    pair, together
        Two units that share a set here, or do not. The sibling is the other way round.
    stage
        Prices of the node; None where it is divided further.
    """

    parent: int
    pair: tuple[int, int]
    together: bool
    stage: Stage | None

    def among(self, units: Ints, n: int) -> SetNode:
        """Return the same node of ``units`` among ``n``."""
        first, second = (int(units[u]) if u >= 0 else -1 for u in self.pair)
        return replace(self, pair=(first, second), stage=None if self.stage is None else self.stage.among(units, n))


@dataclass(frozen=True, eq=False)
class Witness:
    """What shows by sets that no drawing beats a bound.

    A connected set S of units has the reduced cost ``its household-metres and terms, or its load outside - sum of its
    units' prices - grid price + price x load outside - prices of its cuts``. At each stage in order, a set whose
    reduced cost exceeds ``value - bound`` of that stage is in nothing better than ``value``; of the sets that are
    left at the last stage none has a negative reduced cost, so that its bound holds. Branches, where there are any,
    take it from there.

    Attributes
    ----------
    value
        Cost of the drawing.
    slack
        Load that may lie outside the band, heavy units' own share apart.
    bound
        What is proven.
    stages
        The steps; empty when the bound was not proven by prices.
    branches
        Branch and bound over the sets that the stages leave; the parent stands before its parts.
    by_solver
        Whether the last part, from the last stage's bound to the one told, is a solver's own branch and bound, of
        which nothing is written.
    by_walk
        Whether sets cost household-metres; else load outside the band, in whole numbers.
    """

    value: float
    slack: int
    bound: float
    stages: tuple[Stage, ...]
    branches: tuple[SetNode, ...] = ()
    by_solver: bool = False
    by_walk: bool = True

    def among(self, units: Ints, n: int) -> Witness:
        """Return the same witness of ``units`` among ``n``, the others without a price."""
        stages = tuple(stage.among(units, n) for stage in self.stages)
        return replace(self, stages=stages, branches=tuple(node.among(units, n) for node in self.branches))


@dataclass(frozen=True, eq=False)
class HeartWitness:
    """What shows by hearts that no drawing beats a bound.

    A heart h with prices p of the units and its price t of the load costs the least sum of ``households x metres to
    h - p - t x load`` and the tolls of pairs over units with h among them, each with all its dominators, plus t x the
    band's lower end (t > 0) or upper end (t < 0), the ends moved by the slack. A toll, at most half the price of
    cutting a pair, is paid by its first unit and saved by its second. The prices and the K cheapest hearts, one of
    every set of which one must be open, are the bound of a node.

    Attributes
    ----------
    slack
        Load that may lie outside the band, heavy units' own share apart.
    bound
        What is proven.
    record
        The nodes and their prices; None where it was not asked for.
    """

    slack: int
    bound: float
    record: HeartRecord | None


@dataclass(frozen=True)
class GateWitness:
    """What shows by one unit that no drawing leaves the band less.

    Attributes
    ----------
    unit
        A gate: without it the territory falls apart.
    bound
        Load that its grid and the grids inside the parts must have outside the band, heavy units' own share apart.
    """

    unit: int
    bound: int

    def among(self, units: Ints, n: int) -> GateWitness:
        """Return the same witness of ``units`` among ``n``."""
        return replace(self, unit=int(units[self.unit]))
