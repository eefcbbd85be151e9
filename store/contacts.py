"""How people are reached outside Lark: the addresses and numbers that are theirs.

Only what is verified is told: nothing goes to an address that nobody has confirmed.
"""

from __future__ import annotations

import orjson

from store.database import Row, Tx
from store.values import Channel, Destination, Kind

#: Which contact a channel goes to.
OVER = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.VOICE: "phone"}


async def contact_of(tx: Tx, destination: Destination, channel: Channel) -> str:
    """Return where a person is reached over *channel*; empty where nothing is verified.

    That is an e-mail address, or a phone number with + and its country.
    """
    if destination.kind is not Kind.PERSON or channel not in OVER:
        return ""
    row = await tx.one("contact_of", name=destination.name)
    return "" if row is None else _verified(row).get(channel, "")


async def verified(tx: Tx) -> frozenset[tuple[Destination, Channel]]:
    """Return who has a verified contact, and for which channels."""
    return frozenset(
        (Destination(Kind.PERSON, row["open_id"] or row["name"]), channel)
        for row in await tx.all("people_all")
        for channel in _verified(row)
    )


def _verified(row: Row) -> dict[Channel, str]:
    proved = orjson.loads(row["verified"])
    return {
        channel: row[contact]
        for channel, contact in OVER.items()
        if contact in proved and row[contact]
    }
