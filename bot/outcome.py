"""What came of a message: delivered, again later, parked, or given up.

Written in one transaction with the lane that is given back.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.posting import Posting
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.governor import Governor
from bot.lark import codes
from bot.lark.codes import TargetGone
from bot.telling import SHUT, Telling
from bot.voice import Voice
from handlers.errors import words_of
from handlers.rules.policy import NEVER_LATE
from handlers.rules.reach import BY_CONTACT
from handlers.rules.retry import next_attempt
from store import lanes, outbox, posts
from store.database import Tx
from store.lanes import Lane
from store.values import Channel, Kind, State
from store.wording import _

#: A parked lane is tried again this often, in case nobody tells us that it works.
PARKED_FOR = timedelta(hours=1)
#: …and what helps only at once, this often.
PARKED_FOR_NOW = timedelta(minutes=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change.

    ``by_contact``: channels that go to an address, and nowhere without a proved one.
    ``buzzed``: channels that are a buzz about a direct message.
    """

    voice: Voice
    governor: Governor
    telling: Telling
    by_contact: frozenset[Channel] = BY_CONTACT
    buzzed: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt and its answer. ``chance`` in [0, 1) spreads the next attempt."""

    posting: Posting
    remote: str
    error: TransportError | None
    settings: Settings
    worker: str
    chance: float
    now: datetime

    async def write(self, tx: Tx) -> None:
        """Write it, and give the lane back with its pace."""
        lane, outgoing = self.posting.lane, self.posting.outgoing
        pace_until = self.now + self.settings.governor.interval(lane)
        match self.error:
            case None:
                await self._delivered(tx)
            case Throttled():
                pace_until = max(pace_until, self.now + self.error.retry_after)
                await self._again(tx, self.error, at=self.now, counts=False)
            case Parked():
                await self._again(tx, self.error, at=self.now, counts=False)
                await park(
                    tx,
                    lane,
                    words_of(self.error),
                    telling=self.settings.telling,
                    now=self.now,
                )
            case TargetGone() if outgoing.address:
                await outbox.drop_address(tx, outgoing)
                await self._again(tx, self.error, at=self.now, counts=True)
            case TransportError(code=codes.BEING_SENT) if self._is_there_already():
                await self._delivered(tx)
            case Refused():
                await self._give_up(tx, words_of(self.error))
            case _:
                await self._retry(tx, self.error)
        if lane.destination.kind is Kind.ROBOT:
            await self._note(tx)
        await lanes.release(tx, lane, worker=self.worker, pace_until=pace_until)

    async def _note(self, tx: Tx) -> None:
        """Write how the robot is doing: its cap counts, and people look at it."""
        lane, outgoing = self.posting.lane, self.posting.outgoing
        if self.error is None:
            critical = outgoing.rank <= outbox.CRITICAL
            await posts.made(tx, lane, critical=critical, now=self.now)
        else:
            words = words_of(self.error)
            await posts.failed(tx, lane.destination, words=words, now=self.now)

    async def _delivered(self, tx: Tx) -> None:
        await outbox.finish(
            tx,
            self.posting.outgoing,
            State.DELIVERED,
            reason=self._doubt(),
            remote=self.remote,
            now=self.now,
        )
        lane = self.posting.lane
        if await lanes.unpark(tx, lane):
            if lane.channel in SHUT:
                await lanes.unpark_channel(tx, lane.channel)
            await self.settings.telling.reopened(tx, lane, now=self.now)

    def _doubt(self) -> str:
        """Return why it may stand there twice, or nothing."""
        outgoing = self.posting.outgoing
        if not outgoing.uncertain:
            return ""
        if self._may_ring_twice:
            return _("an answer was lost, so it may have come twice")
        if self.posting.robot is not None or self.posting.lane.channel in SHUT:
            return _("an answer was lost, so it may stand there twice")
        if self.now - (outgoing.first_attempt or self.now) > codes.KEY_LASTS:
            return _("sent again after an hour in doubt, so it may stand there twice")
        return ""

    @property
    def _may_ring_twice(self) -> bool:
        """Whether nothing keeps a second attempt from being a second message."""
        return self.posting.lane.channel in NEVER_LATE

    def _is_there_already(self) -> bool:
        """Whether "being sent" can only mean that an earlier attempt got through.

        Lark does not say what it answers to the same key once the message is there.
        """
        outgoing = self.posting.outgoing
        since = self.now - (outgoing.first_attempt or self.now)
        return outgoing.uncertain and since > codes.SENDING_LASTS

    async def _again(
        self, tx: Tx, error: TransportError, *, at: datetime, counts: bool
    ) -> None:
        outgoing = self.posting.outgoing
        await outbox.try_again(
            tx,
            outgoing,
            at=at,
            reason=words_of(error),
            # Once in doubt, always in doubt: a later refusal answers for itself only.
            uncertain=outgoing.uncertain or isinstance(error, Unanswered),
            counts=counts,
            now=self.now,
        )

    async def _retry(self, tx: Tx, error: TransportError) -> None:
        outgoing = self.posting.outgoing
        in_doubt = outgoing.uncertain and isinstance(error, Unanswered)
        if self._may_ring_twice and in_doubt:
            # A third attempt could be a third call in the night.
            why = _(
                "no answer twice, so it may have come: {error}", error=words_of(error)
            )
            await self._give_up(tx, why)
            return
        at = next_attempt(
            outgoing.attempts + 1,
            now=self.now,
            first_attempt=outgoing.first_attempt or self.now,
            chance=self.chance,
        )
        if at is None:
            await self._give_up(tx, _("tried for 24 h: {error}", error=words_of(error)))
        else:
            await self._again(tx, error, at=at, counts=True)

    async def _give_up(self, tx: Tx, reason: str) -> None:
        lane, outgoing = self.posting.lane, self.posting.outgoing
        await outbox.finish(tx, outgoing, State.DEAD, reason=reason, now=self.now)
        await self.settings.telling.died(tx, lane, outgoing, reason, now=self.now)


async def park(
    tx: Tx, lane: Lane, words: str, *, telling: Telling, now: datetime
) -> None:
    """Close *lane* for a while; tell admins, the first time."""
    told = lane.channel in SHUT and await lanes.is_any_parked(tx, lane.channel)
    until = now + (PARKED_FOR_NOW if lane.channel in NEVER_LATE else PARKED_FOR)
    if await lanes.park(tx, lane, words=words, until=until, now=now):
        log.warning("parked", extra={"lane": lane.id, "reason": words})
        if not told:
            await telling.parked(tx, lane, words, now=now)
