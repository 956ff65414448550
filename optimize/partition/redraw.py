"""Redrawing: from a present plan and changed data, mend what must be mended and move few households."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from gis.model.kinds import StoppedBy
from gis.model.plan import Plan
from gis.model.progress import Cancelled, Progress, never, silent
from gis.model.results import Drawn
from gis.model.study import StudyArea
from gis.model.walks import straight_metres
from optimize.partition.answers import answer_all
from optimize.partition.asked_counts import asked_counts, left_to_draw
from optimize.partition.engine import Answer, Task
from optimize.partition.grid_count import count_range
from optimize.partition.least_moved import least_moved
from optimize.partition.plan_making import Kept, make_drawn
from optimize.partition.problem import Territory, grid_loads
from optimize.partition.regrouping import LOCKED, mended_by_rules
from optimize.partition.repair import Mended
from optimize.partition.search import found_of, least_grids
from optimize.partition.territories import territories_of
from optimize.partition.together import contracted
from optimize.partition.way_finding import find_ways
from optimize.partition.weights import Weights
from optimize.partition.witness import HeartWitness
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

if TYPE_CHECKING:
    from optimize.partition.proof import TerritoryProof

__all__ = ["KEEP_PRICES_M", "Redrawn", "compared", "redraw_grids", "trade_off"]

KEEP_PRICES_M = (10_000.0, 1000.0, 300.0, 100.0, 30.0, 0.0)


@dataclass(frozen=True, eq=False)
class Redrawn:
    """A plan redrawn from a present one.

    Attributes
    ----------
    drawn
        The new plan and its report; grids that survive keep their codes, retired codes are not given again.
    changes
        Index ``grid_id`` over old and new grids; fate (kept, adjusted, merged, split, new, retired), households
        before and after, households_moved_in, households_moved_out.
    codes
        Old-to-new table: old_grid_id, new_grid_id, units, households; one row a pair that shares units.
    households_moved
        Households of units that stand in both plans and change their grid.
    moved_bound
        Proven: no plan with as many grids in every territory and no larger band violation moves fewer; None
        where nothing was proven.
    """

    drawn: Drawn
    changes: pd.DataFrame
    codes: pd.DataFrame
    households_moved: int
    moved_bound: int | None = None

    @property
    def moved_gap(self) -> int | None:
        """Households moved beyond the proven least; 0: proven smallest."""
        return None if self.moved_bound is None else max(0, self.households_moved - self.moved_bound)


def redraw_grids(
    study: StudyArea,
    settings: PartitionSettings,
    base: Plan,
    *,
    keep_price_m: float | None = None,
    retired: Collection[str] = (),
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> Redrawn:
    """Redraw a present plan on changed data.

    A territory whose grids are whole and inside the band is left as it is. Elsewhere the grids are made whole
    first; then the band is mended before everything, and a household that changes its grid costs
    ``keep_price_m`` household-metres against the distance to the hearts. The number of grids stays where the band
    and the settings allow it. At no price everything is drawn afresh; grids keep the code they share most with.

    Parameters
    ----------
    study
        The area as it is now; it may have lost and won units since ``base``.
    keep_price_m
        Household-metres that one moved household must spare the others; None: those of the settings.
    retired
        Codes that earlier redraws gave up; they are not given again.
    """
    began_s = time.monotonic()
    kept = Kept(base)
    settings = left_to_draw(settings, kept.general, set(study.units["community_id"]))
    names = sorted(base.grids)
    present = _present(base, names)
    territories = territories_of(study, settings, kept=set(kept.units.index), anchors=_locked(study, present))
    taken: set[int] = set()
    weights = Weights(study, settings)
    territories = [replace(territory, terms=weights.beside_walk(territory)) for territory in territories]
    price_m = settings.keep_price_m if keep_price_m is None else keep_price_m
    counts = _asked(study, territories, settings)
    tasks = [
        _task(territory, present, taken, replace(settings, keep_price_m=price_m), count)
        for territory, count in zip(territories, counts, strict=True)
    ]
    stop = Stop(None if settings.seconds is None else began_s + settings.seconds, cancelled)
    answers = answer_all(tasks, stop, on_progress=on_progress, processes=processes)
    if price_m == 0:
        answers = [_with_codes(answer, present) for answer in answers]
    moved_bound: int | None = None
    if settings.prove and price_m > 0:
        answers, moved_bound = _fewest(answers, stop)
    ways = find_ways(study, answers, stop, processes=processes) if settings.explain else ()
    drawn = make_drawn(
        study,
        settings,
        answers,
        kept=kept,
        names=names,
        taken=set(names) | set(retired),
        seconds=time.monotonic() - began_s,
        ways=ways,
    )
    gone = tuple(sorted(set(retired) | (set(names) - set(drawn.plan.grids))))
    drawn = replace(drawn, report=replace(drawn.report, retired=gone))
    return replace(compared(study, base, drawn), moved_bound=moved_bound)


def _fewest(answers: Sequence[Answer], stop: Stop) -> tuple[list[Answer], int]:
    """Return the answers, with fewer households moved where that is better in all, and the bound on them."""
    made, bound = [], 0
    for answer in answers:
        best = answer
        if not answer.task.untouched:
            territory, found = answer.task.territory, answer.found
            home = territory.terms.home
            moved = int(territory.households[(home >= 0) & (home != found.labels)].sum())
            record = answer.task.settings.witness
            least = least_moved(territory, len(answer.task.names), found.violation, moved, record=record, stop=stop)
            bound += min(least.bound, moved)
            fixed = territory.anchor >= 0
            if least.labels is not None and (least.labels[fixed] == home[fixed]).all():
                other = found_of(territory, least.labels)
                best = replace(answer, found=other) if other.key < found.key else answer
            best = replace(best, moved=least.witness, proven=_with_moves(territory, best.proven, least.bound))
        made.append(best)
    return made, bound


def _with_moves(territory: Territory, proven: TerritoryProof | None, moved: int) -> TerritoryProof | None:
    """Return a proof whose bound counts the households that must move.

    Hearts bound the walk alone, among all drawings with as many grids and no larger violation, so what must be paid
    for moves comes on top. Sets let two grids be at home in one, so theirs may lie below that payment.
    """
    if proven is None or proven.bound is None:
        return proven
    movable = (territory.terms.home >= 0) & (territory.households > 0)
    price = float((territory.terms.away[movable] / territory.households[movable]).min(initial=np.inf))
    paid = price * moved if movable.any() else 0.0
    walk = proven.bound if isinstance(proven.witness, HeartWitness) else 0.0
    return replace(proven, bound=max(proven.bound, walk + paid))


def trade_off(
    study: StudyArea,
    settings: PartitionSettings,
    base: Plan,
    *,
    keep_prices_m: Sequence[float] = KEEP_PRICES_M,
    known: Mapping[float, Redrawn] | None = None,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> pd.DataFrame:
    """Return households moved against balance and distance, one row a price of moving a household.

    A plan that was drawn at another price stands in a row where it comes to less.

    Parameters
    ----------
    known
        Plans that are there already, by their price: each stands in its own row as it is.

    Returns
    -------
    DataFrame
        Index ``keep_price_m``; households_moved, band_violation, walk_mean_m, grids. Fewer rows when cancelled.
    """
    households = max(1, int(study.units["households"].sum()))
    own = {price_m: _row(study, redrawn, households) for price_m, redrawn in (known or {}).items()}
    drawn = dict(own)
    for price_m in keep_prices_m:
        if cancelled():
            break
        if price_m in drawn:
            continue
        redrawn = redraw_grids(study, settings, base, keep_price_m=price_m, cancelled=cancelled, processes=processes)
        if redrawn.drawn.report.stopped_by is StoppedBy.CANCELLED:
            break
        drawn[price_m] = _row(study, redrawn, households)

    def cheapest(price_m: float) -> dict[str, float]:
        return min(
            drawn.values(),
            key=lambda row: (
                row["band_violation"],
                row["households_moved"] * price_m + row["walk_mean_m"] * households,
            ),
        )

    prices = sorted(drawn, reverse=True)
    rows = [{"keep_price_m": price_m, **own.get(price_m, cheapest(price_m))} for price_m in prices]
    columns = ["keep_price_m", "households_moved", "band_violation", "walk_mean_m", "grids"]
    return pd.DataFrame(rows, columns=columns).set_index("keep_price_m")


def _row(study: StudyArea, redrawn: Redrawn, households: int) -> dict[str, float]:
    """Return what a redrawn plan comes to; the walk is that alone, without the price of moving."""
    plan, report = redrawn.drawn.plan, redrawn.drawn.report.territories
    return {
        "households_moved": redrawn.households_moved,
        "band_violation": sum(t.band_violation for t in report),
        "walk_mean_m": _walk_hm(study, plan) / households,
        "grids": len(plan.grids),
    }


def _walk_hm(study: StudyArea, plan: Plan) -> float:
    """Return the household-metres from every unit to the heart of its grid."""
    units = study.units.loc[plan.assignment.index]
    weight = units["households"].to_numpy(dtype=np.float64)
    xy = units[["x", "y"]].to_numpy(dtype=np.float64)
    ids = units.index.to_numpy(dtype=object)
    total = 0.0
    for members in plan.assignment.reset_index(drop=True).groupby(plan.assignment.to_numpy()).indices.values():
        places = xy[members]
        metres = straight_metres(places) if study.walks is None else study.walks.between(ids[members], places)
        total += float((metres @ weight[members]).min())
    return total


def _present(base: Plan, names: Sequence[str]) -> pd.Series[int]:
    number = {name: i for i, name in enumerate(names)}
    return base.assignment.map(number).astype("int64")


def _locked(study: StudyArea, present: pd.Series[int]) -> pd.Series[int] | None:
    """Return the number of the grid that each locked unit stays in."""
    if "locked" not in study.units:
        return None
    return present[present.index.isin(study.units.index[study.units["locked"].astype(bool)])]


def _asked(study: StudyArea, territories: Sequence[Territory], settings: PartitionSettings) -> list[int | None]:
    """Return the number of grids that is asked of each territory; None: as many as now, or what the band allows."""
    dedicated = {t.community_id for t in territories if study.is_dedicated(t.community_id)}
    return [
        1 if territory.total_load == 0 else count
        for territory, count in zip(territories, asked_counts(territories, settings, dedicated), strict=True)
    ]


def _task(
    territory: Territory,
    present: pd.Series[int],
    taken: set[int],
    settings: PartitionSettings,
    asked: int | None,
) -> Task:
    """Return the task of a territory; a grid that reaches into two goes on in the first that has it."""
    held = present.reindex(list(territory.unit_ids)).fillna(-1).to_numpy(dtype=np.int64).copy()
    held[np.isin(held, sorted(taken))] = -1
    whole = contracted(territory)
    mended = mended_by_rules(whole, held, count=asked)
    stated = settings.count_range(territory.community_id)
    if asked is None and stated is not None and len(mended.names) not in stated:
        asked = min(max(len(mended.names), stated.start), stated.stop - 1)
        mended = mended_by_rules(whole, held, count=asked)
    taken.update(int(number) for number in np.unique(held[held >= 0]))
    in_band = int(territory.band.violation(grid_loads(territory, mended.labels)).sum()) == 0
    untouched = mended.whole and (territory.total_load == 0 or (in_band and settings.keep_price_m > 0))
    task = _task_of(territory, mended, settings)
    count = len(mended.names)
    allowed = [k for k in count_range(whole.territory) if k >= least_grids(whole.territory)]
    near = [k for k in (count + 1, count - 1) if k in allowed and (stated is None or k in stated)]
    if untouched or asked is not None:
        near = []
    others = tuple(_task_of(territory, mended_by_rules(whole, held, count=k), settings) for k in near)
    return replace(task, untouched=untouched, others=others)


def _with_codes(answer: Answer, present: pd.Series[int]) -> Answer:
    """Return an answer drawn afresh, each grid under the code of the present one it shares most households with."""
    territory, labels = answer.task.territory, answer.found.labels
    names = np.array(answer.task.names)
    held = present.reindex(list(territory.unit_ids)).fillna(-1).to_numpy(dtype=np.int64)
    weight = np.where(territory.anchor >= 0, float(LOCKED), territory.households.astype(np.float64))
    shared = np.zeros((int(labels.max()) + 1, len(names)))
    for at, name in enumerate(names.tolist()):
        own = held == name
        np.add.at(shared[:, at], labels[own], weight[own])
    drawn, given = linear_sum_assignment(shared, maximize=True)
    codes = np.full(len(shared), -1)
    codes[drawn] = names[given]
    return replace(answer, task=replace(answer.task, names=tuple(codes.tolist())))


def _task_of(territory: Territory, mended: Mended, settings: PartitionSettings) -> Task:
    if settings.keep_price_m == 0:
        return Task(territory, len(mended.names), settings, names=mended.names)
    away = np.where(mended.home >= 0, territory.households * settings.keep_price_m, 0.0)
    at_home = replace(territory, terms=replace(territory.terms, home=mended.home, away=away))
    return Task(at_home, len(mended.names), settings, first=mended.labels, names=mended.names)


def compared(study: StudyArea, base: Plan, drawn: Drawn) -> Redrawn:
    """Return the redrawn plan beside the present one."""
    households = study.units["households"]
    both = pd.concat(
        [base.assignment.rename("old_grid_id"), drawn.plan.assignment.rename("new_grid_id")], axis=1, join="inner"
    )
    both["households"] = households.reindex(both.index)
    pairs = both.groupby(["old_grid_id", "new_grid_id"])["households"].agg(["size", "sum"])
    codes = pairs.rename(columns={"size": "units", "sum": "households"}).reset_index()
    moved = both[both["old_grid_id"] != both["new_grid_id"]]
    before = both.groupby("old_grid_id")["households"].sum()
    after = households.groupby(drawn.plan.assignment.reindex(households.index)).sum()
    ids = sorted(set(base.grids) | set(drawn.plan.grids))
    changes = pd.DataFrame(index=pd.Index(ids, name="grid_id"))
    gives: dict[str, list[str]] = {}
    takes: dict[str, list[str]] = {}
    for old, new in zip(codes["old_grid_id"].tolist(), codes["new_grid_id"].tolist(), strict=True):
        gives.setdefault(old, []).append(new)
        takes.setdefault(new, []).append(old)
    changes["fate"] = [_fate(g, base, drawn.plan, gives.get(g, []), takes.get(g, [])) for g in ids]
    changes["households_before"] = before.reindex(ids).fillna(0).astype("int64")
    changes["households_after"] = after.reindex(ids).fillna(0).astype("int64")
    for column, side in (("households_moved_in", "new_grid_id"), ("households_moved_out", "old_grid_id")):
        changes[column] = moved.groupby(side)["households"].sum().reindex(ids).fillna(0).astype("int64")
    return Redrawn(drawn, changes, codes, int(moved["households"].sum()))


def _fate(grid_id: str, base: Plan, plan: Plan, gives: Sequence[str], takes: Sequence[str]) -> str:
    """Say what became of a grid that gives units to some and takes units from some, itself among them."""
    if grid_id not in plan.grids:
        return "merged" if gives else "retired"
    if grid_id not in base.grids:
        return "new"
    if any(other not in base.grids for other in gives):
        return "split"
    return "kept" if gives == [grid_id] and takes == [grid_id] else "adjusted"
