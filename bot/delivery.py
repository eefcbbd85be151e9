"""Claim → decide → pace → send → record. The only caller of a channel.

A worker claims lanes that are due, lets each say one message, and gives it back paced.
What was claimed is written down before anything is sent, and what came of it after: a
crash at any instant leaves a row that says how far it got.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot import turn
from bot.channels.posting import Channel, Posting
from bot.clock import Clock
from bot.errors import Parked, Throttled, TransportError, Unanswered
from bot.outcome import Outcome, Settings, park
from handlers.errors import words_of
from handlers.rules.methods import SAID
from store import lanes, outbox
from store.database import Aside, Database, Tx
from store.errors import StoreError, StoreRefused
from store.lanes import Lane
from store.values import Channel as By
from store.values import Kind
from store.wording import _

#: How many lanes speak at once.
LANES = 32
#: How many lanes one transaction claims: others wait while it runs.
CLAIM = 16
#: Who has to wait for longer before a gate gives the lane back instead of keeping it.
PATIENCE = timedelta(seconds=2)
#: How long to leave a database alone that did not take a change.
STORE_PAUSE = 1.0

log = logging.getLogger(__name__)


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
        idle: Callable[[datetime | None], None] = lambda due: None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._clock = clock
        self.settings = settings
        self._channels = channels
        self._instance = instance
        self._worker = worker
        self._rng = rng
        self._idle = idle
        self._pause = pause
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
                if not await self._speak_up():
                    await self._rest()
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await self._pause(STORE_PAUSE)
            if len(self._speaking) >= LANES:
                await asyncio.wait(self._speaking, return_when=asyncio.FIRST_COMPLETED)

    async def _speak_up(self) -> bool:
        """Claim what is due and begin to send it; return whether there was any."""
        claiming = asyncio.ensure_future(self._claim(LANES - len(self._speaking)))
        try:
            claimed = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            # What is written down as being sent is sent, even by one who stops: whoever
            # found it later could not know that nobody had begun.
            with suppress(StoreRefused):
                for posting in await claiming:
                    self._speak(posting)
            raise
        for posting in claimed:
            self._speak(posting)
        return bool(claimed)

    async def _rest(self) -> None:
        """Ask to be woken when the next lane is due, and sleep until then."""
        async with self._db.reading() as tx:
            self._idle(await lanes.next_due(tx))
        await self._wake.wait()

    async def run_once(self) -> int:
        """Send everything that is due now; return how many messages that were."""
        sent = 0
        while claimed := await self._claim(LANES):
            await asyncio.gather(*(self._speak(posting) for posting in claimed))
            sent += len(claimed)
        return sent

    async def finish(self, within: timedelta) -> None:
        """Wait for what is being sent, so that nothing is left in doubt."""
        if self._speaking:
            await asyncio.wait(self._speaking, timeout=within.total_seconds())

    def _speak(self, posting: Posting) -> asyncio.Task[None]:
        task = asyncio.create_task(self._deliver(posting), name=posting.lane.id)
        self._speaking.add(task)
        task.add_done_callback(self._spoken)
        return task

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
            # A batch of lanes with nothing to say must not hide the next ones.
            found, idle = await self._db.write(
                lambda tx: self._claim_some(tx, min(most, CLAIM), now)
            )
        if self._clock.now() - now > PATIENCE:
            # The database took its time, and the leases began before that.
            found = [each for each in found if await self._still_ours(each.lane)]
        return found

    async def _claim_some(
        self, tx: Tx, most: int, now: datetime
    ) -> tuple[list[Posting], bool]:
        claimed = await lanes.claim(tx, worker=self._worker, now=now, batch=most)
        speaking = {task.get_name() for task in self._speaking}
        found = []
        for lane in claimed:
            if lane.id in speaking:
                # The database was away for longer than our lease. Nobody took it: to
                # have claimed it again has only lengthened it.
                continue
            posting = await self._take(tx, lane, now)
            if posting is None:
                continue
            found.append(posting)
        return found, bool(claimed) and not found

    async def _take(self, tx: Tx, lane: Lane, now: datetime) -> Posting | None:
        """Return what *lane* says, or give it back."""
        await outbox.reclaim(tx, lane)
        governor = self.settings.governor
        gate = governor.gate(lane)
        wait = governor.wait(gate, now) if gate else timedelta(0)
        if wait > PATIENCE:
            await lanes.release(tx, lane, worker=self._worker, pace_until=now + wait)
            return None
        try:
            its_turn = await turn.begin(
                tx,
                lane,
                settings=self.settings,
                instance=self._instance,
                now=now,
            )
        except StoreError as exc:
            # A robot's secret that no key of ours opens must not stop the others.
            await park(tx, lane, words_of(exc), telling=self.settings.telling, now=now)
            await lanes.release(tx, lane, worker=self._worker, pace_until=now)
            return None
        posting = await turn.next_posting(tx, its_turn)
        if posting is None:
            await lanes.release(tx, lane, worker=self._worker, pace_until=now)
        elif gate:
            # Taken here, so that the next lane of this batch knows how long it waits,
            # and those behind it do not keep everybody else from speaking.
            return replace(posting, turn_at=now + governor.take_turn(gate, now))
        return posting

    async def _deliver(self, posting: Posting) -> None:
        """Pace, send, record."""
        prepared = self._clock.now()
        if posting.turn_at is not None:
            wait = posting.turn_at - prepared
            await self._pause(max(wait.total_seconds(), 0.0))
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
        except Exception as exc:
            # A fault of our own must not hold the lane up, nor be tried for ever.
            log.exception("a channel stumbled", extra={"lane": posting.lane.id})
            error = Unanswered(
                _("a fault of our own: {error}", error=type(exc).__name__)
            )
        await self._record(posting, remote, error)

    def _channel(self, posting: Posting) -> Channel:
        lane = posting.lane
        channel = self._channels.get((lane.destination.kind, lane.channel))
        if channel is None:
            raise Parked(
                _(
                    "there is no way to reach {place} by {channel}",
                    place=str(lane.destination),
                    channel=SAID[lane.channel],
                )
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
        if isinstance(error, Throttled):
            self._slow_down(posting.lane, error, now)
        outcome = Outcome(
            posting=posting,
            remote=remote,
            error=error,
            settings=self.settings,
            worker=self._worker,
            chance=self._rng.random(),
            now=now,
        )
        while True:
            try:
                await self._db.write(Aside(outcome.write))
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await self._pause(STORE_PAUSE)
            else:
                return

    def _slow_down(self, lane: Lane, error: Throttled, now: datetime) -> None:
        governor = self.settings.governor
        # 99991400 is about the whole app; the other codes are about one chat.
        if error.alone or error.code not in (99991400, None):
            return
        if gate := governor.gate(lane):
            governor.close(gate, now + error.retry_after)
