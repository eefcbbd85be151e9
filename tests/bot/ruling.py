"""The windows, mutes and digests of a house: made, changed, lifted, let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.rules.methods import ALL
from handlers.rules.schedules import COLLECTABLE
from sandbox import Chat
from store import mutes, schedules, silences, windows
from store.database import Database
from store.values import Destination, Kind, Mute, Schedule, Window
from tests.conftest import HandClock


class Ruling:
    """What people set for a place: the group ops, unless told otherwise."""

    db: Database
    clock: HandClock
    ops: Chat

    @property
    def chat(self) -> Destination:
        """The group ops, by the app."""
        return Destination(Kind.CHAT, self.ops.chat_id)

    async def window(self, *, hours: float = 8, **settings: Any) -> Window:
        """Open a window from now on, for some hours, over everything."""
        now = self.clock.now()
        start = now.hour * 60 + now.minute
        wanted: dict[str, Any] = {
            "name": "nights",
            "target": self.chat,
            "start": start,
            "end": (start + int(hours * 60)) % (24 * 60),
            "zone": "UTC",
            "mutes": ALL,
            "created_by": "ou_lin",
            "created_at": now,
        }
        window = Window(id=0, **{**wanted, **settings})
        return await self.db.write(lambda tx: windows.add(tx, window))

    async def mute(self, *, hours: float, **settings: Any) -> Mute:
        """Mute everything from now on."""
        now = self.clock.now()
        wanted: dict[str, Any] = {
            "target": self.chat,
            "where": "",
            "until": now + timedelta(hours=hours),
            "mutes": ALL,
            "created_by": "ou_wei",
            "created_at": now,
        }
        mute = Mute(id=0, **{**wanted, **settings})
        return await self.db.write(lambda tx: mutes.add(tx, mute))

    async def digest(self, *times: int, **settings: Any) -> Schedule:
        """Collect everything for these hours of each day."""
        wanted: dict[str, Any] = {
            "name": "",
            "target": self.chat,
            "times": tuple(hour * 60 for hour in times),
            "zone": "UTC",
            "collects": COLLECTABLE,
            "created_by": "ou_wei",
            "created_at": self.clock.now(),
        }
        schedule = Schedule(id=0, **{**wanted, **settings})
        return await self.db.write(lambda tx: schedules.add(tx, schedule))

    async def drop_digest(self, schedule: Schedule) -> int:
        """Take a digest away, and let go of what it keeps, as ``/digest off`` does."""
        now = self.clock.now()

        async def write(tx: Any) -> int:
            await schedules.remove(tx, schedule.id)
            return await silences.release_cause(tx, f"digest:{schedule.id}", now=now)

        return await self.db.write(write)

    async def change(self, window: Window, **settings: Any) -> None:
        """Make a window another one."""
        changed = replace(window, **settings)
        await self.db.write(lambda tx: windows.put(tx, changed, now=self.clock.now()))

    async def lift_everything(self, target: Destination | None = None) -> None:
        """Take away every window and mute, as ``/dnd off`` and ``/unmute`` do."""
        now = self.clock.now()

        async def write(tx: Any) -> None:
            for window in await windows.of(tx, target or self.chat):
                await windows.remove(tx, window.id)
            for mute in await mutes.of(tx, target or self.chat, now=now):
                await mutes.lift(tx, mute.id, now=now)

        await self.db.write(write)

    async def release(self, target: Destination | None = None) -> int:
        """Let go of what is held, as ``/dnd off`` does."""
        now = self.clock.now()
        return await self.db.write(
            lambda tx: silences.release(tx, target or self.chat, now=now)
        )
