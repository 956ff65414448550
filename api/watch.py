"""Watching the service: a number on every request, its time in the log and in the metrics.

Neither the log nor the metrics hold a query, an id, an address or a name: a coordinate may be
somebody's home.
"""

from __future__ import annotations

import logging
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from api.errors import problem
from gis.model.errors import GisError

__all__ = ["watch"]

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
log = structlog.get_logger("wangge.service")


def watch(app: FastAPI) -> None:
    """Count, time and log every request of `app`; a fault becomes a problem with a number."""
    registry = CollectorRegistry()
    requests = Counter("wangge_requests", "Requests", ["method", "route", "status"], registry=registry)
    seconds = Histogram("wangge_request_seconds", "Seconds", ["route"], registry=registry, buckets=_BUCKETS_S)
    app.state.registry = registry

    @app.middleware("http")
    async def _watch(request: Request, call_next: RequestResponseEndpoint) -> Response:
        began, request_id = perf_counter(), uuid4().hex[:12]
        try:
            response = await call_next(request)
        except Exception as error:
            log.error("fault", request_id=request_id, kind=type(error).__name__, exc_info=_without_values(error))
            response = problem(request, GisError("service-fault", request_id=request_id), 500)
        route = getattr(request.scope.get("route"), "path", "other")
        spent = perf_counter() - began
        requests.labels(request.method, route, str(response.status_code)).inc()
        seconds.labels(route).observe(spent)
        response.headers["X-Request-Id"] = request_id
        log.info(
            "request", request_id=request_id, method=request.method, route=route, status=response.status_code,
            ms=round(spent * 1000, 2),
        )  # fmt: skip
        return response


def _without_values(error: Exception) -> bool:
    """Log a traceback only where debugging was asked for: its last line may quote input."""
    del error
    return logging.getLogger("wangge.service").isEnabledFor(logging.DEBUG)
