"""Coverage as it is served: the gap table and the rates of one version, the numbers of `gis.measures`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from api.geojson import plain_records
from gis.measures import gap_table
from gis.model.outcome import Outcome

__all__ = ["CoverageTables", "GapQuestion", "RateQuestion"]

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
_GAP_COLUMNS = (
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


class CoverageTables:
    """Gaps and rates of one measured outcome."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def rates(self, asked: RateQuestion) -> dict[str, Any]:
        """Return the coverage rates, all or some."""
        rates = self._outcome.coverage.rates
        wanted = {"service": asked.service, "level": asked.level, "area_id": asked.area, "basis": asked.basis}
        for column, value in wanted.items():
            rates = rates if value is None else rates[rates[column].eq(value)]
        return {"rates": plain_records(rates, _RATE_COLUMNS)}

    def gaps(self, asked: GapQuestion) -> dict[str, Any]:
        """Return the gap table of a service, the largest gap first."""
        table = gap_table(
            self._outcome,
            service=asked.service,
            level=asked.level,
            basis=asked.basis,
            area=asked.area,
            min_uncovered=asked.min_uncovered,
        )
        settings = self._outcome.study.settings
        (standard,) = self._outcome.study.services_of([asked.service])
        nearest = plain_records(table, ["nearest_facility_id", "nearest_walk_m"])
        return {
            "service": asked.service,
            "level": asked.level,
            "basis": asked.basis,
            "standard_m": standard.max_walk_m,
            "notice_zh": settings.notice_zh,
            "notice_en": settings.notice_en,
            "areas": [
                {
                    **row,
                    "nearest_facility": self._facility(near["nearest_facility_id"], walk_m=near["nearest_walk_m"]),
                    "sites": [self._facility(site, newly_covered=gain) for site, gain in sites],
                }
                for row, near, sites in zip(plain_records(table, _GAP_COLUMNS), nearest, table["sites"], strict=True)
            ],
        }

    def _facility(self, facility_id: str | None, **facts: object) -> dict[str, object] | None:
        if facility_id is None:
            return None
        name = self._names.get(facility_id, "")
        return {"facility_id": facility_id, "name": "" if pd.isna(name) else str(name), **facts}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return self._outcome.study.facilities["name"].to_dict()
