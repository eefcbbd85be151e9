"""Which windows there are, and which one is meant."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.dnd import words
from handlers.dnd.requests import Fill, Remove, Reset, Set, write
from handlers.errors import Misunderstood, UserError
from handlers.silence import listed_with
from store import windows
from store.values import Destination, Window
from store.wording import _


async def windows_of(target: Destination, context: Context) -> list[Window]:
    """Return the windows of *target*; for this group, those of its robots too."""
    return [
        window
        for each in listed_with(target, context)
        for window in await windows.of(context.tx, each)
    ]


async def called(request: Remove | Reset | Set | Fill, context: Context) -> Window:
    """Return the window of that name, or raise with the names that there are."""
    there = await windows_of(request.target, context)
    name = request.name.casefold()
    found = [window for window in there if window.name.casefold() == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise Misunderstood(
            _("Several windows are called {name}. For whom is it?", name=request.name),
            choices=tuple(
                write(replace(request, target=each.target), context) for each in found
            ),
        )
    if not there:
        raise UserError(words.none(request.target, context))
    raise Misunderstood(
        _("There is no window {name} here. /dnd list shows them.", name=request.name),
        choices=tuple(
            write(replace(request, name=each.name), context) for each in there[:3]
        ),
    )
