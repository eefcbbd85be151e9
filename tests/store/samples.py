"""Messages to keep, and the short way into the outbox, for tests of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from store import notifications, outbox
from store.database import Database, Tx
from store.notifications import Accepted, Draft
from store.opening import open_database
from store.outbox import Outgoing, Planned
from store.values import Channel, Delivery, Destination, Kind, Notification, Severity
from tests.conftest import KEYRING, MONDAY

OPS = Destination(Kind.CHAT, "oc_ops")
WEB = Destination(Kind.CHAT, "oc_web")
ROBOT = Destination(Kind.ROBOT, "ops-room")
LIN = Destination(Kind.PERSON, "ou_lin")


def message(title: str = "CPU above 90 %", **settings: Any) -> Notification:
    """Return a message that has no number yet."""
    return Notification(
        **{
            "number": 0,
            "source": "scripts",
            "type": "product.alarm",
            "severity": Severity.WARNING,
            "title": title,
            "accepted_at": MONDAY,
            **settings,
        }
    )


def draft(
    title: str = "CPU above 90 %",
    *,
    key: str | None = None,
    lasts: timedelta = timedelta(days=7),
    **settings: Any,
) -> Draft:
    """Return a message as a source hands it over."""
    return Draft(message(title, **settings), key, lasts)


async def accept(
    db: Database, *drafts: Draft, now: datetime = MONDAY
) -> list[Accepted]:
    """Accept *drafts* in one transaction."""
    return await db.write(lambda tx: notifications.add(tx, drafts, now=now))


async def deliver(
    db: Database,
    *titles: str,
    to: Destination = OPS,
    over: Channel = Channel.CHAT,
    now: datetime = MONDAY,
    **settings: Any,
) -> list[int]:
    """Accept messages and route them to one destination; return their numbers."""
    return await db.write(
        lambda tx: queue(tx, titles, to=to, over=over, now=now, **settings)
    )


async def queue(
    tx: Tx,
    titles: Sequence[str],
    *,
    to: Destination,
    over: Channel = Channel.CHAT,
    now: datetime = MONDAY,
    **settings: Any,
) -> list[int]:
    """Accept messages and route them to one destination; return their numbers."""
    drafts = [draft(title, accepted_at=now, **settings) for title in titles]
    added = await notifications.add(tx, drafts, now=now)
    planned = [
        Planned(
            notification=replace(each.notification, number=accepted.number),
            destination=to,
            channel=over,
            rule="subscription:1",
        )
        for each, accepted in zip(drafts, added, strict=True)
    ]
    await outbox.enqueue_deliveries(tx, planned, now=now)
    numbers = [each.number for each in added]
    await notifications.mark_routed(tx, routed=numbers, unrouted=[])
    return numbers


async def waiting_in(
    db: Database, lane: str, *, now: datetime = MONDAY
) -> list[Outgoing]:
    """Return what a lane may send, in the order in which it would."""
    async with db.reading() as tx:
        return await outbox.due(tx, lane_named(lane), now=now, batch=1_000)


def lane_named(name: str) -> Any:
    """Return the lane called ``chat:oc_ops/chat``, as its worker sees it."""
    from store.lanes import Lane

    destination, _, channel = name.rpartition("/")
    return Lane(name, Destination.parse(destination), Channel(channel))


async def told(db: Database, number: int) -> list[Delivery]:
    """Return the deliveries of one message."""
    async with db.reading() as tx:
        return await outbox.deliveries_of(tx, number)


async def fates(db: Database, *numbers: int) -> list[tuple[str, str]]:
    """Return state and reason of the only delivery of each message."""
    found = []
    for number in numbers:
        (delivery,) = await told(db, number)
        found.append((str(delivery.state), delivery.reason))
    return found


@asynccontextmanager
async def sqlite_in(folder: Path) -> AsyncIterator[Database]:
    """Open an empty database of its own, for one example among many."""
    db = await open_database(f"sqlite:{folder / 'larkbell.db'}", keyring=KEYRING)
    try:
        yield db
    finally:
        await db.close()
