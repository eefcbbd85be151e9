"""What one filter is made of: terms that hold or fail for a notification.

Everything compares without regard to case, width or the shape of quotes and dashes.
A key compares with the whole value, ``*`` standing for any text; a text is looked for
anywhere in title or body.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Protocol

from store.values import Severity, Status
from store.wording import _, clauses

#: Keys with a meaning of their own; a label of that name is written ``labels.type``.
OWN_KEYS = frozenset({"severity", "type", "source", "status", "title"})
LABEL = "labels."
#: Words that join terms, and so are quoted when they are meant as text.
JOINTS = frozenset({"or", "and", "not"})

_ALIKE = {
    **dict.fromkeys(map(ord, "“”„‟«»「」『』"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None),
}
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[\w./@+%#&~-]+")
_COMPARE = {"=": eq, ">=": ge, "<=": le, ">": gt, "<": lt}


class Matchable(Protocol):
    """What a filter looks at: a ``Notification``, or a ``Draft`` of one."""

    @property
    def title(self) -> str: ...  # noqa: D102 - the values say what these are
    @property
    def body(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str | None: ...  # noqa: D102
    @property
    def severity(self) -> Severity | None: ...  # noqa: D102
    @property
    def status(self) -> Status | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def labels(self) -> Mapping[str, str]: ...  # noqa: D102


def fold(text: str) -> str:
    """Return *text* as it is compared: NFKC, no case, plain quotes and dashes."""
    if not text.isascii():
        for _twice in range(2):  # Folding case can undo the normal form, and back.
            text = unicodedata.normalize("NFD", text).casefold()
            text = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return _SPACES.sub(" ", text).lower()


_fold_word = lru_cache(maxsize=4096)(fold)
_fold_text = lru_cache(maxsize=16)(fold)


@dataclass(frozen=True, slots=True)
class Value:
    """A text to compare with: the pieces between its ``*``. One piece is literal."""

    pieces: tuple[str, ...]

    def equals(self, text: str) -> bool:
        """Say whether the whole of *text* (folded) is this value."""
        first, *others = map(_fold_word, self.pieces)
        if not others:
            return text == first
        *middle, last = others
        at = len(first)
        if not text.startswith(first):
            return False
        for piece in middle:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return len(text) - len(last) >= at and text.endswith(last)

    def within(self, text: str) -> bool:
        """Say whether *text* (folded) holds this value anywhere."""
        at = 0
        for piece in map(_fold_word, self.pieces):
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    def __str__(self) -> str:
        if self.pieces == ("",):
            return '""'
        return "*".join(map(_quoted_if_needed, self.pieces))


def _quoted_if_needed(piece: str) -> str:
    if not piece or (_PLAIN.fullmatch(piece) and piece[0] != "-"):
        return piece
    return '"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _listed(values: tuple[Value, ...]) -> str:
    return ",".join(map(str, values))


@dataclass(frozen=True, slots=True)
class Level:
    """``severity>=warning``. A message without a severity fails it."""

    sign: str
    levels: tuple[Severity, ...]

    def matches(self, seen: Matchable) -> bool:
        """Say whether the severity compares so with any of the levels."""
        actual = seen.severity
        if actual is None:
            return False
        return any(_COMPARE[self.sign](actual, level) for level in self.levels)

    def found(self, seen: Matchable) -> str:
        """Say what the message has instead."""
        if seen.severity is None:
            return _("severity is not known")
        return _("{key} is {value}", key="severity", value=seen.severity.word)

    def __str__(self) -> str:
        return f"severity{self.sign}{','.join(level.word for level in self.levels)}"


@dataclass(frozen=True, slots=True)
class Match:
    """``product=cvm,cos``: the key has one of the values. An absent label has none.

    *key* is folded; that of a label begins with ``labels.``.
    """

    key: str
    values: tuple[Value, ...]

    def matches(self, seen: Matchable) -> bool:
        """Say whether what stands under the key is one of the values."""
        return any(
            value.equals(_fold_word(actual))
            for actual in self._actual(seen)
            for value in self.values
        )

    def found(self, seen: Matchable) -> str:
        """Say what the message has instead."""
        actual = ", ".join(self._actual(seen))
        if not actual:
            return _("it has no {key}", key=self._name)
        return _("{key} is {value}", key=self._name, value=actual)

    def _actual(self, seen: Matchable) -> Iterator[str]:
        match self.key:
            case "type":
                yield seen.type or ""
            case "source":
                yield seen.source
            case "status":
                yield seen.status or "none"
            case "title":
                yield seen.title
            case _:
                wanted = self.key.removeprefix(LABEL)
                for name, value in seen.labels.items():
                    if _fold_word(name) == wanted:
                        yield value

    @property
    def _name(self) -> str:
        bare = self.key.removeprefix(LABEL)
        plain = bare not in OWN_KEYS and not bare.startswith((LABEL, "label."))
        return bare if plain else self.key

    def __str__(self) -> str:
        return f"{self._name}={_listed(self.values)}"


@dataclass(frozen=True, slots=True)
class Text:
    """``"disk full"`` or a bare word: title or body holds one of the values."""

    values: tuple[Value, ...]

    def matches(self, seen: Matchable) -> bool:
        """Say whether title or body holds one of the values."""
        places = (_fold_text(seen.title), _fold_text(seen.body))
        return any(value.within(place) for value in self.values for place in places)

    def found(self, seen: Matchable) -> str:
        """Say where it was looked for."""
        if self.matches(seen):
            return _("it is in title or body")
        return _("not in its text")

    def __str__(self) -> str:
        shown = [str(value) for value in self.values]
        if shown[0].casefold() in JOINTS:
            shown[0] = f'"{shown[0]}"'
        return ",".join(shown)


@dataclass(frozen=True, slots=True)
class Not:
    """``-region=na*``: what must not hold."""

    term: Term

    def matches(self, seen: Matchable) -> bool:
        """Say whether the term fails."""
        return not self.term.matches(seen)

    def found(self, seen: Matchable) -> str:
        """Say what the message has that it should not."""
        return self.term.found(seen)

    def __str__(self) -> str:
        joined = isinstance(self.term, All | Either)
        return f"-({self.term})" if joined else f"-{self.term}"


@dataclass(frozen=True, slots=True)
class All:
    """Terms beside each other: every one must hold."""

    terms: tuple[Term, ...]

    def matches(self, seen: Matchable) -> bool:
        """Say whether every term holds."""
        return all(term.matches(seen) for term in self.terms)

    def found(self, seen: Matchable) -> str:
        """Say what the message has, term by term."""
        return clauses(*(term.found(seen) for term in self.terms))

    def __str__(self) -> str:
        return " ".join(
            f"({term})" if isinstance(term, Either) else str(term)
            for term in self.terms
        )


@dataclass(frozen=True, slots=True)
class Either:
    """``a or b``: one of the terms must hold."""

    terms: tuple[Term, ...]

    def matches(self, seen: Matchable) -> bool:
        """Say whether any term holds."""
        return any(term.matches(seen) for term in self.terms)

    def found(self, seen: Matchable) -> str:
        """Say what the message has, term by term."""
        return clauses(*(term.found(seen) for term in self.terms))

    def __str__(self) -> str:
        return " or ".join(map(str, self.terms))


Term = Level | Match | Text | Not | All | Either
