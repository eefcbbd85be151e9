"""The outbox: everything to be sent, and what became of it.

Reasons are words for people: rows keep what they are made of (``store/wording.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from store import lanes, rows
from store.database import Row, Tx
from store.lanes import Lane, Waking, lane_id
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import Channel, Delivery, Destination, Notification, Severity, State
from store.wording import _, written

#: What goes first in a lane: answers to people, then criticals, then the rest.
REPLY, CRITICAL, ORDINARY = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A delivery that routing found: to whom, over what, by which rule.

    ``state`` is ``queued``, or final from the first with its reason.
    """

    notification: Notification
    destination: Destination
    channel: Channel
    rule: str
    state: State = State.QUEUED
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One row of the outbox that waits to be sent.

    ``payload`` is what Lark gets, frozen before the first attempt. ``address`` is the
    message that a reply answers. ``notification`` is set for deliveries only.
    ``uncertain``: an attempt went out whose answer nobody saw. ``since`` is when it
    began to wait; ``stale_at`` is set where a digest promised not to let it expire
    sooner.
    """

    id: int
    kind: str
    payload: str | None
    address: str
    attempts: int
    first_attempt: datetime | None
    uncertain: bool
    since: datetime
    rank: int
    notification: Notification | None
    stale_at: datetime | None = None


def rank_of(notification: Notification) -> int:
    """Return how urgent the delivery of *notification* is within its lane."""
    return CRITICAL if notification.severity is Severity.CRITICAL else ORDINARY


async def enqueue(
    tx: Tx,
    *,
    kind: str,
    destination: Destination,
    channel: Channel,
    payload: str,
    rank: int = ORDINARY,
    address: str = "",
    reason: str = "",
    now: datetime,
) -> int:
    """Write a reply, a digest or a notice to be sent; return its id."""
    number: int = await tx.value(
        "enqueue",
        kind=kind,
        lane=lane_id(destination, channel),
        destination=str(destination),
        channel=str(channel),
        rank=rank,
        reason=written(reason),
        not_before=to_ms(now),
        payload=payload,
        address=address,
        now=to_ms(now),
    )
    await lanes.touch(tx, [Waking(destination, channel, now, rank)])
    return number


async def enqueue_deliveries(
    tx: Tx, planned: Sequence[Planned], *, now: datetime
) -> None:
    """Write the deliveries that routing found, and wake their lanes."""
    found = [
        (
            lane_id(each.destination, each.channel),
            str(each.destination),
            each.channel,
            each.notification.number,
            rank_of(each.notification),
            each.state,
            written(each.reason),
            each.rule,
        )
        for each in planned
    ]
    if found:
        await tx.run("enqueue_deliveries", rows=rows.to_json(found), now=to_ms(now))
    await lanes.touch(
        tx,
        (
            Waking(each.destination, each.channel, now, rank_of(each.notification))
            for each in planned
            if each.state is State.QUEUED
        ),
    )


async def reclaim(tx: Tx, lane: Lane) -> int:
    """Take back what the lane's last worker was sending; return how many."""
    return await tx.run("orphans", lane=lane.id)


async def due(tx: Tx, lane: Lane, *, now: datetime, batch: int) -> list[Outgoing]:
    """Return what *lane* may send now: replies, then criticals, then the oldest."""
    found = await tx.all("outbox_due", lane=lane.id, now=to_ms(now), batch=batch)
    return [_outgoing(row) for row in found]


async def held_members(tx: Tx, hold: int, *, batch: int) -> list[Outgoing]:
    """Return what *hold* keeps, oldest first."""
    found = await tx.all("held_members", hold=hold, batch=batch)
    return [_outgoing(row) for row in found]


async def start_sending(
    tx: Tx, outgoing: Outgoing, *, payload: str, now: datetime
) -> bool:
    """Freeze *payload* and count the attempt; return whether it was still waiting."""
    touched = await tx.run(
        "start_sending", id=outgoing.id, payload=payload, now=to_ms(now)
    )
    return touched == 1


async def finish(
    tx: Tx,
    outgoing: Outgoing,
    state: State,
    *,
    reason: str = "",
    remote: str | None = None,
    now: datetime,
) -> None:
    """Write the last state of *outgoing*; the members of a digest share its fate."""
    await tx.run(
        "finish",
        id=outgoing.id,
        state=str(state),
        reason=written(reason),
        remote=remote or None,
        now=to_ms(now),
    )
    if outgoing.kind == "digest":
        delivered = state is State.DELIVERED
        await tx.run(
            "finish_members",
            digest=outgoing.id,
            state=str(State.DIGESTED if delivered else state),
            reason=written(_("told in a digest") if delivered else reason),
            now=to_ms(now),
        )


async def try_again(
    tx: Tx,
    outgoing: Outgoing,
    *,
    at: datetime,
    reason: str,
    uncertain: bool,
    counts: bool,
    now: datetime,
) -> None:
    """Send *outgoing* again at *at*. A throttle does not count as an attempt."""
    await tx.run(
        "try_again",
        id=outgoing.id,
        not_before=to_ms(at),
        reason=written(reason),
        uncertain=int(uncertain),
        given_back=0 if counts else 1,
        begins_again=int(not counts and not uncertain),
        now=to_ms(now),
    )


async def drop_address(tx: Tx, outgoing: Outgoing) -> None:
    """Send *outgoing* by itself from now on: what it answers is gone."""
    await tx.run("drop_address", id=outgoing.id)


async def join_digest(
    tx: Tx, digest: int, members: Iterable[int], *, now: datetime
) -> None:
    """Let *members* share the fate of *digest*."""
    await tx.many(
        "join_digest",
        [{"id": each, "digest": digest, "now": to_ms(now)} for each in members],
    )


async def keep_held(
    tx: Tx,
    hold: int,
    members: Iterable[int],
    *,
    reason: str,
    rule: str,
    stale_at: datetime | None = None,
    now: datetime,
) -> None:
    """Put *members* under *hold*. They do not expire before *stale_at*."""
    await tx.many(
        "keep_held",
        [
            {
                "id": each,
                "hold": hold,
                "reason": written(reason),
                "rule": rule,
                "stale_at": 0 if stale_at is None else to_ms(stale_at),
                "now": to_ms(now),
            }
            for each in members
        ],
    )


async def let_go(tx: Tx, members: Iterable[int], *, now: datetime) -> None:
    """Queue *members* that were held, each to be sent as itself."""
    await tx.many("let_go", [{"id": each, "now": to_ms(now)} for each in members])


async def close_deliveries(
    tx: Tx,
    members: Iterable[int],
    state: State,
    *,
    reason: str,
    rule: str = "",
    now: datetime,
) -> None:
    """End *members* without sending them."""
    await tx.many(
        "close_deliveries",
        [
            {
                "id": each,
                "state": str(state),
                "reason": written(reason),
                "rule": rule,
                "now": to_ms(now),
            }
            for each in members
        ],
    )


async def deliveries_of(tx: Tx, number: int) -> list[Delivery]:
    """Return every delivery of message *number*."""
    return [rows.delivery(row) for row in await tx.all("deliveries_of", number=number)]


async def message_shown_by(tx: Tx, remote: str) -> int | None:
    """Return which notification the message *remote* in Lark shows, if one alone."""
    number: int | None = await tx.value("message_shown_by", remote=remote)
    return number


async def count_open(tx: Tx) -> int:
    """Return how many messages wait, are being sent or are held, everywhere."""
    return int(await tx.value("count_open"))


async def close_destination(
    tx: Tx, destination: Destination, *, reason: str, now: datetime
) -> int:
    """End all that waits for a destination that is no more; return how many."""
    return await tx.run(
        "close_destination",
        destination=str(destination),
        reason=written(reason),
        now=to_ms(now),
    )


async def close_lane(tx: Tx, lane: Lane, *, reason: str, now: datetime) -> int:
    """End all that waits in a lane that leads nowhere any more; return how many."""
    return await tx.run(
        "close_lane", lane=lane.id, reason=written(reason), now=to_ms(now)
    )


async def prune(tx: Tx, *, before: datetime, batch: int = 500) -> int:
    """Forget replies, digests and notices that are over; return how many went."""
    return await tx.run("prune_outbox", before=to_ms(before), batch=batch)


def _outgoing(row: Row) -> Outgoing:
    return Outgoing(
        id=row["id"],
        kind=row["kind"],
        payload=row["payload"],
        address=row["address"],
        attempts=row["attempts"],
        first_attempt=maybe_from_ms(row["first_attempt_at"]),
        uncertain=bool(row["uncertain"]),
        since=from_ms(row["created_at"]),
        rank=row["rank"],
        notification=None if row["number"] is None else rows.notification(row),
        stale_at=from_ms(row["stale_at"]) if row["stale_at"] else None,
    )
