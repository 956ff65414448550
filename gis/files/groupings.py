"""Units that are kept together or apart: the groups of a table beside those of the study file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from gis.files.notebook import Notebook
from gis.files.study_settings import FEWEST_IN_GROUP
from gis.files.typed_table import TypedTable
from gis.model.study import StudySettings

__all__ = ["groupings_of"]

Groups = tuple[tuple[str, ...], ...]


def groupings_of(
    settings: StudySettings, table: TypedTable | None, known: Callable[[], pd.Index], book: Notebook
) -> StudySettings:
    """Return the settings with the groups of `table` beside their own.

    Parameters
    ----------
    known
        Gives every id that may become a unit's; asked only where there are groups.
    book
        Told of ids that nothing has, and of groups of one unit.
    """
    grids = settings.grids
    if table is None and not grids.together and not grids.apart:
        return settings
    ids = known()
    for rule, groups in (("together", grids.together), ("apart", grids.apart)):
        for unit_id in sorted({u for group in groups for u in group} - set(ids)):
            allowed = "unit_id / building_id"
            book.add("study-value-nonsense", table="study", key=f"grids.{rule}", value=unit_id, allowed=allowed)
    if table is None:
        return settings
    frame = table.frame
    whole = frame[["group", "rule", "unit_id"]].notna().all(axis=1)
    raw = frame.to_dict("list")
    book.at(
        "grouping-unknown",
        table.place,
        whole.to_numpy() & (ids.get_indexer(pd.Index(frame["unit_id"].astype(object))) < 0),
        column=table.theirs["unit_id"],
        each=lambda i: {"value": str(raw["unit_id"][i]), "rule": str(raw["rule"][i])},
    )
    kept = frame[whole].astype(str)
    size = kept.groupby(["rule", "group"])["unit_id"].transform("nunique").reindex(frame.index)
    book.at(
        "grouping-alone",
        table.place,
        np.asarray(size < FEWEST_IN_GROUP, dtype=bool),
        column=table.theirs["unit_id"],
        each=lambda i: {"group": str(raw["group"][i])},
    )
    more = replace(
        grids, together=grids.together + _groups(kept, "together"), apart=grids.apart + _groups(kept, "apart")
    )
    return replace(settings, grids=more)


def _groups(frame: pd.DataFrame, rule: str) -> Groups:
    """Return the groups of one rule that hold two units at least."""
    rows = frame[frame["rule"] == rule].groupby("group")["unit_id"]
    groups = (tuple(sorted(set(ids))) for _, ids in rows)
    return tuple(group for group in groups if len(group) >= FEWEST_IN_GROUP)
