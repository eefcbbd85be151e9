"""What people do in Lark: lines that they type, buttons, groups that we join and leave.

``obey`` is one transaction: the change, its answer, and the mark that this was heard
are written together, or not at all. Lark delivers at least once; we act once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot import membership
from bot.asking import Asked, Settings, context_of
from bot.clock import Clock
from bot.lark.values import (
    BotAdded,
    BotRemoved,
    ChatDisbanded,
    ChatUpdated,
    Event,
    Line,
    MenuClicked,
    P2pEntered,
    Tap,
)
from bot.membership import Membership
from bot.patience import PER_MINUTE, Patience
from handlers.context import Context
from handlers.errors import Forbidden, UserError, words_of
from handlers.language.text import Mention
from handlers.reply import Button, Reply, Tone
from store import directory, outbox
from store.database import Database, Tx
from store.values import Channel, Destination, Json, Kind

#: An older line is not run: whoever typed it has long done something else.
STALE = timedelta(minutes=10)

Answer = Callable[[str, Context], Awaitable[Reply]]

log = logging.getLogger(__name__)


class Hearing:
    """Acts on what people do. ``queued`` is called when an answer waits to be sent."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        answer: Answer,
        queued: Callable[[], None],
        acquaint: Callable[[str], None] = lambda chat: None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._answer = answer
        self._queued = queued
        self._acquaint = acquaint
        self._patience = Patience()
        self.settings = settings

    async def hear(self, event: Event) -> Json:
        """Act on *event*; return what Lark is answered: a toast for a tap."""
        match event:
            case Line():
                await self._line(event)
            case Tap():
                return await self._tap(event)
            case BotAdded() | BotRemoved() | ChatDisbanded() | ChatUpdated():
                await self._membership(event)
            case P2pEntered():
                await self._entered(event)
            case MenuClicked():
                log.info("menu", extra={"key": event.event_key})
        return {}

    async def _line(self, line: Line) -> None:
        if not line.addressed or line.text is None:
            return
        asked = Asked(
            once=line.once,
            text=line.text,
            asker=line.sender,
            chat=line.chat_id,
            direct=line.direct,
            answers=line.message_id,
            replies_to=line.parent_id or "",
            mentions=tuple(
                Mention(key=each.key, person=each.open_id, name=each.name)
                for each in line.mentions.values()
                if each.open_id is not None
            ),
        )
        now = self._clock.now()
        if line.created_at is not None and now - line.created_at > STALE:
            late = _minutes(now - line.created_at)
            await self._refuse(
                asked,
                UserError(f"This reached me {late} late, so I did not run it."),
            )
        else:
            await self._obey(asked)

    async def _tap(self, tap: Tap) -> Json:
        text, chat = tap.value.get("line"), tap.chat_id
        if not isinstance(text, str) or chat is None:
            return _toast(Tone.REFUSED, "This button is not mine any more.")
        async with self._db.reading() as tx:
            direct = await membership.is_direct(tx, chat)
        asked = Asked(
            once=tap.once,
            text=text,
            asker=tap.operator,
            chat=chat,
            direct=direct,
            answers=tap.message_id or "",
        )
        reply = await self._obey(asked)
        if reply is None:
            return {}
        return _toast(reply.tone, reply.title or next(iter(reply.lines), ""))

    async def _obey(self, asked: Asked) -> Reply | None:
        """Run the line once; return the answer, or ``None`` if it was heard before."""
        now = self._clock.now()
        if self._patience.ends(asked.asker, asked.once, now):
            return await self._refuse(
                asked,
                UserError(
                    f"{PER_MINUTE} commands a minute is what I can take. "
                    "Please give the rest again later."
                ),
                aloud=self._patience.says_so(asked.asker, now),
            )
        try:
            reply = await self._db.write(lambda tx: self._run(tx, asked))
        except UserError as exc:
            if isinstance(exc, Forbidden) and await self._knows_no_managers(asked):
                exc = Forbidden(
                    "I am asking Lark who manages this group. "
                    "Please send it again in a moment."
                )
            # Nothing of it was kept; the refusal is a transaction of its own.
            return await self._refuse(asked, exc)
        self._queued()
        return reply

    async def _run(self, tx: Tx, asked: Asked) -> Reply | None:
        now = self._clock.now()
        if not await _is_new(tx, asked, now):
            return None
        reply = await self._answer(
            asked.text,
            await context_of(
                tx, asked, self.settings, now=now, acquaint=self._acquaint
            ),
        )
        await self._say(tx, asked, reply, now)
        return reply

    async def _refuse(
        self, asked: Asked, error: UserError, *, aloud: bool = True
    ) -> Reply | None:
        """Say why not, and offer what was perhaps meant. No correction runs alone.

        What is not said *aloud* is shown to whoever tapped, and not in the chat.
        """
        reply = Reply(
            lines=(words_of(error),),
            buttons=tuple(Button(choice, choice) for choice in error.choices),
            tone=Tone.REFUSED,
        )

        async def write(tx: Tx) -> Reply | None:
            now = self._clock.now()
            if not await _is_new(tx, asked, now):
                return None
            if aloud:
                await self._say(tx, asked, reply, now)
            return reply

        answered = await self._db.write(write)
        self._queued()
        return answered

    async def _say(self, tx: Tx, asked: Asked, reply: Reply, now: datetime) -> None:
        await outbox.enqueue(
            tx,
            kind="reply",
            destination=Destination(Kind.CHAT, asked.chat),
            channel=Channel.CHAT,
            payload=self.settings.voice.reply(reply),
            rank=outbox.REPLY,
            address=asked.answers,
            now=now,
        )

    async def _knows_no_managers(self, asked: Asked) -> bool:
        """Whether a manager would be refused too, since Lark did not say who is one."""
        if not self.settings.managers_edit or asked.direct:
            return False
        async with self._db.reading() as tx:
            managers, _ = await directory.managers(tx, asked.chat)
        return managers is None

    async def _membership(self, event: Membership) -> None:
        async def write(tx: Tx) -> None:
            now = self._clock.now()
            if await directory.hear(tx, event.once, now=now):
                await membership.changed(tx, event, now=now)

        await self._db.write(write)
        log.info("chat", extra={"chat": event.chat_id, "event": type(event).__name__})
        self._queued()

    async def _entered(self, event: P2pEntered) -> None:
        now = self._clock.now()
        await self._db.write(lambda tx: membership.entered(tx, event, now=now))


async def _is_new(tx: Tx, asked: Asked, now: datetime) -> bool:
    """Mark the line as heard, and note where; return whether it is the first time."""
    if not await directory.hear(tx, asked.once, now=now):
        return False
    await membership.heard_from(
        tx, asked.chat, person=asked.asker, direct=asked.direct, now=now
    )
    return True


def _minutes(late: timedelta) -> str:
    return f"{late // timedelta(minutes=1)} min"


_TOASTS: Mapping[Tone, str] = {
    Tone.DONE: "success",
    Tone.INFO: "info",
    Tone.REFUSED: "warning",
}


def _toast(tone: Tone, text: str) -> Json:
    return {"toast": {"type": _TOASTS[tone], "content": text[:100]}}
