"""For whom a line is, about which types, and which of what is kept there it names."""

from __future__ import annotations

from handlers.context import Context
from handlers.language.cursor import Cursor
from handlers.language.destinations import target_slot
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, fill
from store.values import Destination


def read_target(cursor: Cursor, context: Context) -> Destination:
    """Take for whom it is; where nothing is said, for where it was asked."""
    target = target_slot(context)
    fill(cursor, target)
    return target.value or context.home


def read_types(cursor: Cursor, context: Context) -> tuple[tuple[str, ...], Destination]:
    """Take about which types it is, perhaps none, and for whom, in any order."""
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    target = target_slot(context)
    fill(cursor, target, types)
    return types.value, target.value or context.home


def read_name(cursor: Cursor) -> str | None:
    """Take a name: a number, or free text, perhaps in quotes; ``None`` at the end."""
    number = cursor.number()
    if number is not None:
        return str(number)
    if cursor.done:
        return None
    name = cursor.whole().text
    cursor.take()
    return name
