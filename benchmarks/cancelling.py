"""Jobs that are begun, cancelled, and lose their service: never two results, no orphan, and the queue goes on."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.child import cost_of
from benchmarks.figures import Figure, write_section
from benchmarks.service import HOST, PORT, WANGGE

MARK = "WANGGE_BENCH_MARK"
PATIENCE_S = 120.0


def measure(study_file: Path, *, rounds: int) -> None:
    """Draw plans of a study in jobs that are cut off at random, and write the section."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/wangge.db"
        cost_of([WANGGE, "load", str(study_file), "--database", database])
        told = _rounds(database, rounds)
    write_section(
        f"Jobs cancelled and services killed, {rounds} rounds of each",
        "make bench-editor",
        [
            Figure("cancelled: state and all its processes gone", "<= 1 s", told["cancel_s"], "s"),
            Figure("killed: all its processes gone", "–", told["orphans_s"], "s", "an orphan would be an error"),
            Figure("jobs done after a kill", f"{rounds}", [told["done"]], "", "taken up by the next service"),
            Figure("results of a job, most", "1", [told["most_results"]], ""),
            Figure("plans beyond one a job that was done", "0", [told["plans_beyond"]], ""),
        ],
        remark="A plan of the bundled town is drawn again and again.",
    )


def _rounds(database: str, rounds: int) -> dict[str, Any]:
    rng = random.Random(0)
    cancel_s, orphans_s, finished = [], [], []
    for _ in range(rounds):
        with _serving(database) as service:
            study = service.ask("GET", "/v1/studies")["studies"][0]["study_id"]
            cancel_s += _cancelled(service, study, rng)
            job = service.at_work(study)
            time.sleep(rng.uniform(0.1, 1.5))
            began = time.monotonic()
            service.kill()
            _until_none_works(service)
            orphans_s.append(time.monotonic() - began)
        with _serving(database) as service:
            _until(partial(service.is_in, job, "done"))
            finished.append(job)
            jobs = service.ask("GET", "/v1/jobs")["jobs"]
            plans = service.ask("GET", "/v1/studies")["studies"][0]["plans"]
    done = [j for j in jobs if j["state"] == "done"]
    results = Counter(j["result"]["plan"] for j in done)
    return {
        "cancel_s": cancel_s, "orphans_s": orphans_s, "done": len(finished),
        "most_results": max(results.values(), default=0), "plans_beyond": len(plans) - 1 - len(done),
    }  # fmt: skip


def _cancelled(service: _Service, study: str, rng: random.Random) -> list[float]:
    """Cancel a job at work; return how long its processes lived on, or nothing where it was done just before."""
    job = service.at_work(study)
    time.sleep(rng.uniform(0.1, 1.5))
    began = time.monotonic()
    service.ask("DELETE", f"/v1/jobs/{job}")
    if not service.is_in(job, "cancelled"):
        return []
    _until_none_works(service)
    return [time.monotonic() - began]


@contextlib.contextmanager
def _serving(database: str) -> Iterator[_Service]:
    service = _Service(database)
    try:
        yield service
    finally:
        service.kill()


class _Service:
    """A service whose processes are known by a mark in their surroundings."""

    def __init__(self, database: str) -> None:
        self._mark = uuid4().hex
        self._process = subprocess.Popen(
            [WANGGE, "serve", "--port", str(PORT), "--database", database],
            env=os.environ | {MARK: self._mark}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _until(lambda: self.ask("GET", "/readyz") is not None)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        given = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://{HOST}:{PORT}{path}", given, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def is_in(self, job: str, state: str) -> bool:
        return bool(self.ask("GET", f"/v1/jobs/{job}")["state"] == state)

    def at_work(self, study: str) -> str:
        """Have a plan drawn; return the job once a process works on it."""
        job = str(self.ask("POST", f"/v1/studies/{study}/plans", {})["job"])
        _until(lambda: bool(self.workers()) or self.is_in(job, "done"))
        return job

    def workers(self) -> list[int]:
        """Return processes that lead a group of their own, as every job's does, and those in such groups."""
        marked = {pid: os.getpgid(pid) for pid in self._marked()}
        groups = {pid for pid, group in marked.items() if pid == group and pid != self._process.pid}
        return [pid for pid, group in marked.items() if group in groups]

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def _marked(self) -> Iterator[int]:
        for surroundings in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if f"{MARK}={self._mark}".encode() in surroundings.read_bytes():
                    os.getpgid(int(surroundings.parent.name))
                    yield int(surroundings.parent.name)


def _until_none_works(service: _Service) -> None:
    """Wait until no process works; one that never ends is an orphan, and an error."""
    _until(lambda: not service.workers())


def _until(true: Callable[[], bool]) -> None:
    """Wait until something is true; errors of a service that is not up yet count as not."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError):
            if true():
                return
        time.sleep(0.02)
    raise RuntimeError("waited in vain")
