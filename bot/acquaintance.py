"""Who manages a group, and what people are called: asked of Lark beside the requests.

What Lark answers is in the database, and is kept for a while.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.clock import Clock
from bot.errors import Throttled, TransportError
from bot.lark.client import LarkClient
from bot.lark.people import Users
from store import directory, people
from store.database import Database

#: How soon Lark is asked once more for a name that it did not tell.
AGAIN = timedelta(days=1)
_AT_ONCE = 20

log = logging.getLogger(__name__)


class Acquaintance:
    """Asks Lark about groups and people. What it learns is in the database.

    The wish to know a group is kept in memory only: whoever needs the answer wishes
    again. Whose name is wanted is in the database (``bot.naming``).
    """

    def __init__(
        self, db: Database, *, client: LarkClient | None, clock: Clock
    ) -> None:
        self._db = db
        self._client = client
        self._users = Users(client) if client else None
        self._clock = clock
        self._wished: dict[str, None] = {}
        self._wake = asyncio.Event()

    def meet(self, chat: str) -> None:
        """Ask about *chat* soon."""
        self._wished[chat] = None
        self._wake.set()

    def wake(self) -> None:
        """Look soon whether a name is wanted."""
        self._wake.set()

    async def run(self) -> None:
        """Ask about every group and person that somebody wished to know, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.run_once()

    async def run_once(self) -> None:
        """Ask about every group and person that somebody wished to know."""
        while self._wished and self._client is not None:
            chat = next(iter(self._wished))
            del self._wished[chat]
            try:
                found = await self._client.chat(chat)
            except TransportError as exc:
                log.warning(
                    "Lark does not say who manages a group",
                    extra={"chat": chat, "reason": str(exc)},
                )
                continue
            await self._keep(chat, found.name, found.managers)
        await self._names()

    async def _names(self) -> None:
        """Ask what people are called. Without the scope for it, Lark tells nothing."""
        if self._users is None:
            return
        before = self._clock.now() - AGAIN
        async with self._db.reading() as tx:
            strangers = await people.strangers(tx, before=before, most=_AT_ONCE)
        for open_id in strangers:
            try:
                name = (await self._users.user(open_id)).name
            except TransportError as exc:
                log.info("Lark tells no name", extra={"reason": str(exc)})
                if exc.code is None or isinstance(exc, Throttled):
                    return  # It did not answer: the next one who speaks asks again.
                name = ""
            await self._introduce(open_id, name)

    async def _introduce(self, open_id: str, name: str) -> None:
        now = self._clock.now()
        if name:
            await self._db.write(lambda tx: people.meet(tx, open_id, name, now=now))
        else:
            await self._db.write(lambda tx: people.stay_stranger(tx, open_id, now=now))

    async def _keep(self, chat: str, name: str, managers: tuple[str, ...]) -> None:
        now = self._clock.now()
        await self._db.write(
            lambda tx: directory.put_managers(
                tx, chat, name=name, managers=managers, now=now
            )
        )
