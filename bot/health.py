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
    """Knows the parts that must run, and whether Lark and the mail server answer.

    An essential part that fails makes us not ready; another, or one of those being
    down, makes us degraded, since notifications are still taken and kept.
    """

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._parts: dict[str, str] = {}
        self._scheduler_runs: Callable[[], bool] = lambda: True
        self._outside: dict[str, str] = {}

    def note(self, part: str, trouble: str = "") -> None:
        """Note that *part* runs, or the *trouble* with it."""
        self._parts[part] = trouble

    def watch_scheduler(self, runs: Callable[[], bool]) -> None:
        """Take the scheduler for failing when it does not run."""
        self._scheduler_runs = runs

    def lark_answers(self, trouble: str = "") -> None:
        """Note that Lark answers, or the *trouble* with it."""
        self._outside["lark"] = trouble

    def mail_goes(self, trouble: str = "") -> None:
        """Note that the mail server takes letters, or the *trouble* with it."""
        self._outside["mail"] = trouble

    async def failing(self, db: Database) -> Mapping[str, str]:
        """Return the parts that fail, each with why. Empty when all is well."""
        found = self._troubled(essential=True)
        if not self._scheduler_runs():
            found["scheduler"] = "has stopped: restart"
        if trouble := await self._trouble_with(db):
            found["store"] = trouble
        return found

    def degraded(self) -> Mapping[str, str]:
        """Return what works only partly, each with why."""
        found = self._troubled(essential=False)
        found |= {part: said for part, said in self._outside.items() if said}
        return found

    def _troubled(self, *, essential: bool) -> dict[str, str]:
        return {
            part: trouble
            for part, trouble in self._parts.items()
            if trouble and (part in ESSENTIAL) is essential
        }

    async def _trouble_with(self, db: Database) -> str:
        try:
            async with asyncio.timeout(self.patience), db.reading() as tx:
                await tx.value("meta_get", name="instance")
        except StoreRefused as exc:
            return str(exc)
        except TimeoutError:
            return f"did not answer within {self.patience:g} s"
        return ""
