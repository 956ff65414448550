"""What the routers share: the shelf of plans that are being served."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.plan_marks import PlanMarks, linked
from api.served_plan import ServedPlan
from gis.measures import measured_again
from gis.model.errors import UnknownIdError
from gis.model.kinds import PlanStatus
from gis.model.study import StudyArea
from gis.store import PlanRecord, Store, StudyRecord

__all__ = ["PlanShelf", "Shelf", "not_modified", "shelf_of"]

STUDIES_HELD = 4
PLANS_HELD = 8  # versions in memory at once; all of Singapore is about 100 MB


class PlanShelf:
    """Plans from the store, each version loaded once; the version is asked for on every request."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ready = False
        self._held: OrderedDict[tuple[str, int], ServedPlan] = OrderedDict()
        self._studies: OrderedDict[str, StudyArea] = OrderedDict()
        self._reading = Lock()
        self._lock = Lock()
        self._loading = Lock()

    def plan(self, plan_id: str) -> ServedPlan:
        """Return a plan as it is now.

        Raises
        ------
        UnknownIdError
            If there is no such plan.
        """
        return self._served(self.store.plan_record(plan_id))

    def version(self, plan_id: str, version: int | None) -> ServedPlan:
        """Return a plan at a version, or as it is now.

        Raises
        ------
        UnknownIdError
            If there is no such plan or version.
        """
        record = self.store.plan_record(plan_id)
        return self._served(record if version is None else replace(record, version=version))

    async def current(self, plan_id: str) -> ServedPlan:
        """Return a plan as it is now without leaving the event loop, unless it must be loaded first."""
        record = self.store.plan_record(plan_id)
        held = self._take((record.plan_id, record.version))
        return held if held is not None else await run_in_threadpool(self._served, record)

    def study(self, record: StudyRecord) -> StudyArea:
        """Return a study as it was loaded last."""
        return self._edition(record.edition_id)

    def study_of(self, plan_id: str) -> StudyArea:
        """Return the study that a plan stands on, as it was loaded."""
        return self._edition(self.store.edition_of(plan_id))

    def _edition(self, edition_id: str) -> StudyArea:
        """Return an edition of a study; those asked for last are held."""
        with self._reading:  # one at a time: two at once would take twice the memory
            known = self._studies.get(edition_id)
            if known is None:
                known = self._studies[edition_id] = self.store.load_edition(edition_id)
                while len(self._studies) > STUDIES_HELD:
                    self._studies.popitem(last=False)
            else:
                self._studies.move_to_end(edition_id)
        return known

    async def at(self, lon: float, lat: float, *, plan_id: str | None = None) -> bytes:
        """Return what is at a place: in the plan named, else in the first current plan that holds it.

        Raises
        ------
        UnknownIdError
            If the plan, or every plan, ends before the place.
        """
        for name in [plan_id] if plan_id is not None else [p.plan_id for p in self.current_plans()]:
            found = (await self.current(name)).located(lon, lat)
            if found is not None:
                return found
        if plan_id is not None:
            raise UnknownIdError("locate-outside-plan", plan_id=plan_id)
        raise UnknownIdError("locate-outside")

    def current_plans(self) -> list[PlanRecord]:
        """Return one plan a study: the one in force, else the youngest."""
        current: dict[str, PlanRecord] = {}
        for record in self.store.plans():
            held = current.get(record.study_id)
            if held is None or held.status is not PlanStatus.IN_FORCE or record.status is PlanStatus.IN_FORCE:
                current[record.study_id] = record
        return [current[study_id] for study_id in sorted(current)]

    def warm(self) -> None:
        """Load the current plans, then call the service ready."""
        for record in self.current_plans()[:PLANS_HELD]:
            self._served(record).warm()
        self.ready = True

    def warming(self) -> Iterator[None]:
        """Make what else is asked of the current plans, a little at each step."""
        for record in self.current_plans()[:PLANS_HELD]:
            yield from self._served(record).warming()

    def _served(self, record: PlanRecord) -> ServedPlan:
        key = (record.plan_id, record.version)
        held = self._take(key)
        if held is not None:
            return held
        with self._loading:  # one load at a time: two at once would take twice the memory
            held = self._take(key)
            if held is not None:
                return held
            served = self._load(record)
            with self._lock:
                self._held[key] = served
                while len(self._held) > PLANS_HELD:
                    self._held.popitem(last=False)
        return served

    def _load(self, record: PlanRecord) -> ServedPlan:
        """Load a version; where it was edited since it was measured, measure its grids again."""
        study = self.study_of(record.plan_id)
        outcome = self.store.load_outcome(record.plan_id, version=record.version, study=study)
        links = PlanMarks(self.store, record.plan_id).at(record.version).links
        outcome = replace(outcome, study=linked(study, links))
        measured = self.store.measured_version(record.plan_id, record.version)
        if measured != record.version:
            outcome = measured_again(outcome, self.store.load_plan(record.plan_id, version=measured))
        contacts = self.store.contacts(record.study_id)
        return ServedPlan(record, outcome, measured_version=measured, contacts=contacts)

    def _take(self, key: tuple[str, int]) -> ServedPlan | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)


async def shelf_of(request: Request) -> PlanShelf:
    """Return the shelf of the running service."""
    return cast("PlanShelf", request.app.state.shelf)


Shelf = Annotated[PlanShelf, Depends(shelf_of)]


def not_modified(request: Request, etag: str) -> Response | None:
    """Return a 304 when the caller holds this version already."""
    held = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in held or "*" in held:
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
    return None
