"""Codes that prove an address: sent to it, entered by a person, good for a short while.

Of a code we keep a hash under a key of its own, which is sealed: who reads the database
without the keys of the YAML cannot try the million codes that there are.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from store.database import Row, Tx
from store.errors import StoreError
from store.people import Means, normal
from store.times import maybe_from_ms, to_ms

#: How long a code can be entered, and how often a wrong one may be.
LASTS = timedelta(minutes=10)
TRIES = 5
#: Codes are counted for this long.
COUNTED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code that was sent and can still be entered."""

    id: int
    person: str
    means: Means
    address: str = field(repr=False)
    own: bool
    asked_by: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent so far: what limits go by."""

    last: datetime | None
    to_address: int
    by_asker: int


async def sent(
    tx: Tx, person: str, means: Means, address: str, *, asked_by: str, now: datetime
) -> Sent:
    """Return how many codes went to *address* in a day, and *asked_by* asked for."""
    since, known = to_ms(now - COUNTED), normal(means, address)
    last = await tx.value("last_code", person=person, address=known)
    return Sent(
        last=maybe_from_ms(last),
        to_address=int(await tx.value("codes_to", address=known, since=since)),
        by_asker=int(await tx.value("codes_by", asked_by=asked_by, since=since)),
    )


async def issue(
    tx: Tx,
    person: str,
    means: Means,
    address: str,
    *,
    own: bool,
    asked_by: str,
    now: datetime,
) -> str:
    """Return a new code of six digits; those sent to this person before are void."""
    said, key = f"{secrets.randbelow(10**6):06}", secrets.token_hex(16)
    await tx.run("end_codes", person=person, kind=str(means), now=to_ms(now))
    await tx.value(
        "code_insert",
        person=person,
        kind=str(means),
        address=normal(means, address),
        own=int(own),
        salt=tx.keyring.seal(key),
        hash=_hash(said, key),
        asked_by=asked_by,
        now=to_ms(now),
        until=to_ms(now + LASTS),
    )
    return said


async def enter(tx: Tx, person: str, said: str, *, now: datetime) -> Code | None:
    """Return the code of *person* that *said* is, which ends it; ``None`` for none.

    A wrong guess counts against every code that it could have been.
    """
    found = None
    for row in await _open(tx, person, now):
        if _is(tx, row, said):
            found = _code(row)
        else:
            await tx.run("count_try", id=row["id"])
    if found is not None:
        await tx.run("end_codes", person=person, kind=str(found.means), now=to_ms(now))
    return found


async def waiting(tx: Tx, person: str, *, now: datetime) -> list[Code]:
    """Return the codes that *person* may still enter."""
    return [_code(row) for row in await _open(tx, person, now)]


async def prune(tx: Tx, *, now: datetime) -> int:
    """Forget the codes that are not counted any more; return how many."""
    return await tx.run("prune_codes", before=to_ms(now - COUNTED - LASTS))


async def _open(tx: Tx, person: str, now: datetime) -> list[Row]:
    rows = await tx.all("open_codes", person=person, now=to_ms(now))
    return [row for row in rows if row["tries"] < TRIES]


def _is(tx: Tx, row: Row, said: str) -> bool:
    try:
        key = tx.keyring.open(row["salt"])
    except StoreError:
        # The key that it was sealed with is gone: a new code must be asked for.
        return False
    return hmac.compare_digest(_hash(said, key), row["hash"])


def _hash(said: str, key: str) -> str:
    return hmac.new(key.encode(), said.encode(), "sha256").hexdigest()


def _code(row: Row) -> Code:
    return Code(
        id=row["id"],
        person=row["person"],
        means=Means(row["kind"]),
        address=row["address"],
        own=bool(row["own"]),
        asked_by=row["asked_by"],
        tries=row["tries"],
    )
