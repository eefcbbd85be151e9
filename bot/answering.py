"""What is written with an answer: the message, notes to others, tasks.

All of it in the transaction of what was changed.
"""

from __future__ import annotations

from datetime import datetime

from bot import naming
from bot.asking import Asked, Settings, reader
from handlers.reply import Note, Reply
from store import outbox, preferences, tasks
from store.database import Tx
from store.values import Channel, Destination, Json, Kind
from store.wording import _

#: What whoever asked reads; the log says which mistake it is.
MY_MISTAKE = _(
    "Something went wrong on my side, so nothing was changed. The log says more; an "
    "admin can help."
)


async def say(
    tx: Tx, asked: Asked, reply: Reply, settings: Settings, *, now: datetime
) -> None:
    """Queue *reply* as the answer to what was *asked*, and all that goes with it."""
    chosen = await reader(tx, asked, settings)
    # From the menu nobody says in which chat: whom to answer is enough.
    to_person = asked.direct and not asked.answers
    written = settings.voice.to(chosen).reply(reply)
    await outbox.enqueue(
        tx,
        kind="reply",
        destination=Destination(
            Kind.PERSON if to_person else Kind.CHAT,
            asked.asker if to_person else asked.chat,
        ),
        channel=Channel.DM if to_person else Channel.CHAT,
        payload=await naming.named(tx, written, asker=asked.asker),
        rank=outbox.REPLY,
        address=asked.answers,
        now=now,
    )
    await follow_up(tx, asked, reply, settings, now=now)


async def follow_up(
    tx: Tx, asked: Asked, reply: Reply, settings: Settings, *, now: datetime
) -> None:
    """Queue what others are told because of *reply*, and keep what is to be done."""
    for note in reply.notes:
        await _tell(tx, note, settings, now=now)
    for task in reply.tasks:
        await tasks.add(tx, task, asked=to_json(asked), now=now)


def to_json(asked: Asked) -> Json:
    """Return who asked, and where, as a task keeps it."""
    return {
        "asker": asked.asker,
        "chat": asked.chat,
        "direct": asked.direct,
        "answers": asked.answers,
    }


def from_json(kept: Json, *, once: str) -> Asked:
    """Return who asked, as a task kept it."""
    return Asked(once=once, text="", **kept)


async def _tell(tx: Tx, note: Note, settings: Settings, *, now: datetime) -> None:
    """Queue a note, where it can be read: a direct chat needs a Lark account."""
    if note.to.kind is not Kind.PERSON or not note.to.name.startswith("ou_"):
        return
    chosen = await preferences.of(tx, note.to)
    made = Reply(title=note.title, lines=note.lines, buttons=note.buttons)
    await outbox.enqueue(
        tx,
        kind="notice",
        destination=note.to,
        channel=Channel.DM,
        payload=await naming.named(tx, settings.voice.to(chosen).reply(made)),
        now=now,
    )
