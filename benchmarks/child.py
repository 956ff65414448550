"""Run a command as a child and say what it cost: CPU seconds, wall seconds, peak memory.

Every process the command leaves behind counts. Workers of a fork server are nobody's awaited children: without a
subreaper (prctl(2), Linux) their work would be missing from the sum.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


@dataclass(frozen=True)
class Cost:
    """What a command and all processes it started used."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    stdout: str


def cost_of(command: Sequence[str], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `command` in a process of its own, so that nothing measured before counts."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (list(command), cwd, dict(environment or {})))


def _measured(command: list[str], cwd: Path | None, environment: dict[str, str]) -> Cost:
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise SystemExit("this system can't count the work of orphaned processes (prctl)")
    began = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    wall_s = time.perf_counter() - began
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-4000:])
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    _await_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss / 1024, done.stdout)


def _await_orphans() -> None:
    """Wait for processes that outlived their parent, so that the kernel adds them up."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
