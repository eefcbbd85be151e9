"""Who we are in Lark: learnt once, kept, since each question counts against a quota."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.doors.lark import LarkDoor
from bot.errors import Parked, Refused, Throttled, TransportError
from bot.lark.client import LarkClient
from store import identity
from store.database import Database

#: How long to wait before asking again, in seconds: longer each time, up to the last.
PAUSES = (1.0, 5.0, 30.0, 300.0)

log = logging.getLogger(__name__)


class Presence:
    """Finds our own open_id, by which mentions of us are told from others.

    Says through ``heard`` whether Lark answers at all, or what is wrong.
    """

    def __init__(
        self,
        db: Database,
        *,
        client: LarkClient | None,
        door: LarkDoor | None,
        heard: Callable[[str], None] = lambda trouble: None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._client = client
        self._door = door
        self._heard = heard
        self._pause = pause

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
        found = await self._ask(client)
        await self._db.write(lambda tx: identity.remember(tx, name, found))
        return found

    async def _ask(self, client: LarkClient) -> str:
        failures = 0
        while True:
            try:
                found = await client.bot_open_id()
                self._heard("")
                if found:
                    return found
                reason = "the app has no bot: add the Bot feature in its console"
            except (Refused, Parked, Throttled) as exc:
                self._heard("")  # An answer, if not the one that was hoped for.
                reason = str(exc)
            except TransportError as exc:
                reason = str(exc)
                self._heard(reason)
            log.warning("Lark does not say who we are", extra={"reason": reason})
            await self._pause(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1
