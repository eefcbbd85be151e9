"""A cursor walks over the tokens of one line; readers take from it what they know.

A reader takes whole tokens and returns what they mean, or takes nothing and returns
``None``. What can be read in two ways raises, with the line written out both ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from handlers.errors import Misunderstood
from handlers.language.lexicon import OPTIONS
from handlers.language.scan import Reading
from handlers.language.suggestions import nearest
from handlers.language.text import command_line
from handlers.language.tokens import Line, Token
from store.wording import _

T = TypeVar("T")

#: What may be written in one with the word that leads it in: nobody can know it.
_PREFIXED = frozenset({"because", "to"})
#: No phrase that we know has more words.
_WORDS = 4
_SETTING = re.compile(r"-*([^=:<>!\"]+)([=:])")
_NUMBER = re.compile(r"(?:#|no\.?)?([0-9]{1,9})[.)]?", re.IGNORECASE)
_INNER = re.compile(r"(?<=\w)[-_]+(?=\w)")

NONE: Mapping[str, str] = {}

Mark = tuple[tuple[Token, ...], int]


class Cursor:
    """Where reading stands in a line."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._tokens = line.tokens
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._tokens)

    @property
    def here(self) -> Token:
        """The next token. Ask ``done`` before."""
        return self._tokens[self._at]

    @property
    def last(self) -> Token | None:
        """The token that was taken last."""
        return self._tokens[self._at - 1] if self._at else None

    def ahead(self, count: int) -> tuple[Token, ...]:
        """Return up to *count* tokens that come next."""
        return self._tokens[self._at : self._at + count]

    def take(self, count: int = 1) -> None:
        """Go on by *count* tokens."""
        self._at += count

    def mark(self) -> Mark:
        """Return where reading stands, for ``back``."""
        return self._tokens, self._at

    def back(self, mark: Mark) -> None:
        """Go back to where *mark* was made."""
        self._tokens, self._at = mark

    def whole(self) -> Token:
        """Return the next token as it was written: Chinese is not cut in a name."""
        parts = [self.here]
        for token in self._tokens[self._at + 1 :]:
            if token.start != parts[-1].end or token.quoted or parts[0].quoted:
                break
            parts.append(token)
        if len(parts) > 1:
            start, end = parts[0].start, parts[-1].end
            raw = self.line.text[start:end]
            whole = Token(raw, start, end, parts[0].comma, parts[0].tight)
            rest = self._tokens[self._at + len(parts) :]
            self._tokens = (*self._tokens[: self._at], whole, *rest)
        return self.here

    def split(self, at: int) -> None:
        """Cut the next token in two, *at* characters from its beginning."""
        head, tail = self.here.part(0, at), self.here.part(at)
        rest = self._tokens[self._at + 1 :]
        self._tokens = (*self._tokens[: self._at], head, tail, *rest)

    def phrase(self, known: Mapping[str, T]) -> T | None:
        """Take the longest phrase that is *known*, and return what it means."""
        for count in range(min(_WORDS, len(self._tokens) - self._at), 0, -1):
            tokens = self.ahead(count)
            if any(not token.word for token in tokens):
                continue
            if any(token.comma for token in tokens[1:]):
                continue
            for said in _said([token.word for token in tokens]):
                if said in known:
                    self.take(count)
                    return known[said]
        return None

    def one_of(self, words: Collection[str]) -> bool:
        """Take one of *words*, and say whether it was there."""
        return self.phrase(dict.fromkeys(words, True)) is not None

    def option(self, name: str) -> bool:
        """Take the word that leads in the setting called *name*.

        ``via chat``, ``--via chat``, ``via=chat`` and ``via:chat`` are the same.
        """
        words = OPTIONS[name]
        if self.done:
            return False
        match = _SETTING.match(self.here.raw)
        if match and _spaced(match.group(1).casefold()) in words:
            if match.end() < len(self.here.raw):
                self.split(match.end())
            self.take()
            return True
        mark = self.mark()
        if not self.one_of(words):
            return name in _PREFIXED and self._prefixed(words)
        if name != "because" and not self.done and self.here.comma:
            # "on, wed" is a list with a slip in it, not what leads one in.
            self.back(mark)
            return False
        return True

    def _prefixed(self, words: Collection[str]) -> bool:
        """Take a Chinese word of *words* off a longer one: ``因为割接``."""
        word = self.here.word
        begins = [
            each
            for each in words
            if len(each) > 1 and not each.isascii() and word.startswith(each)
        ]
        if not begins:
            return False
        self.split(len(max(begins, key=len)))
        self.take()
        return True

    def value(
        self,
        name: str,
        read: Callable[[Cursor], T | None],
        such: str,
        known: Mapping[str, str] = NONE,
    ) -> T:
        """Return what *read* takes after the word that led it in.

        Raises ``Misunderstood`` when it takes nothing; *such* is an example, *known*
        what could have been meant.
        """
        found = read(self)
        if found is not None:
            return found
        if self.done:
            raise Misunderstood(
                _(
                    "Something is missing after “{setting}”: {such}.",
                    setting=name,
                    such=such,
                ),
                count=0,
            )
        near = nearest(self.here.text, known)
        raise Misunderstood(
            _(
                "I do not know “{word}” after “{setting}”. Write it as {such}.",
                word=self.here.text,
                setting=name,
                such=such,
            ),
            choices=tuple(self.line_with(each) for each in near),
        )

    def reading(self, read: Callable[[str, int], Reading[T] | None]) -> T | None:
        """Take what *read* finds in the text here, if it ends where a token does."""
        if self.done or self.here.quoted:
            return None
        found = read(self.line.text, self.here.start)
        count = self._tokens_until(found.end) if found else None
        if found is None or count is None:
            return None
        if found.value is None:
            lines = tuple(self.line_with(each, count) for each in found.choices)
            raise Misunderstood(found.problem, choices=lines, count=count)
        self.take(count)
        return found.value

    def number(self) -> int | None:
        """Take a number such as ``2``, ``#2`` or ``第2条``."""
        mark = self.mark()
        self.one_of({"第", "number", "no", "#"})
        match = None if self.done else _NUMBER.fullmatch(self.here.word)
        if match is None:
            self.back(mark)
            return None
        self.take()
        self.one_of({"条", "个", "号"})
        return int(match.group(1))

    def rest_as_typed(self) -> str:
        """Take all that is left, and return it exactly as it was typed."""
        if self.done:
            return ""
        # What stands right behind the word that led it in belongs to it too.
        start = self._tokens[self._at - 1].end if self._at else 0
        self._at = len(self._tokens)
        return self.line.as_typed(start, len(self.line.text))

    def line_with(self, said: str, count: int = 1) -> str:
        """Return the whole line with *said* for the next *count* tokens."""
        tokens = self.ahead(count)
        start = tokens[0].start if tokens else len(self.line.text)
        end = tokens[-1].end if tokens else start
        # Words that Chinese writes without a blank need one beside a correction.
        parts = (self.line.text[:start].rstrip(" "), said, self.line.text[end:])
        return command_line(" ".join(filter(None, map(str.strip, parts))))

    def line_without(self, said: tuple[int, int] | None) -> str:
        """Return the whole line without what stands at *said*."""
        start, end = said or (0, 0)
        parts = (self.line.text[:start].strip(), self.line.text[end:].strip())
        return command_line(" ".join(filter(None, parts)))

    def _tokens_until(self, end: int) -> int | None:
        """Return how many tokens end at *end*, or ``None`` when it is inside one."""
        for count, token in enumerate(self._tokens[self._at :], start=1):
            if '"' in token.raw:
                return None
            between = self.line.text[token.end : end]
            if token.end >= end or not between.strip(" .,!?"):
                return count if token.end <= end else None
        return None


def _said(words: list[str]) -> list[str]:
    """Return the ways in which a table may have written these words."""
    plain = " ".join(words)
    bare = plain.lstrip("-")
    said = [plain, bare, _spaced(bare)]
    if not plain.isascii():
        said.append("".join(words))
    return said


def _spaced(word: str) -> str:
    return _INNER.sub(" ", word.strip())
