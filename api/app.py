"""The application: settings in, a FastAPI service out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from threading import Event, Thread
from time import perf_counter

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.basemap import Basemap
from api.deps import PlanShelf
from api.errors import answer_problems
from api.jobs.kinds import Limits
from api.jobs.runner import JobRunner
from api.pages import editor, pages
from api.routers import comments, coverage, edits, health, jobs, places, plans, studies
from api.settings import ServiceSettings, require_loopback
from api.watch import watch, write_log_to_stderr
from gis.store import Store

__all__ = ["create_app"]

FIRST_REST_S = 2.0  # from being ready to loading more: whoever waited for the service opens a plan now
REST_SHARE = 2.0  # of the time that a step of the warming took
_OUR_NAMES = ["127.0.0.1", "localhost", "[::1]"]  # another Host header means a page elsewhere was fooled
_ABOUT = """网格方案的查询接口：方案、网格、责任人、服务覆盖缺口。

Ask about grids: plans, places and who is responsible, coverage and its gaps. All errors are
`application/problem+json` with a stable `code`; sentences in Chinese or English by `Accept-Language`.
Geometry is GeoJSON in WGS 84, longitude first. Counts, never persons.
"""


def create_app(settings: ServiceSettings) -> FastAPI:
    """Make the service; it opens the store at once and loads the current plans in the background.

    Raises
    ------
    SettingError
        If the host is not this machine.
    FileRefusedError
        If the database was made by another version.
    """
    require_loopback(settings.host)
    shelf = PlanShelf(Store.open(settings.database))
    limits = Limits(settings.job_memory_mb, settings.job_cpu_s, settings.job_processes)
    runner = JobRunner(shelf.store, settings.database, limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        write_log_to_stderr()
        closing = Event()
        warming = Thread(target=_warm, args=(shelf, runner, closing), name="warm", daemon=True)
        warming.start()
        runner.start()
        yield
        closing.set()
        await run_in_threadpool(runner.close)
        shelf.store.close()

    app = FastAPI(
        title="wangge 网格",
        version=_version(),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # the stock pages ask a CDN
        redoc_url=None,
    )
    app.state.shelf = shelf
    app.state.runner = runner
    app.state.basemap = Basemap(settings.basemap, settings.basemap_credit)
    answer_problems(app)
    for router in (
        health.router,
        studies.router,
        plans.router,
        edits.router,
        jobs.router,
        comments.router,
        places.router,
        coverage.router,
        editor.router,
        pages.router,
    ):
        app.include_router(router)
    watch(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_OUR_NAMES)
    app.openapi()  # FastAPI makes its models at the first use: here, before threads run, not in someone's request
    return app


def _warm(shelf: PlanShelf, runner: JobRunner, closing: Event) -> None:
    """Load what most requests need; then, with rests that leave the first planners the machine, the rest."""
    shelf.warm()
    if closing.wait(FIRST_REST_S):
        return
    runner.load_engine()
    began = perf_counter()
    for _ in shelf.warming():
        if closing.wait(REST_SHARE * (perf_counter() - began)):
            return
        began = perf_counter()


def _version() -> str:
    try:
        return version("wangge")
    except PackageNotFoundError:
        return "0"
