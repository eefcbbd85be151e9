"""Buzzes: which message of the app's a person is buzzed about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.database import Row, Tx
from store.outbox import Outgoing
from store.times import to_ms
from store.values import Destination, State
from store.wording import read, written


@dataclass(frozen=True, slots=True)
class Shown:
    """A direct message, and how far it came. ``remote`` is its id in Lark."""

    state: State
    reason: str
    remote: str


async def shown_by_app(tx: Tx, number: int, to: Destination) -> Shown | None:
    """Return the direct message that shows notification *number*, if there is one."""
    row = await tx.one("shown_by_app", number=number, destination=str(to))
    return None if row is None else _shown(row)


async def buzzed_on(tx: Tx, outgoing: Outgoing, to: Destination) -> str:
    """Return what another buzz about the same is made on; empty where there is none."""
    if outgoing.notification is None:
        return ""
    number = outgoing.notification.number
    found = await tx.value(
        "buzzed_on", number=number, destination=str(to), id=outgoing.id
    )
    return found or ""


async def made_for(tx: Tx, number: int) -> Shown | None:
    """Return what became of the row *number*, which was made to be buzzed on."""
    row = await tx.one("made_for_a_buzz", id=number)
    return None if row is None else _shown(row)


async def aim(tx: Tx, outgoing: Outgoing, address: str) -> None:
    """Write on which message *outgoing* is a buzz."""
    await tx.run("aim", id=outgoing.id, address=address)


async def put_off(
    tx: Tx, outgoing: Outgoing, *, until: datetime, reason: str, now: datetime
) -> None:
    """Let *outgoing* wait. That is no attempt."""
    await tx.run(
        "put_off",
        id=outgoing.id,
        not_before=to_ms(until),
        reason=written(reason),
        now=to_ms(now),
    )


def _shown(row: Row) -> Shown:
    return Shown(State(row["state"]), read(row["reason"]), row["remote"] or "")
