"""The append-only chain of a plan's edits: each is sealed over what it says and the seal before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from gis.model.errors import GisError
from gis.store.tables import tables

__all__ = [
    "Edit",
    "EditChainBrokenError",
    "EditKeyReusedError",
    "append",
    "chain",
    "digest",
    "find_by_key",
    "seal",
    "verify_chain",
]

FIRST = "0" * 64  # what the first edit of a chain follows


class EditKeyReusedError(GisError, ValueError):
    """An idempotency key came back with another edit."""


class EditChainBrokenError(GisError, ValueError):
    """A stored edit is not the one that was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a plan as it was accepted.

    Parameters
    ----------
    seq
        Version that the edit made.
    base_version
        Version that it was made on; ``seq - 1`` for every accepted edit.
    payload
        ``moves`` with unit_id, from and to; ``grids`` with grid_id, before and after (None where
        the grid is not there); ``status`` with from and to; further facts as they came.
    """

    plan_id: str
    seq: int
    base_version: int
    author: str
    at: str
    kind: str
    payload: Mapping[str, Any]
    idempotency_key: str
    request_hash: str
    prev_hash: str
    hash: str


def canonical(value: object) -> str:
    """Return JSON that is the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """Return the sha256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def seal(fields: Mapping[str, Any]) -> str:
    """Return the hash of an edit: over all that it says and the hash of the edit before."""
    return digest({k: v for k, v in fields.items() if k != "hash"})


def append(connection: Connection, fields: Mapping[str, Any]) -> Edit:
    """Add one sealed edit to its chain."""
    last = select(tables.plan_edit.c.hash).where(
        tables.plan_edit.c.plan_id == fields["plan_id"], tables.plan_edit.c.seq == fields["seq"] - 1
    )
    linked = {**fields, "prev_hash": connection.execute(last).scalar_one_or_none() or FIRST}
    edit = Edit(**linked, hash=seal(linked))
    connection.execute(
        insert(tables.plan_edit).values(**{**linked, "payload": canonical(edit.payload)}, hash=edit.hash)
    )
    return edit


def chain(connection: Connection, plan_id: str, *, after: int = 0) -> tuple[Edit, ...]:
    """Read the edits of a plan after a version, oldest first."""
    edits = tables.plan_edit
    query = select(edits).where(edits.c.plan_id == plan_id, edits.c.seq > after).order_by(edits.c.seq)
    return tuple(_edit(row) for row in connection.execute(query).mappings())


def _edit(row: RowMapping) -> Edit:
    return Edit(**{**row, "payload": json.loads(row["payload"])})


def find_by_key(connection: Connection, plan_id: str, key: str) -> Edit | None:
    """Return the edit that was accepted under an idempotency key."""
    edits = tables.plan_edit
    query = select(edits).where(edits.c.plan_id == plan_id, edits.c.idempotency_key == key)
    row = connection.execute(query).mappings().first()
    return None if row is None else _edit(row)


def verify_chain(edits: tuple[Edit, ...]) -> None:
    """Raise EditChainBrokenError at the first edit that was changed, left out or put in."""
    before = FIRST
    for seq, edit in enumerate(edits, start=1):
        fields = {name: getattr(edit, name) for name in Edit.__slots__}
        if edit.seq != seq or edit.prev_hash != before or seal(fields) != edit.hash:
            raise EditChainBrokenError("edit-chain-broken", plan_id=edit.plan_id, seq=seq)
        before = edit.hash
