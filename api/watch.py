"""Watching the service: a number on every request, its time in the log and in the metrics.

Neither the log nor the metrics hold a query, an id, an address or a name: a coordinate may be
somebody's home.
"""

from __future__ import annotations

import logging
import sys
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from gis.model.errors import GisError

__all__ = ["Watch", "watch", "write_log_to_stderr"]

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_LOGGER = logging.getLogger("wangge.service")


def write_log_to_stderr() -> None:
    """Write the log as lines of JSON to stderr, unless somebody has said where it goes."""
    if not _LOGGER.hasHandlers():
        _LOGGER.addHandler(logging.StreamHandler(sys.stderr))
        _LOGGER.setLevel(logging.INFO)


class Watch:
    """Counts, times and logs every request; a fault becomes a problem with a number.

    Parameters
    ----------
    app
        The application inside.
    registry
        Where the metrics are kept.
    """

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter("wangge_requests", "Requests", ["method", "route", "status"], registry=registry)
        self._seconds = Histogram(
            "wangge_request_seconds", "Seconds", ["route"], registry=registry, buckets=_BUCKETS_S
        )
        self._log = structlog.wrap_logger(
            _LOGGER,
            processors=[
                structlog.stdlib.filter_by_level,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and watch it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, request_id, status = perf_counter(), uuid4().hex[:12], 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # the last line of defence: nothing of it goes out, its values stay out of the log
            self._log.error("fault", request_id=request_id, kind=type(error).__name__, at=_place_of(error))
            fault = problem(Request(scope), GisError("service-fault", request_id=request_id), 500)
            await fault(scope, receive, send_with_id)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            spent = perf_counter() - began
            self._requests.labels(scope["method"], route, str(status)).inc()
            self._seconds.labels(route).observe(spent)
            self._log.info(
                "request",
                request_id=request_id,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(spent * 1000, 2),
            )


def _place_of(error: Exception) -> str:
    """Return file and line of the fault, innermost last; the message may quote input and is left out."""
    steps, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(steps[-6:]))


def watch(app: FastAPI) -> None:
    """Watch every request of `app`."""
    app.state.registry = CollectorRegistry()
    app.add_middleware(Watch, registry=app.state.registry)
