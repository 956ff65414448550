"""The kinds of work, each a function of the store and a job; the result is plain JSON, or a plan in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from api.edit_numbers import numbers_of
from api.geojson import plain_records
from api.jobs.telling import Telling
from api.plan_marks import PlanMarks, linked
from api.workflow import STAGE_WEIGHTS, Effort, make_outcome
from gis.measures import measure_grids, moved_households, named_grids
from gis.model.kinds import BalanceOn, SitingObjective
from gis.model.plan import Plan
from gis.model.study import SitingSettings, StudyArea
from gis.store import Job, Store
from optimize.partition import propose_even_grids, propose_split
from optimize.settings import PartitionSettings
from optimize.siting import place_facilities
from optimize.staffing import post_workers

__all__ = ["weights_of", "work_on"]

_OUTCOME_STAGES = ("stage-draw", "stage-post", "stage-site", "stage-measure")
_STAGES: Mapping[str, tuple[str, ...]] = {
    "rebalance": ("stage-draw",),
    "split": ("stage-draw",),
    "draw": _OUTCOME_STAGES,
    "staffing": ("stage-post",),
    "siting": ("stage-site",),
}


def weights_of(kind: str) -> dict[str, float]:
    """Return the stages of a kind of work and their rough shares of its time."""
    return {stage: STAGE_WEIGHTS[stage] for stage in _STAGES[kind]}


def work_on(job: Job, store: Store, told: Telling, *, processes: int) -> None:
    """Do a job and end it with its result.

    Raises
    ------
    JobLostError
        If it was cancelled meanwhile; nothing is written then.
    """
    if job.kind == "draw":
        _draw(job, store, told, processes)
    else:
        store.jobs.end(job.ticket, result=_ANSWERS[job.kind](job, store, told))


def _draw(job: Job, store: Store, told: Telling, processes: int) -> None:
    """Draw a new plan of a study; it is stored in the transaction that ends the job."""
    asked = dict(job.asked["settings"])
    seconds = asked.pop("seconds", None)
    if asked.get("balance_on") is not None:
        asked["balance_on"] = BalanceOn(asked["balance_on"])
    study = store.load_study(job.study_id)
    wanted = {name: value for name, value in asked.items() if value is not None}
    grids = replace(study.settings.grids, **wanted)
    study = replace(study, settings=replace(study.settings, grids=grids))
    outcome = make_outcome(study, effort=Effort(seconds=seconds, processes=processes), stages=told)
    store.save_outcome(outcome, author=job.author, of_job=job.ticket)


def _propose(job: Job, store: Store, told: Telling) -> dict[str, Any]:
    """Draw a part of a plan again; a person accepts it, or not."""
    plan_id = str(job.plan_id)
    plan = store.load_plan(plan_id, version=job.base_version)
    study = _marked(store.load_edition(store.edition_of(plan_id)), store, job)
    settings = PartitionSettings.of(study)
    told.enter("stage-draw")
    gone = {c["grid_id"] for e in store.history(plan_id) for c in e.payload.get("grids", ())}
    grids = job.asked["grids"]
    if job.kind == "split":
        parts = job.asked["parts"]
        after = propose_split(study, settings, plan, grids[0], parts=parts, taken=gone, on_progress=told)
    else:
        after = propose_even_grids(study, settings, plan, grids, taken=gone, on_progress=told)
    return proposal_of(study, plan, named_grids(study, after, beside=plan.grids), grids)


def _marked(study: StudyArea, store: Store, job: Job) -> StudyArea:
    """Return the study with the units locked, and the links made or cut, that the plan has marked."""
    marks = PlanMarks(store, str(job.plan_id)).at(int(job.base_version or 1))
    own = study.units["locked"].fillna(False).astype(bool)
    locked = own | study.units.index.isin(sorted(marks.locked_units))
    return linked(replace(study, units=study.units.assign(locked=locked)), marks.links)


def proposal_of(study: StudyArea, plan: Plan, after: Plan, grid_ids: list[str]) -> dict[str, Any]:
    """Return what a proposal would change, with the numbers of its grids before and after."""
    changes = after.diff(plan)
    touched = {*grid_ids, *(str(c.new_grid_id) for c in changes)}
    return {
        "moves": [
            {"unit_id": c.unit_id, "old_grid_id": c.old_grid_id, "new_grid_id": c.new_grid_id} for c in changes
        ],
        "old_grids": numbers_of(study, plan, touched),
        "grids": numbers_of(study, after, touched),
        "new_grids": [{"grid_id": g, "name": after.grids[g].name} for g in sorted(after.grids.keys() - plan.grids)],
        "retired": sorted(plan.grids.keys() - after.grids),
        "households_moved": moved_households(plan.assignment, after, study.units["households"]),
    }


def _post(job: Job, store: Store, told: Telling) -> dict[str, Any]:
    """Post the workers of the study to the grids of a plan."""
    plan = store.load_plan(str(job.plan_id), version=job.base_version)
    study = store.load_edition(store.edition_of(str(job.plan_id)))
    told.enter("stage-post")
    wanted = {name: value for name, value in job.asked.items() if value is not None}
    staffing = post_workers(
        study, plan, measure_grids(study, plan, sides=False), replace(study.settings.posting, **wanted)
    )
    return {
        "postings": plain_records(staffing.postings, ["worker_id", "grid_id", "role", "hours_h", "walk_m"]),
        "vacancies": list(staffing.vacancies),
        "overloads": dict(staffing.overloads),
        "status": staffing.answer.status,
        "gap_share": staffing.answer.gap_share,
    }


def _site(job: Job, store: Store, told: Telling) -> dict[str, Any]:
    """Answer a siting question of a study."""
    study = store.load_study(job.study_id)
    told.enter("stage-site")
    asked = dict(job.asked)
    question = SitingSettings(**{**asked, "objective": SitingObjective(asked["objective"])})
    (standard,) = study.services_of([question.service])
    siting = place_facilities(study, question, standard, rng_seed=study.settings.grids.rng_seed)
    return {
        "service": siting.service,
        "chosen": [{"facility_id": f, "gain": siting.gains.get(f)} for f in siting.chosen],
        "status": siting.answer.status,
        "gap_share": siting.answer.gap_share,
    }


_ANSWERS: Mapping[str, Callable[[Job, Store, Telling], dict[str, Any]]] = {
    "rebalance": _propose,
    "split": _propose,
    "staffing": _post,
    "siting": _site,
}
