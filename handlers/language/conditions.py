"""Conditions on messages inside a command: ``severity>=warning product=cvm "text"``.

The filter language is that of ``rules/filters``; here its pieces are found among the
other words of a command. Bare words are none of them: they are too easily a slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.lexicon import NO_FILTER, OPTIONS
from handlers.language.slots import NONE
from handlers.language.suggestions import nearest, one_slip
from handlers.language.text import quoted
from handlers.language.tokens import Token
from handlers.rules.filters import Filter, FilterError, parse
from handlers.rules.terms import OWN_KEYS, All, Either, Not, Term, Text, Value
from store.values import Severity, Status

_COMPARED = re.compile(
    r"-*(?P<key>[^\W\d_][^\s=<>!:,()\"]*)(?P<sign>>=|<=|=>|=<|!=|==|[=<>:])"
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SPREAD = re.compile(r"(\"(?:[^\"\\]|\\.)*\")|(?<![\w.])([^\W\d_][\w.-]*): +")
_JOINTS = frozenset({"or", "and", "和", "与", "及"})
#: A line has no more tokens.
_MANY = 2000
#: Words that lead in a setting of some command, and so are no labels of messages
#: unless somebody insists; "zone" is one too often.
_SETTINGS = frozenset().union(*OPTIONS.values()) - {"zone", "on", "of", "at"}
#: What a key may have been meant for, when it is one slip away.
_MEANT = frozenset({*OWN_KEYS, "via", "to", "for", "mute", "until", "where", "because"})
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
    if isinstance(condition.term, Either):
        written = f"({written})"
    return f"where {written}" if _doubtful(written) else written


class Conditions:
    """The slot for conditions. Pieces may stand anywhere; all of them must hold.

    A key that is a slip away from something else is asked about: ``vai=chat`` would be
    a label that no message has. Behind *where*, keys are taken as they are.
    """

    words = NONE

    def __init__(self) -> None:
        self.removed = False
        self._pieces: list[str] = []

    def take(self, cursor: Cursor) -> bool:
        """Take one condition, or all that stand behind *where*."""
        mark = cursor.mark()
        if cursor.one_of(NO_FILTER):
            self.removed = True
            return True
        sure = cursor.option("where")
        length = _length(cursor.ahead(_MANY), every=sure)
        if not length:
            cursor.back(mark)
            return False
        tokens = cursor.ahead(length)
        piece = _closed_up(cursor.line.text[tokens[0].start : tokens[-1].end])
        if not sure:
            _check_keys(cursor, piece, length)
        _check(cursor, piece, length)
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


def _closed_up(piece: str) -> str:
    """Return *piece* with ``product: cvm`` as ``product=cvm``. Quotes are kept."""
    return _SPREAD.sub(lambda match: match.group(1) or f"{match.group(2)}=", piece)


def _check_keys(cursor: Cursor, piece: str, count: int) -> None:
    """Raise when *piece* has a key that is a slip away from something else."""
    for key, meant in _doubtful(piece).items():
        lines = [piece.replace(key, each, 1) for each in meant[:2]]
        raise Misunderstood(
            f"Is “{key}” a label of the messages? I know no setting of that name here.",
            choices=tuple(
                cursor.line_with(each, count) for each in (*lines, f"where {piece}")
            ),
        )


def _doubtful(piece: str) -> dict[str, list[str]]:
    """Return the keys in *piece* that may be slips, with what may have been meant."""
    keys = (
        match.group("key") for match in _COMPARED.finditer(_QUOTED.sub('""', piece))
    )
    found = {}
    for key in keys:
        word = key.casefold()
        if word in OWN_KEYS or "." in word:
            continue
        meant = one_slip(word, _MEANT)
        if meant or word in _SETTINGS:
            found[key] = meant
    return found


def _length(tokens: tuple[Token, ...], *, every: bool) -> int:
    """Return how many of *tokens* make up the conditions that begin here.

    Those are one condition with what *or* and *and* join to it, or *every* one.
    """
    length = _one(tokens)
    while length and length < len(tokens):
        joint = tokens[length].word in _JOINTS
        more = _one(tokens[length + joint :]) if joint or every else 0
        if not more:
            break
        length += joint + more
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


def _check(cursor: Cursor, piece: str, count: int) -> None:
    """Raise ``Misunderstood`` when the filter language cannot read *piece*."""
    try:
        parse(piece)
    except FilterError as exc:
        found = nearest(exc.token, _VALUES) if exc.token in piece else []
        choices = tuple(
            cursor.line_with(piece.replace(exc.token, each, 1), count) for each in found
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
