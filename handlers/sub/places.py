"""The places of a line about rules: types, conditions, channels, destinations."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.channels import CHANNEL_WORDS, read_channels
from handlers.language.conditions import Conditions
from handlers.language.cursor import Cursor
from handlers.language.destinations import (
    about_types,
    destination_words,
    read_destinations,
    read_reference,
)
from handlers.language.lexicon import DEFAULT, ME, OPTIONS, THIS
from handlers.language.patterns import type_words, types_reader
from handlers.language.sayings import BECOMES, NEGATIONS, SMALL
from handlers.language.slots import Many, One, Slot, fill, unknown
from handlers.names import plain_or_quoted
from store.values import Channel, Destination
from store.wording import _

#: What "via default" reads as: no channels at all would make no sense otherwise.
USUAL: frozenset[Channel] = frozenset()


def _read_via(cursor: Cursor) -> frozenset[Channel] | None:
    if not cursor.option("via"):
        return None
    if cursor.one_of(DEFAULT):
        return USUAL
    return cursor.value("via", read_channels, "via chat,inbox", CHANNEL_WORDS)


class Slots:
    """The places of a line about rules, and what they were filled with."""

    def __init__(self, context: Context, *, quotes: bool = True) -> None:
        self._context = context
        options = {word: word for name in ("via", "to") for word in OPTIONS[name]}
        self.types: Many[str] = Many(
            types_reader(context.types, quotes=quotes),
            words=type_words(context.types),
        )
        self.via: One[frozenset[Channel]] = One(_("the channels"), _read_via)
        self.to: Many[Destination] = Many(
            self._read_to,
            words={**options, **destination_words(context)},
        )
        self.where = Conditions(context.types)
        self.name: One[str] = One(_("the rule"), _read_rule)

    def fill(self, cursor: Cursor, *more: Slot) -> None:
        """Fill them, and *more*, with all that is left. Raises ``Misunderstood``."""
        becoming = _Becoming(self._context)
        places = (*more, self.via, self.to, self.types, self.where, becoming)
        try:
            fill(cursor, *places, quote=not more)
        except Misunderstood as exc:
            if exc.choices or self.name not in more or cursor.done:
                raise
            if cursor.here.word in NEGATIONS | SMALL:
                raise
            word = cursor.here.text
            raise Misunderstood(
                _("I know no type “{word}”. Is it the name of a rule?", word=word),
                choices=(cursor.line_with(f"rule:{plain_or_quoted(word)}"),),
            ) from None

    def destinations(self) -> tuple[Destination, ...]:
        """Return where it goes: here, unless it says otherwise."""
        return self.to.value or (self._context.home,)

    def _read_to(self, cursor: Cursor) -> tuple[Destination, ...] | None:
        subject = _subject(cursor, self._context)
        if subject is not None:
            return (subject,)
        mark = cursor.mark()
        if cursor.option("to"):
            if _leads_in(cursor, self._context):
                cursor.back(mark)
                return None
            return cursor.value(
                "to",
                lambda at: read_destinations(at, self._context),
                "to chat, to me",
                destination_words(self._context),
            )
        found = read_reference(cursor, self._context)
        return None if found is None else (found,)


def _subject(cursor: Cursor, context: Context) -> Destination | None:
    """Take whom a sentence subscribes: ``this group to …``, ``me from …``."""
    mark = cursor.mark()
    found = context.me if cursor.one_of(ME) else None
    if found is None and context.is_group and cursor.one_of(THIS):
        found = context.home
    if found is not None and cursor.one_of({"to", "from"}) and not cursor.done:
        return found
    cursor.back(mark)
    return None


def _leads_in(cursor: Cursor, context: Context) -> bool:
    """Whether *to* leads in what a rule becomes, or is about, and not whom it is for.

    ``set product.alarm to severity=critical``, ``set refund to via inbox``.
    """
    mark = cursor.mark()
    try:
        return (
            about_types(cursor, context, groups=True)
            or cursor.option("via")
            or Conditions(context.types).take(cursor)
        )
    except Misunderstood:
        return False
    finally:
        cursor.back(mark)


class _Becoming:
    """Takes the word that leads in what follows: ``set 3 to severity=critical``."""

    words: Mapping[str, str] = {}

    def __init__(self, context: Context) -> None:
        self._context = context

    def take(self, cursor: Cursor) -> bool:
        """Take *to* where it leads in no destination, and say whether it was there."""
        mark = cursor.mark()
        led = cursor.one_of(BECOMES) and not cursor.done
        if led and _leads_in(cursor, self._context):
            return True
        cursor.back(mark)
        return False


def _read_rule(cursor: Cursor) -> str | None:
    """Take a rule by its number, or as ``rule:NAME``."""
    if cursor.done:
        return None
    number = cursor.number()
    if number is not None:
        return str(number)
    if cursor.here.word.startswith("rule") or cursor.here.raw.startswith("rule:"):
        return read_name(cursor, "rule:NAME", last=False)
    return None


def read_name(cursor: Cursor, such: str, *, last: bool = True) -> str:
    """Take the name of a rule, which is free text in one word or in quotes."""
    if not cursor.done and cursor.here.raw.startswith(("rule:", "rule=")):
        if len(cursor.here.raw) > len("rule:"):
            cursor.split(len("rule:"))
        cursor.take()
    elif not cursor.done and cursor.here.word == "rule":
        cursor.take()
    if cursor.done:
        raise Misunderstood(
            _("Which rule? Write {such}. /sub list shows them.", such=such)
        )
    name = cursor.whole().text
    cursor.take()
    if last and not cursor.done:
        raise unknown(cursor, {})
    return name
