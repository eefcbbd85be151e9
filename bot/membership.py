"""Which chats we are in, as Lark's events and people's lines tell it."""

from __future__ import annotations

from datetime import datetime

from bot.lark.values import BotAdded, BotRemoved, ChatDisbanded, ChatUpdated, P2pEntered
from store import directory, lanes, outbox
from store.database import Tx
from store.directory import Chat
from store.values import Destination, Kind
from store.wording import _

Membership = BotAdded | BotRemoved | ChatDisbanded | ChatUpdated


async def changed(tx: Tx, event: Membership, *, now: datetime) -> None:
    """Note that we joined or left a group, that it changed, or that it is no more."""
    known = await directory.chat(tx, event.chat_id)
    was = known.state if known else "present"
    chat = Chat(id=event.chat_id, name=event.name or "", state=_state(event, was))
    await directory.put_chat(tx, chat, now=now)
    destination = Destination(Kind.CHAT, event.chat_id)
    match event:
        case BotAdded():
            await lanes.unpark_destination(tx, destination)
        case ChatUpdated():
            await directory.doubt_managers(tx, event.chat_id)
        case ChatDisbanded():
            await outbox.close_destination(
                tx, destination, reason=_("this group was disbanded"), now=now
            )


async def entered(tx: Tx, event: P2pEntered, *, now: datetime) -> None:
    """Note whose direct chat this is."""
    chat = Chat(id=event.chat_id, kind="p2p", person=event.operator)
    await directory.put_chat(tx, chat, now=now)


async def heard_from(
    tx: Tx, chat_id: str, *, person: str, direct: bool, now: datetime
) -> None:
    """Note where *person* spoke to us: we are there, and heard again."""
    kind = "p2p" if direct else "group"
    known = await directory.chat(tx, chat_id)
    back = known is not None and known.state != "present"
    if known is None or back or known.kind != kind:
        chat = Chat(id=chat_id, kind=kind, person=person if direct else None)
        await directory.put_chat(tx, chat, now=now)
    # Where people speak to us we may be heard again, whether an event said so or not.
    await lanes.probe(tx, Destination(Kind.CHAT, chat_id), now=now)
    if back:
        await lanes.unpark_destination(tx, Destination(Kind.CHAT, chat_id))
    if direct:
        # Who writes to us wants to hear from us again.
        await lanes.unpark_destination(tx, Destination(Kind.CHAT, chat_id))
        await lanes.unpark_destination(tx, Destination(Kind.PERSON, person))


async def is_direct(tx: Tx, chat_id: str) -> bool:
    """Return whether a chat that holds a card of ours is somebody's direct chat.

    We post in groups by their id, and to people by theirs: where a card of ours is in
    a chat that we neither know nor ever posted in, a person got it.
    """
    known = await directory.chat(tx, chat_id)
    if known is not None:
        return known.kind == "p2p"
    return not await lanes.exist_for(tx, Destination(Kind.CHAT, chat_id))


def _state(event: Membership, was: str) -> str:
    match event:
        case BotAdded():
            return "present"
        case ChatDisbanded():
            return "disbanded"
        case BotRemoved() if was != "disbanded":
            return "gone"
        case _:
            # A late word of a change brings nobody back.
            return was
