"""Many messages of a lane as one: a digest, written down with those that it names.

Its members, its body and its key are frozen here, before it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.rules.digest import Member, Occasion, plan
from store import notifications, outbox
from store.database import Tx
from store.outbox import Outgoing
from store.values import Severity, State, Status
from store.wording import _

if TYPE_CHECKING:
    from bot.turn import Turn

log = logging.getLogger(__name__)


async def tell_together(
    tx: Tx,
    turn: Turn,
    waiting: Sequence[Outgoing],
    *,
    occasion: Occasion,
    held_by: str = "",
) -> Outgoing | None:
    """Write one digest of *waiting*, if there is to be one, and return it.

    Its members, body and uuid are frozen here.
    """
    told = plan(await _members(tx, waiting), now=turn.now, occasion=occasion)
    await outbox.close_deliveries(
        tx,
        told.expired,
        State.EXPIRED,
        reason=_("held for longer than 7 days"),
        now=turn.now,
    )
    await outbox.let_go(tx, told.alone, now=turn.now)
    if told.digest is None:
        return None
    try:
        payload = turn.voice.digest(
            told.digest,
            held_by=held_by,
            lane=turn.lane,
            robot=turn.robot,
            now=turn.now,
        )
    except Exception:
        log.exception("a digest cannot be put", extra={"lane": turn.lane.id})
        # Each by itself, then: that tells which of them it is.
        await outbox.let_go(tx, told.digested, now=turn.now)
        return None
    critical = any(each is Severity.CRITICAL for each, _ in told.digest.by_severity)
    rank = outbox.CRITICAL if critical else outbox.ORDINARY
    number = await outbox.enqueue(
        tx,
        kind="digest",
        destination=turn.lane.destination,
        channel=turn.lane.channel,
        rank=rank,
        payload=payload,
        now=turn.now,
    )
    await outbox.join_digest(tx, number, told.digested, now=turn.now)
    return Outgoing(
        id=number,
        kind="digest",
        payload=payload,
        address="",
        attempts=0,
        first_attempt=None,
        uncertain=False,
        since=turn.now,
        rank=rank,
        notification=None,
    )


async def _members(tx: Tx, waiting: Sequence[Outgoing]) -> list[Member]:
    """Return the deliveries in *waiting*, those marked whose incident has ended."""
    members = [member for each in waiting if (member := member_of(each)) is not None]
    firing = [
        each.notification.number
        for each in members
        if each.notification.status is Status.FIRING
    ]
    ended = await notifications.ended_among(tx, firing)
    return [replace(each, over=each.notification.number in ended) for each in members]


def member_of(outgoing: Outgoing) -> Member | None:
    """Return a delivery as digests know it; ``None`` for anything else."""
    if outgoing.notification is None:
        return None
    return Member(
        delivery=outgoing.id,
        notification=outgoing.notification,
        since=outgoing.since,
        unknown=outgoing.uncertain,
        stale_at=outgoing.stale_at,
    )
