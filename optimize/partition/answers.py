"""All territories of a study, drawn on one process or several, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gis.model.progress import Progress
from optimize.parallel import run_all
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.partition.territories import LOAD_SCALE
from optimize.stopping import Stop

__all__ = ["answer_all"]

KERNELS = ("choice", "construction", "enumeration", "lagrange", "local_search", "recombination")  # load numba


@dataclass(frozen=True)
class _Timed:
    """A task with the moment it must end by."""

    task: Task
    deadline_s: float | None


def answer_all(tasks: Sequence[Task], stop: Stop, *, on_progress: Progress, processes: int) -> list[Answer]:
    """Draw all territories, the largest first; return the answers in the order of ``tasks``.

    Progress is the share of units in territories that are done, with the facts ``walk_mean_m``,
    ``band_violation`` (in the balanced quantity) and ``territories`` so far.
    """
    order = sorted(range(len(tasks)), key=lambda i: (-len(tasks[i].territory), i))
    answers: dict[int, Answer] = {}
    units = sum(len(task.territory) for task in tasks)
    units_done = households = 0
    walk_hm = violation = 0.0
    work = [_Timed(tasks[i], stop.deadline_s) for i in order]
    needs = [f"optimize.partition.{name}" for name in KERNELS]
    for position, answer in run_all(_draw, work, processes=processes, cancelled=stop.cancelled, needs=needs):
        task = tasks[order[position]]
        answers[order[position]] = answer
        units_done += len(task.territory)
        households += int(task.territory.households.sum())
        walk_hm += answer.found.walk_hm
        violation += answer.found.violation / LOAD_SCALE[task.settings.balance_on]
        on_progress(
            units_done / units,
            walk_mean_m=walk_hm / households if households else 0.0,
            band_violation=violation,
            territories=len(answers),
        )
    return [answers[i] for i in range(len(tasks))]


def _draw(work: _Timed, cancelled: Callable[[], bool]) -> Answer:
    return draw_territory(work.task, Stop(work.deadline_s, cancelled))
