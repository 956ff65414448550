"""Fewest cut edges: grids that cut as few neighbour pairs, or metres of shared border, as can be.

After a search that prices cut pairs, neighbouring grids are cut anew by small integer programmes, two or three at a
time, and the whole territory by one, whose bound holds for every drawing (Validi & Buchanan 2022, "Political
districting to minimize cut edges", doi:10.1007/s12532-022-00221-5). Connectedness is added by cuts where an answer
lacks it, so that an answer stopped early still bounds from below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, inf

import numpy as np

from gis.model.kinds import Proof
from optimize.partition.cut_programme import CutProgramme
from optimize.partition.piece_cuts import piece_cuts
from optimize.partition.problem import Ints, Terms, Territory, grid_loads, pair_metres, renumber, terms_hm
from optimize.partition.programme_branching import WRITTEN_NODES, branch_programme
from optimize.partition.programme_witness import ProgrammeWitness
from optimize.partition.proof import TerritoryProof
from optimize.solver import solve_sparse
from optimize.stopping import Stop

__all__ = ["CutEffort", "cut_terms", "prove_cut"]

SLIP = 1e-6  # by which sums of the same metres may differ


@dataclass(frozen=True)
class CutEffort:
    """Work of the programmes, in counts: nodes of the largest and of a window, rounds of cuts, units, columns."""

    nodes: int = 600
    window_nodes: int = 200
    rounds: int = 40
    window_units: int = 70
    passes: int = 3
    columns: int = 1_200


def cut_terms(territory: Territory, shared_m: Mapping[tuple[str, str], float] | None) -> Terms:
    """Return a price of 1, or of the shared metres, for every cut pair of neighbours, and none for the walk."""
    if shared_m is None:
        return Terms(border=np.ones(len(territory.indices)), walk=False)
    return Terms(border=pair_metres(territory, shared_m), walk=False)


def prove_cut(
    territory: Territory,
    labels: Ints,
    *,
    effort: CutEffort | None = None,
    record: bool = False,
    stop: Stop | None = None,
) -> TerritoryProof:
    """Mend a drawing by integer programmes and bound what it cuts.

    Parameters
    ----------
    territory
        Its terms price cut pairs and no walk. Locked units, groups and rivals stand as drawn: then nothing is mended,
        and the bound is that of free drawings.
    labels
        A drawing with connected grids.
    record
        Whether what shows the bounds is written, which takes longer than the bounds.

    Returns
    -------
    TerritoryProof
        ``objective`` and ``bound`` are cut pairs or metres of shared border; the bound holds for all drawings with as
        many grids and no larger violation.
    """
    stop, effort = stop or Stop(), effort or CutEffort()
    free = bool((territory.anchor < 0).all()) and not len(territory.group) and not len(territory.rivals)
    best = labels.copy()
    if free:
        for _ in range(effort.passes):
            mended = _mended(territory, best, effort, stop)
            if (mended == best).all():
                break
            best = mended
    count = int(best.max()) + 1
    violation, cost = _key(territory, best)
    if len(territory) * count > effort.columns or stop.now():
        return _told(best, violation, 0, cost, 0.0)
    least, drawn = _least(territory, count, None, effort, stop, start=best) if violation else (0.0, None)
    if free and drawn is not None and _key(territory, drawn) < (violation, cost):
        best = drawn
        violation, cost = _key(territory, best)
    bound, drawn = _least(territory, count, violation, effort, stop, start=best, enough=cost)
    if free and drawn is not None and _key(territory, drawn) < (violation, cost - SLIP):
        best = drawn
        violation, cost = _key(territory, best)
    whole = bool((territory.terms.border == np.round(territory.terms.border)).all())
    bound = min(cost, float(ceil(bound - SLIP)) if whole else bound)
    told = _told(best, violation, ceil(least - SLIP), cost, bound)
    return _shown(territory, told, stop, step=float(whole)) if record else told


def _shown(territory: Territory, proof: TerritoryProof, stop: Stop, *, step: float) -> TerritoryProof:
    """Return a proof with what shows its bounds."""
    count = int(proof.labels.max()) + 1

    def shown(of: str, violation: int | None, goal: float, multiple: float) -> ProgrammeWitness | None:
        if goal <= 0:
            return None
        programme = CutProgramme.of(territory, count, violation)
        branched = branch_programme(territory, programme, goal=goal, step=multiple, most=WRITTEN_NODES, stop=stop)
        return branched.witness(of, violation)

    return replace(
        proof,
        witness=shown("cut", proof.violation, proof.bound or 0.0, step),
        least_witness=shown("violation", None, proof.violation_bound, 1.0),
    )


def _told(labels: Ints, violation: int, least: int, cost: float, bound: float) -> TerritoryProof:
    proof = Proof.OPTIMAL if violation <= least and bound >= cost - SLIP else Proof.BOUNDED
    return TerritoryProof(renumber(labels), violation, min(violation, max(0, least)), cost, bound, proof)


def _key(territory: Territory, labels: Ints) -> tuple[int, float]:
    outside = int(territory.band.violation(grid_loads(territory, labels)).sum())
    return outside, float(terms_hm(territory, labels).sum())


def _mended(territory: Territory, labels: Ints, effort: CutEffort, stop: Stop) -> Ints:
    """Cut neighbouring grids anew, two at a time, then three, each window once."""
    best = labels.copy()
    for size in (2, 3):
        for grids in list(_windows(territory, best, size)):
            units = np.flatnonzero(np.isin(best, grids))
            if stop.now() or len(units) > effort.window_units:
                continue
            part = _part(territory, units)
            old = np.searchsorted(grids, best[units])
            outside = _key(part, old)
            for limit in (None, outside[0]) if outside[0] else (0,):
                _, drawn = _least(part, size, limit, replace(effort, nodes=effort.window_nodes), stop, start=old)
                if drawn is not None and _key(part, drawn) < (outside[0], outside[1] - SLIP):
                    best[units] = np.array(grids)[drawn]
                    break
    return best


def _windows(territory: Territory, labels: Ints, size: int) -> Iterator[tuple[int, ...]]:
    """Yield groups of grids that border each other, sorted."""
    rows = np.repeat(labels, np.diff(territory.indptr))
    beside = {(int(a), int(b)) for a, b in zip(rows, labels[territory.indices], strict=True) if a < b}
    for group in combinations(range(int(labels.max()) + 1), size):
        if sum(pair in beside for pair in combinations(group, 2)) >= size - 1:
            yield group


def _part(territory: Territory, units: Ints) -> Territory:
    """Return some units with the prices of the pairs inside."""
    inside = np.zeros(len(territory), dtype=bool)
    inside[units] = True
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    kept = inside[rows] & inside[territory.indices]
    return replace(territory.part(units), terms=Terms(border=territory.terms.border[kept], walk=False))


def _least(
    territory: Territory,
    count: int,
    violation: int | None,
    effort: CutEffort,
    stop: Stop,
    *,
    start: Ints,
    enough: float = inf,
) -> tuple[float, Ints | None]:
    """Return a bound and, where one is found, a connected drawing: fewest cut at a limited violation.

    Without a limit the load outside the band itself is made smallest. A bound that reaches ``enough``, what is known
    already, ends the work: no connected drawing is then looked for.
    """
    programme = CutProgramme.of(territory, count, violation)
    bound, left = 0.0, effort.nodes
    for _ in range(effort.rounds):
        if left <= 0 or stop.now():
            break
        answer = solve_sparse(
            programme.costs,
            programme.rows,
            programme.low,
            programme.high,
            high=programme.most,
            integral=programme.whole,
            node_limit=left,
            seconds=None if stop.deadline_s is None else max(0.1, stop.seconds_left()),
            cancelled=stop.cancelled,
            start=programme.columns_of(territory, start),
        )
        left -= max(1, answer.nodes)
        if answer.bound is not None:
            bound = max(bound, float(answer.bound))
        if answer.values is None or bound >= enough - SLIP:
            break
        labels: Ints = answer.values[: len(territory) * count].reshape(len(territory), count).argmax(axis=1)
        cuts = piece_cuts(territory, labels)
        if not cuts:
            return bound, labels if len(np.unique(labels)) == count else None
        programme = programme.with_cuts(cuts)
    return bound, None
