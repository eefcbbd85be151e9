"""What admins are told of their own accord: parked lanes, dead letters, odd types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.voice import Voice
from handlers.names import plain_or_quoted
from handlers.rules.policy import NEVER_LATE
from store import directory, outbox, preferences
from store.database import Tx
from store.lanes import Lane, lane_id
from store.outbox import Outgoing
from store.values import Channel, Destination, Kind
from store.wording import Text, _, capital, sentences

#: Channels that one server carries for everybody: when a lane of theirs is shut, all
#: are, and one notice says so.
SHUT: Mapping[Channel, Text] = {
    Channel.EMAIL: _("Nothing gets through by e-mail"),
    Channel.SMS: _("Nothing gets through by text message"),
    Channel.VOICE: _("Nobody can be called"),
}
_OPEN: Mapping[Channel, Text] = {
    Channel.EMAIL: _("E-mail works again"),
    Channel.SMS: _("Text messages work again"),
    Channel.VOICE: _("Calls work again"),
}


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
        one = _("Nothing gets through to {place}", place=name)
        await self.tell(
            tx,
            SHUT.get(lane.channel, one),
            _("{said}.", said=capital(words)),
            _wait(lane),
            besides=lane,
            now=now,
        )

    async def reopened(self, tx: Tx, lane: Lane, *, now: datetime) -> None:
        """Say that it works again."""
        name = await _name(tx, lane.destination)
        one = _("{place} works again", place=capital(name))
        title = _OPEN.get(lane.channel, one)
        await self.tell(tx, title, besides=lane, now=now)

    async def died(
        self, tx: Tx, lane: Lane, outgoing: Outgoing, reason: str, *, now: datetime
    ) -> None:
        """Say that a message was given up."""
        if outgoing.kind == "notice":
            return  # A notice about a notice would never end.
        name = await _name(tx, lane.destination)
        await self.tell(
            tx,
            _("Not delivered to {place}", place=name),
            _("{what}: {reason}.", what=_what(outgoing), reason=reason),
            _(
                "Send it again with: larkbell dead --replay {number}",
                number=outgoing.id,
            ),
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
            if besides is not None and besides.id == lane_id(destination, Channel.DM):
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


def _wait(lane: Lane) -> Text:
    if lane.channel in NEVER_LATE:
        return _("What waits for an hour is not sent any more.")
    waits = _("Its messages wait and go out as soon as it works again.")
    if lane.destination.kind is not Kind.ROBOT:
        return waits
    line = f"/robot test {plain_or_quoted(lane.destination.name)}"
    return sentences(waits, _("Try it with: {line}", line=line))


async def _name(tx: Tx, destination: Destination) -> Text:
    name = destination.name
    match destination.kind:
        case Kind.CHAT:
            chat = await directory.chat(tx, name)
            known = chat and (chat.alias or chat.name)
            return _("group {name}", name=known or name)
        case Kind.ROBOT:
            return _("robot {name}", name=name)
        case Kind.PERSON:
            return _("person {name}", name=name)
        case Kind.GROUP:
            return _("everyone in {people}", people=name)


def _what(outgoing: Outgoing) -> Text:
    """Return what was given up, in words."""
    seen = outgoing.notification
    if seen is not None:
        return _("“{title}” ({message})", title=seen.title, message=seen.short)
    if outgoing.kind == "digest":
        return _("A digest")
    return _("A reply")
