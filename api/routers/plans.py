"""One plan: its summary, grids, units, postings, scorecard and history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from api.deps import Shelf
from api.routers.answers import GEOJSON, GeoJsonResponse, described, of_version
from api.wire import History, PlanSummary, Postings, Scores

__all__ = ["router"]

router = APIRouter(prefix="/v1/plans/{plan}", tags=["plans"])


@router.get("", responses=described("plan", PlanSummary), summary="Tell one plan")
def read_plan(plan: str, request: Request, shelf: Shelf) -> Response:
    """Tell a plan as it is now; its ETag is the version that an edit names."""
    served = shelf.plan(plan)
    return of_version(request, served, served.summary)


@router.get(
    "/grids",
    response_class=GeoJsonResponse,
    responses=described("grids", None, media_type=GEOJSON),
    summary="The grids as GeoJSON",
)
def read_grids(
    plan: str, request: Request, shelf: Shelf, version: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Return the grids with their numbers, in WGS 84; of an earlier version where one is named."""
    served = shelf.version(plan, version)
    return of_version(request, served, served.grids, media_type=GEOJSON)


@router.get(
    "/units",
    response_class=GeoJsonResponse,
    responses=described("units", None, media_type=GEOJSON),
    summary="The units as GeoJSON",
)
def read_units(plan: str, request: Request, shelf: Shelf) -> Response:
    """Return the units with their counts and their grid, in WGS 84."""
    served = shelf.plan(plan)
    return of_version(request, served, served.units, media_type=GEOJSON)


@router.get(
    "/facilities",
    response_class=GeoJsonResponse,
    responses=described("facilities", None, media_type=GEOJSON),
    summary="The facilities and candidate sites as GeoJSON",
)
def read_facilities(plan: str, request: Request, shelf: Shelf) -> Response:
    """Return the facilities and candidate sites with their kind and status, in WGS 84."""
    served = shelf.plan(plan)
    return of_version(request, served, served.facilities, media_type=GEOJSON)


@router.get("/postings", responses=described("postings", Postings), summary="Who is posted where")
def read_postings(plan: str, request: Request, shelf: Shelf) -> Response:
    """Return workers by id with their grids, the vacancies and the overloads."""
    served = shelf.plan(plan)
    return of_version(request, served, served.postings)


@router.get("/scorecard", responses=described("scorecard", Scores), summary="The measures of a plan")
def read_scorecard(plan: str, request: Request, shelf: Shelf) -> Response:
    """Return every measure with its unit, direction and version of formula."""
    served = shelf.plan(plan)
    return of_version(request, served, served.scorecard)


@router.get("/history", responses=described("history", History), summary="The edits of a plan")
def read_history(plan: str, shelf: Shelf) -> Response:
    """Return the edits, oldest first, each with the seal of the one before."""
    shelf.store.plan_record(plan)
    edits = [
        {
            "version": e.seq,
            "base_version": e.base_version,
            "author": e.author,
            "author_name": e.payload.get("author_name", ""),
            "at": e.at,
            "kind": e.kind,
            "payload": e.payload,
            "hash": e.hash,
            "prev_hash": e.prev_hash,
        }
        for e in shelf.store.history(plan)
    ]
    return JSONResponse({"plan": plan, "edits": edits})
