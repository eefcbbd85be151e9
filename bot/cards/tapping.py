"""What a card's buttons, menus and forms carry, and buttons themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import defuse
from bot.cards.frame import plain_text
from handlers.language.catalogues import say
from handlers.reply import Button
from handlers.view import Form, Menu
from store.values import Json

_LONGEST_LABEL = 40
_TAIL = 25
_LONGEST_LINE = 500


def command_buttons(buttons: Sequence[Button], locale: str) -> list[Json]:
    """Return *buttons* as elements. One whose line is too long to carry is left out."""
    return [button(each, locale) for each in buttons if len(each.line) <= _LONGEST_LINE]


def button(made: Button, locale: str) -> Json:
    """Return a button that runs its line as whoever taps it."""
    kind = "danger" if made.danger else "primary" if made.primary else "default"
    if made.quiet:
        kind = "text"
    label = _short(made, locale)
    tips = defuse.line(say(made.disabled, locale))
    value = tap_value(made, locale)
    tapped = [{"type": "callback", "value": value}] if value else []
    return {
        "tag": "button",
        "text": plain_text(label),
        "type": kind,
        **({"disabled": True, "disabled_tips": plain_text(tips)} if tips else {}),
        **({"behaviors": tapped} if tapped else {}),
    }


def tap_value(tapped: Button | Menu | Form, locale: str) -> Json:
    """Return what comes back with a tap. What is not set takes no room.

    A card that is drawn anew in place keeps its language, whoever taps.
    """
    what: Json = {}
    match tapped:
        case Button():
            what = {"line": sendable(tapped.line)} if tapped.line else {}
        case Menu():
            what = {"menu": True}
        case Form():
            what = {"form": tapped.kind}
            if tapped.given:
                what["given"] = dict(tapped.given)
    for name in ("show", "about", "was", "only"):
        if value := getattr(tapped, name):
            what[name] = sendable(value)
    if tapped.show:
        what["lang"] = locale
    return what


def _short(made: Button, locale: str) -> str:
    """Return the label; of a line that is too long for one, its middle is left out.

    Lines that are offered differ at their ends.
    """
    said = say(made.label, locale)
    if made.label != made.line or len(said) <= _LONGEST_LABEL:
        return defuse.line(said, most=_LONGEST_LABEL)
    line = defuse.line(said, most=_LONGEST_LINE)
    return f"{line[: _LONGEST_LABEL - _TAIL - 1]}…{line[-_TAIL:]}"


def sendable(line: str) -> str:
    """Return *line* as JSON can carry it: it is run as it was meant, not shown."""
    return line.encode("utf-8", "replace").decode()
