"""Alternatives from the command line: several plans of one study, side by side against the present one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from api.output_folder import refuse_existing, whole_folder
from api.workflow import Effort, Stages, measure_outcome, read_study, silent_stages
from gis.files import write_plan
from gis.model.errors import SettingError
from gis.model.kinds import StoppedBy
from gis.model.outcome import Outcome
from gis.model.plan import GridInfo, Plan
from gis.model.progress import Cancelled, never
from gis.model.results import Drawn, SolveReport
from gis.model.study import StudyArea
from maps.alternatives import PRESENT, write_alternatives
from optimize.partition import Favour, draw_alternatives
from optimize.settings import PartitionSettings

__all__ = ["plan_alternatives", "present_plan"]


def plan_alternatives(
    path: Path,
    out: Path,
    *,
    number: int = len(Favour),
    effort: Effort | None = None,
    force: bool = False,
    lang: str = "zh",
    stages: Stages | None = None,
    cancelled: Cancelled = never,
) -> Mapping[str, Outcome]:
    """Draw `number` plans that favour different things; write each and the page that shows them side by side.

    Returns
    -------
    Mapping
        ``present``, where the study has a present plan, and what each plan favours -> the plan, measured.
    """
    stages = stages or silent_stages()
    effort = effort or Effort()
    refuse_existing(out, force=force)
    _, study = read_study(path, stages=stages)
    stages.enter("stage-draw")
    base = present_plan(study)
    favours = [favour for favour in Favour if favour is not Favour.CHANGE or base is not None]
    if not 2 <= number <= len(favours):
        raise SettingError("setting-nonsense", name="--number", value=number, allowed=f"2-{len(favours)}")
    # least change matters most where there is something to change
    chosen = [*favours[: number - 1], favours[-1]]
    settings = PartitionSettings.of(study, rng_seed=effort.rng_seed, seconds=effort.seconds, explain=True)
    drawn = draw_alternatives(
        study, settings, chosen, present=base, on_progress=stages, cancelled=cancelled, processes=effort.processes
    )
    stages.enter("stage-measure")
    plans: dict[str, Outcome] = {}
    if base is not None:
        held = replace(study, units=study.units.loc[study.units.index.isin(base.assignment.index)])
        plans[PRESENT] = measure_outcome(held, Drawn(base, SolveReport("", 0, StoppedBy.WORK, 0.0)))
    plans |= {str(favour): measure_outcome(study, plan) for favour, plan in drawn.items()}
    stages.enter("stage-write")
    with whole_folder(out, force=force) as folder:
        for name, outcome in plans.items():
            if name != PRESENT:
                write_plan(outcome, folder / f"{name}.gpkg")
        write_alternatives(plans, folder / "alternatives.html", lang=lang)
    return plans


def present_plan(study: StudyArea) -> Plan | None:
    """Return the present grids of a study as a plan of the units that have one; None where there is none."""
    if study.present is None:
        return None
    held = study.present.dropna()
    held = held[held.index.isin(study.units.index)].astype("str")
    if held.empty:
        return None
    households = study.units["households"].reindex(held.index) + 1
    table = study.units.reindex(held.index)[["community_id"]].assign(grid_id=held, weight=households)
    sums = table.groupby(["grid_id", "community_id"])["weight"].sum().sort_index()
    home = {str(grid): str(sums[grid].idxmax()) for grid in sums.index.get_level_values(0).unique()}
    return Plan.of(study.study_id, held, [GridInfo(grid, home[grid]) for grid in sorted(home)])
