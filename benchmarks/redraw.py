"""A local redraw: one block of the bundled town is demolished, or one that was not there is built."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from api.workflow import read_study
from benchmarks.figures import Figure, write_section
from gis.model.plan import Plan
from gis.model.study import StudyArea
from optimize.partition import draw_grids, redraw_grids
from optimize.partition.least_moved import EXACT_UNITS
from optimize.settings import PartitionSettings

STUDY = Path(__file__).parents[1] / "examples" / "ang_mo_kio" / "study.toml"
EVERY = 45  # each so many-th block


def run() -> None:
    _, study = read_study(STUDY)
    settings = PartitionSettings.of(study)
    quick = replace(settings, prove=False)
    base = draw_grids(study, quick).plan
    redraw_grids(study, quick, base)  # compiled and warm
    sizes = study.units.groupby("community_id").size()
    answers: dict[str, list[float]] = {"removed": [], "added": []}
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
            Figure("engine CPU, block removed", "<= 0.2 s", answers["removed"], "s", "without proofs"),
            Figure("engine CPU, block added", "<= 0.2 s", answers["added"], "s", "without proofs"),
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
        remark="The bundled town (397 units in 12 communities), each 45th block in turn.",
    )


def _timed(study: StudyArea, settings: PartitionSettings, base: Plan, into: list[float]) -> Plan:
    began = time.process_time()
    plan = redraw_grids(study, settings, base).drawn.plan
    into.append(time.process_time() - began)
    return plan


def _without(study: StudyArea, unit: str) -> StudyArea:
    """Return a study without a block and its neighbourhood."""
    pairs = study.adjacency[["unit_a", "unit_b"]]
    return replace(study, units=study.units.drop(unit), adjacency=study.adjacency[(pairs != unit).all(axis=1)])
