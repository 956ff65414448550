"""A job as it is told over HTTP, and its news as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic
from typing import Any

from starlette.concurrency import run_in_threadpool

from gis.model.errors import GisError
from gis.model.kinds import Language
from gis.model.messages import message, render
from gis.store import Job, JobQueue

__all__ = ["LOOK_EVERY_S", "STREAM_S", "answer_of", "news_of_job"]

LOOK_EVERY_S = 0.2
STREAM_S = 20.0  # then the browser takes the stream up again; a service that stops is not held up for long


def answer_of(job: Job, lang: Language) -> dict[str, Any]:
    """Return a job as JSON, its stage and its problem in a language."""
    return {
        "job": job.job_id,
        "kind": job.kind,
        "study": job.study_id,
        "plan": job.plan_id,
        "base_version": job.base_version,
        "author": job.author,
        "asked": job.asked,
        "state": str(job.state),
        "progress_share": round(job.progress_share, 4),
        "stage": render(message(job.stage).what, {}, lang) if job.stage else "",
        "best": job.best,
        "result": job.result,
        "problem": None if job.problem is None else _problem(job.problem["code"], job.problem["facts"], lang),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }


def _problem(code: str, facts: dict[str, Any], lang: Language) -> dict[str, Any]:
    error = GisError(code, **facts)
    return {
        "type": f"urn:wangge:problem:{code}",
        "title": error.what(lang),
        "detail": error.mend(lang),
        "code": code,
        "facts": facts,
    }


async def news_of_job(
    jobs: JobQueue, job_id: str, lang: Language, *, gone: Callable[[], Awaitable[bool]], stream_s: float | None = None
) -> AsyncIterator[str]:
    """Yield a job as an event whenever it has changed, until it has ended."""
    until = monotonic() + (STREAM_S if stream_s is None else stream_s)
    yield "retry: 500\n\n"
    last = ""
    while not await gone():
        job = await run_in_threadpool(jobs.job, job_id)
        told = json.dumps(answer_of(job, lang), ensure_ascii=False, separators=(",", ":"))
        if told != last:
            last = told
            yield f"event: job\ndata: {told}\n\n"
        if job.state.ended or monotonic() >= until:
            return
        await asyncio.sleep(LOOK_EVERY_S)
