"""The clockwork: APScheduler wakes delivery at the next due time, and tidies up.

It keeps nothing: what is due is in the database, and is looked up again at each start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock

_WAKE = "wake-delivery"

log = logging.getLogger(__name__)


class Scheduler:
    """Calls what is due. Every job is safe to run late, twice, or not at all."""

    def __init__(self, *, clock: SystemClock) -> None:
        self._clock = clock
        self._jobs: Any = AsyncIOScheduler(timezone="UTC")
        self._wakes_at: datetime | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        self._jobs.start()

    def stop(self) -> None:
        """End. What is due stays due in the database."""
        if self._jobs.running:
            self._jobs.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether jobs are called."""
        return bool(self._jobs.running)

    def every(
        self, interval: timedelta, name: str, job: Callable[[], Awaitable[None]]
    ) -> None:
        """Call *job* every *interval*, never twice at once."""
        self._jobs.add_job(
            job,
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

        def ring() -> None:
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


async def supervised(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run *work* for ever; when it falls over, say so and start it again."""
    pause = 1.0
    while True:
        try:
            await work()
        except Exception:
            log.exception("fell over, starting again", extra={"part": name})
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60.0)
