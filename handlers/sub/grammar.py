"""What a line about subscriptions says, and how the same is written best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from handlers.router import Command
from handlers.sub.matrix.grammar import read_look, read_several, read_switch
from handlers.sub.matrix.requests import Look
from handlers.sub.requests import Add, List, Remove, Request, Reset, Set
from handlers.sub.transfers import read_copy, read_test
from store.values import Channel, Destination
from store.wording import _

USAGE = "[type] | add | remove | set | switch | several | list | test | copy | reset"
_EXAMPLE = "/sub add product.alarm severity>=warning"


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    verb = command.verb or (command.leaning if not cursor.done else "") or "matrix"
    if not command.verb and verb == "matrix" and not cursor.done:
        return _read_look(cursor, context)
    match verb:
        case "matrix":
            return read_look(cursor, context)
        case "switch":
            return read_switch(cursor, context)
        case "several":
            return read_several(cursor, context)
        case "add":
            return _read_add(cursor, context)
        case "remove" | "off":
            return _read_remove(cursor, context)
        case "set":
            return _read_set(cursor, context)
        case "test":
            return read_test(cursor, context)
        case "copy":
            return read_copy(cursor, context)
        case "reset":
            return Reset(name=_read_name(cursor, "/sub reset NAME"))
        case _:
            return _read_list(cursor, context)


def _read_look(cursor: Cursor, context: Context) -> Look | Add:
    """Return what of the matrix is meant where no verb says what to do with it."""
    mark = cursor.mark()
    try:
        return read_look(cursor, context)
    except Misunderstood:
        cursor.back(mark)
        added = _added(cursor, context)
        if added is not None:
            return added
        cursor.back(mark)
        raise _no_verb(cursor, context) from None


def _added(cursor: Cursor, context: Context) -> Add | None:
    """Return the rule that a line without a verb makes, or nothing.

    ``/sub refund to me via dm`` can be nothing else: what is only looked at has neither
    channels nor recipients.
    """
    slots = _Slots(context)
    try:
        slots.fill(cursor)
    except Misunderstood:
        return None
    if slots.types.value and (slots.via.value or slots.to.value):
        return _add(slots, context)
    return None


class _Slots:
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


def _read_add(cursor: Cursor, context: Context) -> Add:
    slots = _Slots(context)
    slots.fill(cursor)
    if not slots.types.value:
        raise _no_types(slots, _EXAMPLE)
    return _add(slots, context)


def _add(slots: _Slots, context: Context) -> Add:
    to = slots.destinations()
    via = slots.via.value
    if via and Channel.CHAT in via and context.is_group and not _posted(to):
        # "via chat,sms to @Lin": the group is where its chat channel is.
        to = (context.home, *to)
    return Add(
        patterns=slots.types.value,
        where=slots.where.value,
        via=None if via == _DEFAULT else via,
        to=to,
    )


def _read_remove(cursor: Cursor, context: Context) -> Remove:
    slots = _Slots(context)
    slots.fill(cursor, slots.name)
    if bool(slots.types.value) == bool(slots.name.value):
        raise _no_types(slots, "/sub remove finance.refund")
    return Remove(
        patterns=slots.types.value,
        name=slots.name.value or "",
        where=slots.where.value if slots.where.given else None,
        to=slots.destinations(),
    )


def _read_set(cursor: Cursor, context: Context) -> Set:
    slots = _Slots(context)
    slots.fill(cursor, slots.name)
    if len(slots.types.value) + bool(slots.name.value) != 1:
        raise Misunderstood(
            _(
                "Set one rule at a time: its type or its number. "
                "“/sub set product.alarm severity>=warning”."
            )
        )
    if not slots.where.given and slots.via.value is None:
        raise Misunderstood(
            _(
                "Set it to what? A filter, “no filter”, or channels: "
                "“/sub set product.alarm via inbox”."
            )
        )
    default = slots.via.value == _DEFAULT
    return Set(
        pattern="".join(slots.types.value),
        name=slots.name.value or "",
        where=slots.where.value if slots.where.given else None,
        via=None if default else slots.via.value,
        default=default,
        to=slots.destinations(),
    )


def _read_list(cursor: Cursor, context: Context) -> List:
    slots = _Slots(context)
    page: One[int] = One(_("the page"), _read_page)
    fill(cursor, page, slots.to, slots.types)
    return List(
        patterns=slots.types.value, to=slots.destinations(), page=page.value or 1
    )


#: What "via default" reads as: no channels at all would make no sense otherwise.
_DEFAULT: frozenset[Channel] = frozenset()


def _read_via(cursor: Cursor) -> frozenset[Channel] | None:
    if not cursor.option("via"):
        return None
    if cursor.one_of(DEFAULT):
        return _DEFAULT
    return cursor.value("via", read_channels, "via chat,inbox", CHANNEL_WORDS)


def _read_page(cursor: Cursor) -> int | None:
    if not cursor.option("page"):
        return None
    return max(1, cursor.value("page", Cursor.number, "page 2"))


def _read_rule(cursor: Cursor) -> str | None:
    """Take a rule by its number, or as ``rule:NAME``."""
    if cursor.done:
        return None
    number = cursor.number()
    if number is not None:
        return str(number)
    if cursor.here.word.startswith("rule") or cursor.here.raw.startswith("rule:"):
        return _read_name(cursor, "rule:NAME", last=False)
    return None


def _read_name(cursor: Cursor, such: str, *, last: bool = True) -> str:
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


def _posted(to: Iterable[Destination]) -> bool:
    return any(each.kind in ("chat", "robot") for each in to)


def _no_verb(cursor: Cursor, context: Context) -> Misunderstood:
    mark = cursor.mark()
    a_type = types_reader(context.types, quotes=True)(cursor)
    cursor.back(mark)
    if not a_type:
        verbs = {verb: verb for verb in ("add", "remove", "set", "list", "reset")}
        return unknown(cursor, {**type_words(context.types), **verbs})
    raw = cursor.here.raw
    lines = (cursor.line_with(f"{verb} {raw}") for verb in ("add", "remove", "list"))
    return Misunderstood(_("Add it, remove it, or show it?"), choices=tuple(lines))


def _no_types(slots: _Slots, such: str) -> Misunderstood:
    if slots.types.value:
        return Misunderstood(_("Name the types, or the rule, not both."))
    return Misunderstood(
        _(
            "Which message types? For example “{example}”. /types lists.",
            example=such,
        )
    )
