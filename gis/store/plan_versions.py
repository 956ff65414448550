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

    def read(self, connection: Connection, plan_id: str, version: int | None) -> Plan:
        """Return a plan at a version, or as it is now.

        Raises
        ------
        UnknownIdError
            If there is no such plan or version.
        """
        latest = connection.execute(select(tables.plan.c.version).where(tables.plan.c.plan_id == plan_id)).scalar()
        if latest is None:
            raise UnknownIdError("unknown-plan", plan_id=plan_id)
        wanted = latest if version is None else version
        with self._lock:
            held = self._held.get((plan_id, wanted))
            if held is not None and wanted <= latest:
                self._held.move_to_end((plan_id, wanted))
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
