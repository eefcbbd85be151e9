"""What in a condition may be a slip: read as it stands, it would match no message.

``vai=chat`` is a fine condition on a label that no message has, and ``type=refund`` on
a type that there is not. Both are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers.language.lexicon import KEYS, OPTIONS
from handlers.language.patterns import find_pattern, type_words
from handlers.language.suggestions import nearest, one_slip
from handlers.rules.filters import FilterError, parse
from handlers.rules.terms import OWN_KEYS, All, Either, Match, Not, Term, Value
from handlers.rules.types import Types

#: One comparison: its key and its sign. A colon between digits is a clock's.
COMPARED = re.compile(
    r"-*(?P<key>[^\W\d_][^\s=<>!:,()\"]*)(?P<sign>>=|<=|=>|=<|!=|==|[=<>]|(?<![0-9]):|:(?![0-9]))"
)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

#: Words that lead in a setting of some command, and so are no labels of messages
#: unless somebody insists; "zone" is one too often.
_SETTINGS = frozenset().union(*OPTIONS.values()) - {"zone", "on", "of", "at"}
#: What a key may have been meant for, when it is one slip away.
_MEANT = frozenset(
    {*OWN_KEYS, *KEYS.values(), "via", "to", "for", "mute", "until", "where", "because"}
)


#: A word by itself, between parentheses: text to look for, or a slip of these.
_BARE = re.compile(r"(?<=[\s(])[^\W\d_]+(?=[\s)])")
_JOINTS = frozenset({"or", "and", "not"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was said, and what may have been meant. ``about`` is what it would be."""

    said: str
    meant: tuple[str, ...]
    about: str


def doubts(piece: str, types: Types) -> Iterator[Doubt]:
    """Yield what may be a slip in *piece*."""
    for match in COMPARED.finditer(QUOTED.sub('""', piece)):
        key = match.group("key")
        meant = keys_meant(key)
        if meant or key.casefold() in _SETTINGS - OWN_KEYS:
            yield Doubt(key, meant, "label")
    for word in _BARE.findall(QUOTED.sub('""', piece)):
        slip = ("or",) if word.casefold() in "or" else one_slip(word, _JOINTS)
        if word.casefold() not in _JOINTS and (meant := tuple(slip)):
            yield Doubt(word, meant[:1], "text")
    try:
        term = parse(piece).term
    except FilterError:
        # The filter's own words say what is wrong.
        return
    for value in _typed(term):
        said = "*".join(value.pieces)
        if meant := _types_meant(said, value, types):
            yield Doubt(said, meant, "type")


def keys_meant(key: str) -> tuple[str, ...]:
    """Return what *key* may have been meant for, or nothing when it is one as it is."""
    word = key.casefold()
    if word in _MEANT or "." in word:
        return ()
    meant = (KEYS[word],) if word in KEYS else tuple(one_slip(word, _MEANT))
    return meant[:2]


def _typed(term: Term | None) -> Iterator[Value]:
    """Yield the values that *term* compares types with."""
    match term:
        case Match("type", values):
            yield from values
        case Not(inner):
            yield from _typed(inner)
        case All(terms) | Either(terms):
            for each in terms:
                yield from _typed(each)


def _types_meant(said: str, value: Value, types: Types) -> tuple[str, ...]:
    """Return the types that *said* may mean, or nothing when it is one."""
    if said == "*" or any(value.equals(each.id) for each in types):
        return ()
    if len(value.pieces) == 1 and (found := find_pattern(said, types)) is not None:
        return () if found == said.casefold() else (found,)
    known: Mapping[str, str] = type_words(types)
    return () if said.casefold() in known else tuple(nearest(said, known)[:2])
