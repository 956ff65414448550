"""The tables of the report: rows of text and figures, in the order they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis.model.exceptions import ExceptionKind, PlanException, exceptions_of
from gis.model.grid_counts import counts_of_communities
from gis.model.kinds import Basis, FacilityStatus, GridKind, Level, Severity
from gis.model.messages import sentences
from gis.model.outcome import Outcome
from gis.model.results import TerritoryReport
from gis.model.standards import ServiceStandard
from maps.gains import demand_of, gain_of, siting_spares_walks
from maps.goal import goal_line
from maps.headline import gap_table, rates_of
from maps.palette import load_classes, loads
from maps.strings import number, percent, say

__all__ = [
    "Table",
    "communities_table",
    "counts_table",
    "coverage_table",
    "exceptions_table",
    "findings_table",
    "gaps_table",
    "method_table",
    "micro_grids_table",
    "outside_table",
    "rates_table",
    "roles_table",
    "scorecard_table",
    "service_name",
    "sites_table",
    "staff_gaps_table",
    "territories_table",
]

MOST_GRIDS = 10  # of the worst gaps of a service
MOST_OVERLOADS = 20
MOST_SITES = 5
MOST_FINDINGS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """Column codes and rows of text; a cell that is a tuple is a figure and stands on the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    left_out: int = 0


def _figure(value: object, *, digits: int = 0) -> tuple[str]:
    return (number(None if _missing(value) else float(str(value)), digits=digits),)


def _share(value: object) -> tuple[str]:
    return (percent(None if _missing(value) else float(str(value))),)


def _missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def service_name(standard: ServiceStandard, lang: str) -> str:
    """Return what a service is called: its kind of facility and how far one may walk."""
    kind = say(f"facility.{standard.kind}", lang)
    return say("service_name", lang, kind=kind, metres=number(standard.max_walk_m))


def _service_names(outcome: Outcome, lang: str) -> dict[str, str]:
    known = {s.service_id: service_name(s, lang) for s in outcome.study.settings.services}
    return {str(s): known.get(str(s), str(s)) for s in sorted(outcome.coverage.table["service"].unique())} | known


def _community_names(outcome: Outcome) -> dict[str, str]:
    return {str(i): str(n) for i, n in outcome.study.communities["name"].items()}


def communities_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a community with households, and a total."""
    lived_in = outcome.grids[outcome.grids["households"] > 0].drop(columns="geometry")
    grids = lived_in.assign(
        general=lived_in["kind"].eq(str(GridKind.GENERAL)),
        inside=lived_in["in_band"].fillna(False).astype(bool),
        metres=lived_in["walk_mean_m"] * lived_in["households"],
        posted=outcome.staffing.postings.groupby("grid_id").size().reindex(lived_in.index).fillna(0),
        vacant=lived_in.index.isin(outcome.staffing.vacancies),
    )
    columns = ["general", "inside", "households", "residents", "workload_h", "metres", "posted", "vacant"]
    sums = grids.groupby("community_id")[columns].sum().sort_index()
    names = _community_names(outcome)
    rows = [(names.get(str(c), str(c)), *_community_cells(row)) for c, row in sums.iterrows()]
    if len(rows) > 1:
        rows.append((say("total", lang), *_community_cells(sums.sum())))
    heads = ("community", "grids", "in_band", "households", "residents", "mean_households", "walk_mean_m", "posted")
    return Table((*heads, "vacancies"), tuple(rows))


def _community_cells(row: pd.Series[float]) -> tuple[tuple[str], ...]:
    general = float(row["general"])
    return (
        _figure(general),
        _figure(row["inside"]),
        _figure(row["households"]),
        _figure(row["residents"]),
        _figure(row["households"] / general if general else None),
        _figure(row["metres"] / row["households"]),
        _figure(row["posted"]),
        _figure(row["vacant"]),
    )


def outside_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a grid outside its band, with the reason."""
    grids = outcome.grids[~outcome.grids["in_band"].fillna(True).astype(bool)]
    load, classes = loads(outcome), load_classes(outcome)
    names = _community_names(outcome)
    rows = tuple(
        (
            str(grid_id),
            names.get(str(row["community_id"]), str(row["community_id"])),
            _figure(load.loc[grid_id]),
            _share(row["deviation_share"]),
            say(f"in_band.{classes.loc[grid_id]}", lang),
            str(row[f"reason_{lang}"]),
        )
        for grid_id, row in grids.iterrows()
    )
    return Table(("grid", "community", "load", "deviation_share", "place_in_band", "reason"), rows)


def exceptions_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a compound or building in several grids, and a grid above a soft limit."""
    names = _community_names(outcome)
    rows = tuple(
        (
            say(f"exception.{e.kind}", lang),
            e.name,
            names.get(e.community_id, e.community_id),
            _amount(e, e.amount, lang),
            _amount(e, e.limit, lang),
            say("list", lang).join(e.grids),
            _why(e, outcome, lang),
        )
        for e in exceptions_of(outcome)
    )
    return Table(("exception", "name", "community", "amount", "limit", "in_grids", "reason"), rows)


def _amount(exception: PlanException, amount: float, lang: str) -> tuple[str]:
    """Return an amount with what it counts; areas to a tenth, so that one above its limit is seen to be."""
    digits = 1 if exception.kind is ExceptionKind.AREA_KM2 else 0
    return (say(f"exception.amount.{exception.kind}", lang, amount=number(amount, digits=digits)),)


def _why(exception: PlanException, outcome: Outcome, lang: str) -> str:
    kind = exception.kind
    if kind is ExceptionKind.AREA_KM2 and any("area" in t.parts_hm for t in outcome.report.territories):
        return say("exception.area_km2.priced", lang)
    if kind is ExceptionKind.COMPOUND and exception.amount <= exception.limit:
        return say("exception.for_band", lang)
    return say(f"exception.{kind}.above", lang)


def territories_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a territory: what was reached and what is proven."""
    names = _community_names(outcome)
    rows = tuple(
        (
            t.territory_id,
            names.get(t.community_id, t.community_id),
            _figure(t.units),
            _figure(t.households),
            _figure(t.grids),
            _figure(t.band_violation),
            (percent(t.gap_share, digits=2),),
            say(f"proof.{t.proof}", lang),
            _note(t, lang),
        )
        for t in outcome.report.territories
        if t.households > 0
    )
    heads = ("territory", "community", "units", "households", "grids", "band_violation", "proof_gap", "proof", "note")
    return Table(heads, rows)


def _note(territory: TerritoryReport, lang: str) -> str:
    """Return what is proven of the band violation, why there is one, and the parts of the objective."""
    reason = territory.reason.text(lang) if territory.reason else ""
    return sentences((_violation(territory, lang), reason, _parts(territory, lang)), lang)


def _violation(territory: TerritoryReport, lang: str) -> str:
    """Say whether less could lie outside the band."""
    if territory.band_violation <= 0:
        return ""
    amount, bound = number(territory.band_violation), territory.violation_bound
    if bound is None or bound <= 0:
        return say("violation.unproven", lang, amount=amount)
    if territory.band_violation <= bound:
        return say("violation.least", lang, amount=amount)
    return say("violation.bound", lang, amount=amount, bound=number(bound))


def _parts(territory: TerritoryReport, lang: str) -> str:
    """Return what the objective holds beside the walk."""
    told = [f"{say(f'part.{name}', lang)} {number(value)}" for name, value in territory.parts_hm.items() if value > 0]
    code = "parts.alone" if territory.by_borders else "parts"
    return say(code, lang, parts=say("part.and", lang).join(told)) if told else ""


def counts_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a community: its number of grids, one fewer and one more, and what a grid saves."""
    names = _community_names(outcome)
    rows = []
    for c in counts_of_communities(outcome.report.territories):
        cells: list[tuple[str]] = []
        for option in (c.fewer, c.now, c.more):
            violation = None if option is None else option.band_violation
            walk = None if option is None else c.walk_mean_m(option)
            cells += [_figure(violation), _figure(walk, digits=1)]
        saved = [None if hm is None else hm / 1000 for hm in (c.last_grid_saves_hm, c.next_grid_saves_hm)]
        prices = [_figure(km, digits=1) for km in saved]
        rows.append((names.get(c.community_id, c.community_id), _figure(c.now.grids), *cells, *prices))
    heads = ("fewer.outside", "fewer.walk", "now.outside", "now.walk", "more.outside", "more.walk")
    return Table(("community", "grids", *heads, "last_grid_saves", "next_grid_saves"), tuple(rows))


def micro_grids_table(outcome: Outcome, lang: str) -> Table:
    """Return one row a community that is cut into micro-grids: how many, how many in the band, their households."""
    if outcome.micro_grids is None:
        return Table((), ())
    names = _community_names(outcome)
    rows = []
    for community_id, parts in outcome.micro_grids.groupby("community_id", sort=True):
        sizes = parts["households"]
        metres = float((parts["walk_mean_m"].fillna(0) * sizes).sum()) / max(1, int(sizes.sum()))
        cells = (len(parts), int(parts["in_band"].sum()), sizes.min(), sizes.mean(), sizes.max())
        rows.append(
            (names.get(str(community_id), str(community_id)), *map(_figure, cells), _figure(metres, digits=1))
        )
    heads = ("community", "micro_grids", "in_band", "fewest_households", "mean_micro_households", "most_households")
    return Table((*heads, "walk_mean_m"), tuple(rows))


def roles_table(outcome: Outcome, lang: str) -> Table:
    """Return workers posted by role, and the ratios an office is measured by."""
    postings = outcome.staffing.postings
    counted = postings.groupby("role")["worker_id"].nunique().sort_index()
    rows: list[tuple[Any, ...]] = [(say(f"role.{role}", lang), _figure(n), "") for role, n in counted.items()]
    goal = f"{outcome.study.settings.ratios.workers_per_10000_residents:g}"
    target = {"workers_per_10000_residents": say("ratio.target", lang, value=goal)}
    scores = {s.measure: s.value for s in outcome.scorecard}
    for measure in ("households_per_worker", "residents_per_worker", "workers_per_10000_residents"):
        if scores.get(measure) is not None:
            cell = _figure(scores[measure], digits=1)
            rows.append((_measure_name(measure, outcome, lang), cell, target.get(measure, "")))
    return Table(("", "", ""), tuple(rows))


def staff_gaps_table(outcome: Outcome, lang: str) -> Table:
    """Return grids without a lead, then overloaded grids from the most hours down; never persons."""
    names = _community_names(outcome)
    community = outcome.grids["community_id"].map(str)
    vacant = [
        (g, names.get(community[g], ""), say("vacant", lang), ("",)) for g in sorted(outcome.staffing.vacancies)
    ]
    worst = sorted(outcome.staffing.overloads.items(), key=lambda item: (-item[1], item[0]))
    loaded = [
        (g, names.get(community[g], ""), say("overloaded", lang), _figure(hours))
        for g, hours in worst[:MOST_OVERLOADS]
    ]
    left = max(0, len(worst) - MOST_OVERLOADS)
    return Table(("grid", "community", "finding", "hours_over"), tuple(vacant + loaded), left)


def coverage_table(outcome: Outcome, lang: str) -> Table:
    """Return rates of every service for the widest level, counted three ways, against the target."""
    names = _service_names(outcome, lang)
    by_basis = {b: rates_of(outcome, basis=b).set_index(["area_id", "service"]) for b in Basis}
    places = _area_names(outcome)
    shown = rates_of(outcome)[["area_id", "service", "total", "covered", "target_share", "shortfall"]]
    rows = tuple(
        (
            names.get(service, service),
            places.get(area, area),
            _figure(total - covered),
            *(_share(table["rate_share"].get((area, service))) for table in by_basis.values()),
            _share(target),
            _figure(shortfall),
        )
        for area, service, total, covered, target, shortfall in shown.itertuples(index=False, name=None)
    )
    heads = ("service", "area", "gap.uncovered", "rate.residents", "rate.households", "rate.buildings")
    return Table((*heads, "target", "shortfall"), rows)


def _area_names(outcome: Outcome) -> dict[str, str]:
    return {str(i): str(n) for i, n in outcome.study.areas["name"].items()}


def rates_table(outcome: Outcome, lang: str) -> Table:
    """Return the covered share of residents, one row a community with residents, one column a service."""
    rates = outcome.coverage.rates
    mine = rates[rates["level"].eq(str(Level.COMMUNITY)) & rates["basis"].eq(str(Basis.RESIDENTS))]
    mine = mine[mine["total"] > 0]
    shares = mine.pivot_table(index="area_id", columns="service", values="rate_share", sort=True)
    names, services = _community_names(outcome), _service_names(outcome, lang)
    rows = tuple(
        (names.get(str(area), str(area)), *(_share(shares.loc[area, s]) for s in shares.columns))
        for area in shares.index
    )
    return Table(("community", *(f"={services.get(str(s), str(s))}" for s in shares.columns)), rows)


def gaps_table(outcome: Outcome, lang: str) -> Table:
    """Return the grids with most residents not covered, some for every service."""
    table = gap_table(outcome)
    open_ones = table[table["uncovered"] > 0].sort_values(
        ["service", "uncovered", "grid_id"], ascending=[True, False, True]
    )
    most = open_ones.groupby("service", sort=False).head(MOST_GRIDS)
    services, names = _service_names(outcome, lang), _community_names(outcome)
    community = outcome.grids["community_id"].map(str)
    rows = tuple(
        (services.get(s, s), g, names.get(community[g], ""), _figure(u), _figure(r))
        for s, g, u, r in most[["service", "grid_id", "uncovered", "residents"]].itertuples(index=False, name=None)
    )
    return Table(("service", "grid", "community", "gap.uncovered", "residents"), rows, len(open_ones) - len(most))


def sites_table(outcome: Outcome, lang: str) -> Table:
    """Return, for every service, the candidate sites that would newly cover most, chosen ones first.

    Both are counted in whom the service is for, so that they compare; siting that spares walks tells those.
    """
    facilities, rows = outcome.facilities, []
    for standard in outcome.study.settings.services:
        reached = _newly_covered(outcome, standard)
        sited = {
            f: gain
            for siting in outcome.sitings
            if siting.service == standard.service_id
            for f, gain in siting.gains.items()
        }
        who = gain_of(outcome, standard, lang)
        won = gain_of(outcome, standard, lang, spared=siting_spares_walks(outcome))
        chosen = [(f, float(gain), str(FacilityStatus.CHOSEN), won) for f, gain in sited.items()]
        waiting = [(str(f), float(n), str(FacilityStatus.CANDIDATE), who) for f, n in reached.items()]
        others = [row for row in waiting if row[0] not in sited]
        for facility_id, gain, status, counted in chosen + others[:MOST_SITES]:
            name = facilities["name"].get(facility_id)
            rows.append(
                (
                    service_name(standard, lang),
                    facility_id,
                    "" if _missing(name) else str(name),
                    say(f"status.{status}", lang),
                    _figure(gain),
                    counted,
                )
            )
    return Table(("service", "site", "site_name", "status", "gain", "gain_of"), tuple(rows))


def _newly_covered(outcome: Outcome, standard: ServiceStandard) -> pd.Series[int]:
    """Return whom each candidate of a service's kind would cover and nobody covers now, most first."""
    facilities, reach, table = outcome.facilities, outcome.study.reach, outcome.coverage.table
    waiting = [str(FacilityStatus.CANDIDATE), str(FacilityStatus.CHOSEN)]
    sites = facilities.index[facilities["kind"].eq(standard.kind) & facilities["status"].isin(waiting)]
    mine = table[table["service"].eq(standard.service_id) & ~table["covered"].astype(bool)]
    near = reach[reach["facility_id"].isin(sites) & reach["walk_m"].le(standard.max_walk_m)]
    demand = outcome.units[demand_of(outcome, standard)].reindex(mine["unit_id"])
    served = near["unit_id"].map(demand).fillna(0)
    total = served.groupby(near["facility_id"]).sum().astype("int64").sort_index()
    made: pd.Series[int] = total[total > 0].sort_values(ascending=False, kind="stable")
    return made


def findings_table(outcome: Outcome, lang: str) -> Table:
    """Return findings that stand, one row a code: how often, and the first in full."""
    first: dict[str, list[Any]] = {}
    for finding in outcome.study.findings.ordered():
        first.setdefault(finding.code, [finding, 0])[1] += 1
    rows = tuple(
        (say(f"severity.{f.severity}", lang), _figure(n), f.what(lang), f.mend(lang))
        for f, n in list(first.values())[:MOST_FINDINGS]
        if f.severity in tuple(Severity)
    )
    return Table(("severity", "count", "finding", "mend"), rows, max(0, len(first) - MOST_FINDINGS))


def scorecard_table(outcome: Outcome, lang: str) -> Table:
    """Return every measure with its value, unit and direction."""
    rows = tuple(
        (
            _measure_name(s.measure, outcome, lang),
            (percent(s.value) if s.unit == "share" else number(s.value, digits=0 if s.value == s.value // 1 else 2),)
            if s.value is not None
            else ("–",),
            "" if s.unit == "share" else say(f"unit.{s.unit}", lang),
            say(f"better.{s.better}", lang) if s.better else "",
        )
        for s in outcome.scorecard
    )
    return Table(("measure", "value", "unit_of", "better"), rows)


def _measure_name(measure: str, outcome: Outcome, lang: str) -> str:
    """Return the words for a measure; one measured for every service names it after a colon."""
    name, _, service = measure.partition(":")
    shown = say(f"measure.{name}", lang)
    return shown + say("colon", lang) + _service_names(outcome, lang).get(service, service) if service else shown


def method_table(outcome: Outcome, lang: str) -> Table:
    """Return how the plan was computed: enough to compute it again."""
    report, settings = outcome.report, outcome.study.settings
    rows: list[tuple[Any, ...]] = [
        (say("method.study", lang), f"{settings.name} ({settings.study_id})"),
        (say("method.crs", lang), outcome.study.crs),
        (say("method.engine", lang), report.engine),
        (say("method.seed", lang), str(report.rng_seed)),
        (say("method.stopped_by", lang), say(f"stopped_by.{report.stopped_by}", lang)),
        (say("method.digest", lang), outcome.plan.digest),
        (say("method.goal", lang), goal_line(outcome, lang)),
        (say("method.solver", lang), outcome.staffing.answer.engine),
        (say("method.walks", lang), say(f"walks.{outcome.study.walk_basis}", lang)),
        (say("method.facilities", lang), say("walks.facilities", lang)),
    ]
    return Table(("", ""), tuple(rows))
