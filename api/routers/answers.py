"""How routers write what a plan has ready, and how OpenAPI shows it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from api.deps import not_modified
from api.routers.examples import EXAMPLES
from api.served_plan import ServedPlan
from api.wire import Problem

__all__ = ["GEOJSON", "GeoJsonResponse", "described", "download", "of_version"]

GEOJSON = "application/geo+json"


class GeoJsonResponse(Response):
    """GeoJSON, RFC 7946."""

    media_type = GEOJSON


def of_version(
    request: Request, plan: ServedPlan, make: Callable[[], bytes], *, media_type: str = "application/json"
) -> Response:
    """Answer with what belongs to a plan's version: its ETag, and 304 when the caller has it."""
    unchanged = not_modified(request, plan.etag)
    if unchanged is not None:
        return unchanged
    return Response(make(), media_type=media_type, headers={"ETag": plan.etag, "Cache-Control": "no-cache"})


def download(content: bytes, *, name: str, media_type: str) -> Response:
    """Answer with a file that the browser saves under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-cache"}
    return Response(content, media_type=media_type, headers=headers)


def described(
    name: str, model: type[BaseModel] | None, *, media_type: str = "application/json", status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route: the shape and an example of its answer, and of its problems."""
    content: dict[str, Any] = {"example": EXAMPLES[name]}
    if media_type != "application/json":
        content["schema"] = {"type": "string"} if media_type.startswith("text/") else {"type": "object"}
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase, "content": {media_type: content}}
    if model is not None:
        answer["model"] = model
    refused = {
        "description": "A problem with a stable code",
        "content": {
            "application/problem+json": {"schema": Problem.model_json_schema(), "example": EXAMPLES["problem"]}
        },
    }
    return {status: answer, "4XX": refused}
