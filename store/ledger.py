"""The account of everything that was accepted, and whether it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from store.database import Tx
from store.times import from_ms, to_ms
from store.values import Channel, Destination, Severity


@dataclass(frozen=True, slots=True)
class Ledger:
    """Messages by how far routing came, deliveries by state.

    ``unaccounted`` counts routed messages that have no delivery at all.
    """

    messages: Mapping[str, int]
    deliveries: Mapping[str, int]
    unaccounted: int

    @property
    def accepted(self) -> int:
        """All messages, duplicates left out."""
        return sum(self.messages.values())

    @property
    def adds_up(self) -> bool:
        """Whether every routed message has its deliveries."""
        return self.unaccounted == 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """How many messages of a type came in a minute, to be sent over a channel."""

    type: str
    severity: Severity
    channel: Channel
    at: datetime
    count: int


async def ledger(tx: Tx) -> Ledger:
    """Return the account of everything."""
    messages = {"waiting": 0, "routed": 0, "unrouted": 0}
    for row in await tx.all("ledger_routing"):
        messages[row["routing"]] = row["count"]
    states = {row["state"]: row["count"] for row in await tx.all("ledger_states")}
    return Ledger(messages, states, await tx.value("ledger_unaccounted"))


async def account_of(
    tx: Tx, destination: Destination, *, since: datetime
) -> dict[str, int]:
    """Return the deliveries of one destination since a moment, by state."""
    found = await tx.all("states_of", destination=str(destination), since=to_ms(since))
    return {row["state"]: row["count"] for row in found}


async def arrivals_of(
    tx: Tx, destination: Destination, *, since: datetime, most: int
) -> list[Arrival]:
    """Return what came for one destination since a moment, by the minute.

    At most *most* rows, the newest. The inbox is left out, and what reaches nobody.
    """
    found = await tx.all(
        "arrivals_of", destination=str(destination), since=to_ms(since), most=most
    )
    return [
        Arrival(
            type=row["type"],
            severity=Severity(row["severity"]),
            channel=Channel(row["channel"]),
            at=from_ms(row["minute"] * 60_000),
            count=row["count"],
        )
        for row in found
    ]


async def waiting_for(tx: Tx, destination: Destination) -> int:
    """Return how many messages wait to be sent to *destination*."""
    return int(await tx.value("waiting_of", destination=str(destination)))
