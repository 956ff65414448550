"""The first step of a process at work: what it needs is loaded here, not in the service that starts it."""

from __future__ import annotations

from multiprocessing.connection import Connection

from api.jobs.kinds import Limits
from gis.store import Job

__all__ = ["LOADED_ONCE", "begin"]

LOADED_ONCE = ("api.jobs.child", "api.jobs.warm")  # by the server that the processes are forked from


def begin(job: Job, database: str, limits: Limits, tell: Connection, lifeline: Connection) -> None:
    """Work on a job; see :func:`api.jobs.child.run`."""
    from api.jobs.child import run  # noqa: PLC0415  (see above)

    run(job, database, limits, tell, lifeline)
