"""Who we are in Lark: learnt once, kept, since each question counts against a quota."""

from __future__ import annotations

import asyncio
import logging

from bot.doors.lark import LarkDoor
from bot.errors import TransportError
from bot.lark.client import LarkClient
from store import identity
from store.database import Database

#: How long to wait before asking again, in seconds: longer each time, up to the last.
PAUSES = (1.0, 5.0, 30.0, 300.0)

log = logging.getLogger(__name__)


class Presence:
    """Finds our own open_id, by which mentions of us are told from others."""

    def __init__(
        self,
        db: Database,
        *,
        client: LarkClient | None,
        door: LarkDoor | None,
    ) -> None:
        self._db = db
        self._client = client
        self._door = door

    async def run(self) -> None:
        """Learn it, then rest. Until then the first mention is taken for ours."""
        if self._client is not None and self._door is not None:
            self._door.bot_open_id = await self._open_id(self._client)
        await asyncio.Event().wait()

    async def _open_id(self, client: LarkClient) -> str:
        name = f"open_id of {client.app_id}"
        async with self._db.reading() as tx:
            known = await identity.recall(tx, name)
        if known:
            return known
        found = await _ask(client)
        await self._db.write(lambda tx: identity.remember(tx, name, found))
        return found


async def _ask(client: LarkClient) -> str:
    failures = 0
    while True:
        try:
            if found := await client.bot_open_id():
                return found
        except TransportError as exc:
            log.warning("Lark does not say who we are", extra={"reason": str(exc)})
        await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
        failures += 1
