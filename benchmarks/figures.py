"""A measured figure beside its target, and the page that keeps one row a version."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("numpy", "numba", "highspy", "geopandas", "shapely", "scipy")


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, what was wanted, what came of it in every run."""

    name: str
    target: str
    runs: Sequence[float]
    unit: str
    note: str = ""

    def cell(self) -> str:
        """Return the median with the spread and the number of the runs."""
        shown = [_short(r) for r in (statistics.median(self.runs), min(self.runs), max(self.runs))]
        spread = f" ({shown[1]}–{shown[2]}; {len(self.runs)})" if len(self.runs) > 1 else ""
        return f"{shown[0]}{spread} {self.unit}".strip()


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.3g}"


def machine() -> str:
    """Say on what machine and with which libraries the figures were measured."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        found = re.search(r"model name\s*: (.*)", info.read_text(encoding="utf-8"))
        cpu = found.group(1).strip() if found else cpu
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, {cpu}; Python {platform.python_version()}; {libraries}"


def write_section(title: str, command: str, figures: Sequence[Figure], *, remark: str = "") -> None:
    """Write or replace the section `title` of the benchmarks page, keeping the rows of other versions."""
    page = PAGE.read_text(encoding="utf-8")
    release = version("wangge")
    pattern = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    earlier = pattern.search(page)
    kept = [
        line
        for line in (earlier.group(0).splitlines() if earlier else [])
        if line.startswith("| ") and not line.startswith(("| version ", f"| {release} "))
    ]
    rows = [f"| {release} | {f.name} | {f.target} | {f.cell()} | {f.note} |" for f in figures]
    lines = [
        f"## {title}",
        "",
        f"`{command}`",
        "",
        *([remark, ""] if remark else []),
        "| version | what | target | measured: median (min–max; runs) | note |",
        "|---|---|---|---|---|",
        *kept,
        *rows,
        "",
        f"Measured on {machine()}.",
        "",
    ]
    section = "\n".join(lines)
    page = pattern.sub(lambda _: section, page) if earlier else page.rstrip() + "\n\n" + section
    PAGE.write_text(page, encoding="utf-8")
