"""Notification → deliveries, in the background, from what is written.

All deliveries of a notification are written in one transaction with the mark that it
is routed: after a crash it is routed as a whole, or still waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.telling import Telling
from handlers.rules.filters import FilterError, parse
from handlers.rules.patterns import patterns_for
from handlers.rules.types import Types
from store import directory, matching, notifications, outbox
from store.database import Database, Tx
from store.errors import StoreRefused
from store.outbox import Planned
from store.values import (
    Channel,
    Destination,
    Kind,
    Notification,
    State,
    Subscription,
)

#: How many notifications one transaction routes.
BATCH = 200
#: How long to leave a database alone that did not take a change.
STORE_PAUSE = 1.0
#: How many unknown types one notice names.
NAMED = 5

_PERSONAL = frozenset(
    {Channel.INBOX, Channel.DM, Channel.EMAIL, Channel.SMS, Channel.VOICE}
)
#: Which channels a destination of a kind has, and which it gets when a rule names none.
CHANNELS = {
    Kind.CHAT: frozenset({Channel.INBOX, Channel.CHAT}),
    Kind.ROBOT: frozenset({Channel.INBOX, Channel.CHAT}),
    Kind.PERSON: _PERSONAL,
    Kind.GROUP: _PERSONAL,
}
DEFAULTS = {
    Kind.CHAT: (Channel.CHAT,),
    Kind.ROBOT: (Channel.CHAT,),
    Kind.PERSON: (Channel.DM,),
    Kind.GROUP: (Channel.DM,),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change. ``ways`` are the ways out that this process has."""

    types: Types
    telling: Telling
    ways: frozenset[tuple[Kind, Channel]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    """Who there is, as one transaction sees it."""

    robots: frozenset[str]
    groups: dict[str, tuple[Destination, ...]]
    gone: frozenset[str]


class Routing:
    """The worker that routes what was accepted. ``routed`` is called after it."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        routed: Callable[[], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._routed = routed
        self._wake = asyncio.Event()
        self.settings = settings

    def wake(self) -> None:
        """Something was accepted."""
        self._wake.set()

    async def run(self) -> None:
        """Route what waits, for ever; sleep until somebody wakes us."""
        while True:
            self._wake.clear()
            try:
                await self.run_once()
            except StoreRefused as exc:
                log.error("the database took nothing", extra={"reason": str(exc)})
                await asyncio.sleep(STORE_PAUSE)
            else:
                await self._wake.wait()

    async def run_once(self) -> int:
        """Route everything that waits; return how many messages that were."""
        total = 0
        while count := await self._db.write(self._route_batch):
            total += count
            self._routed()
        return total

    async def _route_batch(self, tx: Tx) -> int:
        waiting = await notifications.waiting(tx, batch=BATCH)
        if not waiting:
            return 0
        now = self._clock.now()
        rules = await self._rules_for(tx, waiting)
        known = await _directory(tx)
        planned: list[Planned] = []
        routed: list[int] = []
        unrouted: list[int] = []
        for each in waiting:
            found = list(self._plan(each, rules[each.type], known))
            planned += found
            (routed if found else unrouted).append(each.number)
        await outbox.enqueue_deliveries(tx, planned, now=now)
        await notifications.mark_routed(tx, routed=routed, unrouted=unrouted)
        await self._tell_unknown(tx, waiting, now)
        return len(waiting)

    async def _rules_for(
        self, tx: Tx, waiting: Sequence[Notification]
    ) -> dict[str, list[Subscription]]:
        """Return the rules that name each type, looked up by index."""
        rules = {}
        for type_id in dict.fromkeys(each.type for each in waiting):
            rules[type_id] = await matching.rules_naming(tx, patterns_for(type_id))
        return rules

    def _plan(
        self,
        notification: Notification,
        rules: Sequence[Subscription],
        known: _Directory,
    ) -> Iterator[Planned]:
        """Yield one delivery for each destination and channel, however many match."""
        seen: set[tuple[Destination, Channel]] = set()
        for rule in rules:
            if not _holds(rule, notification):
                continue
            for destination in _expanded(rule.to, known):
                for channel in _channels(rule, destination):
                    if (destination, channel) in seen:
                        continue
                    seen.add((destination, channel))
                    yield self._delivery(
                        notification, rule, destination, channel, known
                    )

    def _delivery(
        self,
        notification: Notification,
        rule: Subscription,
        destination: Destination,
        channel: Channel,
        known: _Directory,
    ) -> Planned:
        state, reason = State.QUEUED, ""
        if words := _removed(destination, known):
            state, reason = State.UNDELIVERABLE, words
        elif channel is Channel.INBOX:
            state = State.DELIVERED
        elif words := self._unreachable(destination, channel):
            state, reason = State.UNDELIVERABLE, words
        return Planned(
            notification=notification,
            destination=destination,
            channel=channel,
            rule=f"subscription:{rule.id}",
            state=state,
            reason=reason,
        )

    def _unreachable(self, destination: Destination, channel: Channel) -> str:
        """Return why nothing gets there over *channel*, or nothing."""
        if (destination.kind, channel) not in self.settings.ways:
            return f"{channel} is not set up here"
        if channel is Channel.DM and not destination.name.startswith("ou_"):
            return "contact not verified: no Lark account is known"
        return ""

    async def _tell_unknown(
        self, tx: Tx, waiting: Sequence[Notification], now: datetime
    ) -> None:
        """Tell admins, once each, of types that nobody defined: one notice for all.

        A source that makes up a type for each message must not fill their chats.
        """
        sources = {each.type: each.source for each in reversed(waiting)}
        new = [
            type_id
            for type_id in sorted(sources)
            if not self.settings.types.is_known(type_id)
            and await tx.run("meta_put_once", name=f"type {type_id}", value="told")
        ]
        if not new:
            return
        log.warning("unknown types", extra={"types": new})
        what = "A message type" if len(new) == 1 else "Message types"
        said = ", ".join(new[:NAMED])
        more = f" and {len(new) - NAMED} more" if len(new) > NAMED else ""
        senders = ", ".join(sorted({sources[each] for each in new}))
        await self.settings.telling.tell(
            tx,
            f"{what} that nobody defined: {said}{more}",
            f"It comes from {senders}. It is accepted, and goes to whoever subscribed "
            "to it.",
            "Give it a title under message_types, or correct the source.",
            now=now,
        )


def _holds(rule: Subscription, notification: Notification) -> bool:
    try:
        return parse(rule.where).matches(notification)
    except FilterError:
        # A filter that nobody can read any more must not swallow anything.
        return True


def _removed(destination: Destination, known: _Directory) -> str:
    """Return why there is nobody there any more, or nothing."""
    if destination.kind is Kind.ROBOT and destination.name not in known.robots:
        return "this robot was removed"
    if destination.kind is Kind.CHAT and destination.name in known.gone:
        return "this group was disbanded"
    if destination.kind is Kind.GROUP:
        return "nobody is in this group of people"
    return ""


def _expanded(
    destinations: Sequence[Destination], known: _Directory
) -> Iterator[Destination]:
    """Yield them with everybody in a group instead of it; one that is empty, itself."""
    for each in destinations:
        if each.kind is Kind.GROUP:
            yield from known.groups.get(each.name) or (each,)
        else:
            yield each


def _channels(rule: Subscription, destination: Destination) -> Iterator[Channel]:
    """Yield the inbox, always, and the rule's channels that this destination has."""
    yield Channel.INBOX
    wanted = DEFAULTS[destination.kind] if rule.via is None else rule.via
    for channel in wanted:
        if channel in CHANNELS[destination.kind] and channel is not Channel.INBOX:
            yield channel


async def _directory(tx: Tx) -> _Directory:
    people = {
        each.name: Destination(Kind.PERSON, each.open_id or each.name)
        for each in await directory.people(tx)
    }
    groups = await directory.groups(tx)
    return _Directory(
        robots=frozenset(await directory.robot_chats(tx)),
        groups={
            name: tuple(
                people.get(each, Destination(Kind.PERSON, each)) for each in members
            )
            for name, members in groups.items()
        },
        gone=frozenset(
            each.id for each in await directory.chats(tx) if each.state == "disbanded"
        ),
    )
