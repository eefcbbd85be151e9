"""Codes for recipients without a Lark account, whose address nobody proved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.context import Context
from handlers.errors import UserError, words_of
from handlers.proving import send_code
from handlers.reply import Task
from store import codes
from store.people import Addressee
from store.values import Destination


async def codes_for(
    whom: Iterable[Destination], who: Mapping[str, Addressee], context: Context
) -> dict[Destination, Task | str]:
    """Return what sends a code to each of *whom* that needs one, or why none is sent.

    Where one is on its way already, it does.
    """
    found: dict[Destination, Task | str] = {}
    for each in whom:
        person = who[each.name]
        waits = await codes.waiting(context.tx, each.name, now=context.now)
        for contact in person.contacts.values():
            on_its_way = any(one.means is contact.means for one in waits)
            if contact.verified or on_its_way:
                continue
            try:
                found[each] = await send_code(context, person, contact)
            except UserError as exc:
                found[each] = words_of(exc)
    return found
