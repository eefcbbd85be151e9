"""A title, plain lines and buttons: the shape of answers and notices."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import defuse
from bot.cards.fit import fit_lines, fit_text, weigh_text
from bot.cards.frame import (
    Colour,
    Envelope,
    card,
    everyone,
    row,
    small,
    text,
)
from bot.cards.tapping import command_buttons
from bot.cards.view import MOST_ELEMENTS, fitting
from bot.cards.view import count as count_elements
from handlers.language.catalogues import say
from handlers.reply import Button
from store.values import Json
from store.wording import _, _n, commas, sentences

_MOST_BUTTONS = 10
_MOST_BUTTON_BYTES = 8 * 1024
_LONGEST_REMARK = 500
#: What is left for the lines of a card with a view, in bytes.
_LINES_BYTES = 3 * 1024
#: The elements beside view and buttons: title, lines, note, remark, a mention.
_OTHERS = 9


def sheet(
    title: str,
    lines: Sequence[str],
    *,
    colour: Colour,
    envelope: Envelope,
    locale: str,
    remark: str = "",
    buttons: Sequence[Button] = (),
    view: Sequence[Json] = (),
    mention_all: bool = False,
) -> Json:
    """Return a card with *lines* as plain text, *view*, and *remark* in grey under it.

    Without *title* it has no header, and so no *colour*. What does not fit is counted
    in a last line.
    """
    title = defuse.line(say(title, locale))
    shown = [defuse.plain(say(line, locale)) for line in lines]
    remark = defuse.line(say(remark, locale), most=_LONGEST_REMARK)
    offered = command_buttons(buttons[:_MOST_BUTTONS], locale)
    made = _fitting(offered, envelope)
    below = [*([small(remark)] if remark else ()), *row(made)]
    kept_view, unseen = fitting(
        view,
        envelope.most - envelope.weigh(below) - _LINES_BYTES,
        MOST_ELEMENTS - _OTHERS - count_elements(below),
        envelope,
    )
    tail = [
        *kept_view,
        *below,
        *([everyone()] if mention_all else ()),
    ]
    summary = title or defuse.line(" ".join(shown[:1]))

    def laid_out(kept: Sequence[str], note: str = "") -> Json:
        content = "\n".join(kept)
        elements = [
            *([text(content)] if content else ()),
            *([small(note)] if note else ()),
            *tail,
        ]
        return card(title, elements, colour=colour, summary=summary)

    missing = len(buttons) - len(made) + unseen
    note = _note(0, missing, locale)
    whole = laid_out(shown, note)
    if envelope.weigh(whole) <= envelope.most:
        return whole
    bare = laid_out([" "], _note(len(shown), missing, locale))
    room = envelope.most - envelope.weigh(bare)
    count = fit_lines(shown, "\n", room, envelope)
    kept = shown[:count]
    room -= sum(weigh_text("\n" + line, envelope) for line in kept)
    part = fit_text(shown[count], room - weigh_text("\n", envelope), envelope)
    return laid_out(
        [*kept, *([part] if part else ())],
        _note(len(shown) - count, missing, locale),
    )


def _fitting(buttons: list[Json], envelope: Envelope) -> list[Json]:
    """Return the first of *buttons*, as many as leave room for the text."""
    room = _MOST_BUTTON_BYTES
    for count, button in enumerate(buttons):
        room -= envelope.weigh(button)
        if room < 0:
            return buttons[:count]
    return buttons


def _note(lines: int, buttons: int, locale: str) -> str:
    what = [
        *([_n("1 line", "{count} lines", lines)] if lines else ()),
        *([_n("1 button", "{count} buttons", buttons)] if buttons else ()),
    ]
    if not what:
        return ""
    return say(
        sentences(
            _("Left out to fit: {what}.", what=commas(what)),
            _("Ask for less at a time to see them."),
        ),
        locale,
    )
