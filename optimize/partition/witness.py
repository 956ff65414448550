"""The witness of a bound: prices of units, grids, slack and cuts, for anybody to check without the engine."""

from __future__ import annotations

from dataclasses import dataclass

from optimize.partition.problem import Floats, Ints
from optimize.partition.set_model import Duals

__all__ = ["Stage", "Witness"]


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


@dataclass(frozen=True, eq=False)
class Witness:
    """What shows that no drawing beats a bound.

    A connected set S of units costs ``its household-metres and terms - sum of its units' prices - grid price +
    price x load outside - prices of its cuts`` (its reduced cost). At each stage in order, a set whose reduced cost
    exceeds ``value - bound`` of that stage is in nothing better than ``value``; of the sets that are left at the last
    stage none has a negative reduced cost, so that its bound holds.

    Attributes
    ----------
    value
        Cost of the drawing.
    slack
        Load that may lie outside the band, heavy units' own share apart.
    stages
        The steps; empty when the bound was not proven by prices.
    by_solver
        Whether the last part, from the last stage's bound to the one told, is a solver's branch and bound.
    """

    value: float
    slack: int
    stages: tuple[Stage, ...]
    by_solver: bool
