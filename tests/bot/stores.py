"""Databases that take their time, or refuse: all else is a real one's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from store.database import Database, Tx
from store.errors import StoreRefused


class Gate:
    """A database whose changes wait at a gate. Everything else is the real one's."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def write(self, work: Any) -> Any:
        self.reached.set()
        await self.open.wait()
        return await self._db.write(work)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


class Away:
    """A database that refuses everything while it is ``gone``, or that ``hangs``."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.gone = False
        self.hangs = False

    async def write(self, work: Any) -> Any:
        self._refuse()
        return await self._db.write(work)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        self._refuse()
        if self.hangs:
            await asyncio.Event().wait()
        async with self._db.reading() as tx:
            yield tx

    def _refuse(self) -> None:
        if self.gone:
            raise StoreRefused("the database refused: OSError")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)
