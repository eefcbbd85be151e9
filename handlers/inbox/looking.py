"""Which messages an inbox shows: those of a group and its robots, or of a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.context import Context
from handlers.inbox.requests import Show
from handlers.rules.patterns import matches
from store import inbox
from store.inbox import EARLIEST, LATEST, Entry, Look
from store.values import Destination, Kind

#: How many messages one page shows, and how many are looked through for it.
PAGE = 10
DEPTH = 2_000
_BATCH = 200
_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown; the number below which older messages may be, or ``None``."""

    entries: tuple[Entry, ...]
    older: int | None


def inboxes(context: Context) -> tuple[Destination, ...]:
    """Return whose inbox one sees here: the group's and its robots', or one's own."""
    robots = (
        Destination(Kind.ROBOT, name)
        for name, chat in context.names.robots.items()
        if context.is_group and chat == context.chat
    )
    return (context.home, *robots)


async def look(request: Show, context: Context) -> Page:
    """Return the page that *request* asks for."""
    asked = Look(
        person=context.asker,
        below=request.below,
        since=request.since or EARLIEST,
        # What was accepted at that very moment came after it.
        until=request.before - _MOMENT if request.before else LATEST,
    )
    found: list[Entry] = []
    seen = 0
    while True:
        batch = await _batch(request, asked, context)
        for each in batch:
            if _meant(each, request):
                found.append(each)
            if len(found) > PAGE:
                shown = tuple(found[:PAGE])
                return Page(shown, shown[-1].notification.number)
        seen += len(batch)
        if len(batch) < _BATCH:
            return Page(tuple(found), None)
        last = batch[-1].notification.number
        if seen >= DEPTH:
            return Page(tuple(found), last)
        asked = replace(asked, below=last)


async def _batch(request: Show, asked: Look, context: Context) -> list[Entry]:
    """Return the next messages of all inboxes together, newest first, each once."""
    whose: tuple[Destination | None, ...] = inboxes(context)
    if request.unrouted:
        whose = (None,)
    entries: dict[int, Entry] = {}
    for each in whose:
        for entry in await inbox.page(context.tx, each, asked, limit=_BATCH):
            known = entries.get(entry.notification.number)
            read = entry.read or (known is not None and known.read)
            entries[entry.notification.number] = Entry(entry.notification, read)
    return [entries[number] for number in sorted(entries, reverse=True)][:_BATCH]


def _meant(entry: Entry, request: Show) -> bool:
    return not (request.unread and entry.read) and _matches(entry, request)


def _matches(entry: Entry, request: Show) -> bool:
    wanted: Iterator[bool] = (
        matches(each, entry.notification.type) for each in request.patterns
    )
    return (not request.patterns or any(wanted)) and request.where.matches(
        entry.notification
    )
