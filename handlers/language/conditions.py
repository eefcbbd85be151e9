"""Conditions on messages inside a command: ``severity>=warning product=cvm "text"``.

The filter language is that of ``rules/filters``; here its pieces are found among the
other words of a command. Bare words are none of them: they are too easily a slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.errors import Misunderstood, words_of
from handlers.language.cursor import Cursor
from handlers.language.doubts import COMPARED, QUOTED, Doubt, doubts
from handlers.language.lexicon import NO_FILTER, SEVERITIES, SEVERITY_PHRASES
from handlers.language.patterns import types_reader
from handlers.language.sayings import EXCEPT
from handlers.language.suggestions import nearest
from handlers.language.text import quoted
from handlers.language.tokens import Token
from handlers.rules.filters import Filter, FilterError, parse
from handlers.rules.terms import All, Either, Not, Term, Text, Value
from handlers.rules.types import Types
from store.values import Severity, Status
from store.wording import Text as Wording
from store.wording import _

_SPREAD = re.compile(r"(\"(?:[^\"\\]|\\.)*\")|(?<![\w.])([^\W\d_][\w.-]*): +")
_JOINTS = frozenset({"or", "and", "和", "与", "及"})
#: A line has no more tokens.
_MANY = 2000
_DESTINATIONS = frozenset({"robot", "chat", "person", "group", "机器人"})
_VALUES: Mapping[str, str] = {
    **{severity.word: severity.word for severity in Severity},
    **{status.value: status.value for status in Status},
    "none": "none",
    **{word: severity.word for word, severity in SEVERITIES.items()},
}
#: A bare severity is no condition yet; this is what it is meant for.
_WORDS: Mapping[str, str] = {
    word: f"severity{'=' if severity is Severity.CRITICAL else '>='}{severity.word}"
    for word, severity in SEVERITIES.items()
}


def say_filter(condition: Filter) -> str:
    """Return *condition* as people write it: text always stands in quotes."""
    if condition.term is None:
        return ""
    written = _written(condition.term)
    return f"({written})" if isinstance(condition.term, Either) else written


def write_filter(condition: Filter, types: Types) -> str:
    """Return *condition* as a command takes it without asking back."""
    said = say_filter(condition)
    doubtful = bool(said) and any(doubts(said, types))
    return f"where {said}" if doubtful else said


class Conditions:
    """The slot for conditions. Pieces may stand anywhere; all of them must hold.

    What may be a slip is asked about. Behind *where*, everything is taken as it is.
    """

    words = _WORDS

    def __init__(self, types: Types) -> None:
        self.removed = False
        self._types = types
        self._pieces: list[str] = []

    def take(self, cursor: Cursor) -> bool:
        """Take one condition, or all that stand behind *where*."""
        mark = cursor.mark()
        if cursor.one_of(NO_FILTER):
            self.removed = True
            return True
        severity = cursor.phrase(SEVERITY_PHRASES)
        if severity is not None:
            self._pieces.append(severity)
            return True
        _ask_to_leave_out(cursor, self._types)
        sure = cursor.option("where")
        length = _length(cursor.ahead(_MANY), every=sure)
        if not length:
            cursor.back(mark)
            return False
        tokens = cursor.ahead(length)
        piece = _closed_up(cursor.line.text[tokens[0].start : tokens[-1].end])
        if not sure:
            _ask(cursor, piece, length, self._types)
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


def _ask_to_leave_out(cursor: Cursor, types: Types) -> None:
    """Raise for ``except finance``, which a condition says: ``-type=finance.*``."""
    mark = cursor.mark()
    found = None
    if cursor.one_of(EXCEPT) and not cursor.done:
        found = types_reader(types, quotes=True)(cursor)
    count = cursor.mark()[1] - mark[1]
    cursor.back(mark)
    if found:
        raise Misunderstood(
            _("Shall these be left out?"),
            choices=(cursor.line_with(f"-type={','.join(found)}", count),),
            count=count,
        )


def _ask(cursor: Cursor, piece: str, count: int, types: Types) -> None:
    """Raise for the first thing in *piece* that may be a slip."""
    for doubt in doubts(piece, types):
        said = rf"(?<!\w){re.escape(doubt.said)}(?!\w)"
        meant = (re.sub(said, each, piece, count=1) for each in doubt.meant)
        question = _question(doubt)
        lines = meant if doubt.about == "type" else (*meant, f"where {piece}")
        raise Misunderstood(
            question,
            choices=tuple(cursor.line_with(each, count) for each in lines),
            count=count,
        )


def _question(doubt: Doubt) -> Wording:
    match doubt.about:
        case "type":
            return _("There is no message type “{word}”.", word=doubt.said)
        case "text":
            return _("Is “{word}” text to look for?", word=doubt.said)
        case _:
            return _(
                "Is “{word}” a label of the messages? "
                "I know no setting of that name here.",
                word=doubt.said,
            )


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
    match = COMPARED.match(tokens[0].raw)
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
    if not token.comma or COMPARED.match(token.raw):
        return False
    return token.tight or (compared and token.quoted)


def _group(tokens: tuple[Token, ...]) -> int:
    depth = 0
    for count, token in enumerate(tokens, start=1):
        bare = QUOTED.sub("", token.raw)
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
        raise Misunderstood(words_of(exc), choices=choices, count=count) from None


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
