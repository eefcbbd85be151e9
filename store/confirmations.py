"""Lines that wait for a yes of whoever typed them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from store.database import Tx
from store.times import from_ms, to_ms

#: How long the token of a line is kept after it expired, to say so.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A line that runs when ``person`` says yes in ``chat`` before ``until``, once."""

    token: str
    person: str
    chat: str
    line: str = field(repr=False)
    until: datetime
    used: bool = False


async def add(tx: Tx, wanted: Confirmation) -> None:
    """Keep a line, sealed, until its author says yes."""
    await tx.run(
        "confirmation_insert",
        token=wanted.token,
        person=wanted.person,
        chat=wanted.chat,
        line=tx.keyring.seal(wanted.line),
        until=to_ms(wanted.until),
    )


async def get(tx: Tx, token: str) -> Confirmation | None:
    """Return what *token* stands for, or ``None``."""
    row = await tx.one("confirmation_get", token=token)
    if row is None:
        return None
    return Confirmation(
        token=row["token"],
        person=row["person"],
        chat=row["chat"],
        line=tx.keyring.open(row["line"]),
        until=from_ms(row["until"]),
        used=row["used_at"] is not None,
    )


async def use(tx: Tx, token: str, *, now: datetime) -> bool:
    """Use *token* up; ``False`` when somebody did so before."""
    return await tx.run("confirmation_use", token=token, now=to_ms(now)) == 1


async def forget(tx: Tx, *, now: datetime) -> int:
    """Forget tokens that expired long ago; return how many."""
    return await tx.run("forget_confirmations", before=to_ms(now - KEPT))
