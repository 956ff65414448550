"""Seconds until a cancelled drawing comes back, wherever in its work it is caught, and whether it is whole.

Counted in CPU seconds of the one process at work, so that others on the machine do not show.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.workflow import read_study
from benchmarks.districting import FOLDER, read_graph
from benchmarks.figures import Figure, write_section
from benchmarks.partition import BAND, disconnected, singapore_nested
from examples.make.family import write_family
from optimize.partition.engine import Task, draw_territory
from optimize.partition.problem import Territory, make_territory
from optimize.partition.territories import territories_of
from optimize.settings import PartitionSettings
from optimize.stopping import Stop

MOMENTS = 6  # of each territory, over the time that it takes undisturbed
ROOMS = {
    "heart_search": "hearts",
    "selection": "sets",
    "set_model": "sets",
    "master": "the relaxation",
    "solver": "HiGHS",
    "column_programme": "HiGHS",
}  # the search where nothing else is named


class _Moment:
    """A person who changes their mind at a moment; remembers the room in which that was first noticed."""

    def __init__(self, after_s: float) -> None:
        self.at_s = time.process_time() + after_s
        self.room = ""

    def __call__(self) -> bool:
        if time.process_time() < self.at_s:
            return False
        if not self.room:
            self.room = _room()
        return True


def _room() -> str:
    frame = sys._getframe(2)
    while frame is not None:
        room = ROOMS.get(Path(frame.f_code.co_filename).stem)
        if room:
            return room
        frame = frame.f_back
    return "search"


def territories() -> Iterator[Territory]:
    """Yield territories that take long: large subzones, walled towns, and a small one with very many sets."""
    nested = sorted(singapore_nested(), key=lambda t: -len(t))
    yield from nested[:3]
    with TemporaryDirectory() as folder:
        write_family(Path(folder), seed=0, communities=60)
        _, study = read_study(Path(folder) / "study.toml")
    walled = sorted(territories_of(study, PartitionSettings()), key=lambda t: -len(t))
    yield from walled[:3]
    side = 6
    edges = [(i, i + 1) for i in range(side * side) if (i + 1) % side] + [
        (i, i + side) for i in range(side * (side - 1))
    ]
    xy = [(30.0 * (i % side), 30.0 * (i // side)) for i in range(side * side)]
    load = np.random.default_rng(0).integers(10, 60, side * side)
    yield make_territory([f"u{i:02d}" for i in range(side * side)], load, xy, edges, BAND, territory_id="lattice")


def tasks() -> Iterator[Task]:
    """Yield the territories to be drawn with every proof, and one graph whose fewest cut edges are asked for."""
    settings = PartitionSettings()
    for territory in territories():
        yield Task(territory, None, settings)
    graph, count = read_graph(FOLDER / "ME_county.json.gz")
    yield Task(graph, count, settings)


def run() -> None:
    rng = random.Random(0)
    late: dict[str, list[float]] = defaultdict(list)
    broken = stopped = 0
    draw_territory(next(tasks()), Stop())  # compiled and warm
    for task in tasks():
        territory = task.territory
        began = time.process_time()
        draw_territory(task, Stop())
        whole_s = time.process_time() - began
        for _ in range(MOMENTS):
            moment = _Moment(rng.uniform(0.0, whole_s))
            answer = draw_territory(task, Stop(None, moment))
            if moment.room:
                stopped += 1
                late[moment.room].append(time.process_time() - moment.at_s)
                broken += disconnected(territory, answer.found.labels) > 0
                print(
                    f"{territory.territory_id} {moment.room} {late[moment.room][-1]:.2f} of {whole_s:.1f} s",
                    flush=True,
                )
    write_section(
        "Grids: seconds until cancelled",
        "make bench-partition",
        [
            Figure("worst of all", "<= 1 s", [max(max(seconds) for seconds in late.values())], "s"),
            *(
                Figure(f"caught in {room}", "<= 1 s", seconds, "s", f"{len(seconds)} times")
                for room, seconds in sorted(late.items())
            ),
            Figure("drawings that were not whole", "0", [broken], f"of {stopped}"),
        ],
        remark="CPU seconds of one process; hard territories, each cancelled at random moments of its work.",
    )
