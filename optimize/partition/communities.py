"""Communities merged and split: the same engine one level up, with subdistricts in the place of communities."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

from gis.model.errors import InputRefusedError
from gis.model.findings import Finding, Findings
from gis.model.kinds import Level, StoppedBy
from gis.model.plan import GridInfo, Plan
from gis.model.progress import Cancelled, Progress, between, never, silent
from gis.model.results import Drawn, Reason, SolveReport, TerritoryReport
from gis.model.standards import Band
from gis.model.study import StudyArea
from optimize.partition.answers import answer_all
from optimize.partition.community_plan import new_communities, present_communities
from optimize.partition.engine import Answer, Task
from optimize.partition.explanation import Explanation, explain
from optimize.partition.grid_count import count_range
from optimize.partition.plan_making import ENGINE, stopped_by, territory_report
from optimize.partition.problem import Territory
from optimize.partition.redraw import Redrawn, compared, redraw_grids
from optimize.partition.territories import territories_of
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

__all__ = ["draw_communities"]

FEWEST_MERGERS_HM = 0.0  # price of one more community: every merger costs walks, so as many stay as the band allows
PART = "\x1f"  # stands between a community's id and the number of its part
SPLIT_SHARE = 0.5  # rough share of the time, for a progress bar
TOLD = {
    "band-heavy-unit": "community-heavy",
    "band-heavy-group": "community-heavy",
    "band-small-territory": "community-cut-off",
    "band-small-community": "community-cut-off",
    "band-no-count": "community-no-count",
    "band-other-count": "community-other-count",
    "band-pocket": "community-pocket",
    "band-pockets": "community-pockets",
    "band-lumpy": "community-proven",
    "band-not-proven": "community-not-proven",
}

Groups = tuple[tuple[str, ...], ...]


def draw_communities(
    study: StudyArea,
    band: Band,
    links: pd.DataFrame,
    *,
    rng_seed: int = 0,
    on_progress: Progress = silent,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> Redrawn:
    """Split communities above a size band and merge those below it with neighbours in their subdistrict.

    Those above are split into connected parts of whole units, as many as fit the band best. Then communities
    and parts are merged whole: the households outside the band first, then the household-metres to the largest
    neighbour, so that no more merge than must. Where that leaves the band, units of what was split are moved on as
    few as mend it. Communities of another profile than the study's own, dedicated
    grounds and communities without households stay as they are.

    Parameters
    ----------
    study
        Units, communities and their subdistricts.
    band
        Households of a community; soft.
    links
        unit_a, unit_b: neighbours inside each subdistrict, across communities too.
    rng_seed
        One seed gives one answer on any number of processes.

    Returns
    -------
    Redrawn
        The communities as "grids" of their subdistricts, beside the present ones. The largest heir keeps a
        community's code; new codes go on from the subdistrict's highest.

    Raises
    ------
    InputRefusedError
        If a community that takes part lies in no subdistrict.
    """
    began_s = time.monotonic()
    taking = _taking_part(study)
    stop = Stop(None, cancelled)
    settings = PartitionSettings(band=band, rng_seed=rng_seed)
    pairs = pd.concat([links, study.adjacency])[["unit_a", "unit_b"]].drop_duplicates()
    piece_of = _split(study, taking, pairs, settings, stop, on_progress=on_progress, processes=processes)
    part = between(on_progress, SPLIT_SHARE, 1.0)
    found = _merge(study, piece_of, pairs, settings, stop, on_progress=part, processes=processes)
    found = _mend(study, piece_of, pairs, settings, found=found, cancelled=cancelled, processes=processes)
    base = present_communities(study)
    plan, names = new_communities(study, base, found.group_of)
    reasons = {names[group]: _of_communities(study, why) for group, why in found.reasons.items()}
    report = SolveReport(
        engine=ENGINE,
        rng_seed=rng_seed,
        stopped_by=found.stopped_by,
        seconds=time.monotonic() - began_s,
        territories=tuple(_worded(study, t) for t in found.territories),
        grid_reasons=dict(sorted(reasons.items())),
    )
    return compared(study, base, Drawn(plan, report))


def _taking_part(study: StudyArea) -> pd.Series[int]:
    """Return the households of every community that may change, by its id; refused without a subdistrict."""
    households = study.units["households"].groupby(study.units["community_id"].astype("str")).sum().sort_index()
    own = [study.profile_name_of(c) == study.settings.profile and not study.is_dedicated(c) for c in households.index]
    taking: pd.Series[int] = households[np.array(own, dtype=bool) & (households > 0).to_numpy()]
    level = study.areas["level"].astype("str")
    parents = study.areas["parent_id"].reindex(taking.index)
    bare = taking.index[parents.map(level).ne(str(Level.SUBDISTRICT)).to_numpy()]
    if len(bare):
        found = [Finding("community-without-subdistrict", {"community_id": c}, "areas", feature=c) for c in bare]
        raise InputRefusedError(Findings(tuple(found)))
    return taking


def _split(
    study: StudyArea,
    taking: pd.Series[int],
    pairs: pd.DataFrame,
    settings: PartitionSettings,
    stop: Stop,
    *,
    on_progress: Progress,
    processes: int,
) -> pd.Series[str]:
    """Return the piece of every unit that takes part: its community, or a part of one that is too heavy."""
    assert settings.band is not None
    community = study.units["community_id"].astype("str")
    piece_of: pd.Series[str] = community[community.isin(taking.index)].rename("piece_id")
    heavy = taking.index[taking > settings.band.maximum]
    inside = replace(
        study,
        units=study.units[community.isin(heavy)],
        adjacency=pairs,
        settings=replace(study.settings, grids=replace(study.settings.grids, apart=())),
    )
    tasks = [Task(territory, None, settings) for territory in territories_of(inside, settings)]
    if not tasks:
        return piece_of
    part = between(on_progress, 0.0, SPLIT_SHARE)
    count: dict[str, int] = {}
    for answer in answer_all(tasks, stop, on_progress=part, processes=processes):
        territory, labels = answer.task.territory, answer.found.labels
        first = count.get(territory.community_id, 0)
        names = [f"{territory.community_id}{PART}{first + int(label) + 1}" for label in labels]
        count[territory.community_id] = first + int(labels.max()) + 1
        piece_of = pd.Series(names, index=list(territory.unit_ids), dtype="str").combine_first(piece_of)
    return piece_of.rename("piece_id").sort_index()


def _pieces(study: StudyArea, piece_of: pd.Series[str]) -> gpd.GeoDataFrame:
    """Return the pieces as units of their subdistricts: community_id (the subdistrict), households, x, y."""
    units = study.units.loc[piece_of.index]
    weight = units["households"].astype(float) + 1e-6  # a piece without households still has a middle
    sums = pd.DataFrame({"w": weight, "x": weight * units["x"], "y": weight * units["y"]}).groupby(piece_of).sum()
    table = pd.DataFrame({"x": sums["x"] / sums["w"], "y": sums["y"] / sums["w"]})
    table["households"] = units["households"].groupby(piece_of).sum().astype("int64")
    home = units["community_id"].astype("str").groupby(piece_of).first()
    table["community_id"] = home.map(study.areas["parent_id"]).astype("str")
    points = gpd.points_from_xy(table["x"], table["y"])
    return gpd.GeoDataFrame(table.rename_axis("unit_id").sort_index(), geometry=points, crs=study.crs)


def _piece_pairs(pairs: pd.DataFrame, piece_of: pd.Series[str]) -> pd.DataFrame:
    ends = pd.DataFrame({side: pairs[side].map(piece_of) for side in ("unit_a", "unit_b")}).dropna()
    return ends[ends["unit_a"] != ends["unit_b"]].drop_duplicates()


@dataclass(frozen=True, eq=False)
class _Found:
    """Units by their new community, which has a name of its own, with what is proven and the reasons."""

    group_of: pd.Series[str]
    territories: tuple[TerritoryReport, ...]
    reasons: dict[str, Reason]
    stopped_by: StoppedBy


def _level(study: StudyArea, units: gpd.GeoDataFrame, pairs: pd.DataFrame, together: Groups = ()) -> StudyArea:
    """Return a study of units whose communities are the subdistricts."""
    grids = replace(study.settings.grids, together=together, apart=())
    return replace(study, units=units, adjacency=pairs, settings=replace(study.settings, grids=grids))


def _merge(
    study: StudyArea,
    piece_of: pd.Series[str],
    pairs: pd.DataFrame,
    settings: PartitionSettings,
    stop: Stop,
    *,
    on_progress: Progress,
    processes: int,
) -> _Found:
    """Merge whole pieces inside their subdistricts."""
    merging = replace(settings, grid_price_hm=FEWEST_MERGERS_HM)
    level = _level(study, _pieces(study, piece_of), _piece_pairs(pairs, piece_of))
    tasks = [_merging(territory, merging) for territory in territories_of(level, merging)]
    answers = answer_all(tasks, stop, on_progress=on_progress, processes=processes)
    group_of_piece: dict[str, str] = {}
    reasons: dict[str, Reason] = {}
    territories = []
    for answer in answers:
        territory, labels = answer.task.territory, answer.found.labels
        names = [f"{territory.territory_id}{PART}{label}" for label in range(int(labels.max()) + 1)]
        group_of_piece |= {u: names[int(label)] for u, label in zip(territory.unit_ids, labels, strict=True)}
        why = _explained(answer)
        reasons |= {names[label]: reason for label, reason in why.grids.items()}
        territories.append(territory_report(answer, why))
    return _Found(piece_of.map(group_of_piece), tuple(territories), reasons, stopped_by(answers))


def _merging(territory: Territory, settings: PartitionSettings) -> Task:
    """Return the task of merging; where the band can not be met, more communities than fit it are tried as well."""
    most = count_range(territory)[-1]
    more = range(most + 1, len(territory) + 1)
    return Task(territory, None, settings, others=tuple(Task(territory, k, settings) for k in more))


def _explained(answer: Answer) -> Explanation:
    territory, labels = answer.task.territory, answer.found.labels
    least = None if answer.proven is None else answer.proven.violation_bound
    return explain(territory, labels, violation_bound=least)


def _mend(
    study: StudyArea,
    piece_of: pd.Series[str],
    pairs: pd.DataFrame,
    settings: PartitionSettings,
    *,
    found: _Found,
    cancelled: Cancelled,
    processes: int,
) -> _Found:
    """Move units of what was split where merging whole parts left the band; whole communities stay whole."""
    parents = study.areas["parent_id"]
    subdistrict = study.units.loc[piece_of.index, "community_id"].map(parents).astype("str")
    split = piece_of.str.contains(PART)
    left = {t.community_id for t in found.territories if t.band_violation > 0}
    left &= set(subdistrict[split])
    here = piece_of[subdistrict.isin(left)]
    whole = tuple(tuple(sorted(ids)) for piece, ids in here.groupby(here).groups.items() if PART not in str(piece))
    graph = nx.Graph(list(pairs[["unit_a", "unit_b"]].itertuples(index=False)))
    graph.add_nodes_from(here.index)
    broken = {subdistrict[ids[0]] for ids in whole if not nx.is_connected(graph.subgraph(ids))}
    here = here[~subdistrict[here.index].isin(broken)]
    if here.empty:
        return found
    groups = tuple(ids for ids in whole if len(ids) > 1 and ids[0] in here.index)
    free = set(here.index[here.str.contains(PART)])
    groups += tuple(ids for ids in study.settings.grids.together if free.issuperset(ids))
    units = study.units.loc[here.index].assign(community_id=subdistrict[here.index], locked=False)
    present = found.group_of[here.index]
    infos = [GridInfo(str(g), str(s)) for g, s in subdistrict.groupby(present).first().items()]
    base = Plan.of(study.study_id, present, infos)
    redrawn = redraw_grids(
        _level(study, units, pairs, groups), settings, base, cancelled=cancelled, processes=processes
    )
    report = redrawn.drawn.report
    return _Found(
        group_of=redrawn.drawn.plan.assignment.combine_first(found.group_of),
        territories=(*(t for t in found.territories if t.community_id not in left - broken), *report.territories),
        reasons={g: r for g, r in found.reasons.items() if g not in base.grids} | dict(report.grid_reasons),
        stopped_by=report.stopped_by if found.stopped_by is StoppedBy.WORK else found.stopped_by,
    )


def _worded(study: StudyArea, report: TerritoryReport) -> TerritoryReport:
    return report if report.reason is None else replace(report, reason=_of_communities(study, report.reason))


def _of_communities(study: StudyArea, reason: Reason) -> Reason:
    """Say a reason in words about communities: a unit or a piece by the name of its community."""
    facts = dict(reason.facts)
    if "unit_ids" in facts:
        facts["unit_id"] = str(facts.pop("unit_ids")).partition(",")[0]
    if "unit_id" in facts:
        at = str(facts.pop("unit_id"))
        community = study.units["community_id"].get(at, at.partition(PART)[0])
        facts["name"] = str(study.areas.loc[community, "name"])
    return Reason(TOLD[reason.code], facts)
