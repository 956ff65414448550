"""Pages that the program's own data write: defaults, input tables, measures."""

from __future__ import annotations

from pathlib import Path

from gis.files.input_tables import input_tables
from gis.measures.registry import MEASURES
from gis.model.standards import default_profiles, default_ratios, default_visits

FOLDER = Path(__file__).parent / "_generated"


def write_pages() -> None:
    """Write every generated page."""
    FOLDER.mkdir(exist_ok=True)
    for name, lines in (("defaults", _defaults()), ("input_tables", _tables()), ("measures", _measures())):
        (FOLDER / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"


def _defaults() -> list[str]:
    lines = [
        _row(
            "profile",
            "min / target / max",
            "residents soft max",
            "travel",
            "min a visit",
            "patrol h",
            "events",
            "attempts",
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for p in default_profiles().values():
        band = f"{p.band.minimum:g} / {p.band.target:g} / {p.band.maximum:g}"
        travel = f"{p.travel} {p.speed_km_h:g} km/h"
        lines.append(
            _row(p.name, band, p.residents_soft_max or "–", travel, f"{p.travel_min:g}", f"{p.patrol_h:g}",
                 f"{p.events_per_household:g} × {p.hours_per_event:g} h", f"{p.attempts:g}")
        )  # fmt: skip
    lines += ["", _row("key", "中文", "visits a year", "minutes", "source"), "|---|---|---|---|---|"]
    lines += [
        _row(f"`{v.key}`", v.name_zh, f"{v.visits_per_year:g}", f"{v.minutes:g}", v.source) for v in default_visits()
    ]
    staff = default_ratios()
    lines += [
        "",
        f"A full-time worker has {staff.full_time_h:g} h a year, a part-time one {staff.part_time_share:g} of it; "
        f"recording a visit takes {staff.record_min:g} minutes; the ratio aimed at is "
        f"{staff.workers_per_10000_residents:g} workers per 10 000 residents ({staff.source}).",
    ]
    return lines


def _tables() -> list[str]:
    lines: list[str] = []
    for table in input_tables().values():
        lines += [
            f"### {table.name} {table.zh}",
            "",
            _row("column", "中文", "kind", "also known as"),
            "|---|---|---|---|",
        ]
        for column in table.columns.values():
            name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
            kind = ", ".join(column.choices) if column.choices else str(column.kind)
            lines.append(_row(name, column.zh, kind, "、".join(a for a in column.also if a != column.zh)))
        lines.append("")
    return lines


def _measures() -> list[str]:
    lines = [_row("measure", "unit", "better", "version"), "|---|---|---|---|"]
    return lines + [_row(f"`{m.name}`", m.unit, m.better or "–", m.version) for m in MEASURES]
