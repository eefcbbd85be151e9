"""What a handler answers → a card."""

from __future__ import annotations

from bot.cards.frame import APP, Colour
from bot.cards.sheet import sheet
from bot.cards.view import draw
from handlers.reply import Reply, Tone
from store.values import Json

_COLOURS = {
    Tone.DONE: Colour.GREEN,
    Tone.INFO: Colour.BLUE,
    Tone.REFUSED: Colour.ORANGE,
}


def reply_card(reply: Reply, *, locale: str) -> Json:
    """Return *reply* as a card of at most 28 KB: a long one is cut, and says so.

    What a tap comes back with is in ``bot.cards.tapping``.
    """
    return sheet(
        reply.title,
        reply.lines,
        colour=_COLOURS[reply.tone],
        envelope=APP,
        locale=locale,
        remark=reply.canonical,
        buttons=reply.buttons,
        view=draw(reply.view, locale),
    )
