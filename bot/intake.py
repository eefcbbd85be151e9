"""The way in for notifications: many requests, one commit, one answer each.

``accept`` returns after the commit. Requests that wait at the same moment are written
by one statement in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.sources.mapping import Fallbacks, type_of
from handlers.rules.types import Types
from store import notifications
from store.database import Aside, Database
from store.errors import StoreRefused, Taken
from store.notifications import Accepted, Draft
from store.values import Incoming, Notification

#: How many notifications one transaction takes: bounds how long a commit waits.
BATCH = 2_000


@dataclass(slots=True)
class _Request:
    """The notifications of one request, and who waits for their numbers."""

    drafts: list[Draft]
    answer: asyncio.Future[list[Accepted]]


class Intake:
    """Writes what sources hand over. ``accepted`` is called after each commit."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        types: Types,
        accepted: Callable[[], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._accepted = accepted
        self._waiting: list[_Request] = []
        self._task: asyncio.Task[None] | None = None
        self.types = types

    async def accept(
        self, source: Fallbacks, messages: Sequence[Incoming]
    ) -> list[Accepted]:
        """Return what became of *messages*, after the commit.

        Raises ``StoreRefused`` when none of them was kept.
        """
        if not messages:
            return []
        now = self._clock.now()
        drafts = [self._draft(source, each, now) for each in messages]
        request = _Request(drafts, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        if self._task is None:
            # The task lives as long as somebody waits, and no longer.
            self._task = asyncio.create_task(self._drain(), name="intake")
        return await request.answer

    async def close(self) -> None:
        """Wait until everything that was handed over is written or refused."""
        while self._task is not None:
            await asyncio.wait([self._task])

    def _draft(self, source: Fallbacks, message: Incoming, now: datetime) -> Draft:
        type_id, severity = type_of(message, source, self.types)
        return Draft(
            Notification(
                number=0,
                source=source.name,
                type=type_id,
                severity=severity,
                title=message.title,
                accepted_at=now,
                status=message.status,
                body=message.body,
                fingerprint=message.fingerprint,
                labels=message.labels,
                fields=message.fields,
                link=message.link,
                occurred_at=message.occurred_at,
                cut=message.cut,
            ),
            message.key,
            message.key_lasts,
        )

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._commit(self._take())
        except BaseException:
            # The loop ends: nobody may wait for what nobody will do.
            for request in self._waiting:
                request.answer.cancel()
            self._waiting = []
            raise
        finally:
            self._task = None

    def _take(self) -> list[_Request]:
        """Return the oldest requests that fit into one transaction, at least one."""
        count = taken = 0
        for request in self._waiting:
            taken += 1
            count += len(request.drafts)
            if count >= BATCH:
                break
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return batch

    async def _commit(self, batch: list[_Request]) -> None:
        drafts = [draft for request in batch for draft in request.drafts]
        try:
            written = await self._write(drafts)
        except StoreRefused as exc:
            # Each alone would wait as long again, only to hear the same.
            _refuse(batch, exc)
            return
        except Exception as exc:  # noqa: BLE001 — it belongs to whoever waits
            if len(batch) == 1:
                _refuse(batch, exc)
                return
            # One request must not take the others with it.
            for request in batch:
                await self._commit([request])
            return
        except BaseException:
            for request in batch:
                request.answer.cancel()
            raise
        start = 0
        for request in batch:
            end = start + len(request.drafts)
            if not request.answer.done():
                request.answer.set_result(written[start:end])
            start = end
        self._accepted()

    async def _write(self, drafts: list[Draft]) -> list[Accepted]:
        now = self._clock.now()
        try:
            numbers = await self._db.write(notifications.insertion(drafts, now=now))
        except Taken:
            # Somebody has sent one of them before: that takes a closer look.
            return await self._db.write(
                Aside(lambda tx: notifications.add(tx, drafts, now=now))
            )
        return [Accepted(number) for number in numbers]


def _refuse(batch: Sequence[_Request], error: Exception) -> None:
    for request in batch:
        if not request.answer.done():
            request.answer.set_exception(error)
