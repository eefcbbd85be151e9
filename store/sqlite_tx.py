"""Statements in SQLite: aiosql over aiosqlite, with few trips to its thread."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiosqlite
from aiosql.adapters.aiosqlite import AioSQLiteAdapter

from store.database import Row
from store.errors import Taken
from store.secrets import Keyring

T = TypeVar("T")


class Adapter(AioSQLiteAdapter):
    """aiosql's adapter with one trip to the driver's thread a statement, not three."""

    async def select(
        self, conn: Any, _name: str, sql: str, parameters: Any, record_class: Any = None
    ) -> AsyncIterator[Any]:
        """Yield the rows."""
        for row in await conn.execute_fetchall(sql, parameters):
            yield row

    async def select_one(
        self, conn: Any, _name: str, sql: str, parameters: Any, record_class: Any = None
    ) -> Any:
        """Return the first row, or ``None``."""
        for row in await conn.execute_fetchall(sql, parameters):
            return row
        return None

    async def select_value(
        self, conn: Any, _name: str, sql: str, parameters: Any
    ) -> Any:
        """Return the first column of the first row, or ``None``."""
        for row in await conn.execute_fetchall(sql, parameters):
            return row[0]
        return None

    async def insert_update_delete(
        self, conn: Any, _name: str, sql: str, parameters: Any
    ) -> int:
        """Return how many rows were changed."""
        cursor = await conn.execute(sql, parameters)
        return int(cursor.rowcount)

    async def insert_returning(
        self, conn: Any, _name: str, sql: str, parameters: Any
    ) -> Sequence[int]:
        """Return the numbers of the rows that were inserted."""
        # Without RETURNING: the loop and the thread hand the interpreter over and back
        # for each row of an answer. Nobody else writes: the numbers are a row.
        cursor = await conn.execute(sql, parameters)
        last = cursor.lastrowid
        return range(last - cursor.rowcount + 1, last + 1)

    async def insert_update_delete_many(
        self, conn: Any, _name: str, sql: str, parameters: Any
    ) -> None:
        """Run it once for each of *parameters*."""
        await conn.executemany(sql, parameters)


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, which can be handed more than one statement at once."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run *work* in the connection's own thread."""
        answer: T = await self._execute(  # type: ignore[no-untyped-call]
            lambda: work(self._conn)
        )
        return answer


class Here:
    """What the adapter needs of a connection, for who is in its thread already."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def execute_fetchall(self, sql: str, parameters: Any) -> list[Any]:
        """Return every row of the answer."""
        return self._connection.execute(sql, parameters).fetchall()

    async def execute(self, sql: str, parameters: Any) -> sqlite3.Cursor:
        """Run one statement."""
        return self._connection.execute(sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> None:
        """Run it once for each of *parameters*."""
        self._connection.executemany(sql, parameters)


class SqliteTx:
    """The statements of one transaction, or of one view."""

    def __init__(
        self,
        connection: aiosqlite.Connection | Here,
        named: dict[str, Any],
        keyring: Keyring,
    ) -> None:
        self._connection = connection
        self._named = named
        self.keyring = keyring

    async def all(self, query: str, /, **parameters: Any) -> list[Row]:
        """Return every row that *query* answers."""
        return [row async for row in self._named[query](self._connection, **parameters)]

    async def one(self, query: str, /, **parameters: Any) -> Row | None:
        """Return the first row that *query* answers, or ``None``."""
        row: Row | None = await self._named[query](self._connection, **parameters)
        return row

    async def value(self, query: str, /, **parameters: Any) -> Any:
        """Return the first column of the first row, or ``None``."""
        return await self._named[query](self._connection, **parameters)

    async def run(self, query: str, /, **parameters: Any) -> int:
        """Run a change; return how many rows it touched."""
        return int(await self._named[query](self._connection, **parameters))

    async def insert(self, query: str, /, **parameters: Any) -> Sequence[int]:
        """Run an insertion; return its numbers, or raise ``Taken``."""
        try:
            numbers: Sequence[int] = await self._named[query](
                self._connection, **parameters
            )
        except sqlite3.IntegrityError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise Taken("one of the rows was there already") from None
        return numbers

    async def many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Run a change once for each of *rows*."""
        if rows:
            await self._named[query](self._connection, rows)
