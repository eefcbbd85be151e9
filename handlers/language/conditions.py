"""Conditions on messages inside a command: ``severity>=warning product=cvm "text"``.

The filter language is that of ``rules/filters``; here its pieces are found among the
other words of a command. Bare words are none of them: they are too easily a slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.lexicon import AND, NO_FILTER, OPTIONS
from handlers.language.slots import NONE
from handlers.language.suggestions import nearest
from handlers.language.text import quoted
from handlers.language.tokens import Token
from handlers.rules.filters import Filter, FilterError, parse
from handlers.rules.terms import OWN_KEYS, All, Either, Not, Term, Text, Value
from store.values import Severity, Status

_COMPARED = re.compile(
    r"-*(?P<key>[^\W\d_][^\s=<>!:,()\"]*)(?P<sign>>=|<=|=>|=<|!=|==|[=<>:])"
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_DESTINATIONS = frozenset({"robot", "chat", "person", "group", "机器人"})
_VALUES: Mapping[str, str] = {
    **{severity.word: severity.word for severity in Severity},
    **{status.value: status.value for status in Status},
    "none": "none",
}


def write_filter(condition: Filter) -> str:
    """Return *condition* as a command takes it: text always stands in quotes."""
    if condition.term is None:
        return ""
    written = _written(condition.term)
    return f"({written})" if isinstance(condition.term, Either) else written


@dataclass
class Conditions:
    """The slot for conditions. Pieces may stand anywhere; all of them must hold.

    *taken* are words that lead in a setting of this command: a key near one of them is
    asked about, because ``vai=chat`` would be a label that no message has.
    """

    taken: frozenset[str]
    words: Mapping[str, str] = field(default_factory=lambda: NONE)
    removed: bool = False
    _pieces: list[str] = field(default_factory=list)

    def take(self, cursor: Cursor) -> bool:
        """Take one condition, with what ``or`` and ``and`` join to it."""
        mark = cursor.mark()
        if cursor.one_of(NO_FILTER):
            self.removed = True
            return True
        sure = cursor.option("where")
        length = _length(cursor.ahead(200))
        if not length:
            cursor.back(mark)
            return False
        tokens = cursor.ahead(length)
        piece = cursor.line.text[tokens[0].start : tokens[-1].end]
        if not sure:
            self._check_keys(cursor, piece, length)
        _check(cursor, piece, tokens)
        self._pieces.append(piece)
        cursor.take(length)
        return True

    @property
    def value(self) -> Filter:
        """The conditions together."""
        if len(self._pieces) == 1:
            return parse(self._pieces[0])
        together = " ".join(
            f"({piece})" if isinstance(parse(piece).term, Either) else piece
            for piece in self._pieces
        )
        return parse(together)

    @property
    def given(self) -> bool:
        """Whether any condition was given, or taken away."""
        return bool(self._pieces) or self.removed

    def _check_keys(self, cursor: Cursor, piece: str, count: int) -> None:
        """Ask about keys that are a slip away from something else."""
        known = {word: word for word in (*OWN_KEYS, *self.taken)}
        for match in _COMPARED.finditer(_QUOTED.sub('""', piece)):
            key = match.group("key").casefold()
            if key in OWN_KEYS or "." in key:
                continue
            meant = nearest(key, known)
            if key not in _ALL_OPTIONS and not meant:
                continue
            lines = [piece.replace(match.group("key"), each, 1) for each in meant[:2]]
            raise Misunderstood(
                f"Is “{match.group('key')}” a label of the messages? "
                "I know no setting of that name here.",
                choices=tuple(
                    cursor.line_with(each, count) for each in (*lines, f"where {piece}")
                ),
            )


_ALL_OPTIONS = frozenset().union(*OPTIONS.values()) - {"zone", "on", "of", "at"}


def _length(tokens: tuple[Token, ...]) -> int:
    """Return how many of *tokens* make up the conditions that begin here."""
    length = _one(tokens)
    while length and length < len(tokens):
        joint = tokens[length].word in {"or", *AND} - {"&"}
        more = _one(tokens[length + 1 :]) if joint else 0
        if not more:
            break
        length += 1 + more
    return length


def _one(tokens: tuple[Token, ...]) -> int:
    """Return how many of *tokens* the condition takes that begins here; 0 for none."""
    if not tokens:
        return 0
    if tokens[0].word == "not":
        rest = _one(tokens[1:])
        return rest + 1 if rest else 0
    bare = tokens[0].raw.lstrip("-")
    if bare.startswith("("):
        return _group(tokens)
    match = _COMPARED.match(tokens[0].raw)
    if bare.startswith('"'):
        length = 1
    elif match and match.group("key").casefold() not in _DESTINATIONS:
        # product: cvm has its value in the next word.
        length = 2 if match.end() == len(tokens[0].raw) else 1
    else:
        return 0
    if length > len(tokens):
        return 0
    while length < len(tokens) and _continues(tokens[length], match is not None):
        length += 1
    return length


def _continues(token: Token, compared: bool) -> bool:
    """Whether *token* is one more value: ``product=cvm,cos``."""
    if not token.comma or _COMPARED.match(token.raw):
        return False
    return token.tight or (compared and token.quoted)


def _group(tokens: tuple[Token, ...]) -> int:
    depth = 0
    for count, token in enumerate(tokens, start=1):
        bare = _QUOTED.sub("", token.raw)
        depth += bare.count("(") - bare.count(")")
        if depth <= 0:
            return count
    # Never closed: the filter's own words say so best.
    return len(tokens)


def _check(cursor: Cursor, piece: str, tokens: tuple[Token, ...]) -> None:
    """Raise ``Misunderstood`` when the filter language cannot read *piece*."""
    try:
        parse(piece)
    except FilterError as exc:
        found = nearest(exc.token, _VALUES) if exc.token in piece else []
        choices = tuple(
            cursor.line_with(piece.replace(exc.token, each, 1), len(tokens))
            for each in found
        )
        raise Misunderstood(str(exc), choices=choices) from None


def _written(term: Term) -> str:
    match term:
        case Text(values):
            return ",".join(_text(value) for value in values)
        case Not(inner):
            joined = isinstance(inner, All | Either)
            return f"-({_written(inner)})" if joined else f"-{_written(inner)}"
        case All(terms):
            return " ".join(
                f"({_written(each)})" if isinstance(each, Either) else _written(each)
                for each in terms
            )
        case Either(terms):
            return " or ".join(map(_written, terms))
        case _:
            return str(term)


def _text(value: Value) -> str:
    if not any(value.pieces):
        return '""' + "*" * (len(value.pieces) - 1)
    return "*".join(quoted(piece) if piece else "" for piece in value.pieces)
