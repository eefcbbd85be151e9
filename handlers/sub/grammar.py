"""What a line about subscriptions says, and how the same is written best."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import One, fill, unknown
from handlers.router import Command
from handlers.sub.matrix.grammar import read_look, read_several, read_switch
from handlers.sub.matrix.requests import Look
from handlers.sub.places import USUAL, Slots, read_name
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
            return Reset(name=read_name(cursor, "/sub reset NAME"))
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
    slots = Slots(context)
    try:
        slots.fill(cursor)
    except Misunderstood:
        return None
    if slots.types.value and (slots.via.value or slots.to.value):
        return _add(slots, context)
    return None


def _read_add(cursor: Cursor, context: Context) -> Add:
    slots = Slots(context)
    slots.fill(cursor)
    if not slots.types.value:
        raise _no_types(slots, _EXAMPLE)
    return _add(slots, context)


def _add(slots: Slots, context: Context) -> Add:
    to = slots.destinations()
    via = slots.via.value
    if via and Channel.CHAT in via and context.is_group and not _posted(to):
        # "via chat,sms to @Lin": the group is where its chat channel is.
        to = (context.home, *to)
    return Add(
        patterns=slots.types.value,
        where=slots.where.value,
        via=None if via == USUAL else via,
        to=to,
    )


def _read_remove(cursor: Cursor, context: Context) -> Remove:
    slots = Slots(context)
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
    slots = Slots(context)
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
    default = slots.via.value == USUAL
    return Set(
        pattern="".join(slots.types.value),
        name=slots.name.value or "",
        where=slots.where.value if slots.where.given else None,
        via=None if default else slots.via.value,
        default=default,
        to=slots.destinations(),
    )


def _read_list(cursor: Cursor, context: Context) -> List:
    slots = Slots(context)
    page: One[int] = One(_("the page"), _read_page)
    fill(cursor, page, slots.to, slots.types)
    return List(
        patterns=slots.types.value, to=slots.destinations(), page=page.value or 1
    )


def _read_page(cursor: Cursor) -> int | None:
    if not cursor.option("page"):
        return None
    return max(1, cursor.value("page", Cursor.number, "page 2"))


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


def _no_types(slots: Slots, such: str) -> Misunderstood:
    if slots.types.value:
        return Misunderstood(_("Name the types, or the rule, not both."))
    return Misunderstood(
        _(
            "Which message types? For example “{example}”. /types lists.",
            example=such,
        )
    )
