"""One version of a plan, ready to answer: trees, tables and answers made once and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from threading import Lock
from typing import Any

from api.coverage_tables import CoverageTables, GapQuestion, RateQuestion
from api.geojson import feature_collection, plain_records
from api.layers import area_outlines, gap_layer
from api.places import Places
from gis.model.outcome import Outcome
from gis.store import Contact, PlanRecord

__all__ = ["ServedPlan"]

_GRID_COLUMNS = (
    "community_id",
    "name",
    "kind",
    "units",
    "households",
    "residents",
    "workload_h",
    "deviation_share",
    "walk_mean_m",
    "pieces",
    "in_band",
    "reason_zh",
    "reason_en",
    "heart_unit_id",
    "sides_zh",
)
_UNIT_COLUMNS = (
    "grid_id",
    "community_id",
    "compound",
    "households",
    "residents",
    "buildings",
    "workload_h",
    "area_m2",
    "locked",
)
_FACILITY_COLUMNS = ("kind", "name", "status", "capacity_residents", "floor_area_m2")
_MOST_ANSWERS = 512  # kept per plan version; the oldest goes first


class ServedPlan:
    """A plan's version with everything that requests ask of it.

    Answers are bytes of JSON, made at the first request and kept: the version never changes.

    Attributes
    ----------
    outcome
        The plan and its measures; the links that it made or cut are in its study.
    """

    def __init__(
        self,
        record: PlanRecord,
        outcome: Outcome,
        *,
        measured_version: int,
        contacts: tuple[Contact, ...],
    ) -> None:
        self.record = record
        self.outcome = outcome
        self.measured_version = measured_version
        self.places = Places(outcome, contacts)
        self._coverage = CoverageTables(outcome)
        self._answers: dict[Hashable, bytes] = {}
        self._making: dict[Hashable, Lock] = {}
        self._outlines: dict[str, Mapping[str, str]] = {}
        self._lock = Lock()

    @property
    def etag(self) -> str:
        """The version as an entity tag."""
        return f'"{self.record.version}"'

    def kept(self, question: Hashable, make: Callable[[], object]) -> bytes:
        """Return the JSON of `make()`, made at the first call with this question; others do not wait for it."""
        with self._lock:
            making = self._making.setdefault(question, Lock())
        with making:
            if question not in self._answers:
                made = make()
                self._answers[question] = made if isinstance(made, bytes) else _bytes(made)
            answer = self._answers[question]
        with self._lock:
            if len(self._answers) > _MOST_ANSWERS:
                oldest = next(iter(self._answers))
                del self._answers[oldest]
                self._making.pop(oldest, None)
        return answer

    @property
    def _head(self) -> dict[str, object]:
        return {
            "plan": self.record.plan_id,
            "version": self.record.version,
            "measured_version": self.measured_version,
        }

    def summary(self) -> bytes:
        """Return the plan's summary."""
        return self.kept("summary", self._summary)

    def _summary(self) -> dict[str, Any]:
        outcome, settings = self.outcome, self.outcome.study.settings
        return {
            "plan_id": self.record.plan_id,
            "study_id": self.record.study_id,
            "name": settings.name,
            "version": self.record.version,
            "measured_version": self.measured_version,
            "status": str(self.record.status),
            "created_at": self.record.created_at,
            "plan_digest": outcome.plan.digest,
            "notice_zh": settings.notice_zh,
            "notice_en": settings.notice_en,
            "units": len(outcome.plan),
            "communities": len(outcome.study.communities),
            "grids": len(outcome.plan.grids),
            "households": int(outcome.study.units["households"].sum()),
            "residents": int(outcome.study.units["residents"].sum()),
            "grids_out_of_band": int((~outcome.grids["in_band"].astype("boolean").fillna(True)).sum()),
            "vacancies": list(outcome.staffing.vacancies),
            "overloads": dict(outcome.staffing.overloads),
            "engine": outcome.report.engine,
            "rng_seed": outcome.report.rng_seed,
            "stopped_by": str(outcome.report.stopped_by),
            "walk_basis": str(outcome.study.walk_basis),
            "scorecard": self._scores(),
        }

    def _scores(self) -> list[dict[str, Any]]:
        table = self.outcome.scorecard.table()
        return plain_records(table, ["measure", "value", "unit", "better", "version"])

    def scorecard(self) -> bytes:
        """Return the scorecard."""
        return self.kept("scorecard", lambda: {**self._head, "scorecard": self._scores()})

    def grids(self) -> bytes:
        """Return the grids as GeoJSON."""
        return self.kept("grids", lambda: self._features(self.outcome.grids, _GRID_COLUMNS))

    def units(self) -> bytes:
        """Return the units as GeoJSON, with their group counts."""
        columns = (*_UNIT_COLUMNS, *self.outcome.study.group_columns)
        return self.kept("units", lambda: self._features(self.outcome.units, columns))

    def facilities(self) -> bytes:
        """Return the facilities and the sites as GeoJSON."""
        return self.kept("facilities", lambda: self._features(self.outcome.facilities, _FACILITY_COLUMNS))

    def _features(self, table: Any, columns: tuple[str, ...]) -> bytes:
        there = [c for c in columns if c in table]
        return feature_collection(table, columns=there, crs=self.outcome.study.crs, **self._head)

    def postings(self) -> bytes:
        """Return who is posted where."""
        staffing = self.outcome.staffing
        return self.kept(
            "postings",
            lambda: {
                **self._head,
                "postings": plain_records(staffing.postings, ["worker_id", "grid_id", "role", "hours_h", "walk_m"]),
                "vacancies": list(staffing.vacancies),
                "overloads": dict(staffing.overloads),
            },
        )

    def rates(self, asked: RateQuestion) -> bytes:
        """Return coverage rates."""
        return _with_list(self._head, "rates", self._coverage.rates(asked))

    def gaps(self, asked: GapQuestion) -> bytes:
        """Return the gap table of a service; whole tables, the long ones, are kept as they go out."""
        if asked.area is None and asked.min_uncovered == 0:
            return self.kept(asked, lambda: self._gaps(asked))
        return self._gaps(asked)

    def _gaps(self, asked: GapQuestion) -> bytes:
        rows = self._coverage.gaps(asked)
        return _with_list({**self._head, **self._coverage.about(asked)}, "areas", rows)

    def gap_layer(self, asked: GapQuestion) -> bytes:
        """Return the gap table of a service as GeoJSON, on the outlines of its areas."""
        if asked.level not in self._outlines:
            self._outlines[asked.level] = area_outlines(self.outcome, asked.level)
        return gap_layer(self.gaps(asked), self._outlines[asked.level])

    def gaps_ready(self, asked: GapQuestion) -> bool:
        """Whether `gaps` would answer at once."""
        return self._coverage.ready(asked)

    def located(self, lon: float, lat: float) -> bytes | None:
        """Return what is at a place; None outside the plan."""
        unit_id = self.places.unit_at(lon, lat)
        if unit_id is None:
            return None
        head = {"plan": self.record.plan_id, "version": self.record.version}
        return _bytes({**head, **self.places.located(unit_id)})

    def warm(self) -> None:
        """Make what most requests ask for, so that the first of them does not wait."""
        self.places.warm()
        self.summary()

    def warming(self) -> Iterator[None]:
        """Make what some requests ask for, a little at each step; a request that comes before makes its own."""
        return self._coverage.warming()


def _with_list(head: dict[str, object], name: str, rows: str) -> bytes:
    """Put a list that is JSON already behind the members of `head`."""
    return _bytes(head)[:-1] + f',"{name}":{rows}}}'.encode()


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
