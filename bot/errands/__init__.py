"""What commands ask for that needs the network: done beside the requests.

A task is a row. Whoever performs it holds its lease; what came of it is given to the
handler that answers, in the transaction that forgets the task. A crash in between
performs it once more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot import answering
from bot.answering import MY_MISTAKE
from bot.asking import Asked, Settings, context_of
from bot.clock import Clock
from bot.errors import TransportError
from handlers.context import Context
from handlers.errors import UserError, words_of
from handlers.reply import Reply, Tone
from store import tasks
from store.database import Database, Tx
from store.errors import StoreRefused
from store.tasks import Claimed, Task
from store.values import Json
from store.wording import _

#: Does one kind of task: details in, outcome out. Raises ``TransportError`` for what
#: may work in a moment.
Perform = Callable[[Json], Awaitable[Json]]
Answer = Callable[[Task, Json, Context], Awaitable[Reply]]

#: How many tasks are done at once.
HANDS = 8
#: When a task that failed is tried again; after that, its failure is the outcome.
PAUSES = (timedelta(seconds=2), timedelta(seconds=10))
#: The longest that one attempt may take: less than a task's lease.
TIMEOUT = timedelta(seconds=40)
#: How often tasks are looked for that another process may have left, in seconds.
LOOK = 30.0

log = logging.getLogger(__name__)


class Errands:
    """The worker that performs tasks. ``queued`` is called when an answer waits."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        performers: Mapping[str, Perform],
        answer: Answer,
        worker: str,
        queued: Callable[[], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._performers = performers
        self._answer = answer
        self._worker = worker
        self._queued = queued
        self._wake = asyncio.Event()
        self._hands = asyncio.Semaphore(HANDS)
        self._doing: set[asyncio.Task[None]] = set()
        self.settings = settings

    def wake(self) -> None:
        """Something is to be done."""
        self._wake.set()

    async def run(self) -> None:
        """Perform what is due, for ever."""
        while True:
            self._wake.clear()
            await self._hands.acquire()
            claimed = await self._claim()
            if claimed is None:
                self._hands.release()
                await self._rest()
                continue
            doing = asyncio.create_task(self._do(claimed), name=claimed.task.kind)
            self._doing.add(doing)
            doing.add_done_callback(self._done)

    async def run_once(self) -> int:
        """Perform everything that is due now; return how much that was."""
        count = 0
        while (claimed := await self._claim()) is not None:
            await self._do(claimed)
            count += 1
        return count

    def _done(self, doing: asyncio.Task[None]) -> None:
        self._doing.discard(doing)
        self._hands.release()
        if not doing.cancelled() and (error := doing.exception()) is not None:
            log.error("a task was not answered", exc_info=error)

    async def _claim(self) -> Claimed | None:
        now = self._clock.now()
        try:
            return await self._db.write(
                lambda tx: tasks.claim(tx, worker=self._worker, now=now)
            )
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})
            return None

    async def _rest(self) -> None:
        """Sleep until somebody wakes us, or the next task is due."""
        async with self._db.reading() as tx:
            due = await tasks.next_due(tx)
        wait = LOOK
        if due is not None:
            wait = min(max((due - self._clock.now()).total_seconds(), 0.05), LOOK)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), wait)

    async def _do(self, claimed: Claimed) -> None:
        """Perform one task and have it answered, or give it back for later."""
        try:
            async with asyncio.timeout(TIMEOUT.total_seconds()):
                outcome = await self._performers[claimed.task.kind](
                    claimed.task.details
                )
        except (TransportError, TimeoutError) as exc:
            if claimed.attempts <= len(PAUSES):
                await self._postpone(claimed)
                return
            outcome = {"failed": words_of(exc) or _("there was no answer in time")}
        except Exception:
            log.exception("a task failed", extra={"kind": claimed.task.kind})
            outcome = {"failed": _("something went wrong on my side")}
        try:
            await self._db.write(lambda tx: self._finish(tx, claimed, outcome))
        except UserError as exc:
            # Nothing of it was kept; the refusal is a transaction of its own.
            error = exc
            await self._db.write(lambda tx: self._refuse(tx, claimed, error))
        except StoreRefused:
            raise  # Its lease ends, and it is done once more.
        except Exception:
            # A mistake of ours, which the next attempt would make too: without an end,
            # it would send a code or try a robot every minute.
            log.exception("a task was not answered", extra={"kind": claimed.task.kind})
            mistake = UserError(MY_MISTAKE)
            await self._db.write(lambda tx: self._refuse(tx, claimed, mistake))
        self._queued()

    async def _postpone(self, claimed: Claimed) -> None:
        until = self._clock.now() + PAUSES[claimed.attempts - 1]
        await self._db.write(
            lambda tx: tasks.postpone(tx, claimed, worker=self._worker, until=until)
        )

    async def _finish(self, tx: Tx, claimed: Claimed, outcome: Json) -> None:
        """Answer whoever asked, unless another worker did."""
        if await tasks.finish(tx, claimed, worker=self._worker):
            asked, context = await self._context(tx, claimed)
            reply = await self._answer(claimed.task, outcome, context)
            await answering.say(tx, asked, reply, self.settings, now=context.now)

    async def _refuse(self, tx: Tx, claimed: Claimed, error: UserError) -> None:
        """Say why not."""
        if await tasks.finish(tx, claimed, worker=self._worker):
            asked, context = await self._context(tx, claimed)
            reply = Reply(lines=(words_of(error),), tone=Tone.REFUSED)
            await answering.say(tx, asked, reply, self.settings, now=context.now)

    async def _context(self, tx: Tx, claimed: Claimed) -> tuple[Asked, Context]:
        asked = answering.from_json(claimed.asked, once=f"task-{claimed.id}")
        now = self._clock.now()
        context = await context_of(
            tx, asked, self.settings, now=now, acquaint=lambda chat: None
        )
        # What is broad asked for its yes before it became a task.
        return asked, replace(context, confirmed=True)
