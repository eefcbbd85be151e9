"""Taps on our cards: run once, and the card drawn anew where it shows how things are.

A tap is a line, so whoever taps is heard like whoever types. What differs is where the
answer goes: into a toast and the card itself, or into a message of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import orjson

from bot.tapped import Tapped
from handlers.context import Context
from handlers.filled import Filled
from handlers.language.catalogues import say
from handlers.reply import Reply, Tone
from handlers.view import Buttons, Echo, Panel, Part, Style, Words
from store.values import Json
from store.wording import _

#: The longest that a toast may be before Lark's clients cut it.
_LONGEST = 100


class Book(Protocol):
    """What can be asked for: ``handlers.router.Router``."""

    @property
    def nouns(self) -> frozenset[str]:
        """What a command may begin with."""
        ...

    async def answer(self, line: str, context: Context) -> Reply:
        """Do what a line asks. Raises ``UserError``."""
        ...

    def line_of(self, kind: str, filled: Filled, context: Context) -> str:
        """Return the line that a form means. Raises ``UserError``."""
        ...


#: What a tap says that only looked.
NOTHING = Reply(lines=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a tap came to: the toast, and the card as it is now, where it is redrawn.

    *aloud*: the answer is a message of its own too.
    """

    reply: Reply = NOTHING
    card: Reply | None = None
    aloud: bool = False


async def act(book: Book, tapped: Tapped, context: Context) -> Shown:
    """Run what *tapped* asks for, unless its card is out of date.

    Raises a ``UserError`` when it is refused.
    """
    if tapped.only and tapped.only != context.asker:
        text = _("This button is for whoever asked. Give the command yourself.")
        return Shown(reply=Reply(lines=(text,), tone=Tone.REFUSED))
    if tapped.looks:
        return Shown(card=await book.answer(tapped.show, context))
    if tapped.about and tapped.show:
        before = await book.answer(tapped.show, context)
        if before.facts.get(tapped.about, "") != tapped.was:
            return Shown(reply=Reply(lines=(STALE,), tone=Tone.REFUSED), card=before)
    line = tapped.line
    if tapped.filled is not None:
        line = book.line_of(tapped.form, tapped.filled, context)
    reply = await book.answer(line, context)
    if not tapped.show:
        return Shown(reply=reply, aloud=True)
    after = await book.answer(tapped.show, context)
    return Shown(reply=reply, card=_with_change(after, reply, tapped.show))


STALE = _("This changed meanwhile, so nothing was done. The card now shows how it is.")


async def redrawn(book: Book, tapped: Tapped, said: Reply, context: Context) -> Reply:
    """Return the card of *tapped* as it is now, with what *said* asks, if it asks."""
    card = await book.answer(tapped.show, context)
    return _with_change(card, said, tapped.show)


def answered(
    shown: Shown,
    *,
    locale: str,
    draw: Callable[[Reply], str],
) -> Json:
    """Return what Lark is answered: a toast in *locale*, and the card anew.

    The toast is whole still: ``shortened`` cuts it.
    """
    reply = shown.reply
    # The line that says what was done tells more than its title.
    said = next(iter(reply.lines), "") or reply.title
    answer: Json = {}
    if said:
        answer["toast"] = {"type": _TOASTS[reply.tone], "content": say(said, locale)}
    if shown.card is not None:
        answer["card"] = {"type": "raw", "data": orjson.loads(draw(shown.card))}
    return answer


def toast(tone: Tone, text: str) -> Json:
    """Return what Lark shows for a moment to whoever tapped."""
    return shortened({"toast": {"type": _TOASTS[tone], "content": text}})


def shortened(answer: Json) -> Json:
    """Return *answer* with a toast that Lark shows whole, cut at a word if it must."""
    said = answer.get("toast", {}).get("content", "")
    if len(said) <= _LONGEST:
        return answer
    kept = said[: _LONGEST - 1].rsplit(None, 1)[0]
    return {**answer, "toast": {**answer["toast"], "content": f"{kept}…"}}


_TOASTS: Mapping[Tone, str] = {
    Tone.DONE: "success",
    Tone.INFO: "info",
    Tone.REFUSED: "warning",
}


def _with_change(card: Reply, reply: Reply, show: str) -> Reply:
    """Return *card* with what was just done in it, and the way back.

    What asks for a yes first is asked there.
    """
    asks = tuple(each for each in reply.buttons if each.line.startswith("/confirm"))
    back = tuple(each for each in reply.buttons if each.line.startswith("/undo"))
    if asks:
        said = tuple(Words(line) for line in (reply.title, *reply.lines) if line)
    elif reply.tone is Tone.DONE and reply.lines:
        first, *then = reply.lines
        said = (Words(first), *(Words(line, Style.SMALL) for line in then if line))
        if reply.canonical:
            said += (Words(reply.canonical, Style.SMALL),)
    else:
        return card
    buttons = tuple(replace(each, show=show) for each in asks or back)
    done = (*said, *((Buttons(buttons),) if buttons else ()))
    view, found = _echoed(card.view, done)
    return replace(card, view=view if found else (*view, *done))


def _echoed(
    parts: tuple[Part, ...], done: tuple[Part, ...]
) -> tuple[tuple[Part, ...], bool]:
    """Return *parts* with *done* in the place that they keep for it, if they do."""
    made: list[Part] = []
    found = False
    for part in parts:
        if isinstance(part, Panel):
            inside, here = _echoed(part.parts, done)
            part, found = replace(part, parts=inside), found or here
        if isinstance(part, Echo):
            made += done
            found = True
        else:
            made.append(part)
    return tuple(made), found
