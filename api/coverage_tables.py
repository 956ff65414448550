"""Coverage as it is served: the gap table and the rates of one version, the numbers of `gis.measures`.

A table of a service, level and basis is made once, a row a string of JSON; what a request leaves out
is left out of the list, so that a filter costs no time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Any

import pandas as pd

from api.geojson import plain_records
from gis.measures import area_memberships, gap_table
from gis.model.kinds import Basis
from gis.model.outcome import Outcome

__all__ = ["GAP_COLUMNS", "CoverageTables", "GapQuestion", "RateQuestion"]

_MOST_TABLES = 4096  # whole ones and small ones of single areas
_LEVELS = ("grid", "community", "subdistrict", "county")  # from the bottom up
_RATE_COLUMNS = (
    "area_id",
    "level",
    "service",
    "basis",
    "total",
    "covered",
    "rate_share",
    "target_share",
    "shortfall",
)
GAP_COLUMNS = (
    "area_id",
    "name",
    "total",
    "covered",
    "uncovered",
    "rate_share",
    "target_share",
    "shortfall",
    "farthest_walk_m",
    "beyond_reach",
)


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """What a gap table is asked for; equal questions have one answer."""

    service: str
    level: str = "community"
    basis: str = "residents"
    area: str | None = None
    min_uncovered: int = 0


@dataclass(frozen=True, slots=True)
class RateQuestion:
    """Which rates are asked for; None means all."""

    service: str | None = None
    level: str | None = None
    area: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class _GapRow:
    area_id: str
    uncovered: int
    text: str


class CoverageTables:
    """Gaps and rates of one measured outcome."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._tables: dict[GapQuestion, list[_GapRow]] = {}
        self._making = Lock()

    def rates(self, asked: RateQuestion) -> str:
        """Return coverage rates as a JSON list."""
        wanted = (asked.service, asked.level, asked.area, asked.basis)
        rows = (
            text
            for text, *has in self._rate_rows
            if all(want is None or want == value for want, value in zip(wanted, has, strict=True))
        )
        return f"[{','.join(rows)}]"

    @cached_property
    def _rate_rows(self) -> list[tuple[str, str, str, str, str]]:
        records = plain_records(self._outcome.coverage.rates, _RATE_COLUMNS)
        return [(_json(r), r["service"], r["level"], r["area_id"], r["basis"]) for r in records]

    def gaps(self, asked: GapQuestion) -> str:
        """Return the gap table of a service as a JSON list, the largest gap first.

        Raises
        ------
        UnknownIdError
            If there is no such service or area.
        SettingError
            If level or basis are none that are measured.
        """
        rows = self._table(self._source(asked))
        inside = None if asked.area is None else self._inside(asked.level).get(asked.area)
        shown = (
            r.text for r in rows if r.uncovered >= asked.min_uncovered and (inside is None or r.area_id in inside)
        )
        return f"[{','.join(shown)}]"

    def ready(self, asked: GapQuestion) -> bool:
        """Whether the answer is at hand, or must be measured first."""
        return self._source(asked) in self._tables

    def _source(self, asked: GapQuestion) -> GapQuestion:
        """Return the question whose table holds the answer: the whole one unless the area is below the level."""
        whole = asked.area is None or asked.area in self._inside(asked.level)
        return replace(asked, area=None if whole else asked.area, min_uncovered=0)

    def about(self, asked: GapQuestion) -> dict[str, object]:
        """Return what a gap table is of."""
        settings = self._outcome.study.settings
        (standard,) = self._outcome.study.services_of([asked.service])
        return {
            "service": asked.service,
            "level": asked.level,
            "basis": asked.basis,
            "standard_m": standard.max_walk_m,
            "notice_zh": settings.notice_zh,
            "notice_en": settings.notice_en,
        }

    def warming(self) -> Iterator[None]:
        """Make every whole table, one at each step, so that later no request waits for one."""
        _ = self._rate_rows
        yield
        for service in self._outcome.study.settings.services:
            for level in _LEVELS:
                self._inside(level)
                for basis in Basis:
                    self._table(GapQuestion(service.service_id, level, str(basis)))
                    yield

    def _table(self, asked: GapQuestion) -> list[_GapRow]:
        known = self._tables.get(asked)
        if known is not None:
            return known
        with self._making:
            made = self._tables.get(asked)
            if made is None:
                made = self._tables[asked] = self._made(asked)
                if len(self._tables) > _MOST_TABLES:
                    del self._tables[next(q for q in self._tables if q.area is not None)]
        return made

    def _made(self, asked: GapQuestion) -> list[_GapRow]:
        table = gap_table(self._outcome, service=asked.service, level=asked.level, basis=asked.basis, area=asked.area)
        nearest = plain_records(table, ["nearest_facility_id", "nearest_walk_m"])
        rows = zip(plain_records(table, GAP_COLUMNS), nearest, table["sites"], strict=True)
        return [
            _GapRow(
                row["area_id"],
                row["uncovered"],
                _json(
                    {
                        **row,
                        "nearest_facility": self._facility(
                            near["nearest_facility_id"], walk_m=near["nearest_walk_m"]
                        ),
                        "sites": [self._facility(site, newly_covered=gain) for site, gain in sites],
                    }
                ),
            )
            for row, near, sites in rows
        ]

    def _inside(self, level: str) -> Mapping[str, frozenset[str]]:
        """Return the areas of `level` inside each area of that level or above."""
        if level not in self._inside_of:
            above = _LEVELS[_LEVELS.index(level) :] if level in _LEVELS else ()
            members = self._members[list(above)].drop_duplicates() if above else self._members.iloc[:0]
            self._inside_of[level] = {
                str(area): frozenset(map(str, part))
                for name in above
                for area, part in members[level].groupby(members[name])
            }
        return self._inside_of[level]

    @cached_property
    def _inside_of(self) -> dict[str, Mapping[str, frozenset[str]]]:
        return {}

    @cached_property
    def _members(self) -> pd.DataFrame:
        return area_memberships(self._outcome.study, self._outcome.plan)

    def _facility(self, facility_id: str | None, **facts: object) -> dict[str, object] | None:
        if facility_id is None:
            return None
        name = self._names.get(facility_id, "")
        return {"facility_id": facility_id, "name": "" if pd.isna(name) else str(name), **facts}

    @cached_property
    def _names(self) -> Mapping[str, Any]:
        names = self._outcome.study.facilities["name"]
        return {str(facility_id): name for facility_id, name in names.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
