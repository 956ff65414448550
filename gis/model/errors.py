"""Errors a person can cause. Each is ours and a builtin, with its facts as fields.

::

    GisError
    ├── InputRefusedError (ValueError)     findings of severity error
    ├── SettingError (ValueError)          a setting that makes no sense
    ├── FileRefusedError (ValueError)      a file that cannot be read or written
    ├── UnknownIdError (KeyError)          no such unit, grid, plan, service, area
    ├── HardRuleError (ValueError)         a plan would break a hard rule
    │   ├── DisconnectedGridError
    │   ├── CrossCommunityError
    │   ├── LockedError
    │   ├── GroupingError
    │   └── IncompletePlanError
    ├── StaleVersionError (RuntimeError)   somebody else changed the plan first
    ├── AuditBrokenError (ValueError)      a plan file that fails its own rules
    ├── SolverError (RuntimeError)         the solver gave no usable answer
    └── CancelledError (RuntimeError)      a person stopped the work
"""

from __future__ import annotations

from gis.model.findings import Findings
from gis.model.kinds import Language, Severity
from gis.model.messages import Fact, message, render

__all__ = [
    "AuditBrokenError",
    "CancelledError",
    "CrossCommunityError",
    "DisconnectedGridError",
    "FileRefusedError",
    "GisError",
    "GroupingError",
    "HardRuleError",
    "IncompletePlanError",
    "InputRefusedError",
    "LockedError",
    "SettingError",
    "SolverError",
    "StaleVersionError",
    "UnknownIdError",
]


class GisError(Exception):
    """An error with a code of the message catalogue and the facts it names.

    Parameters
    ----------
    code
        Key of the message catalogue.
    **facts
        Values that the sentence names.
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def what(self, lang: Language | str) -> str:
        """Say what happened."""
        return render(message(self.code).what, self.facts, lang)

    def mend(self, lang: Language | str) -> str:
        """Say the way out."""
        return render(message(self.code).mend, self.facts, lang)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.what("en"), self.mend("en"))))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, dict(self.facts)))


def _rebuild(kind: type[GisError], code: str, facts: dict[str, Fact]) -> GisError:
    """Make the error again in another process."""
    return kind(code, **facts)


class InputRefusedError(GisError, ValueError):
    """The input has errors; all of them are in `findings`."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("input-refused", count=len(findings.of(Severity.ERROR)))
        self.findings = findings

    def __reduce__(self) -> tuple[object, ...]:
        return (InputRefusedError, (self.findings,))


class SettingError(GisError, ValueError):
    """A setting makes no sense by itself or beside another."""


class FileRefusedError(GisError, ValueError):
    """A file cannot be read or must not be written."""


class UnknownIdError(GisError, KeyError):
    """Nothing has this id."""


class HardRuleError(GisError, ValueError):
    """A plan would break a hard rule."""


class DisconnectedGridError(HardRuleError):
    """A grid would fall into pieces."""


class CrossCommunityError(HardRuleError):
    """A grid would reach into a second community."""


class LockedError(HardRuleError):
    """A locked unit or grid would change."""


class GroupingError(HardRuleError):
    """Units that must share a grid would part, or units that must not would share one."""


class IncompletePlanError(HardRuleError):
    """A unit would be left without a grid, or stand in two."""


class StaleVersionError(GisError, RuntimeError):
    """The plan has moved on since the version the edit was made on."""


class AuditBrokenError(GisError, ValueError):
    """A plan file fails a rule it must hold."""


class SolverError(GisError, RuntimeError):
    """The solver gave no usable answer."""


class CancelledError(GisError, RuntimeError):
    """The work was stopped by a person."""
