"""What a tap on one of our cards asks for: a line, or a form that becomes one. Pure.

What a card carries is written in ``bot/cards/tapping.py``, and is ours; what comes back
with it is somebody's, and is read with care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.lark.values import Tap
from handlers.filled import Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A line or a form; how the card is drawn anew, and what it showed.

    Without a line and a form, a tap only looks: at what ``show`` shows.

    See ``handlers.reply.Button`` for ``show``, ``about``, ``was`` and ``only``.
    ``locale`` is the card's, where it is drawn anew.
    """

    line: str = ""
    form: str = ""
    filled: Filled | None = None
    show: str = ""
    about: str = ""
    was: str = ""
    only: str = ""
    locale: str = ""

    @property
    def looks(self) -> bool:
        """Whether nothing is run but what the card is drawn by."""
        return not self.line and not self.form


def read(tap: Tap) -> Tapped | None:
    """Return what *tap* asks for; ``None`` where it is no card of ours."""
    value = tap.value
    form, filled, line = _text(value, "form"), None, ""
    if form:
        filled = _filled(tap)
    elif value.get("menu") is True:
        line = tap.option or ""
    else:
        line = _text(value, "line")
    if (
        not form
        and not line
        and (value.get("menu") is True or not _text(value, "show"))
    ):
        return None
    return Tapped(
        line=line,
        form=form,
        filled=filled,
        show=_text(value, "show"),
        about=_text(value, "about"),
        was=_text(value, "was"),
        only=_text(value, "only"),
        locale=_text(value, "lang"),
    )


def _filled(tap: Tap) -> Filled:
    given = tap.value.get("given")
    return Filled(
        fields={name: _field(each) for name, each in tap.form_value.items()},
        given=_texts(given) if isinstance(given, Mapping) else {},
        zone=tap.timezone or "",
    )


def _field(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(each for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""


def _texts(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: each for name, each in found.items() if isinstance(each, str)}


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
