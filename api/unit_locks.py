"""Units that a plan has locked, read from its edits; every version's answer never changes."""

from __future__ import annotations

from threading import Lock

from gis.store import Edit, Store

__all__ = ["UnitLocks"]


class UnitLocks:
    """The locked units of one plan, by version; only edits that are new are read."""

    def __init__(self, store: Store, plan_id: str) -> None:
        self._store = store
        self._plan_id = plan_id
        self._read_up_to = 0
        self._changes: list[tuple[int, frozenset[str], bool]] = []
        self._lock = Lock()

    def at(self, version: int) -> frozenset[str]:
        """Return the units that are locked at a version."""
        with self._lock:
            if version > self._read_up_to:
                self._read(self._store.history(self._plan_id, after=self._read_up_to))
            locked: frozenset[str] = frozenset()
            for seq, units, on in self._changes:
                if seq > version:
                    break
                locked = locked | units if on else locked - units
            return locked

    def _read(self, edits: tuple[Edit, ...]) -> None:
        for edit in edits:
            locks = edit.payload.get("unit_locks")
            if locks is not None:
                self._changes.append((edit.seq, frozenset(locks["units"]), bool(locks["locked"])))
            self._read_up_to = edit.seq
