"""Neighbours that a barrier keeps apart: where a link could be made, and what the barrier is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from gis.model.kinds import BarrierKind
from gis.model.messages import Fact
from gis.model.study import StudyArea
from optimize.partition.engine import Answer

__all__ = ["Behind", "Link", "barriers_at", "cut_links"]

ON_BARRIER_M = 3.0  # a border this near to a barrier is cut by it
BARRIER_WORDS = {
    BarrierKind.RIVER: ("河流", "the river"),
    BarrierKind.RAILWAY: ("铁路", "the railway"),
    BarrierKind.EXPRESSWAY: ("快速路", "the expressway"),
    BarrierKind.ARTERIAL: ("主干道", "the main road"),
    BarrierKind.WALL: ("围墙", "the wall"),
}


@dataclass(frozen=True)
class Behind:
    """A barrier as people call it."""

    zh: str
    en: str

    def facts(self) -> dict[str, Fact]:
        """Return the name as facts of a message."""
        return {"barrier_zh": self.zh, "barrier_en": self.en}


@dataclass(frozen=True)
class Link:
    """Two units that share a border which a barrier cuts; in the parts with these positions among the answers."""

    unit_a: str
    unit_b: str
    length_m: float
    parts: tuple[int, int]
    barrier: Behind


def cut_links(study: StudyArea, answers: Sequence[Answer], stuck: Sequence[int]) -> list[Link]:
    """Return the links that could be made in the communities of some parts, longest border first.

    Parameters
    ----------
    study
        Its ``borders`` tell who borders whom though a barrier cuts them apart; its barriers give the names.
    stuck
        Positions of the parts among `answers`.
    """
    part_of = {u: i for i, a in enumerate(answers) for u in a.task.territory.unit_ids}
    links = _over_borders(study, answers, stuck, part_of) if study.borders is not None else []
    return links + _over_gaps(study, answers, stuck, {tuple(sorted(link.parts)) for link in links})


def _over_borders(
    study: StudyArea, answers: Sequence[Answer], stuck: Sequence[int], part_of: dict[str, int]
) -> list[Link]:
    """Return the borders of the communities of stuck parts that a barrier cuts, longest first."""
    table = study.borders
    assert table is not None
    here = {answers[i].task.territory.community_id for i in stuck}
    community = study.units["community_id"].astype("str")
    table = table[table["unit_a"].map(community).isin(here) & (table["length_m"] >= study.settings.min_shared_m)]
    joined = set(zip(study.adjacency["unit_a"], study.adjacency["unit_b"], strict=True))
    pairs = list(zip(table["unit_a"], table["unit_b"], table["length_m"], strict=True))
    cut = [p for p in pairs if (p[0], p[1]) not in joined and p[0] in part_of and p[1] in part_of]
    if not cut:
        return []
    shapes = study.units.geometry
    ends = [shapes.loc[[p[i] for p in cut]].to_numpy() for i in (0, 1)]
    lines = shapely.intersection(ends[0], ends[1])
    named = barriers_at(study, lines)
    made = [
        Link(str(a), str(b), float(m), (part_of[a], part_of[b]), barrier)
        for (a, b, m), barrier in zip(cut, named, strict=True)
        if barrier is not None
    ]
    return sorted(made, key=lambda x: (-x.length_m, x.unit_a, x.unit_b))


def _over_gaps(
    study: StudyArea, answers: Sequence[Answer], stuck: Sequence[int], known: set[tuple[int, ...]]
) -> list[Link]:
    """Return the nearest two units of parts that share no border, as banks of a river outside all units."""
    parts = [a.task.territory for a in answers]
    made = []
    for i in stuck:
        for j, other in enumerate(parts):
            pair = (min(i, j), max(i, j))
            if i == j or other.community_id != parts[i].community_id or pair in known:
                continue
            known.add(pair)
            mine, theirs = (study.units.loc[list(parts[k].unit_ids), "geometry"] for k in pair)
            tree = shapely.STRtree(theirs.to_numpy())
            (a, b), away_m = tree.query_nearest(mine.to_numpy(), return_distance=True, all_matches=True)
            best = np.lexsort((b, a, np.round(away_m, 3)))[0]
            line = shapely.shortest_line(mine.iloc[a[best]], theirs.iloc[b[best]])
            barrier = _crossed(study, line)
            if barrier is not None:
                made.append(Link(str(mine.index[a[best]]), str(theirs.index[b[best]]), 0.0, pair, barrier))
    return made


def _crossed(study: StudyArea, line: shapely.Geometry) -> Behind | None:
    """Return the first barrier that a line comes to; None where there is none or a fixed line is among them."""
    walls = study.barriers[study.barriers["kind"].astype(str) != str(BarrierKind.CROSSING)]
    near = shapely.dwithin(walls.geometry.to_numpy(), line, ON_BARRIER_M)
    if not near.any() or walls["kind"].astype(str)[near].eq(str(BarrierKind.BOUNDARY)).any():
        return None
    return _called(walls[near].iloc[0])


def barriers_at(study: StudyArea, lines: np.ndarray) -> list[Behind | None]:
    """Return the barrier that lies along each line; None where there is none or a fixed line lies there."""
    walls = study.barriers[study.barriers["kind"].astype(str) != str(BarrierKind.CROSSING)]
    tree = shapely.STRtree(walls.geometry.to_numpy())
    middles = shapely.point_on_surface(lines)
    found: list[Behind | None] = [None] * len(lines)
    at, wall = tree.query_nearest(middles, max_distance=ON_BARRIER_M, all_matches=True)
    fixed = walls["kind"].astype(str).eq(str(BarrierKind.BOUNDARY)).to_numpy()
    for line in np.unique(at).tolist():
        near = wall[at == line]
        if not fixed[near].any():
            found[line] = _called(walls.iloc[int(near.min())])
    return found


def _called(barrier: pd.Series) -> Behind:
    zh, en = BARRIER_WORDS[BarrierKind(str(barrier["kind"]))]
    name = barrier.get("name")
    return Behind(str(name), str(name)) if isinstance(name, str) and name.strip() else Behind(zh, en)
