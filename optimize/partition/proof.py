"""The proof of a territory: a bound on its band violation, then a bound on its metres, and better labels.

One objective per proof, at the stated number of grids: first the load outside the band, then the
household-metres to the hearts, with what is asked for beside them, over all plans with no larger violation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gis.model.kinds import Proof
from optimize.column_programme import can_grow
from optimize.partition.bare_units import without_bare
from optimize.partition.columns import Columns
from optimize.partition.effort import Effort
from optimize.partition.gates import gate_bound
from optimize.partition.heart_drawings import HeartDrawings
from optimize.partition.heart_record import HeartRecord
from optimize.partition.heart_search import HeartEffort, heart_bound
from optimize.partition.median_bound import median_bound
from optimize.partition.problem import Ints, LoadBand, Terms, Territory, renumber, score, terms_hm
from optimize.partition.programme_witness import ProgrammeWitness
from optimize.partition.selection import FEW_UNITS, Selection, best_selection
from optimize.partition.set_model import SetModel
from optimize.partition.tree_search import is_free
from optimize.partition.witness import SHOWN, GateWitness, HeartWitness, Witness
from optimize.stopping import Stop

__all__ = ["FINE", "QUICK", "THOROUGH", "TerritoryProof", "prove"]

QUICK = Effort()
THOROUGH = replace(
    QUICK,
    listed=2_000_000,
    listed_of_few=4_000_000,
    priced=1_500_000,
    heart_nodes=20_000,
    pricing_nodes=20_000_000,
    pricing_rounds=200,
    cut_rounds=12,
    solved=12_000,
    solver_nodes=2_000,
    heart_work=6_000,
    heart_goals=(0.0095, 0.003, 0.001),
)
FINE = replace(  # many units a grid: sets can not be listed, hearts bound them
    QUICK,
    listed=1,
    listed_of_few=1,
    heart_nodes=50,
    pricing_nodes=300_000,
    pricing_rounds=30,
    cut_rounds=0,
    sets=False,
    heart_work=1_500,
)
LATER_GOALS = 10  # part of the work that each smaller gap may take
MOST_KEPT = 12  # times that bare units which grids would share are put back
SAME = 1e-9  # share by which sums of the same metres may differ
MOST_UNITS = 1_500  # above it a table of distances takes more room than it is worth
SLACK_STEPS = (0.0, 0.1, 0.3, 0.5)  # of the band's width: loads outside the band that are tried one after another
SHARE_OF_VIOLATION = 10  # of the priced searches one step may take: those on the walk win more
MOST_SLACK_SHARE = 0.5  # of the band's width; a larger violation makes too many sets to list
TINY = 14  # units that have few sets however far these leave the band


@dataclass(frozen=True, eq=False)
class _Least:
    """The proven least load outside the band, and what shows it where the total load alone does not."""

    load: int
    witness: Witness | GateWitness | None


_Found = tuple[Columns, _Least, Selection | None]


@dataclass(frozen=True, eq=False)
class TerritoryProof:
    """What is proven of a territory at its number of grids.

    Attributes
    ----------
    labels
        The best drawing found; never worse than the one given.
    violation, violation_bound
        Load outside the band, and the proven least.
    objective, bound
        Household-metres with what is asked for beside them, and a proven lower bound over all drawings with as many
        grids and no larger violation; None without one.
    proof
        What the bound is worth.
    witness
        What shows the bound on the metres, by sets or by hearts; None where there is nothing to show. Branches of a
        solver are written, and hearts recorded, on request only.
    least_witness
        What shows the bound on the violation where the total load alone does not.
    """

    labels: Ints
    violation: int
    violation_bound: int
    objective: float
    bound: float | None
    proof: Proof
    witness: Witness | HeartWitness | ProgrammeWitness | None = None
    least_witness: Witness | ProgrammeWitness | GateWitness | None = None

    @property
    def gap_share(self) -> float | None:
        """Objective / bound - 1; None without a bound."""
        if self.bound is None or self.bound <= 0:
            return 0.0 if self.bound is not None and self.objective <= 0 else None
        return max(0.0, self.objective / self.bound - 1)


def prove(territory: Territory, labels: Ints, *, effort: Effort = QUICK, stop: Stop | None = None) -> TerritoryProof:
    """Bound a drawing and mend it where something better turns up.

    Parameters
    ----------
    territory
        Units and band.
    labels
        A drawing with connected grids, numbered from 0; its number of grids is kept.
    effort
        Work allowed, in counts.
    stop
        Ends the work early; what is proven by then is told.

    Returns
    -------
    TerritoryProof
        The same on any machine when it was not stopped.
    """
    stop = stop or Stop()
    count = int(labels.max()) + 1
    if len(territory) > MOST_UNITS or not can_grow():
        return _by_medians(territory, labels, stop)
    model = SetModel.of(territory)
    known = model.columns_of(labels)
    if count in (1, len(territory)):
        violation = int(known.excess.sum()) + model.unavoidable
        walk = float(known.cost_hm.sum()) + model.unavoidable_hm
        return TerritoryProof(renumber(labels), violation, violation, walk, walk, Proof.OPTIMAL)
    chosen, least, selection = _by_few_sets(model, count, known, effort, stop)
    chosen, by_hearts = _by_hearts(model, count, chosen, selection, effort=effort, stop=stop)
    if not effort.sets or len(model) > FEW_UNITS or stop.now():
        return _told(model, chosen, least, selection, by_hearts)
    more = replace(effort, listed_of_few=max(effort.listed_of_few, effort.listed_at_last))
    near, outside = _near(chosen, selection, by_hearts, effort), int(chosen.excess.sum())
    if near and least.load < outside:
        better, least = _least_violation(model, count, chosen, more, stop)
        near = int(better.excess.sum()) == outside
        chosen = chosen if near else better
    if not near:
        before = float(chosen.cost_hm.sum())
        chosen, least, selection = _by_few_sets(model, count, chosen, more, stop)
        if float(chosen.cost_hm.sum()) != before:
            chosen, by_hearts = _by_hearts(model, count, chosen, selection, effort=effort, stop=stop)
    return _told(model, chosen, least, selection, by_hearts)


def _near(chosen: Columns, selection: Selection | None, by_hearts: HeartWitness | None, effort: Effort) -> bool:
    """Return whether the cost is proven to be near its bound."""
    bound = max(0.0 if selection is None else selection.bound, 0.0 if by_hearts is None else by_hearts.bound)
    return bound >= float(chosen.cost_hm.sum()) * (1 - max(effort.heart_goals, default=0.0))


def _by_few_sets(model: SetModel, count: int, known: Columns, effort: Effort, stop: Stop) -> _Found:
    """Return what sets prove, of few units first without the bare ones.

    A bare unit that two grids would have to share stays in the next time.
    """
    kept = np.zeros(len(model), bool)
    for _ in range(MOST_KEPT if effort.sets and len(model) <= FEW_UNITS else 0):
        without = without_bare(model, int(known.excess.sum()), kept)
        first = None if without is None else without.project(known)
        if without is None or first is None:
            break
        chosen, least, selection = _by_sets(without.model, count, first, effort, stop)
        if selection is None or not selection.is_optimal:
            break
        labels, shared = without.expand(chosen)
        if labels is not None:
            whole = model.columns_of(labels)
            same = float(whole.cost_hm.sum()) <= selection.value * (1 + SAME)
            if same and int(whole.excess.sum()) == int(chosen.excess.sum()) == least.load:
                shown = None if least.witness is None else least.witness.among(without.loaded, len(model))
                return whole, _Least(least.load, shown), without.expand_selection(selection, whole)
        if not len(shared):
            break
        kept[shared] = True
    return _by_sets(model, count, known, effort, stop)


def _by_sets(model: SetModel, count: int, known: Columns, effort: Effort, stop: Stop) -> _Found:
    """Return the best grids, the proven least load outside the band, and the selection among sets, if any."""
    known, least = _least_violation(model, count, known, effort, stop)
    slack = int(known.excess.sum())
    if not effort.sets or slack > _most_slack(model):
        return known, least, None
    selection = best_selection(model, count, slack, known, effort=effort, stop=stop)
    return selection.chosen, least, selection


def _most_slack(model: SetModel) -> float:
    if len(model) <= TINY:
        return np.inf
    band = model.territory.band
    return MOST_SLACK_SHARE * (band.max - band.min)


def _by_hearts(
    model: SetModel, count: int, chosen: Columns, selection: Selection | None, *, effort: Effort, stop: Stop
) -> tuple[Columns, HeartWitness | None]:
    """Return better grids and the bound by hearts where sets have not come near enough, None where none is asked."""
    best: HeartWitness | None = None
    if selection is not None and selection.is_optimal:
        return chosen, best
    told = 0.0 if selection is None else selection.bound
    labels = chosen.labels(np.arange(len(chosen)), len(model))
    free = is_free(model.territory) and not len(model.territory.group)
    drawings = HeartDrawings(model.territory, labels, stop) if free else None
    works = [effort.heart_work] + [effort.heart_work // LATER_GOALS] * len(effort.heart_goals)
    aims = list(zip(effort.heart_goals, works, strict=False))
    while aims and not stop.now():
        share, work = aims.pop(0)
        cost, slack = float(chosen.cost_hm.sum()), int(chosen.excess.sum())
        if max(told, 0.0 if best is None else best.bound) >= cost * (1 - share):
            continue
        aim = HeartEffort(work=work, good_share=share)
        bound, record = -1.0, None
        for tolls in _tolls(model, chosen, cost * share):
            noted = HeartRecord(cost * (1 - share)) if effort.record else None
            reached = heart_bound(
                model, count, slack, cost, effort=aim, stop=stop, tolls=tolls, record=noted, drawings=drawings
            )
            if reached > bound:
                bound, record = reached, noted
            drawn = chosen if drawings is None else model.columns_of(drawings.labels)
            cost = min(cost, float(drawn.cost_hm.sum()))
            if bound >= cost * (1 - share) or int(drawn.excess.sum()) < slack:
                break
        if drawings is not None:
            chosen = model.columns_of(drawings.labels)
        if int(chosen.excess.sum()) < slack:  # what was bounded may leave the band more than need be
            told, best = 0.0, None
            aims.insert(0, (share, work))
            continue
        if best is None or bound > best.bound:
            best = HeartWitness(slack, bound, record)
        if bound < float(chosen.cost_hm.sum()) * (1 - share):
            break
    return chosen, best


def _tolls(model: SetModel, chosen: Columns, room_hm: float) -> tuple[bool, ...]:
    """Return whether borders are paid for in a bound by hearts, in the order of the tries.

    Where a drawing pays little for borders the walk alone may show enough, which takes fewer prices.
    """
    terms = model.territory.terms
    if not len(terms.border):
        return (True,)
    labels = chosen.labels(np.arange(len(chosen)), len(model))
    paid = float(terms_hm(replace(model.territory, terms=Terms(border=terms.border)), labels).sum())
    return (False, True) if paid < room_hm else (True,)


def _least_violation(
    model: SetModel, count: int, known: Columns, effort: Effort, stop: Stop
) -> tuple[Columns, _Least]:
    """Return grids with as little load outside the band as can be found, and the proven least."""
    least = simple_bound(model.territory.band, int(model.load.sum()), count)
    reached = int(known.excess.sum())
    gate = gate_bound(model.territory, model.load, count, reached) if least < reached else None
    if gate is not None and gate.bound == reached:
        return known, _Least(reached, gate)
    witness: Witness | GateWitness | None = None
    effort = replace(effort, pricing_nodes=effort.pricing_nodes // SHARE_OF_VIOLATION)
    width = model.territory.band.max - model.territory.band.min
    caps = [round(share * width) for share in SLACK_STEPS]
    for tried in [*caps, int(known.excess.sum())] if len(model) <= TINY else caps:
        reached = int(known.excess.sum())
        cap = min(max(least, tried), reached - 1)
        if cap < least or stop.now():
            break
        selection = best_selection(model, count, cap, known, by_walk=False, effort=effort, stop=stop)
        known = selection.chosen
        told = min(round(selection.bound), cap + 1)
        if told > least:
            least, witness = told, _witness(selection, cap, told, by_walk=False)
        if not selection.complete and len(model) <= FEW_UNITS and effort.listed_of_few >= effort.listed_at_last:
            break  # with more slack there are more sets still
    if gate is not None and gate.bound > least:
        least, witness = gate.bound, gate
    return known, _Least(min(least, int(known.excess.sum())), witness)


def simple_bound(band: LoadBand, total: int, count: int) -> int:
    """Return the load that must lie outside the band whatever the drawing, of a total with heavy units capped."""
    return max(0, count * band.min - total, total - count * band.max)


def _told(
    model: SetModel, chosen: Columns, least: _Least, selection: Selection | None, by_hearts: HeartWitness | None
) -> TerritoryProof:
    labels = renumber(chosen.labels(np.arange(len(chosen)), len(model)))
    walk = float(chosen.cost_hm.sum())
    by_sets = 0.0 if selection is None else selection.bound
    told = max(by_sets, 0.0 if by_hearts is None else by_hearts.bound)
    bound = min(told, walk) if told > 0 else None
    proof = Proof.NONE
    if selection is not None and selection.is_optimal:
        proof, bound = Proof.OPTIMAL, walk
    elif bound is not None:
        proof = Proof.BOUNDED
    slack = int(chosen.excess.sum())
    witness: Witness | HeartWitness | None = (
        by_hearts if by_hearts is not None and by_hearts.bound > by_sets else None
    )
    if witness is None and selection is not None:
        witness = _witness(selection, slack, walk if proof is Proof.OPTIMAL else selection.bound)
    least_load = least.load + model.unavoidable
    walk += model.unavoidable_hm
    bound = None if bound is None else bound + model.unavoidable_hm
    return TerritoryProof(labels, slack + model.unavoidable, least_load, walk, bound, proof, witness, least.witness)


def _witness(selection: Selection, slack: int, bound: float, *, by_walk: bool = True) -> Witness | None:
    if not selection.stages:
        return None
    step = SHOWN * selection.value if by_walk else 1 - SHOWN
    by_solver = not selection.branches and selection.shown < bound - step
    return Witness(selection.value, slack, bound, selection.stages, selection.branches, by_solver, by_walk)


def _by_medians(territory: Territory, labels: Ints, stop: Stop) -> TerritoryProof:
    """Return the drawing as it is, with a bound on its walk that takes no table of distances."""
    count, reached = int(labels.max()) + 1, score(territory, labels)
    unavoidable = int(np.maximum(territory.load - territory.band.max, 0).sum())
    slack = reached.violation - unavoidable
    objective = reached.walk_hm + float(terms_hm(territory, labels).sum())
    if count in (1, len(territory)) and not len(territory.terms.home):
        return TerritoryProof(labels, reached.violation, reached.violation, objective, objective, Proof.OPTIMAL)
    record = median_bound(territory, count, slack, reached.walk_hm, stop=stop)
    capped = int(territory.load.sum()) - unavoidable
    least = simple_bound(territory.band, capped, count) + unavoidable
    if record is None or record.goal <= 0:
        return TerritoryProof(labels, reached.violation, least, objective, None, Proof.NONE)
    bound = min(record.goal, objective)
    witness = HeartWitness(slack, bound, record)
    return TerritoryProof(labels, reached.violation, least, objective, bound, Proof.BOUNDED, witness)
