"""All territories of a study, drawn on one process or several, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gis.model.progress import Progress
from optimize.parallel import run_all
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.partition.search import Found
from optimize.partition.territories import LOAD_SCALE
from optimize.stopping import Stop

__all__ = ["NEEDS", "answer_all"]

KERNELS = (  # load numba
    "all_sets",
    "choice",
    "construction",
    "dominators",
    "found_sets",
    "grid_state",
    "heart_relaxation",
    "lagrange",
    "local_search",
    "priced_sets",
    "recombination",
    "recutting",
    "set_rules",
)
NEEDS = tuple(f"optimize.partition.{name}" for name in KERNELS)  # what a worker loads before it is asked


@dataclass(frozen=True)
class _Timed:
    """A task with the moment it must end by."""

    task: Task
    deadline_s: float | None


def answer_all(tasks: Sequence[Task], stop: Stop, *, on_progress: Progress, processes: int) -> list[Answer]:
    """Draw all territories, the largest first; return the answers in the order of ``tasks``.

    Progress is the share of units in territories that are done, with the facts ``walk_mean_m``,
    ``band_violation`` (in the balanced quantity) and ``territories`` so far. On one process every better drawing
    of the territory under way is told too.
    """
    order = sorted(range(len(tasks)), key=lambda i: (-len(tasks[i].territory), i))
    answers: dict[int, Answer] = {}
    units = sum(len(task.territory) for task in tasks)
    units_done = households = 0
    walk_hm = violation = 0.0
    work = [_Timed(tasks[i], stop.deadline_s) for i in order]

    def tell(task: Task, found: Found, *, done: int) -> None:
        """Say what is drawn so far, with one territory more, finished or not."""
        people = households + int(task.territory.households.sum())
        outside = violation + found.violation / LOAD_SCALE[task.settings.balance_on]
        walk_mean_m = (walk_hm + found.walk_hm) / people if people else 0.0
        on_progress(done / units, walk_mean_m=walk_mean_m, band_violation=outside, territories=len(answers))

    def draw(timed: _Timed, cancelled: Callable[[], bool]) -> Answer:
        stop_here = Stop(timed.deadline_s, cancelled)
        return draw_territory(timed.task, stop_here, on_better=lambda found: tell(timed.task, found, done=units_done))

    draws = draw if processes <= 1 or len(tasks) <= 1 else _draw
    for position, answer in run_all(draws, work, processes=processes, cancelled=stop.cancelled, needs=NEEDS):
        task = tasks[order[position]]
        answers[order[position]] = answer
        units_done += len(task.territory)
        tell(task, answer.found, done=units_done)
        households += int(task.territory.households.sum())
        walk_hm += answer.found.walk_hm
        violation += answer.found.violation / LOAD_SCALE[task.settings.balance_on]
    return [answers[i] for i in range(len(tasks))]


def _draw(work: _Timed, cancelled: Callable[[], bool]) -> Answer:
    """Draw in a worker, which has nobody to tell."""
    return draw_territory(work.task, Stop(work.deadline_s, cancelled))
