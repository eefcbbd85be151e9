"""Says that a mute is over, where its answer said that it began."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.voice import Voice
from handlers.mute import words
from store import mutes, outbox, preferences, robots, silences
from store.database import Database, Tx
from store.errors import StoreRefused
from store.values import Channel, Destination, Kind, Mute

#: After that, it is no news that a mute is over: we were not there to say it.
NEWS = timedelta(hours=1)

log = logging.getLogger(__name__)


class Unmuting:
    """A job of the scheduler. It is safe to run late, twice, or not at all."""

    def __init__(
        self, db: Database, *, clock: Clock, voice: Voice, queued: Callable[[], None]
    ) -> None:
        self._db = db
        self._clock = clock
        self._queued = queued
        self.voice = voice

    async def tell(self) -> None:
        """Say of every mute that has ended that it is over."""
        now = self._clock.now()
        try:
            async with self._db.reading() as tx:
                if not await mutes.over(tx, since=now - NEWS, now=now):
                    return
            await self._db.write(lambda tx: tell(tx, self.voice, now=now))
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})
            return
        self._queued()


async def tell(tx: Tx, voice: Voice, *, now: datetime) -> None:
    """Write the notices about the mutes that are over.

    There is none where a digest of what the mute held says so in its headline.
    """
    for mute in await mutes.over(tx, since=now - NEWS, now=now):
        if not await mutes.mark_told(tx, mute, now=now):
            continue
        told = await mutes.was_digested(tx, mute) or await _holds_more_than_one(
            tx, mute
        )
        place = await _place(tx, mute.target)
        if not told and place is not None:
            await _notice(tx, mute, place, voice, now=now)


async def _notice(
    tx: Tx, mute: Mute, place: Destination, voice: Voice, *, now: datetime
) -> None:
    chosen = voice.to(await preferences.of(tx, place))
    await outbox.enqueue(
        tx,
        kind="notice",
        destination=place,
        channel=Channel.CHAT if place.kind is Kind.CHAT else Channel.DM,
        payload=chosen.notice(words.LIFTED, words.lifted([mute])),
        now=now,
    )


async def _holds_more_than_one(tx: Tx, mute: Mute) -> bool:
    """Whether a digest of what it held is about to be sent."""
    held = await silences.held(tx, mute.target)
    return sum(each.count for each in held if each.cause == f"mute:{mute.id}") > 1


async def _place(tx: Tx, target: Destination) -> Destination | None:
    """Return where it is said: for a robot, in the group that it is bound to."""
    if target.kind is not Kind.ROBOT:
        return target
    robot = await robots.named(tx, target.name)
    if robot is None or robot.chat is None:
        return None
    return Destination(Kind.CHAT, robot.chat)
