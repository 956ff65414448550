"""Jobs: proposals, new plans, staffing and siting are asked for here, watched and cancelled."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from api.deps import Shelf
from api.errors import language_of, problem
from api.jobs.answer import answer_of, news_of_job
from api.jobs.asked import DrawAsked, JobAnswer, JobList, ProposalAsked, SitingAsked, StaffingAsked
from api.jobs.runner import JobRunner
from api.plan_steps import refuse_not_draft
from api.routers.answers import described
from api.versions import version_of
from gis.model.errors import GisError, SettingError, StaleVersionError, UnknownIdError
from gis.store import JobAsked, PlanRecord

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["jobs"])
_ACCEPTED = 202


async def runner_of(request: Request) -> JobRunner:
    """Return what does the jobs of the running service."""
    return cast("JobRunner", request.app.state.runner)


Runner = Annotated[JobRunner, Depends(runner_of)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


class JobCall:
    """A request for work: where it goes, under which key, and how it is answered."""

    def __init__(self, request: Request, shelf: Shelf, runner: Runner, key: Key = None) -> None:
        self.store = shelf.store
        self.request = request
        self._runner = runner
        self._key = key

    def queued(self, asked: JobAsked) -> Response:
        """Put a job into the queue and say where it is to be found."""
        job = self.store.jobs.ask(asked, key=self._key)
        self._runner.look()
        headers = {"Location": f"/v1/jobs/{job.job_id}", "Cache-Control": "no-store"}
        return JSONResponse(answer_of(job, language_of(self.request)), status_code=_ACCEPTED, headers=headers)

    def refuse_unknown_study(self, study_id: str) -> None:
        """Raise UnknownIdError if there is no such study."""
        if all(s.study_id != study_id for s in self.store.studies()):
            raise UnknownIdError("unknown-study", study_id=study_id)


Call = Annotated[JobCall, Depends()]


@router.post(
    "/plans/{plan}/proposals",
    status_code=_ACCEPTED,
    responses=described("job", JobAnswer, status=_ACCEPTED),
    summary="Have some grids evened out, or one split",
)
def post_proposal(
    plan: str,
    asked: ProposalAsked,
    call: Call,
    if_match: Annotated[str | None, Header(description="the version it is about, as its ETag")] = None,
) -> Response:
    """Ask the engine for a proposal; accepted by an edit of kind `accept`, or left."""
    record = call.store.plan_record(plan)
    if if_match is None:
        return problem(call.request, GisError("if-match-missing"), 428)
    version = version_of(if_match)
    _refuse(record, version)
    known = call.store.load_plan(plan, version=version).grids
    for grid_id in asked.grids:
        if grid_id not in known:
            return problem(call.request, UnknownIdError("unknown-grid", grid_id=grid_id), 422)
    body = {"grids": sorted(set(asked.grids)), **({"parts": asked.parts} if asked.kind == "split" else {})}
    return call.queued(JobAsked(asked.kind, record.study_id, body, plan, version, asked.author))


def _refuse(record: PlanRecord, version: int) -> None:
    refuse_not_draft(record.plan_id, record.status)
    if not 1 <= version <= record.version:
        raise StaleVersionError("plan-stale", plan_id=record.plan_id, version=record.version, base_version=version)


@router.post(
    "/plans/{plan}/staffing",
    status_code=_ACCEPTED,
    responses=described("job", JobAnswer, status=_ACCEPTED),
    summary="Post workers to the grids of a plan",
)
def post_staffing(plan: str, asked: StaffingAsked, call: Call) -> Response:
    """Post the study's workers to the grids as they are now."""
    record = call.store.plan_record(plan)
    body = asked.model_dump(mode="json", exclude={"author"})
    return call.queued(JobAsked("staffing", record.study_id, body, plan, record.version, asked.author))


@router.post(
    "/studies/{study}/plans",
    status_code=_ACCEPTED,
    responses=described("job", JobAnswer, status=_ACCEPTED),
    summary="Draw a new plan of a study",
)
def post_plan(study: str, asked: DrawAsked, call: Call) -> Response:
    """Draw a new plan; its id is the result."""
    call.refuse_unknown_study(study)
    body = {"settings": asked.settings.model_dump(mode="json")}
    return call.queued(JobAsked("draw", study, body, author=asked.author))


@router.post(
    "/studies/{study}/siting",
    status_code=_ACCEPTED,
    responses=described("job", JobAnswer, status=_ACCEPTED),
    summary="Choose sites for facilities",
)
def post_siting(study: str, asked: SitingAsked, call: Call) -> Response:
    """Choose among the candidate sites of a study."""
    call.refuse_unknown_study(study)
    if [asked.add is not None, asked.budget is not None, asked.cover_all].count(True) != 1:
        raise SettingError("siting-one-of")
    body = asked.model_dump(mode="json", exclude={"author"})
    return call.queued(JobAsked("siting", study, body, author=asked.author))


@router.get("/jobs", responses=described("jobs", JobList), summary="List the latest jobs")
def list_jobs(
    request: Request,
    shelf: Shelf,
    plan: Annotated[str | None, Query(max_length=220)] = None,
    study: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """List the latest jobs, the newest first; of a plan or a study where one is named."""
    lang = language_of(request)
    jobs = [answer_of(job, lang) for job in shelf.store.jobs.listed(plan_id=plan, study_id=study)]
    return JSONResponse({"jobs": jobs}, headers={"Cache-Control": "no-store"})


@router.get("/jobs/{job}", responses=described("job", JobAnswer), summary="Tell one job")
def read_job(job: str, request: Request, shelf: Shelf) -> Response:
    """Tell a job's state, how far it is, the best so far, and its result."""
    told = answer_of(shelf.store.jobs.job(job), language_of(request))
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.delete("/jobs/{job}", responses=described("job", JobAnswer), summary="Cancel a job")
def cancel_job(job: str, request: Request, shelf: Shelf, runner: Runner) -> Response:
    """Cancel a job: its processes end within a second. One that has ended stays as it is."""
    cancelled = shelf.store.jobs.cancel(job)
    runner.look()
    return JSONResponse(answer_of(cancelled, language_of(request)), headers={"Cache-Control": "no-store"})


@router.get(
    "/jobs/{job}/events",
    response_class=StreamingResponse,
    responses=described("job_events", None, media_type="text/event-stream"),
    summary="A job as it goes (SSE)",
)
async def read_job_events(job: str, request: Request, shelf: Shelf) -> Response:
    """Stream the job whenever it has changed; the stream ends with the job."""
    shelf.store.jobs.job(job)
    stream = news_of_job(shelf.store.jobs, job, language_of(request), gone=request.is_disconnected)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
