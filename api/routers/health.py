"""Alive, ready, measured."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from api.deps import Shelf
from api.routers.answers import described
from api.wire import Health

__all__ = ["router"]

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=described("health", Health), summary="Alive")
async def healthz() -> Response:
    """Answer as long as the process lives."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", responses=described("ready", Health), summary="Ready")
async def readyz(shelf: Shelf) -> Response:
    """Answer 200 once the current plans are in memory, 503 before."""
    return JSONResponse({"status": "ready" if shelf.ready else "loading"}, status_code=200 if shelf.ready else 503)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses=described("metrics", None, media_type="text/plain"),
    summary="Prometheus",
)
async def metrics(request: Request) -> Response:
    """Count requests and their seconds by route; no ids, no coordinates."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
