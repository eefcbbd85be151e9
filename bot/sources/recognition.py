"""Which type a console's message is, by the titles that the console prints.

Consoles name no type: their robots post "Balance Warning Notice" or 余额预警通知.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.sources.tencent import ALARM_TYPE
from handlers.rules.types import MessageType, Types
from store.values import Incoming

#: A title stands at the top. Further down, the words are somebody's prose.
_FAR_ENOUGH = 1_000

_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")

_ALARM_TYPES = {"metric": "product.alarm", "event": "product.event-alarm"}


def recognise_console(incoming: Incoming, types: Types) -> str | None:
    """Return the type that a console's post names in its title, else in its body.

    In the body only titles of several words count: "refund" alone is anybody's word.
    """
    titles = _titles(types)
    return _longest(incoming.title, titles) or _longest(
        incoming.body, tuple(title for title in titles if title.telling)
    )


def recognise_tencent(incoming: Incoming, types: Types) -> str | None:
    """Return the type of an alarm callback: metric or event, else by its titles."""
    known = _ALARM_TYPES.get(incoming.labels.get(ALARM_TYPE, ""))
    return known or recognise_console(incoming, types)


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as it is looked for. CJK writes no spaces, so it is sought without."""

    folded: str
    type_id: str
    weight: int
    telling: bool
    spaced: bool


@lru_cache(maxsize=4)
def _titles(types: Types) -> tuple[_Title, ...]:
    """Return every title of *types*, the longest first."""
    found = {
        (title.folded, title.spaced): title
        for each in reversed(tuple(types))
        for title in map(_title, [each] * len(each.titles), each.titles)
        if title.folded.strip()
    }
    return tuple(
        sorted(found.values(), key=lambda title: (-title.weight, title.folded))
    )


def _title(message_type: MessageType, text: str) -> _Title:
    words = _words(text)
    spaced = all(word.isascii() for word in words)
    # A Chinese character says about as much as three Latin letters.
    letters = sum(len(word) * (1 if word.isascii() else 3) for word in words)
    return _Title(
        folded=f" {' '.join(words)} " if spaced else "".join(words),
        type_id=message_type.id,
        weight=letters,
        telling=len(words) > 1 if spaced else letters >= 12,
        spaced=spaced,
    )


def _longest(text: str, titles: tuple[_Title, ...]) -> str | None:
    words = _words(text[:_FAR_ENOUGH])
    spaced, dense = f" {' '.join(words)} ", "".join(words)
    for title in titles:
        if title.folded in (spaced if title.spaced else dense):
            return title.type_id
    return None


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return _WORD.findall(folded)
