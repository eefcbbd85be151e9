"""A cleaned line is cut into tokens: words, and strings in quotes.

A comma separates; whether blank space stood before a token is remembered, because
``product=cvm,cos`` is one condition and ``chat, sms`` two words of a list. Chinese is
written without blanks: a word that is made of words we know is cut into them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.language.text import Mention, Written, clean, unquoted
from handlers.language.vocabulary import CHINESE

_TOKEN = re.compile(r'(?:[^\s,"]|"(?:[^"\\]|\\.)*")+')
# A comparison may be spaced out: severity >= warning. Quotes are stepped over.
_SPACED = re.compile(r'("(?:[^"\\]|\\.)*")|\s*(>=|<=|=>|=<|!=|==|[=<>])\s*')
_WHOLE = re.compile(r'"(?:[^"\\]|\\.)*"')
_ALL_HAN = re.compile(r"[㐀-鿿]+")
_HAN = re.compile(r"[㐀-鿿]")
_ASCII = re.compile(r"[0-9][0-9:.]*|[a-z]+|[-~+/]+", re.IGNORECASE)
_STOPS = ".!?"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, or one string in quotes, and where it stands in the line.

    ``raw`` is the piece of line, ``text`` what it says. ``comma`` tells that a comma
    stands before it, ``tight`` that nothing but that comma divides it from the last.
    """

    raw: str
    start: int
    end: int
    comma: bool = False
    tight: bool = False

    @property
    def quoted(self) -> bool:
        """Whether all of it stands in one pair of quotes."""
        return _WHOLE.fullmatch(self.raw) is not None

    @property
    def text(self) -> str:
        """What it says, without quotes."""
        return unquoted(self.raw) if '"' in self.raw else self.raw

    @property
    def word(self) -> str:
        """What it says, as words compare; a quoted string compares with none."""
        return "" if '"' in self.raw else self.raw.casefold()

    def part(self, start: int, end: int | None = None) -> Token:
        """Return a part of it as a token of its own."""
        end = len(self.raw) if end is None else end
        tight = self.tight if start == 0 else True
        return Token(
            self.raw[start:end],
            self.start + start,
            self.start + end,
            comma=self.comma and start == 0,
            tight=tight,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its text, its tokens, and what was typed."""

    written: Written
    text: str
    tokens: tuple[Token, ...]

    def came_before(self, token: Token) -> bool:
        """Whether *token* was typed before the noun, which was put first since."""
        return self.written.origins[token.start] < self.written.origins[0]

    def as_typed(self, start: int, end: int) -> str:
        """Return what was typed where the text has ``[start:end]``, unchanged."""
        return self.written.as_typed(start, end)


def read_line(
    line: str,
    mentions: Sequence[Mention] = (),
    words: frozenset[str] = frozenset(),
) -> Line:
    """Return *line* cut into tokens. Raises ``Misunderstood`` as ``clean`` does.

    *words* are further ones that Chinese may be cut into: what things are called here.
    """
    return cut(_without_blanks_around_signs(clean(line, mentions)), words)


def cut(written: Written, words: frozenset[str] = frozenset()) -> Line:
    """Return a cleaned line cut into tokens."""
    text = written.text
    tokens: list[Token] = []
    last_end = 0
    for match in _TOKEN.finditer(text):
        between = text[last_end : match.start()]
        last_end = match.end()
        token = Token(
            match.group(),
            match.start(),
            match.end(),
            comma="," in between,
            tight=between == ",",
        )
        for part in _before_quote(token):
            tokens += _cut_chinese(part, words)
    tokens = _without_full_stop(tokens)
    return Line(written, text, tuple(tokens))


def _without_blanks_around_signs(written: Written) -> Written:
    out: list[str] = []
    origins: list[int] = []
    at = 0
    for match in _SPACED.finditer(written.text):
        if match.group(1):
            continue
        out.append(written.text[at : match.start()])
        origins.extend(written.origins[at : match.start()])
        out.append(match.group(2))
        origins.extend(written.origins[match.start(2) : match.end(2)])
        at = match.end()
    out.append(written.text[at:])
    origins.extend(written.origins[at:])
    return Written("".join(out), tuple(origins), written.source)


def _without_full_stop(tokens: list[Token]) -> list[Token]:
    """Drop what ends a sentence and not a command."""
    while tokens and not tokens[-1].quoted:
        kept = tokens[-1].raw.rstrip(_STOPS)
        if kept == tokens[-1].raw:
            break
        last = tokens.pop()
        if kept:
            tokens.append(last.part(0, len(kept)))
    return tokens


def _before_quote(token: Token) -> list[Token]:
    """Divide a Chinese word from the quote that follows it without a blank."""
    quote = token.raw.find('"')
    if quote < 1 or not _ALL_HAN.fullmatch(token.raw[:quote]):
        return [token]
    return [token.part(0, quote), token.part(quote)]


def _cut_chinese(token: Token, words: frozenset[str]) -> list[Token]:
    """Return the known words that *token* is made of, or the token itself."""
    raw = token.raw
    if '"' in raw or not _HAN.search(raw) or re.search(r"[=<>]", raw):
        return [token]
    cuts = _cuts(raw.casefold(), words)
    if cuts is None:
        return [token]
    return [token.part(start, end) for start, end in cuts]


_LONGEST = max(map(len, CHINESE))


def _cuts(text: str, words: frozenset[str]) -> tuple[tuple[int, int], ...] | None:
    """Return where the words of *text* begin and end, longest words first.

    ``None`` when some part of it is no word that we know.
    """
    longest = max(_LONGEST, *map(len, words)) if words else _LONGEST
    reached: dict[int, tuple[tuple[int, int], ...]] = {len(text): ()}
    for start in range(len(text) - 1, -1, -1):
        for end in range(min(len(text), start + longest), start, -1):
            said = text[start:end]
            if end in reached and (said in CHINESE or said in words):
                reached[start] = ((start, end), *reached[end])
                break
        else:
            match = _ASCII.match(text, start)
            if match and match.end() in reached:
                reached[start] = ((start, match.end()), *reached[match.end()])
    return reached.get(0)
