"""From drawn territories to a plan with codes and a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from gis.model.kinds import GridKind, Proof, StoppedBy
from gis.model.plan import GridInfo, Plan
from gis.model.results import CountOption, Drawn, Reason, SolveReport, TerritoryReport
from gis.model.study import StudyArea
from optimize.partition.engine import Answer
from optimize.partition.explanation import Explanation, explain, with_ways
from optimize.partition.grid_codes import DrawnGrid, name_grids
from optimize.partition.problem import heart_of
from optimize.partition.territories import LOAD_SCALE
from optimize.partition.way_finding import Ways
from optimize.partition.weights import Weights
from optimize.partition.witness_record import witness_record
from optimize.settings import PartitionSettings

__all__ = ["ENGINE", "Kept", "make_drawn", "stopped_by", "territory_report"]

ENGINE = "wangge 1"
TIGHT = 1e-9  # share by which sums of the same metres may differ


class Kept:
    """The grids of a base plan that stay as they are: dedicated and locked ones, with their units."""

    def __init__(self, base: Plan | None) -> None:
        grids = base.grids.values() if base is not None else ()
        self.grids = [g for g in grids if g.locked or g.kind is GridKind.DEDICATED]
        held = base.assignment if base is not None else pd.Series(dtype="str")
        self.units = held[held.isin([g.grid_id for g in self.grids])]

    @property
    def general(self) -> Mapping[str, int]:
        """Return the number of general ones by community: they count among those that are asked for."""
        return Counter(g.community_id for g in self.grids if g.kind is GridKind.GENERAL)


def make_drawn(
    study: StudyArea,
    settings: PartitionSettings,
    answers: Sequence[Answer],
    *,
    kept: Kept,
    names: Sequence[str],
    taken: Set[str],
    seconds: float,
    ways: Sequence[Ways] = (),
) -> Drawn:
    """Return the plan and its report.

    Parameters
    ----------
    names
        Ids of the base grids that anchors and tasks number.
    taken
        Codes that are never given again.
    ways
        Ways out of each territory, in the order of `answers`; empty where none were looked for.
    """
    drawn = [grid for answer in answers for grid in _grids(answer)]
    codes = name_grids(study, drawn, names, taken=taken)
    reasons = [_explained(answer) for answer in answers]
    if ways:
        reasons = [with_ways(why, way.reasons, way.behind) for why, way in zip(reasons, ways, strict=True)]
    weights = Weights(study, settings)
    report = SolveReport(
        engine=ENGINE,
        rng_seed=settings.rng_seed,
        stopped_by=stopped_by(answers),
        seconds=seconds,
        territories=tuple(
            replace(territory_report(answer, why, weights), grid_ids=tuple(own))
            for answer, why, own in zip(answers, reasons, _codes_of(answers, codes), strict=True)
        ),
        grid_reasons=_by_code(answers, reasons, codes),
    )
    return Drawn(_plan(study, drawn, codes, kept), report)


def _grids(answer: Answer) -> list[DrawnGrid]:
    """Return the grids of a territory with their units and hearts."""
    task, labels = answer.task, answer.found.labels
    territory = task.territory
    order = labels.argsort(kind="stable")
    bounds = labels[order].searchsorted(range(int(labels.max()) + 2))
    grids = []
    for label, (a, b) in enumerate(pairwise(bounds)):
        members = order[a:b]
        heart, _ = heart_of(territory, members)
        anchor = task.names[label] if task.names else int(territory.anchor[members].max())
        grids.append(
            DrawnGrid(
                community_id=territory.community_id,
                unit_ids=tuple(territory.unit_ids[u] for u in members),
                heart_xy=(float(territory.xy[heart, 0]), float(territory.xy[heart, 1])),
                anchor=anchor,
                load=int(territory.load[members].sum()),
                households=int(territory.households[members].sum()),
            )
        )
    return grids


def _plan(study: StudyArea, drawn: Sequence[DrawnGrid], codes: Sequence[str], kept: Kept) -> Plan:
    assignment = {unit_id: code for grid, code in zip(drawn, codes, strict=True) for unit_id in grid.unit_ids}
    assignment.update({str(u): str(g) for u, g in kept.units.items() if u in study.units.index})
    infos = [GridInfo(code, grid.community_id, _kind(study, grid)) for grid, code in zip(drawn, codes, strict=True)]
    return Plan.of(study.study_id, assignment, [*infos, *kept.grids])


def _kind(study: StudyArea, grid: DrawnGrid) -> GridKind:
    """Return what a grid is: dedicated by its community's profile, empty without anyone, else general."""
    if study.is_dedicated(grid.community_id):
        return GridKind.DEDICATED
    return GridKind.GENERAL if grid.households or grid.load else GridKind.EMPTY


def stopped_by(answers: Sequence[Answer]) -> StoppedBy:
    """Return what stopped the work: a person before the clock, the clock before the work itself."""
    reasons = {answer.stopped_by for answer in answers}
    return next((r for r in (StoppedBy.CANCELLED, StoppedBy.TIME) if r in reasons), StoppedBy.WORK)


def _explained(answer: Answer) -> Explanation:
    """Return why grids of a territory leave the band; nothing where no band applies."""
    territory, found = answer.task.territory, answer.found
    if found.violation == 0 or territory.total_load == 0:
        return Explanation(None, {})
    scale = LOAD_SCALE[answer.task.settings.balance_on]
    least = None if answer.proven is None else answer.proven.violation_bound
    return explain(territory, found.labels, violation_bound=least, scale=scale)


def _codes_of(answers: Sequence[Answer], codes: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the codes of each territory's grids."""
    first = 0
    for answer in answers:
        last = first + int(answer.found.labels.max()) + 1
        yield codes[first:last]
        first = last


def _by_code(answers: Sequence[Answer], reasons: Sequence[Explanation], codes: Sequence[str]) -> dict[str, Reason]:
    """Return the reason of each grid outside the band by its code."""
    told: dict[str, Reason] = {}
    for own, why in zip(_codes_of(answers, codes), reasons, strict=True):
        told.update({own[label]: reason for label, reason in why.grids.items()})
    return dict(sorted(told.items()))


def territory_report(answer: Answer, why: Explanation, weights: Weights | None = None) -> TerritoryReport:
    """Return what was reached in a territory and what is proven of it."""
    task, found = answer.task, answer.found
    territory = task.territory
    scale = LOAD_SCALE[task.settings.balance_on]
    objective = found.walk_hm + found.terms_hm
    bound, proof, least = _honest(answer, objective)
    return TerritoryReport(
        territory_id=territory.territory_id,
        community_id=territory.community_id,
        units=len(territory),
        households=int(territory.households.sum()),
        grids=int(found.labels.max()) + 1,
        band_violation=found.violation / scale if territory.total_load else 0.0,
        objective=objective,
        bound=bound,
        proof=proof,
        violation_bound=None if least is None or territory.total_load == 0 else least / scale,
        reason=why.territory,
        parts_hm={} if weights is None else weights.parts_hm(territory, found.labels),
        witness=_witness(answer) if bound is not None or least else None,
        other_counts=tuple(
            CountOption(int(f.labels.max()) + 1, f.violation / scale, f.walk_hm + f.terms_hm, f.walk_hm)
            for f in answer.beside
        ),
    )


def _witness(answer: Answer) -> dict[str, object] | None:
    """Return what shows the bounds of a territory, where it was asked for."""
    if answer.proven is None or not answer.task.settings.witness:
        return None
    return witness_record(answer.task.territory, answer.proven, moved=answer.moved)


def _honest(answer: Answer, objective: float) -> tuple[float | None, Proof, int | None]:
    """Return the bound, what it is worth and the least violation, for the drawing as it stands.

    A bound on all free drawings also holds for drawings that are locked; but it is proven only among drawings with no
    larger violation than the proof's own.
    """
    proven = answer.proven
    if proven is None:
        return None, Proof.NONE, None
    claims_nothing = (
        not answer.task.territory.terms.walk and proven.bound is not None and proven.bound <= 0 < objective
    )
    if proven.bound is None or proven.violation != answer.found.violation or claims_nothing:
        return None, Proof.NONE, proven.violation_bound
    tight = objective <= proven.bound * (1 + TIGHT)
    proof = proven.proof if tight or proven.proof is not Proof.OPTIMAL else Proof.BOUNDED
    return min(proven.bound, objective), proof, proven.violation_bound
