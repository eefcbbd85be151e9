"""What is wrong with us, by part: for probes, and for whoever is woken by them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from store.database import Database
from store.errors import StoreRefused

#: Parts without which nothing is routed or sent. The others only make us degraded.
ESSENTIAL = frozenset({"routing", "delivery"})
#: How long the database may take to answer a probe, in seconds.
PATIENCE = 2.0


class Health:
    """Knows the parts that must run, and whether Lark answers.

    An essential part that fails makes us not ready; another, or Lark being down, makes
    us degraded, since notifications are still taken and kept.
    """

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}
        self._scheduler_runs: Callable[[], bool] = lambda: True
        self._lark = ""

    def note(self, part: str, trouble: str = "") -> None:
        """Note that *part* runs, or the *trouble* with it."""
        self._parts[part] = trouble

    def watch_scheduler(self, runs: Callable[[], bool]) -> None:
        """Take the scheduler for failing when it does not run."""
        self._scheduler_runs = runs

    def lark_answers(self, trouble: str = "") -> None:
        """Note that Lark answers, or the *trouble* with it."""
        self._lark = trouble

    async def failing(self, db: Database) -> Mapping[str, str]:
        """Return the parts that fail, each with why. Empty when all is well."""
        found = {part: why for part, why in self._parts.items() if part in ESSENTIAL}
        found = {part: why for part, why in found.items() if why}
        if not self._scheduler_runs():
            found["scheduler"] = "has stopped: restart"
        if trouble := await _trouble_with(db):
            found["store"] = trouble
        return found

    def degraded(self) -> Mapping[str, str]:
        """Return what works only partly, each with why."""
        return {"lark": self._lark} if self._lark else {}


async def _trouble_with(db: Database) -> str:
    try:
        async with asyncio.timeout(PATIENCE), db.reading() as tx:
            await tx.value("meta_get", name="instance")
    except StoreRefused as exc:
        return str(exc)
    except TimeoutError:
        return f"did not answer within {PATIENCE:g} s"
    return ""
