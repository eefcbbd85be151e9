"""A room to be heard in: people, their lines and taps, and what we answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.asking import Settings
from bot.hearing import Hearing
from bot.lark.lines import Mention
from bot.lark.values import Line, Tap
from bot.voice import Voice
from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.filled import Filled
from handlers.reply import Reply, Tone
from handlers.rules.types import Types
from store import directory, outbox
from store.database import Database
from store.directory import Chat
from store.lanes import Lane
from store.values import Channel, Destination, Json, Kind
from tests.conftest import HandClock

GROUP, DIRECT = "oc_ops", "oc_lin"
LIN, WEI = "ou_lin", "ou_wei"
DONE = Reply(lines=("Done.",), tone=Tone.DONE)
NO = Reply(lines=("No.",), tone=Tone.REFUSED)


class Room:
    """A database, the ears, and a tongue that knows three words.

    ``put X`` changes something, ``spoil X`` changes it and then refuses, ``break`` is
    a mistake of ours. What was run is in ``ran``, the context of each in ``contexts``.
    """

    def __init__(self, db: Database, clock: HandClock, **settings: Any) -> None:
        self.db = db
        self.clock = clock
        self.ran: list[str] = []
        self.contexts: list[Context] = []
        self.rung = 0
        self.voice = Voice(types=Types())
        self.hearing = Hearing(
            db,
            clock=clock,
            settings=Settings(voice=self.voice, types=Types(), **settings),
            book=self,
            queued=self._ring,
        )
        self._numbers = count(1)

    def _ring(self) -> None:
        self.rung += 1

    async def answer(self, text: str, context: Context) -> Reply:
        """Answer a line, in the transaction of the context."""
        self.ran.append(text)
        self.contexts.append(context)
        word, _, name = text.partition(" ")
        if word == "break":
            raise ZeroDivisionError(name)
        if word in ("put", "spoil"):
            await context.tx.run("meta_put", name=name, value=context.asker)
        if word != "put":
            if name == "?":
                raise Misunderstood("No.", choices=("put x",), where="what ▸?◂")
            raise Misunderstood("No.")
        return DONE

    nouns = frozenset({"put", "spoil", "break"})

    def line_of(self, kind: str, filled: Filled, context: Context) -> str:
        """Return what a form means: ``put`` and what stands in its field."""
        return f"put {filled.one('what')}"

    # What people do

    def line(self, text: str | None, *, direct: bool = False, **settings: Any) -> Line:
        """Return a line that Lin typed: in the group, to us, just now."""
        number = next(self._numbers)
        return Line(
            **{
                "event_id": f"e{number}",
                "message_id": f"om_{number}",
                "chat_id": DIRECT if direct else GROUP,
                "chat_type": "p2p" if direct else "group",
                "sender": LIN,
                "sender_name": None,
                "text": text,
                "mentions": {},
                "names_us": not direct,
                "names_all": False,
                "root_id": None,
                "parent_id": None,
                "thread_id": None,
                "created_at": self.clock.now(),
                **settings,
            }
        )

    def tap(self, value: Mapping[str, Any], **settings: Any) -> Tap:
        """Return a tap of Lin's on a button of a card in the group."""
        return Tap(
            **{
                "event_id": f"t{next(self._numbers)}",
                "created_at": self.clock.now(),
                "operator": LIN,
                "message_id": "om_card",
                "chat_id": GROUP,
                "value": value,
                **settings,
            }
        )

    async def hear(self, *events: Any) -> list[Json]:
        """Let these happen, one after the other; return what Lark is answered."""
        return [await self.hearing.hear(event) for event in events]

    async def says(self, *texts: str, **settings: Any) -> None:
        """Let Lin type these."""
        await self.hear(*(self.line(text, **settings) for text in texts))

    # What came of it

    async def replies(self, chat: str = GROUP) -> list[tuple[str, str]]:
        """Return what waits to be said in a chat: which message it answers, and it."""
        to = Destination(Kind.CHAT, chat)
        async with self.db.reading() as tx:
            found = await outbox.due(
                tx,
                Lane(f"{to}/chat", to, Channel.CHAT),
                now=self.clock.now() + timedelta(days=365),
                batch=1_000,
            )
        return [(each.address, each.payload or "") for each in found]

    async def fact(self, name: str) -> str | None:
        """Return what a line put under *name*: who typed it."""
        async with self.db.reading() as tx:
            return await tx.value("meta_get", name=name)

    async def chat(self, chat: str = GROUP) -> Chat | None:
        """Return what is known of a chat."""
        async with self.db.reading() as tx:
            return await directory.chat(tx, chat)

    def put(self, reply: Reply) -> str:
        """Return a reply as it is sent."""
        return self.voice.reply(reply)


def mention(key: str, person: str | None, name: str) -> Mention:
    """Return somebody who is mentioned in a line."""
    return Mention(key, person, name)


def event(kind: type, clock: HandClock, number: int = 1, **settings: Any) -> Any:
    """Return an event about the group: we joined or left it, or it is no more."""
    made: dict[str, Any] = {
        "event_id": f"m{number}",
        "created_at": clock.now(),
        "chat_id": GROUP,
        "operator": WEI,
        "name": "Ops",
    }
    return kind(**made, **settings)


def moment(clock: HandClock, **ago: float) -> datetime:
    """Return a moment before now."""
    return clock.now() - timedelta(**ago)
