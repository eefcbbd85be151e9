"""SQLite through aiosqlite: one connection writes, another reads beside it (WAL)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from store import migrations, statements
from store.database import Aside, GroupCommit, Insertion, Tx, Work
from store.errors import StoreError, StoreRefused
from store.secrets import Keyring
from store.sqlite_tx import Adapter, Connection, Here, SqliteTx

T = TypeVar("T")

#: How long a statement waits for another process to let go of the file.
BUSY_MS = 5_000

#: Works that may run in the connection's thread.
_APART = (Aside, Insertion)

#: What it looks like when the file cannot be used: locked, full, read-only, broken.
#: Any other error is the statement's own.
_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


class Sqlite:
    """A SQLite file. Durable: a commit returns after the disk has it."""

    engine = "sqlite"

    def __init__(
        self,
        writer: Connection,
        reader: Connection,
        keyring: Keyring,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()
        self._named = statements.load(Adapter, engine="sqlite")
        self._group = GroupCommit(self._run)
        self.keyring = keyring

    @classmethod
    async def open(cls, path: str, *, keyring: Keyring) -> Sqlite:
        """Open *path*, made where it is missing, and bring its schema up to date."""
        opened: list[Connection] = []
        try:
            # aiosqlite leaves a thread behind when it cannot open the file.
            sqlite3.connect(path).close()
            opened.append(writer := await _connect(path))
            opened.append(reader := await _connect(path))
            await migrations.migrate_sqlite(writer)
            await reader.execute("PRAGMA query_only = ON")
            return cls(writer, reader, keyring)
        except BaseException as exc:
            for connection in opened:
                await connection.close()
            if isinstance(exc, sqlite3.Error):
                raise StoreError(f"cannot open the database {path}: {exc}") from None
            raise

    async def write(self, work: Work[T]) -> T:
        """Run *work* in the next group commit."""
        return await self._group.write(work)

    async def _run(self, works: Sequence[Work[Any]]) -> list[Any]:
        # What is handed to the thread waits for it, and its answer for the loop to come
        # round again: so there are no more trips than there must be.
        if all(isinstance(work, _APART) for work in works):
            return await self._run_apart(works)
        async with self.transaction() as tx:
            return [await self._run_within(tx, work) for work in works]

    async def _run_within(self, tx: Tx, work: Work[T]) -> T:
        if not isinstance(work, Aside):
            return await work(tx)
        return await self._writer.run(lambda here: _finished(work(self._there(here))))

    async def _run_apart(self, works: Sequence[Work[Any]]) -> list[Any]:
        async with self._lock:
            try:
                if len(works) == 1 and isinstance(works[0], Insertion):
                    tx = SqliteTx(self._writer, self._named, self.keyring)
                    return [await works[0](tx)]
                return await self._writer.run(lambda here: self._run_there(here, works))
            except sqlite3.Error as exc:
                if _is_away(exc):
                    raise StoreRefused(f"the database refused: {exc}") from exc
                raise

    def _run_there(
        self, connection: sqlite3.Connection, works: Sequence[Work[Any]]
    ) -> list[Any]:
        tx = self._there(connection)
        try:
            connection.execute("BEGIN IMMEDIATE")
            answers = [_finished(work(tx)) for work in works]
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        return answers

    def _there(self, connection: sqlite3.Connection) -> SqliteTx:
        """Return the statements for who is in the connection's thread."""
        return SqliteTx(Here(connection), self._named, self.keyring)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction of one's own; nobody else writes meanwhile."""
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield SqliteTx(self._writer, self._named, self.keyring)
                await self._writer.commit()
            except BaseException as exc:
                # Cancellation is not an Exception, and must roll back too.
                await asyncio.shield(self._writer.rollback())
                if _is_away(exc):
                    raise StoreRefused(f"the database refused: {exc}") from exc
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """Open a view for reading."""
        try:
            yield SqliteTx(self._reader, self._named, self.keyring)
        except sqlite3.Error as exc:
            if _is_away(exc):
                raise StoreRefused(f"the database refused: {exc}") from exc
            raise

    async def close(self) -> None:
        """Finish what was written and close."""
        await self._group.close()
        await self._reader.close()
        await self._writer.close()


def _finished(work: Awaitable[T]) -> T:
    """Return the answer of *work*, which has nothing to wait for."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        answer: T = done.value
        return answer
    raise RuntimeError("a work that runs aside waits for nothing but its Tx")


def _is_away(exc: BaseException) -> bool:
    if not isinstance(exc, sqlite3.Error):
        return False
    # The low byte; the rest of an extended code says more than we ask.
    return getattr(exc, "sqlite_errorcode", 0) & 0xFF in _AWAY


async def _connect(path: str) -> Connection:
    connect = partial(sqlite3.connect, path, isolation_level=None)
    connection = Connection(connect, iter_chunk_size=64)
    await connection
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            # FULL: in WAL mode, the only level at which a power cut loses no commit.
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        await _use_wal(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _use_wal(connection: Connection) -> None:
    # Two processes that start at once on a new file: the second is refused at once,
    # whatever the busy timeout says, so it asks again until the first is through.
    for _ in range(BUSY_MS // 20):
        try:
            # Fetched to the end: an open answer would keep the file locked.
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await asyncio.sleep(0.02)
        else:
            return
    await connection.execute_fetchall("PRAGMA journal_mode = WAL")
