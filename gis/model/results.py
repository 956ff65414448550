"""What the solvers and the measures answer, each with its honesty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from gis.model.kinds import GridObjective, Language, Proof, StoppedBy
from gis.model.messages import Fact, message, render, sentences
from gis.model.plan import Plan

__all__ = [
    "CountOption",
    "Coverage",
    "Drawn",
    "Reason",
    "Siting",
    "SolveReport",
    "SolverAnswer",
    "Staffing",
    "TerritoryReport",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: a code of the catalogue and its facts.

    `ways` are ways out that were drawn and hold; they stand in for the message's own.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    ways: tuple[Reason, ...] = ()

    def text(self, lang: Language | str) -> str:
        """Return what and the ways out, in one language."""
        m = message(self.code)
        ways = [way.text(lang) for way in self.ways] or [render(m.mend, self.facts, lang)]
        return sentences((render(m.what, self.facts, lang), *ways), lang)


@dataclass(frozen=True, slots=True)
class SolverAnswer:
    """How a mathematical programme ended.

    `status` is ``optimal``, ``feasible``, ``infeasible``, ``unbounded`` or ``none``; "feasible" is never
    called optimal. `gap_share` is the distance of objective and bound over the size of the objective,
    None without either.
    """

    status: str
    objective: float | None
    bound: float | None
    gap_share: float | None
    seconds: float
    engine: str


@dataclass(frozen=True, slots=True)
class CountOption:
    """What another number of grids would give, found by a short search and not proven.

    `band_violation` and `objective` are those of a :class:`TerritoryReport`, `walk_hm` is the walk in it.
    """

    grids: int
    band_violation: float
    objective: float
    walk_hm: float = 0.0


@dataclass(frozen=True, slots=True)
class TerritoryReport:
    """One connected part of a community: what was reached and what is proven.

    Parameters
    ----------
    band_violation
        Balanced quantity outside the band, summed over the grids.
    objective
        Sum over units of households x metres to the heart, with the `parts_hm`.
    bound
        Proven lower bound on `objective` over all plans that obey the hard rules with as many
        grids and no larger band violation; None without a proof.
    violation_bound
        Proven lower bound on `band_violation`; None without a proof.
    parts_hm
        What `objective` holds beside the walk, by name, of the terms that have a weight: ``compounds`` (cut apart),
        ``off_lines`` (borders on nothing mapped), ``deviation`` (load off the target), ``area`` (above the soft
        cap), ``moved`` (households that leave their grid); where borders alone count, pairs or metres.
    grid_ids
        Its grids.
    other_counts
        One grid fewer and one more, where they were looked at.
    witness
        What shows the bounds, as it is written; None where it was not asked for.
    """

    territory_id: str
    community_id: str
    units: int
    households: int
    grids: int
    band_violation: float
    objective: float
    bound: float | None
    proof: Proof
    violation_bound: float | None = None
    reason: Reason | None = None
    other_counts: tuple[CountOption, ...] = ()
    parts_hm: Mapping[str, float] = field(default_factory=dict)
    grid_ids: tuple[str, ...] = ()
    witness: Mapping[str, object] | None = field(default=None, repr=False, compare=False)

    @property
    def gap_share(self) -> float | None:
        """Objective / bound - 1; None without a bound."""
        if self.bound is None:
            return None
        if self.bound <= 0:
            return 0.0 if self.objective <= 0 else None
        return max(0.0, self.objective / self.bound - 1)

    @property
    def by_borders(self) -> bool:
        """Whether borders alone count in `objective`."""
        return bool(self.parts_hm.keys() & {str(GridObjective.CUT_EDGES), str(GridObjective.CUT_METRES)})

    @property
    def walk_hm(self) -> float:
        """What the walk is of `objective`; 0 where borders alone count."""
        return max(0.0, self.objective - sum(self.parts_hm.values()))

    @property
    def walk_bound(self) -> float | None:
        """Bound on the walk alone, over the plans of `bound` whose other terms come to no more; None without one."""
        if self.bound is None or self.by_borders:
            return None
        return max(0.0, self.bound - sum(self.parts_hm.values()))


@dataclass(frozen=True, slots=True)
class SolveReport:
    """How a plan was drawn.

    `grid_reasons` says for each grid outside the band why it is so. `retired` are the codes that this and earlier
    redraws gave up: none of them is given again.
    """

    engine: str
    rng_seed: int
    stopped_by: StoppedBy
    seconds: float
    territories: tuple[TerritoryReport, ...] = ()
    grid_reasons: Mapping[str, Reason] = field(default_factory=dict)
    retired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan and the report of how it was drawn."""

    plan: Plan
    report: SolveReport


@dataclass(frozen=True, slots=True, eq=False)
class Staffing:
    """Workers posted to grids.

    Parameters
    ----------
    postings
        worker_id, grid_id, role, hours_h, walk_m; sorted by grid_id, role, worker_id.
    vacancies
        Grids without a lead.
    overloads
        Grid -> hours beyond the capacity of who is posted there.
    answer
        How the solver ended.
    """

    postings: pd.DataFrame
    vacancies: tuple[str, ...]
    overloads: Mapping[str, float]
    answer: SolverAnswer


@dataclass(frozen=True, slots=True, eq=False)
class Siting:
    """Facilities chosen among the candidates.

    Parameters
    ----------
    service
        The service sited for.
    chosen
        facility_id of the chosen candidates, in the order of what they add.
    gains
        facility_id -> demand newly covered (or metres saved), one at a time in that order.
    answer
        How the solver ended.
    """

    service: str
    chosen: tuple[str, ...]
    gains: Mapping[str, float]
    answer: SolverAnswer


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Who is served, counted in residents, households and buildings.

    Parameters
    ----------
    table
        The `coverage` layer: unit_id, service, residents, households, buildings,
        nearest_facility_id, walk_m, walk_basis, standard_m, covered.
    rates
        The `coverage_rates` layer: area_id, level, service, basis, total, covered, rate_share,
        target_share, shortfall.
    """

    table: pd.DataFrame
    rates: pd.DataFrame
