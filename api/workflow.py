"""The natural path, once: read, make units, draw, post, place, measure, write.

The command line, the jobs and the HTTP routers all walk this path. Read it from
top to bottom and you have understood the product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import geopandas as gpd
import pandas as pd

from api.output_folder import refuse_existing, whole_folder
from gis.files import (
    read_inputs,
    write_certificate,
    write_findings,
    write_plan,
    write_register,
    write_resolved_study,
    write_witness,
)
from gis.measures import (
    measure_coverage,
    measure_grids,
    measure_micro_grids,
    measure_plan,
    named_grids,
    unit_workload,
)
from gis.model.inputs import StudyInputs
from gis.model.messages import Fact
from gis.model.outcome import Outcome
from gis.model.progress import Cancelled, Progress, never
from gis.model.results import Drawn, Siting
from gis.model.study import StudyArea
from gis.space import build_study
from maps.report import write_report
from maps.web_map import write_map
from optimize.partition import draw_grids, draw_micro_grids
from optimize.settings import PartitionSettings
from optimize.siting import place_facilities
from optimize.staffing import post_workers

__all__ = ["STAGE_WEIGHTS", "Effort", "make_outcome", "measure_outcome", "read_study", "run_plan", "write_outcome"]

STAGE_WEIGHTS = {
    "stage-read": 2.0,
    "stage-space": 2.0,
    "stage-draw": 8.0,
    "stage-post": 1.0,
    "stage-site": 1.0,
    "stage-measure": 1.0,
    "stage-write": 1.0,
    "stage-map": 2.0,
}
"""Rough shares of the time, for one progress bar over all stages."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a person grants, and on how many processes.

    `seconds` only truncates: without it the same input gives the same plan everywhere. With `witness` what shows
    the bounds is written too.
    """

    rng_seed: int | None = None
    seconds: float | None = None
    processes: int = 1
    witness: bool = False


class Stages(Progress, Protocol):
    """A progress that is told which stage begins."""

    def enter(self, stage: str) -> None:
        """Begin the stage with this message code."""


class _Silent:
    """Stages that tell nobody."""

    def enter(self, stage: str) -> None: ...

    def __call__(self, share: float, /, **facts: Fact) -> None: ...


def silent_stages() -> Stages:
    """Return stages that tell nobody."""
    return _Silent()


def run_plan(
    path: Path,
    out: Path,
    *,
    effort: Effort | None = None,
    force: bool = False,
    lang: str = "zh",
    stages: Stages | None = None,
    cancelled: Cancelled = never,
) -> Outcome:
    """Do the whole main job: from the study file to the output folder."""
    stages = stages or silent_stages()
    refuse_existing(out, force=force)
    inputs, study = read_study(path, stages=stages)
    outcome = make_outcome(study, effort=effort, stages=stages, cancelled=cancelled)
    write_outcome(outcome, inputs, out, force=force, lang=lang, stages=stages)
    return outcome


def read_study(path: Path, *, stages: Stages | None = None) -> tuple[StudyInputs, StudyArea]:
    """Read and check the files of a study, make units of them and find their neighbours."""
    stages = stages or silent_stages()
    stages.enter("stage-read")
    inputs = read_inputs(path, on_progress=stages)
    stages.enter("stage-space")
    study = build_study(inputs, on_progress=stages)
    return inputs, replace(study, units=study.units.assign(workload_h=unit_workload(study)))


def make_outcome(
    study: StudyArea,
    *,
    effort: Effort | None = None,
    stages: Stages | None = None,
    cancelled: Cancelled = never,
) -> Outcome:
    """Draw the grids of a study, post its workers, place its facilities and measure all of it."""
    stages = stages or silent_stages()
    effort = effort or Effort()
    stages.enter("stage-draw")
    settings = PartitionSettings.of(
        study,
        rng_seed=effort.rng_seed,
        seconds=effort.seconds,
        compare_counts=True,
        explain=True,
        witness=effort.witness,
    )
    drawn = draw_grids(study, settings, on_progress=stages, cancelled=cancelled, processes=effort.processes)
    return measure_outcome(study, drawn, stages=stages, cancelled=cancelled, processes=effort.processes)


def measure_outcome(
    study: StudyArea,
    drawn: Drawn,
    *,
    stages: Stages | None = None,
    cancelled: Cancelled = never,
    processes: int = 1,
) -> Outcome:
    """Post, place and measure for a plan that is already drawn, by the engine or by hand."""
    stages = stages or silent_stages()
    drawn = replace(drawn, plan=named_grids(study, drawn.plan))
    grids = measure_grids(study, drawn.plan, drawn.report)
    stages.enter("stage-post")
    staffing = post_workers(study, drawn.plan, grids, study.settings.posting)
    stages.enter("stage-site")
    siting = _place(study)
    stages.enter("stage-measure")
    coverage = measure_coverage(study, drawn.plan)
    micro_grids, micro_of = _micro_grids(study, drawn, cancelled=cancelled, processes=processes)
    return Outcome(
        study=study,
        plan=drawn.plan,
        report=drawn.report,
        grids=grids,
        staffing=staffing,
        sitings=siting,
        coverage=coverage,
        scorecard=measure_plan(study, drawn.plan, coverage, report=drawn.report, staffing=staffing, grids=grids),
        micro_grids=micro_grids,
        micro_of=micro_of,
    )


def _micro_grids(
    study: StudyArea, drawn: Drawn, *, cancelled: Cancelled, processes: int
) -> tuple[gpd.GeoDataFrame | None, pd.Series[str] | None]:
    """Cut the grids into micro-grids, where the study asks for them; with the micro-grid of every unit."""
    asked = study.settings.micro_grids
    if asked is None:
        return None, None
    micro_of = draw_micro_grids(
        study,
        drawn.plan,
        asked.band,
        rng_seed=drawn.report.rng_seed,
        cancelled=cancelled,
        processes=processes,
    )
    return measure_micro_grids(study, drawn.plan, micro_of, asked.band), micro_of


def _place(study: StudyArea) -> tuple[Siting, ...]:
    """Answer the study's siting question, where it asks one."""
    question = study.settings.siting
    if question is None:
        return ()
    (standard,) = study.services_of([question.service])
    return (place_facilities(study, question, standard, rng_seed=study.settings.grids.rng_seed),)


def write_outcome(
    outcome: Outcome,
    inputs: StudyInputs,
    out: Path,
    *,
    force: bool = False,
    lang: str = "zh",
    stages: Stages | None = None,
    also: Callable[[Path], object] | None = None,
) -> None:
    """Write every file of the output folder; the folder appears whole or not at all.

    `also` may write more into the folder before it is put in place.
    """
    stages = stages or silent_stages()
    stages.enter("stage-write")
    with whole_folder(out, force=force) as folder:
        write_plan(outcome, folder / "plan.gpkg")
        write_certificate(outcome, folder / "certificate.json")
        write_register(outcome, folder / "register.xlsx", contacts=inputs.contacts, lang=lang)
        write_findings(outcome.study.findings, folder / "findings.xlsx", lang=lang)
        write_resolved_study(inputs, folder / "study.toml")
        if any(t.witness is not None for t in outcome.report.territories):
            write_witness(outcome.report, folder / "witness.jsonl.gz")
        stages.enter("stage-map")
        write_map(outcome, folder / "map.html", lang=lang)
        write_report(outcome, folder / "report.html", lang=lang)
        if also is not None:
            also(folder)
