"""Ways out for every territory that leaves the band, looked for on several processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gis.model.messages import Fact
from gis.model.results import Reason
from gis.model.study import StudyArea
from optimize.parallel import run_all
from optimize.partition.answers import NEEDS
from optimize.partition.community_moves import Moved, MoveTrial, best_move, move_trials, try_move
from optimize.partition.engine import Answer
from optimize.partition.mending_links import Linked, LinkTrial, best_link, link_trials, try_link
from optimize.partition.territories import LOAD_SCALE
from optimize.partition.ways import Stuck, ways_out
from optimize.stopping import Stop

__all__ = ["Ways", "find_ways"]


@dataclass(frozen=True)
class Ways:
    """Ways out of one territory, and the barrier that cuts it off, as facts; None without one."""

    reasons: tuple[Reason, ...] = ()
    behind: Mapping[str, Fact] | None = None


def find_ways(study: StudyArea, answers: Sequence[Answer], stop: Stop, *, processes: int = 1) -> list[Ways]:
    """Return the ways out of each territory, in the order of `answers`; those inside the band have none.

    Counts of work, not the clock, limit the drawings; when the work is stopped none is looked for.
    """
    made = [Ways() for _ in answers]
    stuck = [i for i, a in enumerate(answers) if a.found.violation > 0 and a.task.territory.total_load > 0]
    if not stuck or stop.now():
        return made
    trials, behind = link_trials(study, answers)
    moves = move_trials(study, answers)
    tasks: list[Stuck | LinkTrial | MoveTrial] = [_stuck(answers[i]) for i in stuck]
    tasks += [*trials, *moves]
    looked = run_all(_look, tasks, processes=processes, cancelled=stop.cancelled, needs=NEEDS)
    told: dict[int, tuple[Reason, ...] | Linked | Moved] = dict(looked)
    links = [told[len(stuck) + n] for n in range(len(trials))]
    moved = [told[len(stuck) + len(trials) + n] for n in range(len(moves))]
    for n, i in enumerate(stuck):
        own = [x for x in links if isinstance(x, Linked) and i in x.link.parts]
        link = best_link(own)
        widened = told[n]
        assert isinstance(widened, tuple)
        here = [m for m in moved if isinstance(m, Moved) and i in (m.trial.border.origin, m.trial.border.goal)]
        move = best_move(here)
        reasons = (*([] if link is None else [link]), *widened, *([] if move is None else [move]))
        made[i] = Ways(reasons, behind[i].facts() if i in behind else None)
    return made


def _stuck(answer: Answer) -> Stuck:
    settings = answer.task.settings
    return Stuck(answer.task.territory, answer.found.labels, settings.rng_seed, LOAD_SCALE[settings.balance_on])


def _look(task: Stuck | LinkTrial | MoveTrial, cancelled: Callable[[], bool]) -> tuple[Reason, ...] | Linked | Moved:
    if isinstance(task, MoveTrial):
        return try_move(task, cancelled)
    return ways_out(task, cancelled) if isinstance(task, Stuck) else try_link(task, cancelled)
