"""One territory, drawn: the number of grids, the search, the proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from gis.model.kinds import StoppedBy
from optimize.partition.grid_count import count_range, natural_count
from optimize.partition.problem import Ints, Terms, Territory
from optimize.partition.programme_witness import ProgrammeWitness
from optimize.partition.search import Found, found_of, least_grids, search, seed_of
from optimize.partition.together import contracted
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

if TYPE_CHECKING:
    from optimize.partition.proof import TerritoryProof

__all__ = ["Answer", "Task", "draw_territory"]

LARGE = 1000  # units
FULL_SWEEPS, FULL_MOST = 300, 20_000_000  # a large territory, which no proof mends, gets a full start up to this
FEW_UNITS, MOST_A_GRID = 40, 12  # beyond both, sets are too many to list and a proof by them takes tens of seconds
PROVEN_WORK_SHARE = 0.2  # of the search, where a proof mends what a short search leaves
FINE_WORK = 3_000  # trials a unit where none does
TREES, LARGE_TREES = 24, 6  # drawings cut from trees where none does; in grids of more than MANY_A_GRID units
MANY_A_GRID = 60
FEW_TREES = 8  # where a proof by sets follows, and only while the band is left
CUT_WORK, CUT_MOST = 600_000, 60_000_000  # trials a unit, and in all, where borders alone count
COMPARED_WORK_SHARE = 0.04  # of the search, for the numbers of grids that are only shown
MAX_OTHER_COUNTS = 4  # numbers of grids tried beside the natural one when it leaves the band


@dataclass(frozen=True)
class Task:
    """A territory to draw.

    Attributes
    ----------
    count
        Number of grids; None leaves it open.
    first
        A present drawing of ``count`` connected grids to go on from.
    names
        For a present drawing, the number of the base grid that each label goes on from, -1 for a new grid.
    untouched
        Whether the present drawing is taken as it is.
    others
        The same territory at other numbers of grids, tried in order while the band is left.
    allowed
        Numbers of grids to choose from where ``count`` is open; None: what the band allows.
    compare
        Whether one grid fewer and one more are drawn as well.
    """

    territory: Territory
    count: int | None
    settings: PartitionSettings
    first: Ints | None = None
    names: tuple[int, ...] = ()
    untouched: bool = False
    others: tuple[Task, ...] = ()
    allowed: range | None = None
    compare: bool = False


@dataclass(frozen=True)
class Answer:
    """A territory as drawn; ``task`` is the one that was answered best, ``beside`` one grid fewer and one more.

    ``moved`` shows the least households moved, where a redraw was asked for what shows its bounds.
    """

    task: Task
    found: Found
    stopped_by: StoppedBy
    proven: TerritoryProof | None = None
    beside: tuple[Found, ...] = ()
    moved: ProgrammeWitness | None = None


def draw_territory(task: Task, stop: Stop, *, on_better: Callable[[Found], None] | None = None) -> Answer:
    """Draw one territory."""
    answer = _draw(task, stop, on_better)
    for other in task.others:
        if answer.found.violation == 0 or stop.now():
            break
        more = _draw(other, stop, on_better)
        if more.found.violation < answer.found.violation:
            answer = more
    answer = _proven(answer, stop) if task.settings.prove else answer
    if answer.task.settings.prove and _may_leave_less(answer) and not stop.now():
        afresh = _afresh(answer, stop)
        answer = _proven(afresh, stop) if afresh.found.key < answer.found.key else answer
    return replace(answer, beside=_beside(answer, stop)) if task.compare else answer


def _may_leave_less(answer: Answer) -> bool:
    """Whether a present drawing was mended to one that leaves the band, and nothing shows that this is the least."""
    task, proven = answer.task, answer.proven
    if task.first is None or task.untouched or answer.found.violation == 0:
        return False
    return proven is None or proven.violation_bound < answer.found.violation


def _afresh(answer: Answer, stop: Stop) -> Answer:
    """Return an answer that began from a drawing without homes, under the homes that it keeps most of.

    Moves from a present drawing do not leave every valley: one in pieces may be too far from any drawing in the band.
    """
    task, territory = answer.task, answer.task.territory
    free = replace(territory, terms=replace(territory.terms, home=Terms().home, away=Terms().away))
    drawn = _draw(replace(task, territory=free, count=len(task.names), first=None), stop, None)
    labels = _at_home(territory, drawn.found.labels)
    if drawn.found.violation >= answer.found.violation or labels is None:
        return answer
    return _draw(replace(task, first=labels), stop, None)


def _beside(answer: Answer, stop: Stop) -> tuple[Found, ...]:
    """Draw one grid fewer and one more, by a short search and without a proof."""
    territory, settings = answer.task.territory, answer.task.settings
    whole = contracted(territory)
    count = int(answer.found.labels.max()) + 1
    made = []
    for other in (count - 1, count + 1):
        if least_grids(whole.territory) <= other <= len(whole.territory) and not stop.now():
            seed = seed_of(settings.rng_seed, territory.territory_id, other)
            work = max(1, int(COMPARED_WORK_SHARE * settings.work))
            found = search(whole.territory, other, seed=seed, work=work, stop=stop)
            made.append(found_of(territory, whole.expand(found.labels)))
    return tuple(made)


def _proven(answer: Answer, stop: Stop) -> Answer:
    """Return the answer with a bound, and the better of the drawings."""
    from optimize.partition.proof import FINE, QUICK, prove  # noqa: PLC0415  (numba and HiGHS are loaded when needed)

    territory = answer.task.territory
    if not territory.terms.walk:
        from optimize.partition.cut_edges import prove_cut  # noqa: PLC0415  (as above)

        cut = prove_cut(territory, answer.found.labels, record=answer.task.settings.witness, stop=stop)
        return replace(answer, found=found_of(territory, cut.labels), proven=cut, stopped_by=stop.stopped_by)
    effort = QUICK if _listable(territory, int(answer.found.labels.max()) + 1) else FINE
    effort = replace(effort, record=answer.task.settings.witness)
    proven = prove(territory, answer.found.labels, effort=effort, stop=stop)
    labels = proven.labels if not len(territory.terms.home) else _at_home(territory, proven.labels)
    if labels is not None:
        other = found_of(territory, labels)
        if other.key < answer.found.key:
            return replace(answer, found=other, proven=proven, stopped_by=stop.stopped_by)
    return replace(answer, proven=proven, stopped_by=stop.stopped_by)


def _at_home(territory: Territory, labels: Ints) -> Ints | None:
    """Return a drawing whose grids go on from the homes that keep most at home; None where a locked unit left its."""
    terms, locked = territory.terms, territory.anchor >= 0
    count = int(labels.max()) + 1
    weight = terms.away + np.where(locked, terms.away.sum() + 1, 0.0)
    kept = np.zeros((count, count))
    held = (terms.home >= 0) & (terms.home < count)
    np.add.at(kept, (labels[held], terms.home[held]), weight[held])
    named = linear_sum_assignment(kept, maximize=True)[1][labels]
    return np.asarray(named, dtype=np.int64) if (named[locked] == terms.home[locked]).all() else None


def _listable(territory: Territory, count: int) -> bool:
    """Whether a proof can list the sets that matter, and so mend a short search: few units, or few a grid."""
    return len(territory) <= FEW_UNITS or len(territory) <= MOST_A_GRID * count


def _trees(territory: Territory, count: int, *, prove: bool) -> tuple[int, bool]:
    """Return how many drawings are cut from trees, and whether only while the band is left: sets mend metres."""
    if prove and _listable(territory, count):
        return FEW_TREES, True
    return (TREES if len(territory) <= MANY_A_GRID * count else LARGE_TREES), False


def _draw(task: Task, stop: Stop, on_better: Callable[[Found], None] | None) -> Answer:
    territory, settings = task.territory, task.settings
    whole = contracted(territory)
    small = whole.territory  # groups that share a grid as one unit each
    least = least_grids(small)
    first = None if task.first is None else whole.contract(task.first, territory.households)
    large = len(territory) > LARGE

    def at(wanted: int) -> Found:
        count = min(max(wanted, least), len(small))
        seed = seed_of(settings.rng_seed, territory.territory_id, count)
        work = max(settings.work, min(FULL_SWEEPS * len(territory), FULL_MOST)) if large else settings.work
        if not territory.terms.walk:
            work = max(work, min(CUT_WORK * len(territory), CUT_MOST))
        elif not _listable(territory, count):
            work = max(work, FINE_WORK * len(territory)) if not large else work
        elif settings.prove and territory.terms.empty:
            work = max(1, int(PROVEN_WORK_SHARE * work))
        trees, fit_alone = (0, False) if large else _trees(small, count, prove=settings.prove)
        found = search(
            small, count, seed=seed, work=work, stop=stop, first=first, trees=trees, fit_alone=fit_alone,
            on_better=on_better,
        )  # fmt: skip
        return found if small is territory else found_of(territory, whole.expand(found.labels))

    options = _options(small, task.allowed)
    if task.untouched and task.first is not None:
        found = found_of(territory, task.first)
    elif task.count is not None:
        found = at(task.count)
    elif settings.grid_price_hm is not None:
        found = _priced(options, settings.grid_price_hm, at, stop)
    else:
        found = _natural(options, at, stop)
    return Answer(replace(task, others=()), found, stop.stopped_by)


def _options(territory: Territory, allowed: range | None) -> list[int]:
    """Return the numbers of grids to choose from: the natural one, then the nearest."""
    natural = natural_count(territory)
    counts = set(count_range(territory))
    if allowed is not None:
        natural = min(max(natural, allowed.start), allowed.stop - 1)
        counts = {k for k in counts if k in allowed} | {natural}
    return sorted(counts, key=lambda k: (abs(k - natural), k))


def _natural(options: Sequence[int], at: Callable[[int], Found], stop: Stop) -> Found:
    """Draw the natural number of grids; where that leaves the band, try the numbers beside it."""
    best = at(options[0])
    for count in options[1 : MAX_OTHER_COUNTS + 1]:
        if best.violation == 0 or stop.now():
            break
        found = at(count)
        if found.violation < best.violation:
            best = found
    return best


def _priced(options: Sequence[int], price_hm: float, at: Callable[[int], Found], stop: Stop) -> Found:
    """Draw every number of grids that may be, from the natural one outwards; keep the cheapest."""
    best: tuple[int, float, int] | None = None
    kept: Found | None = None
    for count in options:
        if kept is not None and stop.now():
            break
        found = at(count)
        key = (found.violation, found.walk_hm + found.terms_hm + price_hm * count, count)
        if best is None or key < best:
            best, kept = key, found
    assert kept is not None
    return kept
