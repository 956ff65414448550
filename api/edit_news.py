"""News of a plan: its new versions as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic

from starlette.concurrency import run_in_threadpool

from api.redrawing import Desk

__all__ = ["LOOK_EVERY_S", "STREAM_S", "news_of"]

LOOK_EVERY_S = 0.4  # two planners see each other's edits within a second
STREAM_S = 20.0  # then the browser takes the stream up again; a service that stops is not held up for long


async def news_of(
    desk: Desk, plan_id: str, *, after: int, gone: Callable[[], Awaitable[bool]], stream_s: float | None = None
) -> AsyncIterator[str]:
    """Yield every edit after a version as an event whose id is its version."""
    until = monotonic() + (STREAM_S if stream_s is None else stream_s)
    yield "retry: 1000\n\n"
    seen = after
    while not await gone():
        record = await run_in_threadpool(desk.store.plan_record, plan_id)
        if record.version > seen:
            for answer in await run_in_threadpool(desk.since, plan_id, seen):
                seen = answer["version"]
                told = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
                yield f"id: {seen}\nevent: edit\ndata: {told}\n\n"
        if monotonic() >= until:
            return
        await asyncio.sleep(LOOK_EVERY_S)
