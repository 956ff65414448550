"""The fewest households that must change their grid: an integer programme, made connected cut by cut.

Which unit is in which grid is a 0-1 variable; loads outside the band are bounded by what was reached. Connectedness
is asked for where an answer lacks it (`piece_cuts`). An answer without pieces is a plan; until then the programme's
bound is a bound on every plan. The programme is asked for plans below a limit that grows by half: few moves reach few
grids, so most variables go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from optimize.partition.move_programme import MoveProgramme
from optimize.partition.piece_cuts import piece_cuts
from optimize.partition.problem import Ints, Territory
from optimize.partition.programme_branching import WRITTEN_NODES, branch_programme
from optimize.partition.programme_witness import PieceCut, ProgrammeWitness
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["EXACT", "EXACT_UNITS", "ROUGH", "LeastMoved", "MoveEffort", "least_moved"]

EXACT_UNITS = 60  # units up to which the programme is given the work to end


@dataclass(frozen=True)
class MoveEffort:
    """Work of a programme, in counts: rounds of cuts, branch-and-bound nodes a round, variables at most."""

    rounds: int
    nodes: int
    variables: int = 20_000


EXACT = MoveEffort(rounds=25, nodes=100)
ROUGH = MoveEffort(rounds=15, nodes=50)


@dataclass(frozen=True, eq=False)
class LeastMoved:
    """The fewest households that change their grid, as far as it is known.

    Attributes
    ----------
    bound
        Proven: no plan with these grids and no larger violation moves fewer.
    labels
        A plan that moves as few; None when none was found that moves fewer than the known one.
    witness
        What shows the bound; only where it was asked for.
    """

    bound: int
    labels: Ints | None
    witness: ProgrammeWitness | None = None


def least_moved(
    territory: Territory,
    count: int,
    violation: int,
    known: int,
    *,
    effort: MoveEffort | None = None,
    record: bool = False,
    stop: Stop | None = None,
) -> LeastMoved:
    """Bound the households that change their grid when ``count`` grids are drawn with a limited violation.

    Parameters
    ----------
    territory
        Its terms say in which grid each unit is at home; labels without a home are new grids.
    count
        Number of grids, labels 0 .. count-1.
    violation
        Load that may lie outside the band.
    known
        Households that a known plan moves: fewer are looked for.
    effort
        Left out: enough for most territories up to `EXACT_UNITS` units, a part of it above.
    record
        Whether what shows the bound is written, which takes longer than the bound.
    """
    stop = stop or Stop()
    effort = effort or (EXACT if len(territory) <= EXACT_UNITS else ROUGH)
    least = _least(territory, count, violation, known, effort=effort, stop=stop)
    if not record or least.bound <= 0:
        return least
    programme = MoveProgramme.of(territory, count, violation, least.bound)
    step = float(np.gcd.reduce(territory.households[territory.terms.home >= 0]))
    shown = branch_programme(territory, programme, goal=least.bound, step=step, most=WRITTEN_NODES, stop=stop)
    return replace(least, witness=shown.witness("moved", violation))


def _least(
    territory: Territory, count: int, violation: int, known: int, *, effort: MoveEffort, stop: Stop
) -> LeastMoved:
    if len(territory) * count > effort.variables or known == 0:
        return LeastMoved(0, None)
    limit = min(known, int(max(1, np.median(territory.households))))
    bound = 0
    cuts: list[PieceCut] = []
    for _ in range(effort.rounds):
        if stop.now() or bound >= known:
            break
        if bound >= limit:
            limit = min(limit + limit // 2 + 1, known)
        programme = MoveProgramme.of(territory, count, violation, limit).with_cuts(cuts)
        answer = solve_sparse(
            programme.costs,
            programme.rows,
            programme.low,
            programme.high,
            high=programme.most,
            integral=programme.whole,
            node_limit=effort.nodes,
            seconds=None if stop.deadline_s is None else max(0.1, stop.seconds_left()),
            cancelled=stop.cancelled,
        )
        if answer.status == "infeasible":
            bound = limit
            continue
        if answer.bound is not None:
            bound = max(bound, min(limit, ceil(answer.bound - 1e-6)))
        if answer.values is None or answer.status != "optimal":
            break
        labels = answer.values[: len(territory) * count].reshape(len(territory), count).argmax(axis=1)
        more = piece_cuts(territory, labels)
        if not more:
            return LeastMoved(bound, labels.astype(np.int64))
        cuts += more
    return LeastMoved(bound, None)
