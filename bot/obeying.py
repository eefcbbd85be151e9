"""Does what a line or a tap asks, once, and answers it.

Each is one transaction: the change, its answer, and the mark that this was heard are
written together, or not at all. Lark delivers at least once; we act once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import orjson

from bot import answering, membership, naming, tapping
from bot.answering import MY_MISTAKE
from bot.asking import Asked, Settings, audiences_of, context_of, defaults_of
from bot.clock import Clock
from bot.patience import PER_MINUTE, Patience
from bot.tapped import Tapped
from bot.tapping import Book, Shown
from handlers import confirming
from handlers.audience import MANAGERS
from handlers.context import Context, Role
from handlers.errors import Forbidden, Unconfirmed, UserError, words_of
from handlers.reply import Button, Reply, Tone
from handlers.view import Style, Words
from store import directory
from store.database import Database, Tx
from store.errors import StoreRefused
from store.preferences import Preferences
from store.values import Json
from store.wording import _

TOO_MUCH = _(
    "{count} commands a minute is what I can take. Please give the rest again later.",
    count=PER_MINUTE,
)

log = logging.getLogger(__name__)


class Obeying:
    """Runs lines and taps. ``queued`` is called when an answer waits to be sent."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: Settings,
        book: Book,
        queued: Callable[[], None],
        acquaint: Callable[[str], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._book = book
        self._queued = queued
        self._acquaint = acquaint
        self._patience = Patience()
        self.settings = settings

    async def obey(self, asked: Asked) -> None:
        """Run the line once, and answer it; unless it was heard before."""
        if self._ends_patience(asked):
            aloud = self._patience.says_so(asked.asker, self._clock.now())
            await self.refuse(asked, UserError(TOO_MUCH), aloud=aloud)
            return
        try:
            await self._db.write(lambda tx: self._run(tx, asked))
        except UserError as exc:
            # Nothing of it was kept; the refusal is a transaction of its own.
            await self.refuse(asked, await self._reason(asked, exc))
            return
        except StoreRefused:
            raise  # Lark sends it again.
        except Exception:
            log.exception("a line could not be run")
            await self.refuse(asked, UserError(MY_MISTAKE))
            return
        self._queued()

    async def _run(self, tx: Tx, asked: Asked) -> None:
        if await _is_new(tx, asked, self._clock.now()):
            context = await self._context(tx, asked)
            reply = await self._book.answer(asked.text, context)
            await self._say(tx, asked, reply)

    async def obey_tap(self, asked: Asked, tapped: Tapped) -> Json:
        """Run what was tapped once; return the toast, and the card as it is then."""
        if not tapped.looks and self._ends_patience(asked):
            aloud = self._patience.says_so(asked.asker, self._clock.now())
            return await self.refuse(asked, UserError(TOO_MUCH), aloud=aloud)
        try:
            answer = await self._db.write(lambda tx: self._run_tap(tx, asked, tapped))
        except UserError as exc:
            return await self.refuse(asked, await self._reason(asked, exc), tapped)
        except StoreRefused:
            raise
        except Exception:
            log.exception("a tap could not be run")
            return await self.refuse(asked, UserError(MY_MISTAKE), tapped)
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

    async def refuse(
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
        where = error.where if tapped is None else ""
        reply = Reply(
            lines=(words_of(error),),
            view=(Words(where, Style.SMALL),) if where else (),
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


async def _is_new(tx: Tx, asked: Asked, now: datetime) -> bool:
    """Mark the line as heard, and note where; return whether it is the first time."""
    if not await directory.hear(tx, asked.once, now=now):
        return False
    if asked.answers:  # From the menu nobody says in which chat.
        await membership.heard_from(
            tx, asked.chat, person=asked.asker, direct=asked.direct, now=now
        )
    return True
