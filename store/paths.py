"""How deliveries went: tried, held, told together, or waiting in a closed lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.database import Tx
from store.times import from_ms, maybe_from_ms
from store.values import State
from store.wording import read


@dataclass(frozen=True, slots=True)
class Together:
    """The digest that tells a delivery, with how many others, and where it stands."""

    count: int
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A lane that is closed to us: since when, why, and when it is tried again."""

    since: datetime
    words: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What is known of one delivery beside its state.

    ``next_try`` is when it may go; ``in_doubt`` that an answer was lost. ``author`` is
    who set the rule that holds it, ``held_since`` since when that keeps anything here.
    """

    next_try: datetime
    first_try: datetime | None
    in_doubt: bool
    together: Together | None
    author: str
    held_since: datetime | None
    closed: Closed | None
    paused: bool


async def paths_of(tx: Tx, number: int) -> dict[int, Path]:
    """Return how each delivery of message *number* went, by the delivery's id."""
    found = {}
    for row in await tx.all("paths_of", number=number):
        together = closed = None
        if row["digest"] is not None:
            at = from_ms(row["told_at"])
            together = Together(row["members"], State(row["told"]), at)
        if row["parked"] is not None:
            until = maybe_from_ms(row["parked_until"])
            closed = Closed(from_ms(row["parked"]), read(row["parked_words"]), until)
        found[int(row["id"])] = Path(
            next_try=from_ms(row["not_before"]),
            first_try=maybe_from_ms(row["first_attempt_at"]),
            in_doubt=bool(row["uncertain"]),
            together=together,
            author=row["author"] or "",
            held_since=maybe_from_ms(row["held_since"]),
            closed=closed,
            paused=bool(row["paused"]),
        )
    return found


async def changed_at(tx: Tx, rule: str) -> datetime | None:
    """Return when a rule (``window:12``) was made, or changed last."""
    kind, colon, number = rule.partition(":")
    if not colon:
        return None
    return maybe_from_ms(await tx.value(f"{kind}_changed_at", id=int(number)))
