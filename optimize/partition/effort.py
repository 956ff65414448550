"""How much work a proof may take."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Effort"]


@dataclass(frozen=True)
class Effort:
    """How much work a proof may take, in counts.

    Attributes
    ----------
    listed, listed_of_few, listed_at_last
        Sets listed outright; of a territory of few units; of one that so many did not prove (1 GB).
    priced
        Sets listed by reduced cost.
    heart_nodes
        Nodes of a priced search per heart.
    pricing_nodes
        Nodes of all priced searches together.
    pricing_rounds, cut_rounds
        Rounds of column generation by pricing, and of cuts.
    solved
        Columns handed to HiGHS at most.
    solver_nodes
        Branch-and-bound nodes of HiGHS.
    sets
        Whether sets are listed or priced at all for the walk; else hearts alone bound it.
    heart_work
        Work of the bound by hearts, in millions of units passed, where sets leave more than a good gap.
    heart_goals
        Gaps that it aims at, one after the other; each after the first may take a tenth of the work.
    record
        Whether the branches behind a bound are written down: hearts' as they are, a solver's proven again.
    """

    listed: int = 100_000
    listed_of_few: int = 300_000
    listed_at_last: int = 2_500_000
    priced: int = 250_000
    heart_nodes: int = 4_000
    pricing_nodes: int = 5_000_000
    pricing_rounds: int = 60
    cut_rounds: int = 4
    solved: int = 4_000
    solver_nodes: int = 60
    sets: bool = True
    heart_work: int = 300
    heart_goals: tuple[float, ...] = (0.0095, 0.003)
    record: bool = False
