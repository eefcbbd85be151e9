"""What people do in Lark: lines that they type, buttons, groups that we join and leave.

``obey`` is one transaction: the change, its answer, and the mark that this was heard
are written together, or not at all. Lark delivers at least once; we act once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import orjson

from bot import answering, greeting, membership, naming, tapping
from bot.asking import Asked, Settings, audiences_of, context_of, defaults_of
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
from bot.tapped import Tapped
from bot.tapped import read as read_tap
from bot.tapping import Book, Shown, toast
from handlers import confirming, welcome
from handlers.audience import MANAGERS
from handlers.context import Context, Role
from handlers.errors import Forbidden, Unconfirmed, UserError, words_of
from handlers.language.catalogues import say as say_in
from handlers.language.text import Mention
from handlers.reply import Button, Reply, Tone
from store import directory, preferences
from store.database import Database, Tx
from store.errors import StoreRefused
from store.preferences import Preferences
from store.values import Destination, Json, Kind
from store.wording import _

#: An older line is not run: whoever typed it has long done something else.
STALE = timedelta(minutes=10)

NOT_MINE = _("This button is not mine any more.")
MY_MISTAKE = _(
    "Something went wrong on my side, so nothing was changed. The log says more; an "
    "admin can help."
)
TOO_MUCH = _(
    "{count} commands a minute is what I can take. Please give the rest again later.",
    count=PER_MINUTE,
)

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
            await self._refuse(
                asked,
                UserError(
                    _("This reached me {late} late, so I did not run it.", late=late)
                ),
            )
        else:
            await self._obey(asked)

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
        return await self._obey_tap(asked, tapped)

    async def _obey(self, asked: Asked) -> None:
        """Run the line once, and answer it; unless it was heard before."""
        if self._ends_patience(asked):
            aloud = self._patience.says_so(asked.asker, self._clock.now())
            await self._refuse(asked, UserError(TOO_MUCH), aloud=aloud)
            return
        try:
            await self._db.write(lambda tx: self._run(tx, asked))
        except UserError as exc:
            # Nothing of it was kept; the refusal is a transaction of its own.
            await self._refuse(asked, await self._reason(asked, exc))
            return
        except StoreRefused:
            raise  # Lark sends it again.
        except Exception:
            log.exception("a line could not be run")
            await self._refuse(asked, UserError(MY_MISTAKE))
            return
        self._queued()

    async def _run(self, tx: Tx, asked: Asked) -> None:
        if await _is_new(tx, asked, self._clock.now()):
            context = await self._context(tx, asked)
            reply = await self._book.answer(asked.text, context)
            await self._say(tx, asked, reply)

    async def _obey_tap(self, asked: Asked, tapped: Tapped) -> Json:
        """Run what was tapped once; return the toast, and the card as it is then."""
        if not tapped.looks and self._ends_patience(asked):
            aloud = self._patience.says_so(asked.asker, self._clock.now())
            return await self._refuse(asked, UserError(TOO_MUCH), aloud=aloud)
        try:
            answer = await self._db.write(lambda tx: self._run_tap(tx, asked, tapped))
        except UserError as exc:
            return await self._refuse(asked, await self._reason(asked, exc), tapped)
        except StoreRefused:
            raise
        except Exception:
            log.exception("a tap could not be run")
            return await self._refuse(asked, UserError(MY_MISTAKE), tapped)
        self._queued()
        return answer

    async def _run_tap(self, tx: Tx, asked: Asked, tapped: Tapped) -> Json:
        if not await _is_new(tx, asked, self._clock.now()):
            return {}
        context = await self._context(tx, asked)
        shown = await tapping.act(self._book, tapped, context)
        if shown.aloud:
            await self._say(tx, asked, shown.reply)
        else:
            await answering.follow_up(
                tx, asked, shown.reply, self.settings, now=self._clock.now()
            )
        return await self._toast(tx, asked, shown, context, tapped)

    async def _toast(
        self,
        tx: Tx,
        asked: Asked,
        shown: Shown,
        context: Context,
        tapped: Tapped | None,
    ) -> Json:
        # A card that others see too keeps its language.
        locale = tapped.locale if tapped and tapped.locale else context.locale
        voice = self.settings.voice.to(Preferences(locale=locale, zone=context.zone))
        answer = tapping.answered(shown, locale=context.locale, draw=voice.reply)
        written = orjson.dumps(answer).decode()
        named = await naming.named(tx, written, asker=asked.asker)
        return tapping.shortened(orjson.loads(named))

    async def _refuse(
        self,
        asked: Asked,
        error: UserError,
        tapped: Tapped | None = None,
        *,
        aloud: bool = True,
    ) -> Json:
        """Say why not, and offer what was perhaps meant. No correction runs alone.

        What is not said *aloud* is shown to whoever tapped, and not in the chat; nor
        is what the card itself shows, drawn anew. What is broad asks for a yes.
        """
        reply = Reply(
            lines=(words_of(error),),
            buttons=tuple(Button(choice, choice) for choice in error.choices),
            tone=Tone.REFUSED,
        )

        async def write(tx: Tx) -> Json:
            if not await _is_new(tx, asked, self._clock.now()):
                return {}
            context = await self._context(tx, asked)
            said, card = reply, None
            if isinstance(error, Unconfirmed):
                said = await confirming.ask(context, error.line, error.preview)
            if tapped is not None and tapped.show:
                with suppress(UserError):
                    card = await tapping.redrawn(self._book, tapped, said, context)
            if aloud and card is None:
                await self._say(tx, asked, said)
            shown = Shown(reply=said, card=card)
            return await self._toast(tx, asked, shown, context, tapped)

        answered = await self._db.write(write)
        self._queued()
        return answered

    def _ends_patience(self, asked: Asked) -> bool:
        return self._patience.ends(asked.asker, asked.once, self._clock.now())

    async def _reason(self, asked: Asked, error: UserError) -> UserError:
        if isinstance(error, Forbidden) and await self._knows_no_managers(asked):
            return Forbidden(
                _(
                    "I am asking Lark who manages this group. "
                    "Please send it again in a moment."
                )
            )
        return error

    async def _context(self, tx: Tx, asked: Asked) -> Context:
        return await context_of(
            tx,
            asked,
            self.settings,
            now=self._clock.now(),
            acquaint=self._acquaint,
        )

    async def _say(self, tx: Tx, asked: Asked, reply: Reply) -> None:
        await answering.say(tx, asked, reply, self.settings, now=self._clock.now())

    async def _knows_no_managers(self, asked: Asked) -> bool:
        """Whether a manager would be refused too, since Lark did not say who is one."""
        if asked.direct:
            return False
        defaults = defaults_of(self.settings)
        async with self._db.reading() as tx:
            audiences = await audiences_of(tx, asked, defaults)
            if audiences[Role.EDITOR].word != MANAGERS:
                return False
            managers, _ = await directory.managers(tx, asked.chat)
        return managers is None

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
        await self._obey(
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


async def _is_new(tx: Tx, asked: Asked, now: datetime) -> bool:
    """Mark the line as heard, and note where; return whether it is the first time."""
    if not await directory.hear(tx, asked.once, now=now):
        return False
    if asked.answers:  # From the menu nobody says in which chat.
        await membership.heard_from(
            tx, asked.chat, person=asked.asker, direct=asked.direct, now=now
        )
    return True


def _minutes(late: timedelta) -> str:
    return _("{minutes} min", minutes=late // timedelta(minutes=1))
