"""One link across a barrier that would mend grids: drawn again with the link before it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.model.messages import Fact
from gis.model.results import Reason
from gis.model.study import StudyArea
from optimize.partition.cut_links import Behind, Link, cut_links
from optimize.partition.engine import Answer
from optimize.partition.problem import Ints, Territory, grid_loads, make_territory
from optimize.partition.search import least_grids, search, seed_of
from optimize.partition.together import contracted
from optimize.stopping import Stop

__all__ = ["LinkTrial", "Linked", "best_link", "link_trials", "try_link"]

TRIED = 12  # links a territory, the longest borders first
EACH = 2  # links across one barrier between the same two parts
WORK = 200_000  # trials a drawing


@dataclass(frozen=True)
class LinkTrial:
    """A link and the part or two parts it would join, as drawn."""

    link: Link
    territory: Territory
    labels: Ints
    rng_seed: int


def link_trials(study: StudyArea, answers: Sequence[Answer]) -> tuple[list[LinkTrial], dict[int, Behind]]:
    """Return the links worth a drawing, and the barrier that cuts off each part whose drawing leaves the band.

    Parameters
    ----------
    study
        Its ``borders`` tell who borders whom though a barrier cuts them apart.
    """
    stuck = [i for i, a in enumerate(answers) if a.found.violation > 0 and a.task.territory.total_load > 0]
    if not stuck or study.barriers is None or study.barriers.empty:
        return [], {}
    links = cut_links(study, answers, stuck)
    trials, behind = [], {}
    for i in stuck:
        mine = [link for link in links if i in link.parts]
        outer = [link for link in mine if link.parts[0] != link.parts[1]]
        if outer:
            metres = pd.Series([x.length_m for x in outer]).groupby([x.barrier.en for x in outer]).sum()
            name = metres.sort_index().idxmax()
            behind[i] = next(x.barrier for x in outer if x.barrier.en == name)
        trials += [_trial(answers, link) for link in _worth(answers, mine, i)]
    return trials, behind


def _worth(answers: Sequence[Answer], links: Sequence[Link], part: int) -> Iterator[Link]:
    """Yield the links of a part that can change anything: to another part, or from a grid outside the band."""
    seen: dict[tuple[int, int, str], int] = {}
    told = 0
    for link in links:
        key = (*link.parts, link.barrier.en)
        if told == TRIED or seen.get(key, 0) == EACH:
            continue
        if link.parts[0] == link.parts[1] and not _of_outside(answers[part], link):
            continue
        seen[key] = seen.get(key, 0) + 1
        told += 1
        yield link


def _of_outside(answer: Answer, link: Link) -> bool:
    """Whether a link inside one part joins two grids, one of them outside the band."""
    territory, labels = answer.task.territory, answer.found.labels
    grids = [int(labels[territory.unit_ids.index(unit)]) for unit in (link.unit_a, link.unit_b)]
    outside = territory.band.violation(grid_loads(territory, labels)) > 0
    return grids[0] != grids[1] and bool(outside[grids].any())


def _trial(answers: Sequence[Answer], link: Link) -> LinkTrial:
    parts = sorted(set(link.parts))
    territories = [answers[p].task.territory for p in parts]
    offsets = np.cumsum([0, *(len(t) for t in territories)])
    ids = [u for t in territories for u in t.unit_ids]
    edges = [
        np.column_stack([np.repeat(np.arange(len(t)), np.diff(t.indptr)), t.indices]) + offset
        for t, offset in zip(territories, offsets[:-1], strict=True)
    ]
    joined = np.array([[ids.index(link.unit_a), ids.index(link.unit_b)]])
    none = np.full(len(ids), -1)
    groups = [t.group if len(t.group) else np.full(len(t), -1) for t in territories]
    firsts = np.cumsum([0, *(int(answers[p].found.labels.max()) + 1 for p in parts)])
    labels = np.concatenate([answers[p].found.labels + f for p, f in zip(parts, firsts[:-1], strict=True)])
    order = np.argsort(np.array(ids, dtype=object), kind="stable")
    territory = make_territory(
        ids,
        np.concatenate([t.load for t in territories]),
        np.concatenate([t.xy for t in territories]),
        np.concatenate([*edges, joined]).astype(np.int64),
        territories[0].band,
        households=np.concatenate([t.households for t in territories]),
        anchor=np.concatenate([t.anchor for t in territories]),
        group=np.concatenate(groups) if any((g >= 0).any() for g in groups) else none,
        rivals=np.concatenate([t.rivals + o for t, o in zip(territories, offsets[:-1], strict=True)]),
        territory_id=territories[0].territory_id,
        community_id=territories[0].community_id,
    )
    return LinkTrial(link, territory, labels[order], answers[parts[0]].task.settings.rng_seed)


@dataclass(frozen=True)
class Linked:
    """What a link gives: grids mended, load outside the band before and after, and how many grids then."""

    link: Link
    mended: int
    gained: int
    count: int


def try_link(trial: LinkTrial, cancelled: Callable[[], bool]) -> Linked:
    """Draw the joined part with as many grids as before, and with one fewer."""
    stop = Stop(None, cancelled)
    territory = trial.territory
    small = contracted(territory).territory
    before = territory.band.violation(grid_loads(territory, trial.labels))
    count = len(before)
    best = Linked(trial.link, 0, 0, count)
    for k in (count, count - 1):
        if not least_grids(small) <= k <= len(small) or stop.now():
            continue
        seed = seed_of(trial.rng_seed, territory.territory_id, trial.link.unit_a, trial.link.unit_b, k)
        found = search(small, k, seed=seed, work=WORK, stop=stop)
        after = small.band.violation(grid_loads(small, found.labels))
        mended = int((before > 0).sum() - (after > 0).sum())
        gained = int(before.sum() - after.sum())
        if gained > 0 and (mended, gained) > (best.mended, best.gained):
            best = Linked(trial.link, mended, gained, k)
    return best


def best_link(tried: Sequence[Linked]) -> Reason | None:
    """Return the link that mends most grids, as a way out; None where none mends any."""
    good = [t for t in tried if t.mended > 0]
    if not good:
        return None
    best = min(good, key=lambda t: (-t.mended, -t.gained, -t.link.length_m, t.link.unit_a, t.link.unit_b))
    facts: dict[str, Fact] = {"unit_a": best.link.unit_a, "unit_b": best.link.unit_b}
    return Reason("way-link", {**facts, "mended": best.mended, **best.link.barrier.facts()})
