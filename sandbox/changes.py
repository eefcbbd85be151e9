"""Waiting for something to happen, without looking at a clock."""

from __future__ import annotations

import asyncio


class Changes:
    """Wakes whoever waits, whenever something happened in the tenant."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Wake everybody who waits."""
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def wait(self) -> None:
        """Return when something has happened."""
        one = asyncio.get_running_loop().create_future()
        self._waiting.add(one)
        try:
            await one
        finally:
            self._waiting.discard(one)
