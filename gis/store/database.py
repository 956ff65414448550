"""Connections: SQLite embedded, PostgreSQL by URL; the same code above."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select
from sqlalchemy.engine import make_url

from gis.model.errors import FileRefusedError
from gis.store.tables import SCHEMA_VERSION, metadata, tables

__all__ = ["open_database", "reading", "writing"]

ONLY_ADDED_SINCE = (1, 2)  # versions whose tables are all as they were: the new ones are added
_BUSY_MS = 30_000  # how long a writer waits for another before it gives up
_PRAGMAS = (
    "journal_mode=DELETE",  # WAL with several connections can corrupt below SQLite 3.51.3
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_spill=OFF",  # a large load must not lock readers out before it commits
    f"busy_timeout={_BUSY_MS}",
)


def open_database(url: str) -> Engine:
    """Open a database, make the tables in an empty one and add what an older one lacks.

    Raises
    ------
    FileRefusedError
        If its tables are of another version of this program.
    """
    engine = create_engine(url)
    if make_url(url).get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    with writing(engine) as connection:
        if not inspect(connection).has_table("schema_version"):
            metadata.create_all(connection)
            connection.execute(insert(tables.schema_version).values(version=SCHEMA_VERSION))
        found = connection.execute(select(func.max(tables.schema_version.c.version))).scalar_one()
        if found in ONLY_ADDED_SINCE:
            metadata.create_all(connection)
            connection.execute(insert(tables.schema_version).values(version=SCHEMA_VERSION))
            found = SCHEMA_VERSION
    if found != SCHEMA_VERSION:
        engine.dispose()
        raise FileRefusedError("store-other-version", found=found, expected=SCHEMA_VERSION)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one writing transaction; SQLite takes its write lock at the start."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one reading transaction, so that several queries agree."""
    with engine.connect() as connection, connection.begin():
        yield connection


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves
        cursor = dbapi_connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
