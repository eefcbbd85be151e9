"""What is wrong with us, by part: for probes, and for whoever is woken by them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from store.database import Database
from store.errors import StoreRefused


class Health:
    """Knows the tasks that must run, and whether Lark answers.

    A part that fails makes us not ready; Lark being down makes us degraded, since
    notifications are still taken and kept.
    """

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._scheduler_runs: Callable[[], bool] = lambda: True
        self._lark = ""

    def watch(self, part: str, task: asyncio.Task[None]) -> None:
        """Take *part* for failing when *task* ends."""
        self._tasks[part] = task

    def watch_scheduler(self, runs: Callable[[], bool]) -> None:
        """Take the scheduler for failing when it does not run."""
        self._scheduler_runs = runs

    def lark_answers(self, trouble: str = "") -> None:
        """Note that Lark answers, or the *trouble* with it."""
        self._lark = trouble

    async def failing(self, db: Database) -> Mapping[str, str]:
        """Return the parts that fail, each with why. Empty when all is well."""
        found = {
            part: "has stopped: see the log, and restart"
            for part, task in self._tasks.items()
            if task.done()
        }
        if not self._scheduler_runs():
            found["scheduler"] = "has stopped: restart"
        try:
            async with db.reading() as tx:
                await tx.value("meta_get", name="instance")
        except StoreRefused as exc:
            found["store"] = str(exc)
        return found

    def degraded(self) -> Mapping[str, str]:
        """Return what works only partly, each with why."""
        return {"lark": self._lark} if self._lark else {}
