"""Redrawing from the command line: the natural path, begun from a present plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api.output_folder import refuse_existing
from api.workflow import Effort, Stages, measure_outcome, read_study, silent_stages, write_outcome
from gis.files import read_plan, write_diff
from gis.model.errors import FileRefusedError
from gis.model.outcome import Outcome
from gis.model.progress import Cancelled, never
from maps.change import Change, write_change
from optimize.partition import Redrawn, redraw_grids, trade_off
from optimize.settings import PartitionSettings

__all__ = ["redraw_plan"]


def redraw_plan(
    path: Path,
    base: Path,
    out: Path,
    *,
    effort: Effort | None = None,
    force: bool = False,
    lang: str = "zh",
    stages: Stages | None = None,
    cancelled: Cancelled = never,
) -> tuple[Outcome, Redrawn]:
    """Redraw the plan file `base` on the data of a study, moving few households, and write outputs and diff.

    Raises
    ------
    FileRefusedError
        If no unit of the present plan is in the study.
    """
    stages = stages or silent_stages()
    effort = effort or Effort()
    refuse_existing(out, force=force)
    before = read_plan(base)
    present = before.plan
    inputs, study = read_study(path, stages=stages)
    if not present.assignment.index.isin(study.units.index).any():
        raise FileRefusedError("base-elsewhere", study=present.study_id, units=len(present))
    stages.enter("stage-draw")
    settings = PartitionSettings.of(
        study, rng_seed=effort.rng_seed, seconds=effort.seconds, explain=True, witness=effort.witness
    )
    redrawn = redraw_grids(
        study,
        settings,
        present,
        retired=before.report.retired,
        on_progress=stages,
        cancelled=cancelled,
        processes=effort.processes,
    )
    quick = replace(settings, prove=False, explain=False, witness=False)
    curve = trade_off(
        study,
        quick,
        present,
        known={settings.keep_price_m: redrawn},
        cancelled=cancelled,
        processes=effort.processes,
    )
    outcome = measure_outcome(study, redrawn.drawn, stages=stages, cancelled=cancelled, processes=effort.processes)
    change = Change(
        redrawn.changes, redrawn.codes, curve, redrawn.households_moved, redrawn.moved_bound, settings.keep_price_m
    )

    def also(folder: Path) -> None:
        write_diff(redrawn.changes, redrawn.codes, folder / "diff.xlsx", lang=lang)
        write_change(before, outcome, change, path=folder / "diff.html", lang=lang)

    write_outcome(
        outcome,
        inputs,
        out,
        force=force,
        lang=lang,
        stages=stages,
        also=also,
    )
    return outcome, redrawn
