"""What was found in the input: a code, its facts and the place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gis.model.kinds import Language, Severity
from gis.model.messages import Fact, message, render

__all__ = ["Finding", "Findings"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, told with its place and the way to mend it.

    Parameters
    ----------
    code
        Key of the message catalogue.
    facts
        Values that the sentences name; never a person's data.
    table
        Input table (``areas``, ``households`` ...).
    file
        File name as the user gave it, without folders.
    row
        Row as a spreadsheet counts it (the header is row 1).
    feature
        Id of the row or feature, as text.
    column
        Column as the user's file spells it.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    table: str | None = None
    file: str | None = None
    row: int | None = None
    feature: str | None = None
    column: str | None = None

    @property
    def severity(self) -> Severity:
        """Severity that the catalogue gives the code."""
        return message(self.code).severity or Severity.NOTE

    def _facts(self) -> dict[str, Fact]:
        place: dict[str, Fact] = {
            "table": self.table,
            "file": self.file,
            "row": self.row,
            "feature": self.feature,
            "column": self.column,
        }
        return {k: v for k, v in place.items() if v is not None} | dict(self.facts)

    def what(self, lang: Language | str) -> str:
        """Say what was found."""
        return render(message(self.code).what, self._facts(), lang)

    def why(self, lang: Language | str) -> str:
        """Say why it matters."""
        return render(message(self.code).why, self._facts(), lang)

    def mend(self, lang: Language | str) -> str:
        """Say what to do about it."""
        return render(message(self.code).mend, self._facts(), lang)

    def as_record(self) -> dict[str, object]:
        """Return the finding as certificate.json and the API write it."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "facts": self._facts(),
            "message_zh": self.what("zh"),
            "message_en": self.what("en"),
        }


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one reading, worst first when listed."""

    items: tuple[Finding, ...] = ()

    def __add__(self, more: Findings | Iterable[Finding]) -> Findings:
        return Findings(self.items + (more.items if isinstance(more, Findings) else tuple(more)))

    def __len__(self) -> int:
        return len(self.items)

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity, in the order they were made."""
        return tuple(f for f in self.items if f.severity is severity)

    @property
    def refused(self) -> bool:
        """Whether an error stands among them, so that the input is refused."""
        return any(f.severity is Severity.ERROR for f in self.items)

    def ordered(self) -> tuple[Finding, ...]:
        """Return errors, then warnings, then notes; each group by table, file, row and code."""
        rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
        return tuple(
            sorted(
                self.items,
                key=lambda f: (
                    rank[f.severity],
                    f.table or "",
                    f.file or "",
                    f.row or 0,
                    f.code,
                    f.feature or "",
                ),
            )
        )
