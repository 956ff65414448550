"""When a search ends: its own count of work first; the clock and a person may only cut it short."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from gis.model.kinds import StoppedBy
from gis.model.progress import Cancelled, never

__all__ = ["Stop"]


@dataclass
class Stop:
    """A stop rule that remembers why it stopped.

    Parameters
    ----------
    deadline_s
        Value of ``time.monotonic()`` after which the search ends; None: never.
    cancelled
        Asked often; True ends the search with the best so far.
    """

    deadline_s: float | None = None
    cancelled: Cancelled = field(default=never)
    stopped_by: StoppedBy = StoppedBy.WORK

    def now(self) -> bool:
        """Return whether to stop, and remember the reason."""
        if self.stopped_by is StoppedBy.WORK:
            if self.cancelled():
                self.stopped_by = StoppedBy.CANCELLED
            elif self.deadline_s is not None and time.monotonic() >= self.deadline_s:
                self.stopped_by = StoppedBy.TIME
        return self.stopped_by is not StoppedBy.WORK

    def seconds_left(self) -> float:
        """Return the seconds until the deadline; infinite without one."""
        return float("inf") if self.deadline_s is None else max(0.0, self.deadline_s - time.monotonic())
