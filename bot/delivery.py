"""Claim → decide → pace → send → record. The only caller of a channel.

A worker claims lanes that are due, lets each say one message, and gives it back paced.
What was claimed is written down before anything is sent, and what came of it after: a
crash at any instant leaves a row that says how far it got.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import turn
from bot.channels.posting import Channel, Posting
from bot.clock import Clock
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.governor import Governor
from bot.lark.codes import TargetGone
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.retry import next_attempt
from store import lanes, outbox
from store.database import Database, Tx
from store.errors import StoreRefused
from store.lanes import Lane
from store.values import Channel as By
from store.values import Kind, State

#: How many lanes speak at once.
LANES = 32
#: How many lanes one transaction claims: others wait while it runs.
CLAIM = 16
#: A parked lane is tried again this often, in case nobody tells us that it works.
PARKED_FOR = timedelta(hours=1)
#: An app that has to wait for longer gives the lane back instead of keeping it.
PATIENCE = timedelta(seconds=2)
#: How long to leave a database alone that did not take a change.
STORE_PAUSE = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change."""

    voice: Voice
    governor: Governor
    telling: Telling


class Delivery:
    """The worker that empties the outbox."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        channels: Mapping[tuple[Kind, By], Channel],
        instance: str,
        worker: str,
        rng: random.Random,
    ) -> None:
        self._db = db
        self._clock = clock
        self.settings = settings
        self._channels = channels
        self._instance = instance
        self._worker = worker
        self._rng = rng
        self._wake = asyncio.Event()
        self._speaking: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something was queued, or is due now."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, for ever; sleep until somebody wakes us."""
        while True:
            self._wake.clear()
            try:
                claimed = await self._claim(LANES - len(self._speaking))
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await asyncio.sleep(STORE_PAUSE)
                continue
            for posting in claimed:
                self._speak(posting)
            if not claimed:
                await self._wake.wait()
            elif len(self._speaking) >= LANES:
                await asyncio.wait(self._speaking, return_when=asyncio.FIRST_COMPLETED)

    async def run_once(self) -> int:
        """Send everything that is due now; return how many messages that were."""
        sent = 0
        while claimed := await self._claim(LANES):
            await asyncio.gather(*(self._deliver(posting) for posting in claimed))
            sent += len(claimed)
        return sent

    async def finish(self, within: timedelta) -> None:
        """Wait for what is being sent, so that nothing is left in doubt."""
        if self._speaking:
            await asyncio.wait(self._speaking, timeout=within.total_seconds())

    def _speak(self, posting: Posting) -> None:
        task = asyncio.create_task(self._deliver(posting), name=posting.lane.id)
        self._speaking.add(task)
        task.add_done_callback(self._spoken)

    def _spoken(self, task: asyncio.Task[None]) -> None:
        self._speaking.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The lease runs out and the lane is tried again: nothing is lost.
            log.error(
                "a lane stumbled", exc_info=error, extra={"lane": task.get_name()}
            )

    async def _claim(self, most: int) -> list[Posting]:
        """Claim lanes that are due; return what each says, written as being sent."""
        if most < 1:
            return []
        now = self._clock.now()
        found: list[Posting] = []
        idle = True
        while idle:
            found, idle = await self._db.write(
                lambda tx: self._claim_some(tx, min(most, CLAIM), now)
            )
            # A batch of lanes with nothing to say must not hide the next ones.
        return found

    async def _claim_some(
        self, tx: Tx, most: int, now: datetime
    ) -> tuple[list[Posting], bool]:
        claimed = await lanes.claim(tx, worker=self._worker, now=now, batch=most)
        found = []
        for lane in claimed:
            posting = await self._take(tx, lane, now)
            if posting is None:
                continue
            found.append(posting)
        return found, bool(claimed) and not found

    async def _take(self, tx: Tx, lane: Lane, now: datetime) -> Posting | None:
        """Return what *lane* says, or give it back."""
        await outbox.reclaim(tx, lane)
        governor = self.settings.governor
        wait = governor.app_wait(now) if governor.by_app(lane) else timedelta(0)
        if wait > PATIENCE:
            await lanes.release(tx, lane, worker=self._worker, pace_until=now + wait)
            return None
        its_turn = await turn.begin(
            tx,
            lane,
            voice=self.settings.voice,
            interval=governor.interval(lane),
            instance=self._instance,
            now=now,
        )
        posting = await turn.next_posting(tx, its_turn)
        if posting is None:
            await lanes.release(tx, lane, worker=self._worker, pace_until=now)
        return posting

    async def _deliver(self, posting: Posting) -> None:
        """Pace, send, record."""
        prepared = self._clock.now()
        governor = self.settings.governor
        if governor.by_app(posting.lane):
            wait = governor.take_app_turn(prepared)
            await asyncio.sleep(wait.total_seconds())
        if self._clock.now() - prepared > PATIENCE and not await self._still_ours(
            posting.lane
        ):
            return
        error: TransportError | None = None
        remote = ""
        try:
            remote = await self._channel(posting).send(posting)
        except TransportError as exc:
            error = exc
        await self._record(posting, remote, error)

    def _channel(self, posting: Posting) -> Channel:
        lane = posting.lane
        channel = self._channels.get((lane.destination.kind, lane.channel))
        if channel is None:
            raise Parked(
                f"there is no way to reach {lane.destination} by {lane.channel}"
            )
        return channel

    async def _still_ours(self, lane: Lane) -> bool:
        now = self._clock.now()
        return await self._db.write(
            lambda tx: lanes.renew(tx, lane, worker=self._worker, now=now)
        )

    async def _record(
        self, posting: Posting, remote: str, error: TransportError | None
    ) -> None:
        """Write what came of it; again until the database takes it.

        The message is out: to lose that would be to send it twice.
        """
        now = self._clock.now()
        if isinstance(error, Throttled) and self.settings.governor.by_app(posting.lane):
            self._slow_down(error, now)
        while True:
            try:
                await self._db.write(
                    lambda tx: self._write(tx, posting, remote, error, now)
                )
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await asyncio.sleep(STORE_PAUSE)
            else:
                return

    def _slow_down(self, error: Throttled, now: datetime) -> None:
        # 99991400 is about the whole app; the other codes are about one chat.
        if error.code in (99991400, None):
            self.settings.governor.close_app(now + error.retry_after)

    async def _write(
        self,
        tx: Tx,
        posting: Posting,
        remote: str,
        error: TransportError | None,
        now: datetime,
    ) -> None:
        lane, outgoing = posting.lane, posting.outgoing
        pace_until = now + self.settings.governor.interval(lane)
        match error:
            case None:
                await outbox.finish(
                    tx, outgoing, State.DELIVERED, remote=remote, now=now
                )
                if await lanes.unpark(tx, lane):
                    await self.settings.telling.reopened(tx, lane, now=now)
            case Throttled():
                pace_until = max(pace_until, now + error.retry_after)
                await self._again(
                    tx, outgoing, at=now, error=error, counts=False, now=now
                )
            case Parked():
                await self._again(
                    tx, outgoing, at=now, error=error, counts=False, now=now
                )
                await self._park(tx, lane, str(error), now)
            case TargetGone() if outgoing.address:
                await outbox.drop_address(tx, outgoing)
                await self._again(
                    tx, outgoing, at=now, error=error, counts=True, now=now
                )
            case Refused():
                await self._give_up(tx, posting, str(error), now)
            case _:
                await self._retry(tx, posting, error, now)
        await lanes.release(tx, lane, worker=self._worker, pace_until=pace_until)

    async def _again(
        self,
        tx: Tx,
        outgoing: outbox.Outgoing,
        *,
        at: datetime,
        error: TransportError,
        counts: bool,
        now: datetime,
    ) -> None:
        await outbox.try_again(
            tx,
            outgoing,
            at=at,
            reason=str(error),
            # Once in doubt, always in doubt: a later refusal answers for itself only.
            uncertain=outgoing.uncertain or isinstance(error, Unanswered),
            counts=counts,
            now=now,
        )

    async def _retry(
        self, tx: Tx, posting: Posting, error: TransportError, now: datetime
    ) -> None:
        outgoing = posting.outgoing
        at = next_attempt(
            outgoing.attempts + 1,
            now=now,
            first_attempt=outgoing.first_attempt or now,
            rng=self._rng,
        )
        if at is None:
            await self._give_up(tx, posting, f"tried for 24 h: {error}", now)
            return
        await self._again(tx, outgoing, at=at, error=error, counts=True, now=now)

    async def _give_up(
        self, tx: Tx, posting: Posting, reason: str, now: datetime
    ) -> None:
        await outbox.finish(tx, posting.outgoing, State.DEAD, reason=reason, now=now)
        await self.settings.telling.died(tx, posting, reason, now=now)

    async def _park(self, tx: Tx, lane: Lane, words: str, now: datetime) -> None:
        was_open = await lanes.park(
            tx, lane, words=words, until=now + PARKED_FOR, now=now
        )
        if was_open:
            log.warning("parked", extra={"lane": lane.id, "reason": words})
            await self.settings.telling.parked(tx, lane, words, now=now)
