"""A local redraw: one block of the bundled town is demolished, or one that was not there is built.

The kernels are loaded first, as the service loads them once for all its processes; nothing else is warmed up.
"""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from api.jobs.begin import LOADED_ONCE
from api.workflow import read_study
from benchmarks.figures import Figure, write_section
from gis.model.plan import Plan
from gis.model.study import StudyArea
from optimize.partition import draw_grids, redraw_grids
from optimize.partition.least_moved import EXACT_UNITS
from optimize.settings import PartitionSettings

STUDY = Path(__file__).parents[1] / "examples" / "ang_mo_kio" / "study.toml"
EVERY = 15  # each so many-th block
FORKED = 3  # processes of a server that has the kernels loaded, each asked once


def run() -> None:
    _, study = read_study(STUDY)
    settings = PartitionSettings.of(study)
    quick = replace(settings, prove=False)
    base = draw_grids(study, quick).plan
    import_module(LOADED_ONCE[-1])
    sizes = study.units.groupby("community_id").size()
    answers: dict[str, list[tuple[float, float]]] = {"removed": [], "added": []}
    first = _first_answers(_without(study, study.units.index[5]), quick, base)
    proofs: list[float] = []
    proven = {True: [0, 0], False: [0, 0]}
    gaps: list[float] = [0.0]
    for unit in list(study.units.index[5::EVERY]):
        left = _without(study, unit)
        fewer = _timed(left, quick, base, answers["removed"])
        _timed(study, quick, fewer, answers["added"])
        began = time.process_time()
        told = redraw_grids(left, settings, base)
        proofs.append(time.process_time() - began)
        small = bool(sizes[study.units.loc[unit, "community_id"]] <= EXACT_UNITS)
        proven[small][0] += told.moved_gap == 0
        proven[small][1] += 1
        gaps.append(float(told.moved_gap or 0))
    write_section(
        "Redraw after one block is added or removed",
        "python -m benchmarks redraw",
        [
            Figure("first answer of a forked process, CPU", "<= 0.2 s", first, "s", "as in the service"),
            *(
                Figure(f"{what}, block {change}", "<= 0.2 s", [pair[i] for pair in pairs], "s", "without proofs")
                for change, pairs in answers.items()
                for i, what in enumerate(("engine CPU", "wall"))
            ),
            Figure("the same with every proof", "–", proofs, "s"),
            *(
                Figure(
                    f"moved proven fewest, communities of {'up to' if small else 'more than'} {EXACT_UNITS} units",
                    "all" if small else "–",
                    [done],
                    f"of {of}",
                )
                for small, (done, of) in proven.items()
            ),
            Figure("gap of the households moved, worst", "–", [max(gaps)], "households"),
        ],
        remark="The bundled town (397 units in 12 communities), each 15th block in turn.",
    )


def _timed(study: StudyArea, settings: PartitionSettings, base: Plan, into: list[tuple[float, float]]) -> Plan:
    began, began_wall = time.process_time(), time.perf_counter()
    plan = redraw_grids(study, settings, base).drawn.plan
    into.append((time.process_time() - began, time.perf_counter() - began_wall))
    return plan


def _first_answers(study: StudyArea, settings: PartitionSettings, base: Plan) -> list[float]:
    """Return the CPU seconds of the first redraw in processes that are forked as the service forks its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED_ONCE))
    seconds = []
    for _ in range(FORKED):
        with context.Pool(1) as pool:
            seconds.append(pool.apply(_first_answer, (study, settings, base)))
    return seconds


def _first_answer(study: StudyArea, settings: PartitionSettings, base: Plan) -> float:
    into: list[tuple[float, float]] = []
    _timed(study, settings, base, into)
    return into[0][0]


def _without(study: StudyArea, unit: str) -> StudyArea:
    """Return a study without a block and its neighbourhood."""
    pairs = study.adjacency[["unit_a", "unit_b"]]
    return replace(study, units=study.units.drop(unit), adjacency=study.adjacency[(pairs != unit).all(axis=1)])
