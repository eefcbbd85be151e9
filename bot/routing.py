"""Notification → deliveries, in the background, from what is written.

All deliveries of a notification are written in one transaction with the mark that it
is routed: after a crash it is routed as a whole, or still waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.clock import Clock
from bot.telling import Telling
from handlers.known import known
from handlers.rules.patterns import patterns_for
from handlers.rules.planning import plan
from handlers.rules.reach import BY_CONTACT
from handlers.rules.types import Types
from store import matching, notifications, outbox
from store.database import Aside, Database, Tx
from store.errors import StoreRefused
from store.notifications import Waiting
from store.outbox import Planned
from store.values import Channel, Kind, State
from store.wording import Text, _, _n, commas

#: How many notifications one transaction routes: others wait while it runs.
BATCH = 500
#: How long routing rests after a batch, in seconds.
SHORTEST_REST, LONGEST_REST = 0.02, 0.5
#: How long to leave a database alone that did not take a change.
STORE_PAUSE = 1.0
#: How many unknown types one notice names.
NAMED = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change. ``ways`` are the ways out that this process has.

    ``by_contact``: channels that go to an address, and nowhere without a proved one.
    """

    types: Types
    telling: Telling
    ways: frozenset[tuple[Kind, Channel]]
    by_contact: frozenset[Channel] = BY_CONTACT


class Routing:
    """The worker that routes what was accepted. ``routed``: something is to be sent."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        routed: Callable[[], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._clock = clock
        self._routed = routed
        self._pause = pause
        self._wake = asyncio.Event()
        self.settings = settings

    def wake(self) -> None:
        """Something was accepted."""
        self._wake.set()

    async def run(self) -> None:
        """Route what waits, for ever; sleep until somebody wakes us."""
        while True:
            self._wake.clear()
            began = self._clock.now()
            try:
                count = await self._route_some()
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await self._pause(STORE_PAUSE)
                continue
            if count:
                # Who hands something over comes first: we rest as long as we worked,
                # and what comes meanwhile is routed together.
                worked = (self._clock.now() - began).total_seconds()
                await self._pause(min(max(worked, SHORTEST_REST), LONGEST_REST))
            if count < BATCH:
                await self._wake.wait()

    async def run_once(self) -> int:
        """Route everything that waits; return how many messages that were."""
        total = 0
        while count := await self._route_some():
            total += count
        return total

    async def _route_some(self) -> int:
        """Route a batch; return how many messages that were."""
        try:
            count, queued = await self._db.write(Aside(self._route_batch))
        except StoreRefused:
            raise
        except Exception:
            # One of them, and a mistake of ours: it must not keep the others waiting.
            log.exception("a batch cannot be routed, so each goes by itself")
            count, queued = await self._one_by_one()
        if queued:
            self._routed()
        return count

    async def _one_by_one(self) -> tuple[int, bool]:
        """Route a batch message by message; give up the one that cannot be routed.

        Where none can be, it is not the messages: nothing is given up, and it raises.
        """
        async with self._db.reading() as tx:
            waiting = await notifications.waiting_by_type(tx, batch=BATCH)
        alone = [
            replace(each, numbers=(number,))
            for each in waiting
            for number in each.numbers
        ]
        queued = False
        failed: list[tuple[Waiting, Exception]] = []
        for each in alone:
            try:
                queued |= (await self._db.write(partial(self._route_one, each)))[1]
            except StoreRefused:
                raise
            except Exception as exc:  # noqa: BLE001 - told below, or raised
                failed.append((each, exc))
        if len(failed) == len(alone) and failed:
            raise failed[0][1]
        for each, error in failed:
            log.error(
                "cannot be routed", extra={"messages": each.numbers}, exc_info=error
            )
            await self._db.write(partial(self._give_up, each))
        return len(alone), queued

    async def _route_one(self, waiting: Waiting, tx: Tx) -> tuple[int, bool]:
        return await self._route(tx, [waiting])

    async def _give_up(self, waiting: Waiting, tx: Tx) -> None:
        """Count it among what nobody wanted, and tell admins: it is kept."""
        (number,) = waiting.numbers
        await notifications.mark_routed(tx, routed=[], unrouted=[number])
        await self.settings.telling.tell(
            tx,
            _("{message} could not be routed", message=f"M{number}"),
            _("That is a mistake of mine: the log says more. Nobody was sent it."),
            _("/inbox unrouted shows it."),
            now=self._clock.now(),
        )

    async def _route_batch(self, tx: Tx) -> tuple[int, bool]:
        waiting = await notifications.waiting_by_type(tx, batch=BATCH)
        return await self._route(tx, waiting) if waiting else (0, False)

    async def _route(self, tx: Tx, waiting: Sequence[Waiting]) -> tuple[int, bool]:
        now = self._clock.now()
        planned = await self._plan(tx, waiting)
        await outbox.enqueue_deliveries(tx, planned, now=now)
        routed = {each.notification.number for each in planned}
        everything = {number for each in waiting for number in each.numbers}
        await notifications.mark_routed(
            tx, routed=sorted(routed), unrouted=sorted(everything - routed)
        )
        await self._tell_unknown(tx, waiting, now)
        return len(everything), any(each.state is State.QUEUED for each in planned)

    async def _plan(self, tx: Tx, waiting: Sequence[Waiting]) -> list[Planned]:
        """Return the deliveries of all that somebody may want, oldest first."""
        rules = {
            each.type: await matching.rules_naming(tx, patterns_for(each.type))
            for each in waiting
        }
        wanted = [n for each in waiting if rules[each.type] for n in each.numbers]
        if not wanted:
            return []
        there = await known(
            tx,
            (rule for some in rules.values() for rule in some),
            types=self.settings.types,
            ways=self.settings.ways,
            by_contact=self.settings.by_contact,
        )
        return [
            planned
            for each in await notifications.get_all(tx, wanted)
            for planned in plan(each, rules[each.type], there)
        ]

    async def _tell_unknown(
        self, tx: Tx, waiting: Sequence[Waiting], now: datetime
    ) -> None:
        """Tell admins, once each, of types that nobody defined: one notice for all.

        A source that makes up a type for each message must not fill their chats.
        """
        sources = {each.type: each.source for each in waiting}
        new = [
            type_id
            for type_id in sorted(sources)
            if not self.settings.types.is_known(type_id)
            and await tx.run("meta_put_once", name=f"type {type_id}", value="told")
        ]
        if not new:
            return
        log.warning("unknown types", extra={"types": new})
        senders = commas(sorted({sources[each] for each in new}))
        await self.settings.telling.tell(
            tx,
            _n(
                "A message type that nobody defined: {types}",
                "Message types that nobody defined: {types}",
                len(new),
                types=_some(new),
            ),
            _(
                "It comes from {senders}. It is accepted, and goes to whoever "
                "subscribed to it.",
                senders=senders,
            ),
            _("Give it a title under message_types, or correct the source."),
            now=now,
        )


def _some(types: Sequence[str]) -> Text:
    """Return the first of *types*, and how many more there are."""
    named, more = commas(types[:NAMED]), len(types) - NAMED
    return _("{some} and {more} more", some=named, more=more) if more > 0 else named
