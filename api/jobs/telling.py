"""How a process at work tells how far it is: a share of all stages, the stage, the best drawing so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, NamedTuple

from gis.model.messages import Fact

__all__ = ["Telling", "Told"]

EVERY_S = 0.1  # more often nobody sees


class Told(NamedTuple):
    """What is told."""

    share: float
    stage: str
    best: Mapping[str, Any] | None


class Telling:
    """Stages that are told to somebody, now and then.

    Parameters
    ----------
    send
        Takes what is told.
    weights
        Stage -> its share of the time, in the order of the work.
    """

    def __init__(self, send: Callable[[Told], object], weights: Mapping[str, float]) -> None:
        self._send = send
        self._whole = sum(weights.values())
        self._weights = weights
        self._before = 0.0
        self._stage = ""
        self._best: dict[str, Any] | None = None
        self._last_s = 0.0

    def enter(self, stage: str) -> None:
        """Begin a stage."""
        self._before += self._weights.get(self._stage, 0.0)
        self._stage = stage
        self._tell(0.0, now=True)

    def __call__(self, share: float, /, **facts: Fact) -> None:
        """Take the share of the stage that is done, and the numbers of the best drawing so far."""
        known: dict[str, Any] = {name: facts[name] for name in ("walk_mean_m", "band_violation") if name in facts}
        self._best = known or self._best
        self._tell(min(max(share, 0.0), 1.0), now=False)

    def _tell(self, share: float, *, now: bool) -> None:
        if now or monotonic() - self._last_s >= EVERY_S:
            self._last_s = monotonic()
            done = (self._before + self._weights.get(self._stage, 0.0) * share) / self._whole
            self._send(Told(done, self._stage, self._best))
