"""Run a command as a child and say what it cost: CPU seconds, wall seconds, peak memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a child and its own children used."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    stdout: str


def cost_of(command: Sequence[str], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `command` in a process of its own, so that nothing measured before counts."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (list(command), cwd, dict(environment or {})))


def _measured(command: list[str], cwd: Path | None, environment: dict[str, str]) -> Cost:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    wall_s = time.perf_counter() - began
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-2000:] + done.stderr[-4000:])
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss / 1024, done.stdout)
