"""What of a text no other language says: a plain string, or a message without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from handlers.errors import UserError, words_of
from handlers.reply import Button, Reply
from handlers.view import (
    Buttons,
    Field,
    Form,
    Menu,
    Panel,
    Part,
    Pick,
    Row,
    Table,
    Words,
)
from store.wording import Fact, Text
from tests.wording.sources import catalogue, messages, templates

#: Facts by these names are what one types: syntax in any language.
SYNTAX = frozenset({"such", "example", "command", "line", "usage"})

#: Texts that only hold others together (``commas``, ``as_text``).
_JOINTS = frozenset({"", "{all}", "{first}\n{rest}"})
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
    yield from _on(answer.buttons)
    yield from texts_in(answer.view)


def texts_in(parts: Iterable[Part]) -> Iterator[str]:
    """Yield what people read in a view. What stands there as data is left out."""
    for part in parts:
        match part:
            case Words(said):
                yield from () if said.startswith("/") else (said,)
            case Buttons(buttons):
                yield from _on(buttons)
            case Menu(label=label, choices=choices):
                yield label
                yield from _texts(each.label for each in choices)
            case Row(cells):
                yield from texts_in(cells)
            case Table(columns, rows):
                yield from columns
                yield from _texts(cell for row in rows for cell in row)
            case Panel(title, inside):
                yield title
                yield from texts_in(inside)
            case Form(fields=fields, submit=submit):
                yield submit
                yield from _fields(fields)


def _on(buttons: Iterable[Button]) -> Iterator[str]:
    for each in buttons:
        if each.label != each.line:
            yield each.label
        if each.disabled:
            yield each.disabled


def _fields(fields: Iterable[Field]) -> Iterator[str]:
    for each in fields:
        if isinstance(each, Words):
            yield each.text
            continue
        yield each.label
        if isinstance(each, Pick):
            # A label with facts names somebody.
            labels = _texts(option.label for option in each.options)
            yield from (label for label in labels if not label.facts)


def _texts(said: Iterable[str]) -> Iterator[Text]:
    return (each for each in said if isinstance(each, Text))


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
