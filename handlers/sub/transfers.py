"""What a line says that tries rules out, or copies them."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.destinations import destination_words, read_destination
from handlers.language.doubts import keys_meant
from handlers.language.lexicon import SEVERITIES
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, One, fill
from handlers.language.text import unquoted
from handlers.sub.requests import Copy, Try
from store.values import Destination, Severity
from store.wording import _

_LABEL = re.compile(r"([A-Za-z][\w.-]{0,63})[=:](.+)", re.DOTALL)
_FROM = frozenset({"from", "of", "自", "从"})
_TO = frozenset({"to", "for", "给", "到"})


def read_test(cursor: Cursor, context: Context) -> Try:
    """Return which type to try. Raises ``Misunderstood``."""
    types: Many[str] = Many(
        types_reader(context.types, quotes=False), words=type_words(context.types)
    )
    severity: One[Severity] = One(_("the severity"), _severity)
    labels: Many[tuple[str, str]] = Many(_label)
    fill(cursor, severity, labels, types)
    if len(types.value) != 1 or types.value[0].endswith("*"):
        raise Misunderstood(
            _("Try one message type: “{example}”.", example="/sub test finance.refund")
        )
    return Try(type=types.value[0], severity=severity.value, labels=labels.value)


def read_copy(cursor: Cursor, context: Context) -> Copy:
    """Return from whom to whom. Raises ``Misunderstood``."""
    words = destination_words(context)
    source: One[Destination] = One(
        _("from whom"), lambda at: _behind(at, _FROM, context), words=words
    )
    to: One[Destination] = One(
        _("to whom"), lambda at: _behind(at, _TO, context), words=words
    )
    fill(cursor, source, to)
    if source.value is None and to.value is None:
        raise Misunderstood(
            _("From whom? “{example}”.", example="/sub copy from me to chat")
        )
    return Copy(source=source.value or context.home, to=to.value or context.home)


def _behind(
    cursor: Cursor, lead: frozenset[str], context: Context
) -> Destination | None:
    return read_destination(cursor, context) if cursor.one_of(lead) else None


def _severity(cursor: Cursor) -> Severity | None:
    match = None if cursor.done else _LABEL.fullmatch(cursor.here.raw)
    if match and match[1].casefold() == "severity":
        found = SEVERITIES.get(match[2].casefold())
        if found is None:
            raise Misunderstood(
                _("A severity is info, warning or critical."),
                choices=tuple(
                    cursor.line_with(f"severity={each.word}") for each in Severity
                ),
            )
        cursor.take()
        return found
    return cursor.phrase(SEVERITIES)


def _label(cursor: Cursor) -> tuple[tuple[str, str], ...] | None:
    match = None if cursor.done else _LABEL.fullmatch(cursor.here.raw)
    if match is None:
        return None
    if meant := keys_meant(match[1]):
        rest = cursor.here.raw[match.end(1) :]
        raise Misunderstood(
            _("Is “{word}” a label of the messages?", word=match[1]),
            choices=tuple(cursor.line_with(f"{each}{rest}") for each in meant),
        )
    cursor.take()
    return ((match[1], unquoted(match[2])),)
