"""The kinds of work, and what one job may use; light, for the service never loads the engine."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LONG", "QUICK", "Limits"]

QUICK = ("rebalance", "split")  # a planner waits for these: they never wait for one of the others
LONG = ("draw", "staffing", "siting")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use.

    Attributes
    ----------
    memory_mb
        Address space.
    cpu_s
        Seconds of processor time of each of its processes.
    processes
        Processes that it may work on.
    """

    memory_mb: int
    cpu_s: int
    processes: int
