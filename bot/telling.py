"""What admins are told of their own accord: parked lanes, dead letters, odd types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.voice import Voice
from store import directory, outbox, preferences
from store.database import Tx
from store.lanes import Lane
from store.outbox import Outgoing
from store.values import Channel, Destination, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Writes notices to admins, in the transaction of what they are about.

    ``admins`` are open_ids; without the app there is nobody to write to, and the log
    and ``larkbell dead`` say it instead.
    """

    voice: Voice
    admins: Sequence[str] = ()

    async def parked(self, tx: Tx, lane: Lane, words: str, *, now: datetime) -> None:
        """Say that nothing gets through any more, and why."""
        name = await _name(tx, lane.destination)
        await self.tell(
            tx,
            f"Nothing gets through to {name}",
            f"{_capital(words)}.",
            "Its messages wait and go out as soon as it works again.",
            besides=lane,
            now=now,
        )

    async def reopened(self, tx: Tx, lane: Lane, *, now: datetime) -> None:
        """Say that it works again."""
        name = await _name(tx, lane.destination)
        await self.tell(tx, f"{_capital(name)} works again", besides=lane, now=now)

    async def died(
        self, tx: Tx, lane: Lane, outgoing: Outgoing, reason: str, *, now: datetime
    ) -> None:
        """Say that a message was given up."""
        if outgoing.kind == "notice":
            return  # A notice about a notice would never end.
        seen = outgoing.notification
        what = f"“{seen.title}” ({seen.short})" if seen else f"a {outgoing.kind}"
        name = await _name(tx, lane.destination)
        await self.tell(
            tx,
            f"Not delivered to {name}",
            f"{_capital(what)}: {reason}.",
            f"Send it again with: larkbell dead --replay {outgoing.id}",
            besides=lane,
            now=now,
        )

    async def tell(
        self,
        tx: Tx,
        title: str,
        *lines: str,
        besides: Lane | None = None,
        now: datetime,
    ) -> None:
        """Queue a notice to every admin, but not by the way that it is about."""
        for open_id in self.admins:
            destination = Destination(Kind.PERSON, open_id)
            if besides is not None and besides.destination == destination:
                continue
            chosen = await preferences.of(tx, destination)
            await outbox.enqueue(
                tx,
                kind="notice",
                destination=destination,
                channel=Channel.DM,
                payload=self.voice.to(chosen).notice(title, *lines),
                now=now,
            )


async def _name(tx: Tx, destination: Destination) -> str:
    if destination.kind is Kind.CHAT:
        chat = await directory.chat(tx, destination.name)
        known = chat and (chat.alias or chat.name)
        return f"group {known or destination.name}"
    return f"{destination.kind} {destination.name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
