"""One unit given to the neighbouring community: both drawn again with it over there, before it is told.

A grid never reaches over a community's border, so the border itself would have to move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse.csgraph import connected_components

from gis.model.kinds import BarrierKind
from gis.model.messages import Fact
from gis.model.results import Reason
from gis.model.study import StudyArea
from optimize.partition.cut_links import ON_BARRIER_M, Behind, barriers_at
from optimize.partition.engine import Answer
from optimize.partition.problem import Bools, Ints, Territory, grid_loads, make_territory
from optimize.partition.search import least_grids, search, seed_of
from optimize.partition.together import contracted
from optimize.stopping import Stop

__all__ = ["MoveTrial", "Moved", "best_move", "move_trials", "try_move"]

TRIED = 12  # units a territory, the longest borders first
WORK = 200_000  # trials a drawing
NEAR_M = 0.5  # borders drawn twice that lie so near are one border


@dataclass(frozen=True)
class _Border:
    """A unit of one part, the part of another community beside it, the units there, and metres shared."""

    unit: str
    origin: int
    goal: int
    beside: tuple[str, ...]
    length_m: float
    barrier: Behind | None


@dataclass(frozen=True)
class MoveTrial:
    """A unit's move, and the two parts after it, with their loads outside the band before."""

    border: _Border
    parts: tuple[Territory, Territory]
    before: tuple[Ints, Ints]
    names: tuple[str, str]
    rng_seed: int


@dataclass(frozen=True)
class Moved:
    """What a move gives: grids mended and load outside the band gained, in both parts together."""

    trial: MoveTrial
    mended: int
    gained: int


def move_trials(study: StudyArea, answers: Sequence[Answer]) -> list[MoveTrial]:
    """Return the moves worth a drawing: of units at the border of parts that leave the band, into them or out."""
    trials = []
    for i, answer in enumerate(answers):
        own = answer.task.territory
        if answer.found.violation == 0 or own.total_load == 0 or study.is_dedicated(own.community_id):
            continue
        borders = sorted(_borders(study, answers, i), key=lambda b: (-b.length_m, b.unit, b.goal))
        for border in borders[:TRIED]:
            parts = _after(answers, border)
            if parts is not None:
                trials.append(_trial(study, answers, border, parts))
    return trials


def _trial(
    study: StudyArea, answers: Sequence[Answer], border: _Border, parts: tuple[Territory, Territory]
) -> MoveTrial:
    both = [answers[k] for k in (border.origin, border.goal)]
    origin, goal = (a.task.territory.band.violation(grid_loads(a.task.territory, a.found.labels)) for a in both)
    names = [_name(study, a.task.territory.community_id) for a in both]
    return MoveTrial(border, parts, (origin, goal), (names[0], names[1]), both[0].task.settings.rng_seed)


def _name(study: StudyArea, community_id: str) -> str:
    name = study.areas["name"].get(community_id) if "name" in study.areas else None
    return name if isinstance(name, str) and name.strip() else community_id


def _borders(study: StudyArea, answers: Sequence[Answer], part: int) -> Iterator[_Border]:
    """Yield units on either side of a part's border with other communities, fixed lines left out."""
    part_of = {u: k for k, a in enumerate(answers) for u in a.task.territory.unit_ids}
    own = answers[part].task.territory
    shapes = study.units.geometry
    mine = shapes.loc[list(own.unit_ids)]
    community = study.units["community_id"].astype("str")
    open_to = [c for c in sorted(community.unique()) if c != own.community_id and not study.is_dedicated(c)]
    others = shapes[community.isin(open_to) & shapes.index.isin(list(part_of))]
    tree = shapely.STRtree(others.to_numpy())
    a, b = tree.query(mine.to_numpy(), predicate="dwithin", distance=NEAR_M)
    lines = shapely.intersection(shapely.buffer(mine.to_numpy()[a], NEAR_M), others.to_numpy()[b])
    metres = shapely.length(lines) / 2  # a strip along the border, twice as long all round
    kept = np.flatnonzero((metres >= study.settings.min_shared_m + 2 * NEAR_M) & ~_fixed(study, lines))
    if not len(kept):
        return
    barriers = barriers_at(study, lines[kept]) if len(study.barriers) else [None] * len(kept)
    found: dict[tuple[str, int, int], list[tuple[str, float, Behind | None]]] = {}
    for k, barrier in zip(kept.tolist(), barriers, strict=True):
        here, there = str(mine.index[a[k]]), str(others.index[b[k]])
        over = part_of[there]
        found.setdefault((there, over, part), []).append((here, float(metres[k]), barrier))
        found.setdefault((here, part, over), []).append((there, float(metres[k]), barrier))
    for (unit, origin, goal), sides in found.items():
        named = Counter(barrier for _, _, barrier in sides if barrier is not None)
        barrier = named.most_common(1)[0][0] if named else None
        yield _Border(unit, origin, goal, tuple(sorted(s for s, _, _ in sides)), sum(m for _, m, _ in sides), barrier)


def _fixed(study: StudyArea, lines: npt.NDArray[np.object_]) -> Bools:
    """Return which borders lie on a fixed line."""
    on_line = np.zeros(len(lines), dtype=bool)
    if study.barriers.empty:
        return on_line
    fixed = study.barriers[study.barriers["kind"].astype(str) == str(BarrierKind.BOUNDARY)]
    on_line[shapely.STRtree(fixed.geometry.to_numpy()).query(lines, "dwithin", ON_BARRIER_M)[0]] = True
    return on_line


def _after(answers: Sequence[Answer], border: _Border) -> tuple[Territory, Territory] | None:
    """Return both parts with the unit moved; None where it is held, is all there is, or the rest falls apart."""
    origin, goal = (answers[k].task.territory for k in (border.origin, border.goal))
    unit = origin.unit_ids.index(border.unit)
    held = origin.anchor[unit] >= 0 or (len(origin.group) and origin.group[unit] >= 0) or unit in origin.rivals
    if held or len(origin) == 1 or origin.total_load == 0 or goal.total_load == 0:
        return None
    rest = _made(origin, without=unit)
    if connected_components(rest.adjacency(), directed=False)[0] > 1:
        return None
    return rest, _made(goal, more=(origin, unit, border.beside))


def _made(
    territory: Territory, *, without: int = -1, more: tuple[Territory, int, tuple[str, ...]] | None = None
) -> Territory:
    """Return a territory without one unit, or with a unit of another that borders some of its own."""
    n = len(territory)
    rows = np.repeat(np.arange(n), np.diff(territory.indptr))
    stay = np.flatnonzero(np.arange(n) != without)
    place = np.full(n + 1, -1)
    place[stay] = np.arange(len(stay))
    edges = np.stack([place[rows], place[territory.indices]], axis=1)
    ids = [territory.unit_ids[u] for u in stay]
    columns = [territory.load[stay], territory.households[stay], territory.xy[stay], territory.anchor[stay]]
    group = territory.group[stay] if len(territory.group) else np.full(len(stay), -1)
    if more is not None:
        origin, unit, beside = more
        edges = np.concatenate([edges, [(len(ids), ids.index(b)) for b in beside]])
        ids.append(origin.unit_ids[unit])
        news = (origin.load[unit], origin.households[unit], origin.xy[[unit]], -1)
        columns = [np.concatenate([c, np.atleast_1d(v)]) for c, v in zip(columns, news, strict=True)]
        group = np.append(group, -1)
    return make_territory(
        ids,
        columns[0],
        columns[2],
        edges[(edges >= 0).all(axis=1)],
        territory.band,
        households=columns[1],
        anchor=columns[3],
        group=group if (group >= 0).any() else None,
        rivals=place[territory.rivals],
        territory_id=territory.territory_id,
        community_id=territory.community_id,
    )


def try_move(trial: MoveTrial, cancelled: Callable[[], bool]) -> Moved:
    """Draw both parts with as many grids as before, and with one fewer where it gives, one more where it takes."""
    stop = Stop(None, cancelled)
    origin = _least(trial, 0, (0, -1), stop)
    goal = _least(trial, 1, (0, 1), stop)
    if origin is None or goal is None:
        return Moved(trial, 0, 0)
    before, after = np.concatenate(trial.before), np.concatenate([origin, goal])
    return Moved(trial, int((before > 0).sum() - (after > 0).sum()), int(before.sum() - after.sum()))


def _least(trial: MoveTrial, side: int, changes: tuple[int, ...], stop: Stop) -> Ints | None:
    """Return the loads outside the band, grid by grid, of the best drawing of one part."""
    territory, count = trial.parts[side], len(trial.before[side])
    small = contracted(replace(territory)).territory
    best: Ints | None = None
    for k in (count + change for change in changes):
        if not least_grids(small) <= k <= len(small) or stop.now():
            continue
        seed = seed_of(trial.rng_seed, territory.territory_id, trial.border.unit, side, k)
        found = search(small, k, seed=seed, work=WORK, stop=stop)
        outside = small.band.violation(grid_loads(small, found.labels))
        if best is None or (outside > 0).sum() < (best > 0).sum():
            best = outside
    return best


def best_move(tried: Sequence[Moved]) -> Reason | None:
    """Return the move that mends most grids, as a way out; None where none mends any."""
    good = [t for t in tried if t.mended > 0 and t.gained > 0]
    if not good:
        return None
    best = min(good, key=lambda t: (-t.mended, -t.gained, -t.trial.border.length_m, t.trial.border.unit))
    border, names = best.trial.border, best.trial.names
    facts: dict[str, Fact] = {"unit": border.unit, "origin": names[0], "goal": names[1], "mended": best.mended}
    across = ("", "") if border.barrier is None else (f"（跨过{border.barrier.zh}）", f" across {border.barrier.en}")
    return Reason("way-community", {**facts, "across_zh": across[0], "across_en": across[1]})
