"""PostgreSQL through asyncpg: for many replicas on one database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

from store import migrations, statements
from store.database import GroupCommit, Insertion, Row, Tx, Work
from store.errors import Collided, StoreError, StoreRefused, Taken
from store.secrets import Keyring

T = TypeVar("T")

#: One connection writes groups; the rest read, or hold transactions of their own.
POOL = 8


class _Connection(asyncpg.Connection):
    """A connection that holds nothing but its transaction."""

    def get_reset_query(self) -> str:
        """Return nothing: we change no settings, and to put them back is a trip."""
        return ""


class _Adapter(AsyncPGAdapter):
    """aiosql's adapter, which need not find out whether it was given a pool."""

    async def select(
        self, conn: Any, name: str, sql: str, parameters: Any, record_class: Any = None
    ) -> AsyncIterator[Any]:
        for row in await conn.fetch(sql, *self._ordered(name, parameters)):
            yield row

    async def select_one(
        self, conn: Any, name: str, sql: str, parameters: Any, record_class: Any = None
    ) -> Any:
        return await conn.fetchrow(sql, *self._ordered(name, parameters))

    async def select_value(
        self, conn: Any, name: str, sql: str, parameters: Any
    ) -> Any:
        return await conn.fetchval(sql, *self._ordered(name, parameters))

    async def insert_returning(
        self, conn: Any, name: str, sql: str, parameters: Any
    ) -> Any:
        return await conn.fetchval(sql, *self._ordered(name, parameters))

    async def insert_update_delete(
        self, conn: Any, name: str, sql: str, parameters: Any
    ) -> int:
        # asyncpg answers with PostgreSQL's command tag: "UPDATE 3".
        tag = await conn.execute(sql, *self._ordered(name, parameters))
        return int(tag.rsplit(" ", 1)[-1])

    def _ordered(self, name: str, parameters: Any) -> Sequence[Any]:
        ordered: Sequence[Any] = self.maybe_order_params(  # type: ignore[no-untyped-call]
            name, parameters
        )
        return ordered


class _PostgresTx:
    """The statements of one transaction, or of one view."""

    def __init__(
        self, connection: Any, named: dict[str, Any], keyring: Keyring
    ) -> None:
        self._connection = connection
        self._named = named
        self.keyring = keyring

    async def all(self, query: str, /, **parameters: Any) -> list[Row]:
        return [row async for row in self._named[query](self._connection, **parameters)]

    async def one(self, query: str, /, **parameters: Any) -> Row | None:
        row: Row | None = await self._named[query](self._connection, **parameters)
        return row

    async def value(self, query: str, /, **parameters: Any) -> Any:
        return await self._named[query](self._connection, **parameters)

    async def run(self, query: str, /, **parameters: Any) -> int:
        return int(await self._named[query](self._connection, **parameters))

    async def insert(self, query: str, /, **parameters: Any) -> Sequence[int]:
        try:
            numbers: Sequence[int] = await self._named[query](
                self._connection, **parameters
            )
        except asyncpg.UniqueViolationError:
            raise Taken("one of the rows was there already") from None
        return numbers

    async def many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        if rows:
            await self._named[query](self._connection, rows)


class Postgres:
    """A PostgreSQL database, through a pool of connections."""

    engine = "postgres"

    def __init__(self, pool: asyncpg.Pool, keyring: Keyring) -> None:
        self._pool = pool
        self._named = statements.load(_Adapter, engine="postgres")
        self._group = GroupCommit(self._run)
        self.keyring = keyring

    @classmethod
    async def open(cls, url: str, *, keyring: Keyring) -> Postgres:
        """Connect to *url* and bring its schema up to date."""
        pool = asyncpg.create_pool(
            url, min_size=2, max_size=POOL, connection_class=_Connection
        )
        try:
            await pool
            async with pool.acquire() as connection:
                await migrations.migrate_postgres(connection)
            return cls(pool, keyring)
        except BaseException as exc:
            await pool.close()
            if isinstance(exc, ValueError):
                # What could not be read of it may be a piece of the password.
                raise StoreError(
                    "cannot open the PostgreSQL database: its URL cannot be read; "
                    "write postgresql://user:password@host/name, and what is special "
                    "in the password as %40 and the like"
                ) from None
            if not isinstance(exc, (OSError, asyncpg.PostgresError)):
                raise
            # The URL may hold a password, so it is not repeated.
            raise StoreError(
                f"cannot open the PostgreSQL database: {exc or type(exc).__name__}"
            ) from None

    async def write(self, work: Work[T]) -> T:
        """Run *work* in the next group commit."""
        return await self._group.write(work)

    async def _run(self, works: Sequence[Work[Any]]) -> list[Any]:
        if len(works) == 1 and isinstance(works[0], Insertion):
            async with self.reading() as tx:
                # By itself, a statement is a transaction already.
                return [await works[0](tx)]
        async with self.transaction() as tx:
            return [await work(tx) for work in works]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction of one's own."""
        async with (
            self._refusals(),
            self._pool.acquire() as connection,
            connection.transaction(),
        ):
            yield _PostgresTx(connection, self._named, self.keyring)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """Open a view for reading."""
        async with self._refusals(), self._pool.acquire() as connection:
            yield _PostgresTx(connection, self._named, self.keyring)

    @asynccontextmanager
    async def _refusals(self) -> AsyncIterator[None]:
        """Say in our own words that the database took nothing."""
        try:
            yield
        except asyncpg.TransactionRollbackError as exc:
            raise Collided(f"the database refused: {type(exc).__name__}") from exc
        except _AWAY as exc:
            # The other connections lead to the same server, which is gone, or does
            # not take changes any more: the next ones are made anew.
            await self._pool.expire_connections()
            raise StoreRefused(f"the database refused: {type(exc).__name__}") from exc

    async def close(self) -> None:
        """Finish what was written and close."""
        await self._group.close()
        await self._pool.close()


#: What it looks like when PostgreSQL is away, full or read-only.
_AWAY = (
    OSError,
    asyncpg.InterfaceError,
    # What asyncpg says of a connection that was cut off while it was idle.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
