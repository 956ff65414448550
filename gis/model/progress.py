"""How long work tells how far it has come, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol

from gis.model.messages import Fact

__all__ = ["Cancelled", "Progress", "between", "never", "silent"]


class Progress(Protocol):
    """Called now and then by long work with the share done and the best so far."""

    def __call__(self, share: float, /, **facts: Fact) -> None:
        """Take `share` in 0..1 and facts such as ``walk_mean_m`` or ``rows``."""


class Cancelled(Protocol):
    """Asked now and then by long work; True means stop and keep the best so far."""

    def __call__(self) -> bool:
        """Return whether a person has asked to stop."""


def silent(share: float, /, **facts: Fact) -> None:
    """Tell nobody."""


def never() -> bool:
    """Return False: the work is never cancelled."""
    return False


def between(on_progress: Progress, low: float, high: float) -> Progress:
    """Return a progress that tells the share of one part of the work as its stretch of the whole."""

    def told(share: float, /, **facts: Fact) -> None:
        on_progress(low + (high - low) * share, **facts)

    return told
