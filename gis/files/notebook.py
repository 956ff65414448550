"""The notebook that findings are written into while a study is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from gis.model.findings import Finding, Findings
from gis.model.kinds import Severity
from gis.model.messages import Fact

__all__ = ["Notebook", "Place", "nearest_word"]

MOST_ALIKE = 50  # findings of one code in one column that are told one by one; the rest are counted
_NEAR_SHARE = 0.6
_STUDY = "study.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table came from, so that a row number becomes a place that a person can find.

    Parameters
    ----------
    table
        Name in ``[inputs]``.
    file
        File name as the user gave it, without folders.
    rows
        Spreadsheet row (or feature number) of every record, counted from 1.
    counts_rows
        Whether `rows` are rows of a spreadsheet; False for features.
    """

    table: str
    file: str
    rows: NDArray[np.int64]
    counts_rows: bool = True


@dataclass
class Notebook:
    """Collects findings; every room of reading writes into the same one."""

    items: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        table: str | None = None,
        file: str | None = None,
        column: str | None = None,
        **facts: Fact,
    ) -> None:
        """Write one finding that concerns a whole file, column or setting."""
        self.add_facts(code, facts, table=table, file=file, column=column)

    def add_facts(
        self,
        code: str,
        facts: Mapping[str, Fact],
        *,
        table: str | None = None,
        file: str | None = None,
        column: str | None = None,
    ) -> None:
        """Write one finding whose facts were made elsewhere."""
        stands = file or _STUDY  # what no file is named for stands in the study file itself
        place = {"where_zh": stands, "where_en": stands}
        self.items.append(Finding(code, {**place, **facts}, table=table, file=stands, column=column))

    def at(
        self,
        code: str,
        place: Place,
        found: NDArray[np.bool_] | NDArray[np.int64],
        *,
        column: str | None = None,
        ids: Sequence[object] | NDArray[np.object_] | None = None,
        each: Callable[[int], Mapping[str, Fact]] | None = None,
        **facts: Fact,
    ) -> None:
        """Write one finding a record for the records `found` (mask or positions).

        Parameters
        ----------
        ids
            Id of every record, for findings that name it.
        each
            Further facts of the record at a position; called for those told one by one only.
        """
        at = np.flatnonzero(found) if np.asarray(found).dtype == bool else np.asarray(found)
        for i in at[:MOST_ALIKE]:
            number = int(place.rows[i])
            more = dict(each(int(i))) if each else {}
            name = None if ids is None or ids[i] is None or ids[i] != ids[i] else str(ids[i])
            self.items.append(
                Finding(
                    code,
                    {**_where(place, number), **facts, **more},
                    table=place.table,
                    file=place.file,
                    row=number if place.counts_rows else None,
                    feature=name or (None if place.counts_rows else f"#{number}"),
                    column=column,
                )
            )
        if len(at) > MOST_ALIKE:
            self._rest(code, place, len(at) - MOST_ALIKE, int(place.rows[at[-1]]), column)

    def _rest(self, code: str, place: Place, count: int, last: int, column: str | None) -> None:
        self.add("more-alike", table=place.table, file=place.file, column=column, count=count, last=last, like=code)

    def refused(self, table: str) -> bool:
        """Whether an error was written about `table`."""
        return any(f.table == table and f.severity is Severity.ERROR for f in self.items)

    def holds(self, code: str) -> bool:
        """Whether a finding of this code was written."""
        return any(f.code == code for f in self.items)

    def findings(self) -> Findings:
        """Return everything written so far."""
        return Findings(tuple(self.items))


def _where(place: Place, number: int) -> dict[str, Fact]:
    if place.counts_rows:
        return {"where_zh": f"{place.file} 第 {number} 行", "where_en": f"{place.file}, row {number}"}
    return {"where_zh": f"{place.file} 第 {number} 个要素", "where_en": f"{place.file}, feature {number}"}


def nearest_word(word: str, known: Sequence[str]) -> str:
    """Return the known word nearest in spelling, or an empty text."""
    found = get_close_matches(word.lower(), [k.lower() for k in known], n=1, cutoff=_NEAR_SHARE)
    return next((k for k in known if found and k.lower() == found[0]), "")
