"""Two processes against one on the nested subzones of Singapore, and the same plan on any number of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

from benchmarks.figures import Figure, write_section
from benchmarks.partition import singapore_nested
from optimize.parallel import run_all
from optimize.partition.answers import NEEDS
from optimize.partition.engine import Answer, Task, draw_territory
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

NUMBERS = (1, 2, 3, 5)


def _draw(task: Task, cancelled: Callable[[], bool]) -> Answer:
    return draw_territory(task, Stop(None, cancelled))


def digest_of(answers: Sequence[Answer]) -> str:
    """Return a digest of every unit with its grid, and of what is proven."""
    told = hashlib.sha256()
    for answer in answers:
        told.update(answer.task.territory.territory_id.encode())
        told.update(answer.found.labels.astype("<i8").tobytes())
        told.update(b"" if answer.proven is None else f"{answer.proven.proof} {answer.proven.bound:.6g}".encode())
    return told.hexdigest()


def run() -> None:
    territories = sorted(singapore_nested(), key=lambda t: -len(t))
    tasks = [Task(t, None, PartitionSettings()) for t in territories]
    some = tasks[: len(tasks) // 2 : 10]  # so that kernels are compiled, for workers too, and their server is up
    list(run_all(_draw, some, processes=2, cancelled=lambda: False, needs=NEEDS))
    draw_territory(some[-1], Stop())
    wall_s, digests = {}, []
    for number in NUMBERS:
        began = time.perf_counter()
        answers = dict(run_all(_draw, tasks, processes=number, cancelled=lambda: False, needs=NEEDS))
        wall_s[number] = time.perf_counter() - began
        digests.append(digest_of([answers[i] for i in range(len(tasks))]))
        print(f"{number} processes: {wall_s[number]:.1f} s, {digests[-1][:12]}", flush=True)
    write_section(
        "Grids: two processes against one",
        "make bench-partition",
        [
            Figure("1 process against 2, wall", ">= 1.7 x", [wall_s[1] / wall_s[2]], "x"),
            *(Figure(f"wall, {number} processes", "", [wall_s[number]], "s") for number in NUMBERS),
            Figure("different answers at 1, 2, 3 and 5 processes", "1", [len(set(digests))], ""),
        ],
        remark="Singapore nested in 160 subzones: grids of every unit and bounds, workers already up.",
    )
