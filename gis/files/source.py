"""A table as it stands in a file: their headers, their cells, and where each row stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.files.file_kind import FileKind

__all__ = ["SAMPLED_ROWS", "SourceTable"]

SAMPLED_ROWS = 2000  # rows of columns nobody uses that are looked at, to say whether they are personal


@dataclass(frozen=True, slots=True, eq=False)
class SourceTable:
    """A table as it stands in a file.

    Parameters
    ----------
    kind
        Kind of the file.
    frame
        Cells by their header; text, or numbers where the file holds numbers; empty cells are missing.
    rows
        Spreadsheet row, or feature number, of every record.
    geometry
        Shapely geometries, or None where the file has none.
    crs
        CRS that the file names, or None.
    sample
        First rows of the columns that nobody uses.
    facts
        What was noticed while reading: code -> facts of a note.
    """

    kind: FileKind
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: NDArray[np.object_] | None = None
    crs: str | None = None
    sample: pd.DataFrame = field(default_factory=pd.DataFrame)
    facts: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)

    @property
    def counts_rows(self) -> bool:
        """Whether records are told by spreadsheet rows rather than features."""
        return self.kind in (FileKind.CSV, FileKind.CSV_GZ, FileKind.XLSX)
