"""What of a text no other language says: a plain string, or a message without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.errors import UserError, words_of
from handlers.reply import Reply
from store.wording import Fact, Text
from tests.wording.sources import catalogue, messages, templates

#: Facts by these names are what one types: syntax in any language.
SYNTAX = frozenset({"such", "example", "command", "line", "usage"})

#: Texts that only hold others together (``commas``, ``as_text``).
_JOINTS = frozenset({"", "{all}"})
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
#: Two words of English prose. Filters, ids, names of zones and numbers have none.
_PROSE = re.compile(r"(?:^|(?<=[ (]))[a-z]{2,},? [a-z]{2,}(?=$|[ ,.;:)])")


def texts_of(answer: Reply | UserError) -> Iterator[str]:
    """Yield all that people read in an answer, without command lines."""
    if isinstance(answer, UserError):
        yield words_of(answer)
        return
    if answer.title:
        yield answer.title
    yield from answer.lines
    yield from (each.label for each in answer.buttons if each.label != each.line)


def left_in_english(said: Fact, locale: str = "zh", name: str = "") -> Iterator[str]:
    """Yield what of *said* would be read in English by readers of *locale*.

    A plain string that is a fact is data, unless it reads like prose.
    """
    if not isinstance(said, str):
        if isinstance(said, Sequence):
            for each in said:
                yield from left_in_english(each, locale, name)
        return
    if not isinstance(said, Text):
        prose = _PROSE.search(_QUOTED.sub("", said))
        if prose and name not in SYNTAX and not said.startswith("/"):
            yield f"{name}: {said}"
        return
    if locale in said.other:
        return
    if said.message not in _JOINTS and said.message not in _known(locale):
        yield said.message
    for fact, value in said.facts.items():
        yield from left_in_english(value, locale, fact)


def _known(locale: str) -> frozenset[str]:
    if locale not in _KNOWN:
        _KNOWN[locale] = frozenset(
            message.id if isinstance(message.id, str) else message.id[0]
            for part in templates()
            for message in messages(catalogue(part, locale))
            if message.string and any(message.string)
        )
    return _KNOWN[locale]


_KNOWN: dict[str, frozenset[str]] = {}
