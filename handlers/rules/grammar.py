"""How a filter is written: one pass of recursive descent over the typed line.

either    = all { "or" all }
all       = excluded { ["and"] excluded }
excluded  = { "-" | "not" } ( "(" either ")" | condition | values )
condition = key sign values          key:value is key=value
values    = value { "," value }
value     = word with * for any text, and "quoted text" taken as it is
"""

from __future__ import annotations

import re
import unicodedata

from handlers.rules.terms import (
    JOINTS,
    LABEL,
    OWN_KEYS,
    All,
    Either,
    Level,
    Match,
    Not,
    Term,
    Text,
    Value,
    fold,
)
from store.values import Severity, Status
from store.wording import _

#: Nesting beyond this is nobody's filter, and would exhaust the stack.
DEPTH = 25

_CLOSERS = {
    '"': '"',
    "“": '”“"',
    "”": '”"',
    "„": '“”"',
    "‟": '”"',
    "«": "»",
    "「": "」",
    "『": "』",
}
_SINGLE = {"'": "'", "‘": "’'"}
_DASHES = "-‐‑‒–—―−"
_COMMAS = ",、"
_STOPS = "()" + _COMMAS
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_KEY = re.compile(r"[^\s()=<>!:*,、≥≤≠\"“”„‟«»「」『』]+")
_SIGN = re.compile(r"\s*(>=|<=|=>|=<|!=|==|=|>|<|≥|≤|≠)\s*")
# A colon with nothing behind it ends a word, and one with // belongs to an address.
_COLON = re.compile(r":(?!\s|//|$)")
_SIGNS = {
    "≥": ">=",
    "=>": ">=",
    "≤": "<=",
    "=<": "<=",
    "≠": "!=",
    "==": "=",
    ":": "=",
}
_LEVELS = {
    **{level.word: level for level in Severity},
    "warn": Severity.WARNING,
    "crit": Severity.CRITICAL,
}


class FilterError(ValueError):
    """A filter that cannot be read; the text says how to put it right.

    ``position`` counts characters from 0; ``token`` is what stands there.
    """

    def __init__(self, message: str, *, position: int, token: str) -> None:
        super().__init__(message)
        self.position = position
        self.token = token


def read(text: str) -> Term | None:
    """Return the term that *text* says, or ``None`` if it says nothing.

    Raise ``FilterError`` when it cannot be read.
    """
    reader = _Reader(unicodedata.normalize("NFKC", text).translate(_INVISIBLE))
    if reader.at_end():
        return None
    term = reader.either()
    if not reader.at_end():
        raise reader.wrong(_("This ) closes nothing. Take it away, or add its (."))
    return term


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def at_end(self) -> bool:
        self._skip_spaces()
        return self._at == len(self._text)

    def wrong(self, message: str, *, at: int | None = None) -> FilterError:
        at = self._at if at is None else at
        rest = self._text[at:].split(maxsplit=1)
        return FilterError(message, position=at, token=rest[0] if rest else "")

    def either(self) -> Term:
        terms = [self._all()]
        while self._take_word("or"):
            terms.append(self._all())
        return _joined(Either, terms)

    def _all(self) -> Term:
        terms = [self._excluded()]
        while True:
            joined = self._take_word("and")
            ends = self.at_end() or self._peek() == ")" or self._sees_word("or")
            if ends and not joined:
                return _joined(All, terms)
            terms.append(self._excluded())

    def _excluded(self) -> Term:
        negated = False
        while True:
            if self._take_word("not"):
                negated = not negated
            elif not self.at_end() and self._peek() in _DASHES:
                self._dash()
                negated = not negated
            else:
                break
        term = self._group() if self._peek() == "(" else self._condition()
        if not negated:
            return term
        return term.term if isinstance(term, Not) else Not(term)

    def _dash(self) -> None:
        after = self._text[self._at + 1 : self._at + 2]
        if not after.strip() or after in _DASHES:
            raise self.wrong(
                _('One - right before a word excludes it. Or quote it: "-".')
            )
        self._at += 1

    def _group(self) -> Term:
        start = self._at
        self._depth += 1
        if self._depth > DEPTH:
            raise self.wrong(_("These parentheses are too deep. Take some away."))
        self._at += 1
        term = self.either()
        if self.at_end():
            raise self.wrong(_("This ( is never closed. Add a ) at its end."), at=start)
        self._at += 1
        self._depth -= 1
        return term

    def _condition(self) -> Term:
        start = self._at
        if self.at_end() or self._peek() in _STOPS or self._sees_word("or", "and"):
            raise self.wrong(
                _("A condition is missing here, such as severity>=warning.")
            )
        quoted = self._peek() in _CLOSERS or self._peek() in _SINGLE
        key = None if quoted else _KEY.match(self._text, start)
        sign = key and (
            _SIGN.match(self._text, key.end()) or _COLON.match(self._text, key.end())
        )
        if key and sign:
            self._at = sign.end()
            word = sign[0].strip()
            return self._compared(key[0], _SIGNS.get(word, word), start)
        texts = self._values()
        if Value(("",)) in texts:
            raise self.wrong(
                _("Empty quotes find nothing. Put text in them."), at=start
            )
        return Text(texts)

    def _compared(self, typed: str, sign: str, start: int) -> Term:
        key = fold(typed)
        if key == "severity":
            return self._level(sign)
        if sign not in ("=", "!="):
            raise self.wrong(
                _(
                    "Only severity compares with {sign}. Write {key}=…, "
                    "or put quotes around text.",
                    sign=sign,
                    key=typed,
                ),
                at=start,
            )
        if key not in OWN_KEYS:
            prefix, dot, name = key.partition(".")
            key = LABEL + (name if dot and prefix in ("labels", "label") else key)
            if key == LABEL:
                raise self.wrong(_("Name the label: labels.region=eu."), at=start)
        at = self._at
        values = self._values()
        if key == "status":
            self._check_status(values, at)
        match = Match(key, values)
        return match if sign == "=" else Not(match)

    def _level(self, sign: str) -> Term:
        at = self._at
        levels = []
        for value in self._values():
            word = fold("*".join(value.pieces))
            if word not in _LEVELS:
                raise self.wrong(_("severity is info, warning or critical."), at=at)
            levels.append(_LEVELS[word])
        if sign in ("=", "!="):
            level = Level("=", tuple(dict.fromkeys(levels)))
            return level if sign == "=" else Not(level)
        if len(levels) > 1:
            raise self.wrong(
                _("severity{sign} takes one word, not several.", sign=sign), at=at
            )
        return Level(sign, tuple(levels))

    def _check_status(self, values: tuple[Value, ...], at: int) -> None:
        words = [*Status, "none"]
        if not all(any(map(value.equals, words)) for value in values):
            raise self.wrong(_("status is firing, resolved or none."), at=at)

    def _values(self) -> tuple[Value, ...]:
        values = [self._value()]
        while True:
            before = self._at
            self._skip_spaces()
            if self._at == len(self._text) or self._peek() not in _COMMAS:
                self._at = before
                return tuple(dict.fromkeys(values))
            self._at += 1
            if self._peek().isspace() and self._sees_word(*JOINTS):
                raise self.wrong(
                    _("A comma joins values. Leave it out before this word.")
                )
            self._skip_spaces()
            values.append(self._value())

    def _value(self) -> Value:
        start = self._at
        pieces = [""]
        while self._at < len(self._text):
            sign = self._peek()
            single = sign in _SINGLE and self._at == start
            if sign in _CLOSERS or single:
                pieces[-1] += self._quoted((_CLOSERS | _SINGLE)[sign])
                continue
            if sign.isspace() or sign in _STOPS:
                break
            if sign in "=<>≥≤≠":
                raise self.wrong(
                    _('Put quotes around text that has {sign}: "a{sign}b".', sign=sign)
                )
            self._at += 1
            if sign != "*":
                pieces[-1] += sign
            elif pieces[-1] or len(pieces) == 1:  # ** says no more than *
                pieces.append("")
        if self._at == start:
            raise self.wrong(_('A value is missing here. For an empty one write "".'))
        return Value(tuple(unicodedata.normalize("NFKC", each) for each in pieces))

    def _quoted(self, closers: str) -> str:
        start = self._at
        self._at += 1
        read = ""
        while self._at < len(self._text):
            sign = self._peek()
            after = self._text[self._at + 1 : self._at + 2]
            if sign == "\\" and after and after in closers + "\\":
                read += after
                self._at += 2
                continue
            self._at += 1
            if sign in closers:
                return read
            read += sign
        raise self.wrong(_("This quote is never closed. Add one at its end."), at=start)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip_spaces(self) -> None:
        while self._peek().isspace():
            self._at += 1

    def _sees_word(self, *words: str) -> bool:
        """Whether one of *words* stands here by itself."""
        self._skip_spaces()
        end = self._at
        while end < len(self._text) and self._text[end].isalpha():
            end += 1
        after = self._text[end : end + 1]
        alone = not after or after.isspace() or after in "()"
        return alone and self._text[self._at : end].casefold() in words

    def _take_word(self, word: str) -> bool:
        if not self._sees_word(word):
            return False
        self._at += len(word)
        return True


def _joined(kind: type[All] | type[Either], terms: list[Term]) -> Term:
    """One term for several, without terms of the same kind inside each other."""
    flat: list[Term] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else [term])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
