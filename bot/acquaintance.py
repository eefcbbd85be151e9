"""Who manages a group: asked of Lark beside the requests, and kept for a while."""

from __future__ import annotations

import asyncio
import logging

from bot.clock import Clock
from bot.errors import TransportError
from bot.lark.client import LarkClient
from store import directory
from store.database import Database

log = logging.getLogger(__name__)


class Acquaintance:
    """Asks Lark about groups. What it learns is in the database.

    The wish is kept in memory only: whoever needs the answer wishes again.
    """

    def __init__(
        self, db: Database, *, client: LarkClient | None, clock: Clock
    ) -> None:
        self._db = db
        self._client = client
        self._clock = clock
        self._wished: dict[str, None] = {}
        self._wake = asyncio.Event()

    def meet(self, chat: str) -> None:
        """Ask about *chat* soon."""
        self._wished[chat] = None
        self._wake.set()

    async def run(self) -> None:
        """Ask about every group that somebody wished to know, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.run_once()

    async def run_once(self) -> None:
        """Ask about every group that somebody wished to know."""
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

    async def _keep(self, chat: str, name: str, managers: tuple[str, ...]) -> None:
        now = self._clock.now()
        await self._db.write(
            lambda tx: directory.put_managers(
                tx, chat, name=name, managers=managers, now=now
            )
        )
