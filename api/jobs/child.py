"""The process that works on one job: limited, alone in its group, and gone when the service is gone."""

from __future__ import annotations

import logging
import os
import signal
import sys
from multiprocessing.connection import Connection
from threading import Thread

from api.jobs.kinds import Limits
from api.jobs.telling import Telling
from api.jobs.work import weights_of, work_on
from gis.model.errors import GisError
from gis.store import Job, JobLostError, Store

__all__ = ["run"]

_LOGGER = logging.getLogger("wangge.jobs")


def run(job: Job, database: str, limits: Limits, tell: Connection, lifeline: Connection) -> None:
    """Work on a job until it is ended; called in a process of its own.

    Parameters
    ----------
    tell
        Where progress goes.
    lifeline
        Nothing ever comes here; it closes when the service is gone, however it went.
    """
    _stand_alone()
    _limit(limits)
    Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    store = Store.open(database)
    try:
        _work(job, store, Telling(tell.send, weights_of(job.kind)), limits)
    except (JobLostError, BrokenPipeError):
        pass  # nobody waits for it any more
    finally:
        store.close()


def _work(job: Job, store: Store, told: Telling, limits: Limits) -> None:
    try:
        work_on(job, store, told, processes=limits.processes)
    except JobLostError:
        raise
    except GisError as error:
        store.jobs.end(job.ticket, problem={"code": error.code, "facts": error.facts})
    except MemoryError:
        facts = {"job_id": job.job_id, "memory_mb": limits.memory_mb}
        store.jobs.end(job.ticket, problem={"code": "job-out-of-memory", "facts": facts})
    except Exception:
        _LOGGER.exception("job %s", job.job_id)
        store.jobs.end(job.ticket, problem={"code": "job-fault", "facts": {"job_id": job.job_id}})


def _stand_alone() -> None:
    """Lead a group of processes of one's own, so that all of it can be ended at once; a key pressed is not for us."""
    if sys.platform != "win32":
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _limit(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (not on Windows)

    for what, most in ((resource.RLIMIT_AS, limits.memory_mb << 20), (resource.RLIMIT_CPU, limits.cpu_s)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _die_with(lifeline: Connection) -> None:
    """End the whole group when the other end of the lifeline is closed."""
    try:
        lifeline.recv()
    except (EOFError, OSError):
        if sys.platform == "win32":
            os._exit(1)
        os.killpg(0, signal.SIGKILL)
