"""What people do in Lark: lines that they type, buttons, groups that we join and leave.

What a line or a tap asks is done by ``bot/obeying.py``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from bot import greeting, membership
from bot.asking import Asked, Settings
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
from bot.obeying import Obeying
from bot.tapped import read as read_tap
from bot.tapping import Book, toast
from handlers import welcome
from handlers.errors import UserError
from handlers.language.catalogues import say as say_in
from handlers.language.text import Mention
from handlers.reply import Tone
from store import directory, preferences
from store.database import Database, Tx
from store.values import Destination, Json, Kind
from store.wording import _

#: An older line is not run: whoever typed it has long done something else.
STALE = timedelta(minutes=10)

NOT_MINE = _("This button is not mine any more.")

log = logging.getLogger(__name__)


class Hearing:
    """Acts on what people do. ``queued`` is called when an answer waits to be sent."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        book: Book,
        queued: Callable[[], None],
        acquaint: Callable[[str], None] = lambda chat: None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._book = book
        self._queued = queued
        self._obeying = Obeying(
            db,
            clock=clock,
            settings=settings,
            book=book,
            queued=queued,
            acquaint=acquaint,
        )

    @property
    def settings(self) -> Settings:
        """What a reload may change."""
        return self._obeying.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._obeying.settings = settings

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
                await self._menu(event)
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
            await self._obeying.refuse(
                asked,
                UserError(
                    _("This reached me {late} late, so I did not run it.", late=late)
                ),
            )
        else:
            await self._obeying.obey(asked)

    async def _tap(self, tap: Tap) -> Json:
        tapped, chat = read_tap(tap), tap.chat_id
        if tapped is None or chat is None:
            async with self._db.reading() as tx:
                chosen = await preferences.of(
                    tx, Destination(Kind.PERSON, tap.operator)
                )
            locale = chosen.locale or self.settings.locale
            return toast(Tone.REFUSED, say_in(NOT_MINE, locale))
        async with self._db.reading() as tx:
            direct = await membership.is_direct(tx, chat)
        asked = Asked(
            once=tap.once,
            text=tapped.line,
            asker=tap.operator,
            chat=chat,
            direct=direct,
            answers=tap.message_id or "",
        )
        return await self._obeying.obey_tap(asked, tapped)

    async def _membership(self, event: Membership) -> None:
        async def write(tx: Tx) -> None:
            now = self._clock.now()
            if await directory.hear(tx, event.once, now=now):
                if isinstance(event, BotAdded):
                    await greeting.joined(tx, event, self.settings, now=now)
                await membership.changed(tx, event, now=now)

        await self._db.write(write)
        log.info("chat", extra={"chat": event.chat_id, "event": type(event).__name__})
        self._queued()

    async def _entered(self, event: P2pEntered) -> None:
        async def write(tx: Tx) -> None:
            now = self._clock.now()
            await membership.entered(tx, event, now=now)
            await greeting.entered(tx, event, self.settings, now=now)

        await self._db.write(write)
        self._queued()

    async def _menu(self, event: MenuClicked) -> None:
        """Answer an entry of our menu: what it says is a line, typed in private."""
        async with self._db.reading() as tx:
            chat = await directory.direct_chat(tx, event.operator)
        await self._obeying.obey(
            Asked(
                once=event.once,
                text=welcome.line_of(event.event_key, self._book.nouns),
                asker=event.operator,
                # Lark does not say which chat it is; the answer goes to the person.
                chat=chat or f"p2p:{event.operator}",
                direct=True,
                answers="",
            )
        )


def _minutes(late: timedelta) -> str:
    return _("{minutes} min", minutes=late // timedelta(minutes=1))
