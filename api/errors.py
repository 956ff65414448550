"""The one table from error classes to status codes, and problems as RFC 9457 wants them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gis.model import errors
from gis.model.errors import GisError, InputRefusedError, StaleVersionError
from gis.model.kinds import Language
from gis.store import EditChainBrokenError, EditKeyReusedError, JobLostError

__all__ = ["STATUS_OF", "answer_problems", "language_of", "problem"]

STATUS_OF: Mapping[type[GisError], int] = {
    errors.InputRefusedError: 422,
    errors.SettingError: 422,
    errors.FileRefusedError: 422,
    errors.UnknownIdError: 404,
    errors.HardRuleError: 422,
    errors.StaleVersionError: 412,
    errors.AuditBrokenError: 422,
    errors.SolverError: 500,
    errors.CancelledError: 409,
    EditKeyReusedError: 422,
    EditChainBrokenError: 500,
    JobLostError: 409,
}
_PAGE_CODES = {404: "no-such-page", 405: "method-refused"}


def answer_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem with a stable code."""
    app.add_exception_handler(GisError, _gis_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)


def language_of(request: Request) -> Language:
    """Return the language that the request prefers; Chinese where it does not say."""
    best, weight = Language.ZH, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        name, _, options = part.strip().partition(";")
        try:
            quality = float(options.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        primary = name.strip().lower().partition("-")[0]
        if primary in tuple(Language) and quality > weight:
            best, weight = Language(primary), quality
    return best


def status_of(error: GisError) -> int:
    """Return the status of the nearest class in the table."""
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)


def problem(request: Request, error: GisError, status: int, **more: object) -> Response:
    """Write an error as ``application/problem+json`` in the language of the request."""
    lang = language_of(request)
    body = {
        "type": f"urn:wangge:problem:{error.code}",
        "title": error.what(lang),
        "status": status,
        "detail": error.mend(lang),
        "code": error.code,
        "facts": error.facts,
        **more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status_code=status,
        media_type="application/problem+json",
        headers={"Content-Language": str(lang), "Vary": "Accept-Language", "Cache-Control": "no-store"},
    )


async def _gis_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GisError)
    more: dict[str, object] = {}
    if isinstance(error, InputRefusedError):
        more["findings"] = [f.as_record() for f in error.findings.ordered()]
    response = problem(request, error, status_of(error), **more)
    if isinstance(error, StaleVersionError):
        response.headers["ETag"] = f'"{error.facts.get("version")}"'
    return response


async def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
    names = ", ".join(sorted({str(e["loc"][-1]) for e in error.errors()}))
    return problem(request, GisError("request-invalid", count=len(faults), names=names), 422, errors=faults)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _PAGE_CODES.get(error.status_code, "request-invalid")
    return problem(request, GisError(code, count=1, names=str(error.detail)), error.status_code)
