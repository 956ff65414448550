"""What a person sees in the terminal: one language, a progress bar, or one JSON object."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gis.model.findings import Finding, Findings
from gis.model.kinds import Language, Severity
from gis.model.messages import Fact, message, render

__all__ = ["StageProgress", "Terminal", "default_language"]

SHOWN_FINDINGS = 40  # a screenful; the whole list is in findings.xlsx
_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_LABEL = {
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"},
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"},
}
_HEADERS = {
    "zh": ("级别", "文件", "行/要素", "列", "问题", "处理办法"),
    "en": ("severity", "file", "row/feature", "column", "what", "mend"),
}


def default_language() -> Language:
    """Return the language of ``WANGGE_LANG``, else that of the locale, else Chinese."""
    named = os.environ.get("WANGGE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return Language.EN if named.lower().startswith("en") else Language.ZH


class StageProgress:
    """One bar over several stages, each with a weight of its own."""

    def __init__(self, bar: Progress | None, lang: Language, weights: Mapping[str, float]) -> None:
        self._bar = bar
        self._lang = lang
        self._weights = weights
        self._task = bar.add_task("", total=sum(weights.values())) if bar else None
        self._before = 0.0
        self._stage = ""

    def enter(self, stage: str) -> None:
        """Begin the stage with this message code."""
        self._before += self._weights.get(self._stage, 0.0)
        self._stage = stage
        self(0.0)

    def __call__(self, share: float, /, **facts: Fact) -> None:
        """Take the share of the current stage that is done, and the best so far."""
        if self._bar is None or self._task is None:
            return
        done = self._before + self._weights.get(self._stage, 0.0) * min(max(share, 0.0), 1.0)
        words = render(message(self._stage).what, {}, self._lang)
        best = facts.get("walk_mean_m")
        note = f" · {best:.1f} m" if isinstance(best, float) else ""
        self._bar.update(self._task, completed=done, description=words + note)


@dataclass
class Terminal:
    """Speaks to the person (stderr) or the program (one JSON object on stdout)."""

    lang: Language = field(default_factory=default_language)
    as_json: bool = False
    out: Console = field(default_factory=lambda: Console(soft_wrap=True, highlight=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, soft_wrap=True, highlight=False))

    def say(self, code: str, **facts: Fact) -> None:
        """Say one sentence of the catalogue; silent when a program reads."""
        if not self.as_json:
            self.out.print(Text(render(message(code).what, facts, self.lang)))

    def complain(self, what: str, mend: str = "") -> None:
        """Tell an error and the way out on stderr."""
        self.err.print(Text(what, style="bold red"))
        if mend:
            self.err.print(Text(mend))

    def answer(self, record: Mapping[str, object]) -> None:
        """Print one JSON object on stdout when a program reads."""
        if self.as_json:
            sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table for people."""
        if self.as_json:
            return
        table = Table(*headers, header_style="bold")
        for row in rows:
            table.add_row(*(Text("" if v is None else str(v)) for v in row))
        self.out.print(table)

    def findings(self, findings: Findings) -> None:
        """List the findings, worst first; notes only as far as a screen holds."""
        ordered = findings.ordered()
        if self.as_json or not ordered:
            return
        self.table(_HEADERS[self.lang], [self._line(f) for f in ordered[:SHOWN_FINDINGS]])
        if len(ordered) > SHOWN_FINDINGS:
            self.out.print(f"… +{len(ordered) - SHOWN_FINDINGS}")

    def _line(self, f: Finding) -> tuple[object, ...]:
        where = f.row if f.row is not None else f.feature
        label = _LABEL[self.lang][f.severity]
        return label, f.file, where, f.column, f.what(self.lang), f.mend(self.lang)

    @contextmanager
    def progress(self, weights: Mapping[str, float]) -> Iterator[StageProgress]:
        """Show a bar on stderr while the block runs; nothing when a program reads."""
        if self.as_json:
            yield StageProgress(None, self.lang, weights)
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            yield StageProgress(bar, self.lang, weights)
