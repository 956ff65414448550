"""Edits of a plan: moves, undo, redo, locks, status; the diff; the editor's document; news as they come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Protocol, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response, StreamingResponse

from api.deps import Shelf, not_modified
from api.diff_book import diff_book
from api.edit_examples import edit_responses
from api.edit_news import news_of
from api.edit_wire import (
    DiffAnswer,
    EditAnswer,
    EditAsked,
    LinkAsked,
    LocksAsked,
    RestoreAsked,
    StatusAsked,
    UndoAsked,
)
from api.editor_document import plan_part
from api.errors import language_of, problem
from api.layers import diff_layer
from api.plan_diff import plan_diff
from api.plan_steps import NEXT_STEPS
from api.redrawing import Desk
from api.routers.answers import GEOJSON, download
from api.versions import version_of
from api.workbook import XLSX
from gis.model.errors import GisError, SettingError, StaleVersionError, UnknownIdError
from gis.model.kinds import Language

__all__ = ["router"]

router = APIRouter(prefix="/v1/plans/{plan}", tags=["edits"])


class DiffForm(StrEnum):
    """Form of a diff."""

    JSON = "json"
    XLSX = "xlsx"
    GEOJSON = "geojson"


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


async def desk_of(request: Request, shelf: Shelf) -> Desk:
    """Return the desk of the running service."""
    state = request.app.state
    if not hasattr(state, "desk"):
        state.desk = Desk(shelf)
    return cast("Desk", state.desk)


class EditAct(Protocol):
    """An edit that waits for the plan, the version it was made on, and its key."""

    def __call__(self, plan_id: str, base_version: int, /, *, key: str | None) -> dict[str, Any]: ...


AtDesk = Annotated[Desk, Depends(desk_of)]


@dataclass(frozen=True, slots=True)
class EditCall:
    """A request to edit: on which version, under which key, and how it is answered."""

    desk: Desk
    plan: str
    request: Request
    if_match: str | None
    key: str | None

    def answered(self, act: EditAct) -> Response:
        """Do an edit on the version that the caller names; a stale one is told what it missed."""
        self.desk.store.plan_record(self.plan)
        if self.if_match is None:
            return problem(self.request, GisError("if-match-missing"), 428)
        version = version_of(self.if_match)
        try:
            answer = act(self.plan, version, key=self.key)
        except StaleVersionError as stale:
            return self._stale(stale, version)
        except UnknownIdError as unknown:  # the address is right, the edit is not
            return problem(self.request, unknown, 422)
        return JSONResponse(answer, headers={"ETag": f'"{answer["version"]}"', "Cache-Control": "no-store"})

    def _stale(self, stale: StaleVersionError, base: int) -> Response:
        version = int(str(stale.facts["version"]))
        missed = self.desk.since(self.plan, base) if base < version else []
        response = problem(self.request, stale, 412, version=version, edits=missed)
        response.headers["ETag"] = f'"{version}"'
        return response


async def edit_call(
    plan: str,
    request: Request,
    desk: AtDesk,
    if_match: Annotated[str | None, Header(description="the version the edit was made on, as its ETag")] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> EditCall:
    """Read what every edit names; on the event loop, so that an edit waits for a thread once."""
    return EditCall(desk, plan, request, if_match, idempotency_key)


Call = Annotated[EditCall, Depends(edit_call)]


@router.post("/edits", responses=edit_responses("edit", EditAnswer), summary="Move units; make and merge grids")
def post_edit(asked: EditAsked, call: Call) -> Response:
    """Accept an edit whole, or refuse it whole with the reason and the way out."""
    return call.answered(partial(call.desk.edit, asked))


@router.post("/undo", responses=edit_responses("undo", EditAnswer), summary="Take back one's last edit")
def post_undo(asked: UndoAsked, call: Call) -> Response:
    """Take back the author's last edit by an inverse edit."""
    return call.answered(partial(call.desk.undo, asked))


@router.post("/redo", responses=edit_responses("undo", EditAnswer), summary="Repeat what was taken back")
def post_redo(asked: UndoAsked, call: Call) -> Response:
    """Make the edit again that the author took back last."""
    return call.answered(partial(call.desk.redo, asked))


@router.post("/restore", responses=edit_responses("undo", EditAnswer), summary="Bring an earlier version back")
def post_restore(asked: RestoreAsked, call: Call) -> Response:
    """Bring the grids of an earlier version back, by an edit."""
    return call.answered(partial(call.desk.restore, asked))


@router.post("/links", responses=edit_responses("link", EditAnswer), summary="Join two units, or cut their link")
def post_link(asked: LinkAsked, call: Call) -> Response:
    """Join two units of a community as neighbours, or cut their link; the reason is kept."""
    return call.answered(partial(call.desk.link, asked))


@router.post("/locks", responses=edit_responses("lock", EditAnswer), summary="Lock or unlock grids and units")
def post_locks(asked: LocksAsked, call: Call) -> Response:
    """Lock or unlock grids and units; what is locked refuses every edit."""
    return call.answered(partial(call.desk.lock, asked))


@router.post("/status", responses=edit_responses("status", EditAnswer), summary="Take the next step of the workflow")
def post_status(asked: StatusAsked, call: Call) -> Response:
    """Submit, review, file, publish, put in force, archive; or return to draft."""
    return call.answered(partial(call.desk.step, asked))


@router.get("/diff", responses=edit_responses("diff", DiffAnswer), summary="What differs between two versions")
def read_diff(  # noqa: PLR0917 - FastAPI reads the query from the signature
    plan: str,
    request: Request,
    desk: AtDesk,
    base: Annotated[str, Query(description="plan@version", max_length=220)],
    version: Annotated[int | None, Query(ge=1)] = None,
    format: Annotated[DiffForm, Query(description="json; xlsx or geojson to download")] = DiffForm.JSON,  # noqa: A002
    lang: Annotated[Language | None, Query(description="language of an xlsx")] = None,
) -> Response:
    """Compare a version of the plan, the latest by default, with a version of it or of another plan."""
    name, _, number = base.rpartition("@")
    if not name or not number.isdecimal():
        raise SettingError("diff-base-wrong", base=base)
    old = desk.store.load_plan(name, version=int(number))
    new = desk.store.load_plan(plan, version=version)
    if old.study_id != new.study_id:
        raise SettingError("diff-base-wrong", base=base)
    head = {"plan": plan, "version": new.version, "base_plan": name, "base_version": old.version}
    study = desk.at_hand(plan).study_at(new.version)
    diff = {**head, **plan_diff(study, old, new)}
    saved_as = f"diff-{name}-{old.version}-{plan}-{new.version}.{format}"
    if format is DiffForm.XLSX:
        return download(diff_book(diff, lang=lang or language_of(request)), name=saved_as, media_type=XLSX)
    if format is DiffForm.GEOJSON:
        return download(diff_layer(diff, study), name=saved_as, media_type=GEOJSON)
    return JSONResponse(diff)


@router.get("/editor", responses=edit_responses("editor", None), summary="All that the editor needs")
def read_editor(plan: str, request: Request, shelf: Shelf, desk: AtDesk) -> Response:
    """Return units, outlines, neighbours, bands, grids and locks as one compact document."""
    record = shelf.store.plan_record(plan)
    etag = f'"{record.version}"'
    unchanged = not_modified(request, etag)
    if unchanged is not None:
        return unchanged
    at_hand = desk.at_hand(plan)
    now = desk.store.load_plan(plan, version=record.version)
    base = desk.store.load_plan(plan, version=1)
    head: dict[str, Any] = {"plan": plan, "version": record.version, "status": str(record.status)}
    head |= {"next_steps": [str(s) for s in NEXT_STEPS[record.status]]}
    head |= {"codes_used": sorted(desk.codes_used(plan, now))}
    marks = at_hand.marks.at(record.version)
    leads = at_hand.leads(desk.store, plan)
    part = plan_part(at_hand.study, now, base, leads=leads, locked_units=marks.locked_units)
    for name, joined in (("links_added", True), ("links_removed", False)):
        head[name] = [list(pair) for pair, made in sorted(marks.links.items()) if made is joined]
    return Response(
        f"{json.dumps(head, ensure_ascii=False)[:-1]},{part},{at_hand.ground}}}",
        media_type="application/json",
        headers={"ETag": etag, "Cache-Control": "no-cache"},
        background=BackgroundTask(desk.prepare, plan, record.version),
    )


@router.get(
    "/events",
    response_class=EventStream,
    responses=edit_responses("events", None),
    summary="New versions as they come (SSE)",
)
async def read_events(
    plan: str,
    request: Request,
    desk: AtDesk,
    after: Annotated[int | None, Query(ge=0)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Stream every edit after a version, and those to come; the stream ends now and then and is taken up again."""
    record = desk.store.plan_record(plan)
    start = int(last_event_id) if last_event_id is not None and last_event_id.isdecimal() else after
    stream = news_of(desk, plan, after=record.version if start is None else start, gone=request.is_disconnected)
    return EventStream(stream, headers={"Cache-Control": "no-store"})
