"""Comments on a plan: on a grid, on a place, or on the whole. They are closed, never changed or lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, update

from gis.model.errors import UnknownIdError
from gis.store.database import reading
from gis.store.projection import lock_plan
from gis.store.tables import tables

__all__ = ["Comment", "CommentBook"]

Writing = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody remarked.

    Parameters
    ----------
    grid_id
        The grid it is about, None for a place or the whole plan.
    lon, lat
        The place it is about in WGS 84, None for a grid or the whole plan.
    closed_at, closed_by
        When and by whom it was settled; None while it is open.
    """

    comment_id: str
    plan_id: str
    grid_id: str | None
    lon: float | None
    lat: float | None
    text: str
    author: str
    at: str
    closed_at: str | None
    closed_by: str | None


class CommentBook:
    """The comments of a store. Safe to share between threads and processes."""

    def __init__(self, engine: Engine, writing: Writing, *, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writing = writing
        self._now = now

    def write(
        self,
        plan_id: str,
        text: str,
        *,
        author: str,
        grid_id: str | None = None,
        place: tuple[float, float] | None = None,
    ) -> Comment:
        """Add a comment; `place` is longitude and latitude.

        Raises
        ------
        UnknownIdError
            If there is no such plan, or no such grid in it.
        """
        comments, grids = tables.plan_comment, tables.plan_grid
        lon, lat = place if place is not None else (None, None)
        with self._writing() as connection:
            lock_plan(connection, plan_id)
            if grid_id is not None:
                there = select(grids.c.grid_id).where(grids.c.plan_id == plan_id, grids.c.grid_id == grid_id)
                if connection.execute(there).first() is None:
                    raise UnknownIdError("unknown-grid", grid_id=grid_id)
            seq = (connection.execute(select(func.max(comments.c.seq))).scalar_one() or 0) + 1
            connection.execute(
                insert(comments).values(
                    comment_id=f"comment-{seq}", seq=seq, plan_id=plan_id, grid_id=grid_id, lon=lon, lat=lat,
                    text=text, author=author, at=self._stamp(),
                )
            )  # fmt: skip
            return self._read(connection, plan_id, f"comment-{seq}")

    def close(self, plan_id: str, comment_id: str, *, author: str) -> Comment:
        """Settle a comment; one that is settled stays as it is.

        Raises
        ------
        UnknownIdError
            If the plan has no such comment.
        """
        comments = tables.plan_comment
        with self._writing() as connection:
            self._read(connection, plan_id, comment_id)
            is_open = (comments.c.comment_id == comment_id) & comments.c.closed_at.is_(None)
            connection.execute(update(comments).where(is_open).values(closed_at=self._stamp(), closed_by=author))
            return self._read(connection, plan_id, comment_id)

    def listed(self, plan_id: str) -> tuple[Comment, ...]:
        """List the comments of a plan, oldest first."""
        comments = tables.plan_comment
        query = select(comments).where(comments.c.plan_id == plan_id).order_by(comments.c.seq)
        with reading(self._engine) as connection:
            return tuple(_comment(row) for row in connection.execute(query).mappings())

    def _read(self, connection: Connection, plan_id: str, comment_id: str) -> Comment:
        comments = tables.plan_comment
        query = select(comments).where(comments.c.plan_id == plan_id, comments.c.comment_id == comment_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownIdError("unknown-comment", plan_id=plan_id, comment_id=comment_id)
        return _comment(row)

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds")


def _comment(row: RowMapping) -> Comment:
    return Comment(**{name: row[name] for name in Comment.__slots__})
