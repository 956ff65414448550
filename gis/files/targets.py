"""Targets of a study: its own table in place of the examples that ship."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gis.files.typed_table import TypedTable
from gis.model.standards import Target
from gis.model.study import StudySettings

__all__ = ["targets_of"]


def targets_of(settings: StudySettings, table: TypedTable | None) -> StudySettings:
    """Return the settings with the targets of `table`, where there is one."""
    if table is None:
        return settings
    frame = table.frame.reindex(columns=["kind", "operator", "value", "settlement", "region", "year", "per"])
    good = frame[["kind", "operator", "value"]].notna().all(axis=1)
    made = tuple(
        Target(
            kind=str(row.kind),
            operator=str(row.operator),
            value_share=float(str(row.value)),
            settlement=_text(row.settlement),
            region=_text(row.region),
            year=None if pd.isna(row.year) else int(str(row.year)),  # type: ignore[arg-type]
            per=_text(row.per) or "community",
            source=table.place.file,
        )
        for row in frame[good].itertuples(index=False)
    )
    return replace(settings, targets=made)


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]
