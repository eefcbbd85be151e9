"""What is done by the clock: forgetting what is old, measuring what waits."""

from __future__ import annotations

import logging
from functools import partial

from bot.clock import Clock
from bot.config import Config
from bot.doors.ingest import IngestDoor
from bot.robots import forget
from store import (
    audit,
    codes,
    confirmations,
    directory,
    mutes,
    notifications,
    outbox,
    posts,
    robots,
)
from store.database import Database
from store.errors import StoreRefused

#: The doors close at this share of the queue limit, and open below the other.
CLOSES, OPENS = 0.95, 0.85
#: How many rows one transaction forgets: others wait while it runs.
BATCH = 500
#: What senders are told meanwhile.
FULL = "the queue is full, please send it again"

log = logging.getLogger(__name__)


class Housekeeping:
    """Jobs of the scheduler. Each is safe to run late, twice, or not at all."""

    def __init__(
        self, db: Database, *, clock: Clock, ingest: IngestDoor, config: Config
    ) -> None:
        self._db = db
        self._clock = clock
        self._ingest = ingest
        self.config = config

    async def tidy(self) -> None:
        """Forget what is older than the retention, and what Lark sends no more."""
        now = self._clock.now()
        before = now - self.config.retention
        try:
            await self._db.write(lambda tx: directory.forget_heard(tx, now=now))
            await self._db.write(lambda tx: audit.prune(tx, before=before))
            await self._db.write(lambda tx: mutes.prune(tx, before=before))
            await self._db.write(lambda tx: codes.prune(tx, now=now))
            await self._db.write(lambda tx: confirmations.forget(tx, now=now))
            await self._db.write(lambda tx: robots.prune(tx, before=before))
            await self._db.write(lambda tx: posts.prune(tx, now=now))
            for prune in (notifications.prune, outbox.prune):
                prune_some = partial(prune, before=before, batch=BATCH)
                while await self._db.write(prune_some):
                    pass
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})

    async def forget(self) -> None:
        """Forget what nobody can take back any more: soon, since it is secret."""
        now = self._clock.now()
        try:
            await self._db.write(lambda tx: forget(tx, now=now))
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})

    async def measure(self) -> None:
        """Close the doors while the queue is near its limit: never drop, but say so."""
        try:
            async with self._db.reading() as tx:
                waiting = await notifications.count_waiting(tx)
                waiting += await outbox.count_open(tx)
        except StoreRefused as exc:
            log.error("the database does not answer", extra={"reason": str(exc)})
            return
        limit = self.config.limits.queue
        if waiting >= limit * CLOSES and not self._ingest.closed:
            log.error("the queue is full", extra={"waiting": waiting, "limit": limit})
            self._ingest.closed = FULL
        elif waiting < limit * OPENS and self._ingest.closed == FULL:
            # Only what was closed here: a process that stops takes nothing more.
            log.warning("the queue has room again", extra={"waiting": waiting})
            self._ingest.closed = ""
