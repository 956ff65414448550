"""Whoever does the jobs: one thread for quick work, one for long, each with one process at a time.

A job is taken from the queue under a lease; a process of its own works on it; its progress is written down as it
comes. Cancelled jobs, and all of them when the service ends, lose their whole group of processes. If the service is
killed the processes end by themselves, the lease runs out, and the next service takes the job up again.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from time import monotonic

from api.jobs.begin import LOADED_ONCE, begin
from api.jobs.kinds import LONG, QUICK, Limits
from api.jobs.telling import Told
from gis.model.kinds import JobState
from gis.store import Job, JobLostError, Store

__all__ = ["JobRunner"]

LEASE_S = 5.0  # a service that was killed has its jobs taken up again so long after
LOOK_S = 1.0  # how often the queue is looked at, beside being told
WATCH_S = 0.1  # how often a process at work is looked after
TELL_S = 0.4  # how often its progress is written down, and a cancellation by another process is seen


_LOGGER = logging.getLogger("wangge.jobs")


class JobRunner:
    """Does the jobs of a store until it is closed.

    Parameters
    ----------
    database
        SQLAlchemy URL of the store, for the processes at work.
    """

    def __init__(self, store: Store, database: str, limits: Limits) -> None:
        self._store = store
        self._database = database
        self._limits = limits
        self._closing = Event()
        self._context = _context()
        self._lanes = [(kinds, Event()) for kinds in (QUICK, LONG)]
        self._threads = [
            Thread(target=self._serve, args=lane, name=f"jobs-{lane[0][0]}", daemon=True) for lane in self._lanes
        ]

    def start(self) -> None:
        """Begin to do jobs."""
        for thread in self._threads:
            thread.start()

    def load_engine(self) -> None:
        """Have the engine loaded, so that the first job does not wait for it."""
        if self._context.get_start_method() == "forkserver" and not self._closing.is_set():
            forkserver.ensure_running()

    def look(self) -> None:
        """Look at the queue, and at what was cancelled, now."""
        for _, asked in self._lanes:
            asked.set()

    def close(self) -> None:
        """End the processes at work, give their jobs back to the queue, and wait until that is done."""
        self._closing.set()
        self.look()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _serve(self, kinds: tuple[str, ...], asked: Event) -> None:
        while not self._closing.is_set():
            try:
                job = self._store.jobs.take(kinds, lease_s=LEASE_S)
                if job is not None:
                    self._do(job, asked)
                    continue
            except Exception:  # the lane goes on: a job that could not begin is taken up when its lease runs out
                _LOGGER.exception("jobs of %s", kinds[0])
            asked.wait(LOOK_S)
            asked.clear()

    def _do(self, job: Job, asked: Event) -> None:
        """Have one job done by a process, and look after it."""
        told, tell = self._context.Pipe(duplex=False)
        lifeline_end, lifeline = self._context.Pipe(duplex=False)
        process = self._context.Process(  # type: ignore[attr-defined]
            target=begin, args=(job, self._database, self._limits, tell, lifeline_end), name=job.job_id
        )
        with told, lifeline:
            process.start()
            tell.close()
            lifeline_end.close()
            ours = self._look_after(job, process, told, asked)
            _end(process)
        if self._closing.is_set():
            self._store.jobs.give_back(job.ticket)
        elif ours:
            self._bury(job, process.exitcode)

    def _look_after(self, job: Job, process: BaseProcess, told: Connection, asked: Event) -> bool:
        """Write progress down until the process ends; return whether the job is still ours then."""
        latest, last_s, at_work = Told(0.0, "", None), monotonic(), True
        while at_work and not self._closing.is_set():
            at_work = process.sentinel not in wait([process.sentinel, told], timeout=WATCH_S)
            latest = _last(told, latest)
            looked_for = asked.is_set()  # a job was cancelled, or asked for
            if looked_for or monotonic() - last_s >= TELL_S:
                asked.clear()
                last_s = monotonic()
                if not self._store.jobs.tell(
                    job.ticket, lease_s=LEASE_S, share=latest.share, stage=latest.stage, best=latest.best
                ):
                    return False
        return True

    def _bury(self, job: Job, exitcode: int | None) -> None:
        """Fail a job whose process is gone without a word."""
        if self._store.jobs.job(job.job_id).state is not JobState.RUNNING:
            return
        facts = {"job_id": job.job_id, "exit": exitcode if exitcode is not None else 0}
        with contextlib.suppress(JobLostError):
            self._store.jobs.end(job.ticket, problem={"code": "job-died", "facts": facts})


def _context() -> BaseContext:
    """Return how processes are made: forked from a clean server that has loaded the engine once, if there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED_ONCE))
    return context


def _last(told: Connection, latest: Told) -> Told:
    """Return the last of what was told."""
    with contextlib.suppress(EOFError, OSError):
        while told.poll():
            latest = told.recv()
    return latest


def _end(process: BaseProcess) -> None:
    """End a process and all that it started."""
    if process.is_alive() and process.pid is not None:
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # its group, once it leads one
        process.kill()
    process.join()
