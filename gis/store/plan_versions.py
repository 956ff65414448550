"""Versions of plans in memory: what a version says never changes, so it is read once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection, select

from gis.model.errors import UnknownIdError
from gis.model.plan import Plan
from gis.store.projection import read_plan
from gis.store.tables import tables

__all__ = ["PlanVersions"]

HELD = 48  # versions; one of all of Singapore is a few hundred kilobytes, most of it shared with the one before


class PlanVersions:
    """The versions asked for last. Safe to share between threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, int], Plan] = OrderedDict()
        self._lock = Lock()

    def held(self, plan_id: str, version: int) -> Plan | None:
        """Return a version that is in memory; what was committed once is there for good."""
        with self._lock:
            plan = self._held.get((plan_id, version))
            if plan is not None:
                self._held.move_to_end((plan_id, version))
            return plan

    def read(self, connection: Connection, plan_id: str, version: int | None) -> Plan:
        """Return a plan at a version, or as it is now.

        Raises
        ------
        UnknownIdError
            If there is no such plan or version.
        """
        wanted = version
        if wanted is None:
            latest = select(tables.plan.c.version).where(tables.plan.c.plan_id == plan_id)
            wanted = connection.execute(latest).scalar()
        if wanted is None:
            raise UnknownIdError("unknown-plan", plan_id=plan_id)
        held = self.held(plan_id, wanted)
        if held is not None:
            return held
        plan = read_plan(connection, plan_id, version=wanted)
        self.keep(plan_id, plan)
        return plan

    def keep(self, plan_id: str, plan: Plan) -> None:
        """Hold a version that is committed."""
        with self._lock:
            self._held[plan_id, plan.version] = plan
            while len(self._held) > HELD:
                self._held.popitem(last=False)
