"""A command's slots: typed places that words fill in any order.

``fill`` offers each part of the line to every slot in turn. A part that none of them
takes is not skipped: the line is refused, with the nearest words that were possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

from handlers.errors import Misunderstood, Unknown
from handlers.language.cursor import Cursor
from handlers.language.lexicon import AND, OPTIONS
from handlers.language.sayings import (
    ARTICLES,
    ASIDE,
    EXCEPT,
    NEGATIONS,
    SMALL,
    THANKS,
)
from handlers.language.suggestions import MOST, ranked
from handlers.language.text import quoted
from handlers.language.tokens import Token
from store.wording import _, sentences

T = TypeVar("T")
NONE: Mapping[str, str] = {}


class Slot(Protocol):
    """A place that can be filled."""

    @property
    def words(self) -> Mapping[str, str]:
        """What can be typed for it → how it is written best, for suggestions."""
        ...

    def take(self, cursor: Cursor) -> bool:
        """Take what is meant for this slot, and say whether anything was."""
        ...


class One(Generic[T]):
    """A slot for one value. Twice the same is no mistake; two values are."""

    def __init__(
        self,
        name: str,
        read: Callable[[Cursor], T | None],
        *,
        words: Mapping[str, str] = NONE,
    ) -> None:
        self.name = name
        self.words = words
        self.value: T | None = None
        self._read = read
        self._said: tuple[int, int] | None = None

    def take(self, cursor: Cursor) -> bool:
        """Take the value, if it stands here."""
        mark = cursor.mark()
        found = self._read(cursor)
        if found is None:
            cursor.back(mark)
            return False
        after = cursor.mark()
        cursor.back(mark)
        count = max(1, after[1] - mark[1])
        if self.value is not None and self.value != found:
            choices = cursor.line_without(self._said), cursor.line_with("", count)
            raise Misunderstood(
                _("You gave {what} twice. Give it once.", what=self.name),
                choices=choices,
                count=count,
            )
        self._said = cursor.here.start, cursor.ahead(count)[-1].end
        self.value = found
        cursor.back(after)
        return True


class Many(Generic[T]):
    """A slot for several values, each kept once, in the order they were said."""

    def __init__(
        self,
        read: Callable[[Cursor], tuple[T, ...] | None],
        *,
        words: Mapping[str, str] = NONE,
    ) -> None:
        self.words = words
        self.value: tuple[T, ...] = ()
        self._read = read

    def take(self, cursor: Cursor) -> bool:
        """Take one or more values, if they stand here."""
        mark = cursor.mark()
        found = self._read(cursor)
        if not found:
            cursor.back(mark)
            return False
        self.value = tuple(dict.fromkeys((*self.value, *found)))
        return True


def fill(cursor: Cursor, *slots: Slot, quote: bool = False) -> None:
    """Fill *slots* with all that is left of the line.

    Raises ``Misunderstood`` for the first part that belongs in none of them. *quote*
    says that text in quotes would have been taken, and offers that too.
    """
    while not cursor.done:
        if any(slot.take(cursor) for slot in slots) or _beside(cursor):
            continue
        known = {word: best for slot in slots for word, best in slot.words.items()}
        raise unknown(cursor, known, quote=quote)


def _beside(cursor: Cursor) -> bool:
    """Take a word that changes nothing, and say whether one was there."""
    mark = cursor.mark()
    if cursor.one_of(ASIDE):
        return True
    if cursor.one_of(ARTICLES) and not cursor.done:
        return True
    cursor.back(mark)
    while not cursor.done and cursor.one_of(THANKS):
        pass
    if cursor.done:
        return True
    cursor.back(mark)
    return False


def unknown(
    cursor: Cursor, known: Mapping[str, str], *, quote: bool = False
) -> Unknown:
    """Return the refusal of what stands at *cursor*, with what may have been meant."""
    token = cursor.here
    turned = token.word in NEGATIONS | EXCEPT
    # Titles have several words: one slip may sit in any of them. What leaves something
    # out is none of a title: alone it is near to nothing.
    found = sorted(
        (far, count, meant)
        for count in range(1 + turned, len(cursor.ahead(3)) + 1)
        for far, meant in ranked(_said(cursor, count), known)
    )
    if turned and not found:
        return Unknown(
            _(
                "I do not know what “{word}” is to change. Say what should be done.",
                word=token.text,
            )
        )
    near = [each for each in found if each[0] <= found[0][0] + 1]
    lines = (cursor.line_with(meant, count) for _, count, meant in near)
    choices = tuple(dict.fromkeys(lines))[:MOST]
    hint: str = ""
    if not choices and quote and _wordy(token):
        hint = _("Text to look for goes in quotes.")
        choices = (cursor.line_with(quoted(token.text)),)
    elif not choices:
        hint = _("/help shows what I understand.")
    words = _("I do not know “{word}” here.", word=token.text)
    return Unknown(sentences(words, hint), choices=choices)


def _said(cursor: Cursor, count: int) -> str:
    return " ".join(each.text for each in cursor.ahead(count))


def _wordy(token: Token) -> bool:
    """Whether it may be text that somebody wants to look for."""
    known = token.word in AND or any(token.word in words for words in OPTIONS.values())
    return token.word[:1].isalpha() and not known and token.word not in SMALL
