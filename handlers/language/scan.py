"""Reading a piece of text from left to right, for what may span several words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read, and where it ended.

    When the words can mean several things there is no ``value``: ``problem`` says what
    is unclear and ``choices`` are what could have been written instead.
    """

    end: int
    value: T | None = None
    problem: str = ""
    choices: tuple[str, ...] = ()


class Scanner:
    """A place in a text. Case does not count, and blanks before a piece are skipped."""

    def __init__(self, text: str, at: int = 0) -> None:
        # lower() keeps the length for all but one letter, which no command has.
        self._text = text if len(text.lower()) != len(text) else text.lower()
        self.at = at

    def take(self, pattern: str) -> re.Match[str] | None:
        """Take what *pattern* matches here, or nothing."""
        start = self.at
        while start < len(self._text) and self._text[start] == " ":
            start += 1
        match = _compiled(pattern).match(self._text, start)
        if match:
            self.at = match.end()
        return match

    def take_word(self, words: Iterable[str]) -> str | None:
        """Take the longest of *words* that stands here, ending as a word ends."""
        for word in sorted(words, key=len, reverse=True):
            if self.take(re.escape(word) + (r"(?![a-z0-9])" if word.isascii() else "")):
                return word
        return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
