"""The clockwork: APScheduler wakes delivery at the next due time, and tidies up.

It keeps nothing: what is due is in the database, and is looked up again at each start.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock

_WAKE = "wake-delivery"

#: The longest pause, in seconds, before what fell over is started again.
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class Scheduler:
    """Calls what is due. Every job is safe to run late, twice, or not at all."""

    def __init__(self, *, clock: SystemClock) -> None:
        self._clock = clock
        self._jobs: Any = AsyncIOScheduler(timezone="UTC")
        self._wakes_at: datetime | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin, on the running loop."""
        self._jobs.start()

    def stop(self) -> None:
        """End. What is due stays due in the database."""
        if self.running:
            # It is stopped by the loop a moment later, and only once.
            self._stopped = True
            self._jobs.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether jobs are called."""
        return bool(self._jobs.running) and not self._stopped

    def every(
        self, interval: timedelta, name: str, job: Callable[[], Awaitable[None]]
    ) -> None:
        """Call *job* every *interval*, never twice at once."""

        async def call() -> None:
            # A stop cancels what runs: to APScheduler that would be an error to log.
            with contextlib.suppress(asyncio.CancelledError):
                await job()

        self._jobs.add_job(
            call,
            "interval",
            seconds=interval.total_seconds(),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def wake_at(self, moment: datetime | None, wake: Callable[[], None]) -> None:
        """Call *wake* at *moment*, instead of any earlier wish; never for ``None``."""
        if moment == self._wakes_at:
            return
        self._wakes_at = moment
        if moment is None:
            if self._jobs.get_job(_WAKE) is not None:
                self._jobs.remove_job(_WAKE)
            return

        # A coroutine: anything else is called in another thread, where an Event of ours
        # may be set without anybody being woken.
        async def ring() -> None:
            self._wakes_at = None
            wake()

        self._jobs.add_job(
            ring,
            "date",
            # APScheduler reads the machine's clock; ours may be corrected.
            run_date=self._clock.on_machine(moment),
            id=_WAKE,
            replace_existing=True,
            misfire_grace_time=None,
        )


async def supervised(
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    note: Callable[[str, str], None] = lambda part, trouble: None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run *work* for ever; when it falls over, *note* why and start it again.

    The pauses grow while it falls over and over, and begin anew after it has run for
    longer than the longest of them.
    """
    loop = asyncio.get_running_loop()
    seconds = 1.0
    while True:
        note(name, "")
        began = loop.time()
        try:
            await work()
        except Exception as exc:
            log.exception("fell over, starting again", extra={"part": name})
            seconds = 1.0 if loop.time() - began > LONGEST_PAUSE else seconds
            note(name, f"fell over ({type(exc).__name__}): see the log")
            await pause(seconds)
            seconds = min(seconds * 2, LONGEST_PAUSE)
