"""What comes too late for a phone: nobody is called about what was an hour ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.rules.policy import NEVER_LATE
from store import outbox
from store.database import Tx
from store.lanes import Lane
from store.outbox import Outgoing
from store.values import State
from store.wording import _

TOO_LATE = timedelta(hours=1)


async def drop_late(
    tx: Tx, lane: Lane, waiting: Sequence[Outgoing], *, now: datetime
) -> list[Outgoing]:
    """End what has waited in *lane* for too long to help; return what is left.

    It has waited because whoever carries it could not be reached, or took nothing.
    """
    if lane.channel not in NEVER_LATE:
        return list(waiting)
    left = []
    for each in waiting:
        if now - each.since < TOO_LATE:
            left.append(each)
            continue
        reason = _("it could not be sent for an hour, and would come too late now")
        if each.uncertain:
            reason = _("no answer, so it may have come; it would come too late now")
        await outbox.finish(tx, each, State.EXPIRED, reason=reason, now=now)
    return left
