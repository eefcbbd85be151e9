"""/dnd: when people would rather not hear from us."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes, release
from handlers.context import Context
from handlers.dnd import words
from handlers.dnd.grammar import USAGE, read
from handlers.dnd.requests import (
    Add,
    List,
    Off,
    Preview,
    Remove,
    Request,
    Reset,
    write,
)
from handlers.errors import Misunderstood, UserError
from handlers.reply import Reply
from handlers.router import Router
from handlers.silence import check_reach, let_go, listed_with
from store import windows
from store.values import Destination, Window
from store.wording import _

router = Router()

#: How many openings one answer shows.
SHOWN = 20


@router.command(
    "dnd",
    read=read,
    usage=USAGE,
    look="/dnd list",
    verbs=("add", "list", "remove", "off", "preview", "reset"),
)
async def dnd(request: Request, context: Context) -> Reply:
    """Hold messages at night, and send them in the morning as one digest.

    /dnd add 22:00-08:00 workdays
    /dnd add whole day weekends finance.* mute sms+voice including critical
    /dnd add 23:00-07:00 Asia/Singapore for me
    /dnd list
    /dnd remove 2
    /dnd off
    /dnd preview 7d
    """
    check_reach(request.target, context)
    match request:
        case Add():
            return await _add(request, context)
        case Remove():
            return await _remove(request, context)
        case Reset():
            return await _reset(request, context)
        case Off():
            return await _off(request, context)
        case Preview():
            return await _preview(request, context)
        case List():
            return await _list(request, context)


async def _add(request: Add, context: Context) -> Reply:
    context.require_editor(request.target)
    window = Window(
        id=0,
        name="",
        target=request.target,
        patterns=request.patterns,
        start=request.start,
        end=request.end,
        days=request.days,
        zone=request.zone,
        calendar=request.calendar,
        mutes=request.mutes,
        spare_critical=request.spare_critical,
        owner=context.owner(request.target),
        created_by=context.asker,
        created_at=context.now,
    )
    changes = Changes(context)
    for there in await windows.of(context.tx, request.target):
        if _says(there) == _says(window) and there.enabled:
            return Reply(
                lines=(words.exists(there, context),), canonical=write(request, context)
            )
    made = await changes.make(window)
    return await changes.reply(
        write(request, context),
        words.added(made),
        words.next_time(made, context),
        title=words.TITLE,
    )


async def _remove(request: Remove, context: Context) -> Reply:
    context.require_editor(request.target)
    window = await _called(request, context)
    return await _end([window], write(request, context), context)


async def _off(request: Off, context: Context) -> Reply:
    context.require_editor(request.target)
    found = [each for each in await _windows(request.target, context) if each.enabled]
    if not found:
        return Reply(lines=(words.none(request.target, context),))
    return await _end(found, write(request, context), context)


async def _end(found: list[Window], command: str, context: Context) -> Reply:
    changes = Changes(context)
    for window in found:
        context.require_editor(window.target)
        await changes.drop(window)
    kept = await release(context, found)
    targets = tuple(dict.fromkeys(window.target for window in found))
    return await changes.reply(
        command,
        words.removed(found),
        let_go(targets, kept, context),
        title=words.TITLE,
    )


async def _reset(request: Reset, context: Context) -> Reply:
    context.require_editor(request.target)
    window = await _called(request, context)
    context.require_editor(window.target)
    if window.owner != windows.YAML:
        raise UserError(
            _(
                "Window {name} was made in the chat. Only the YAML's can be reset.",
                name=window.name,
            )
        )
    if window.changed_by is None:
        same = _("Window {name} is as the YAML has it.", name=window.name)
        return Reply(lines=(same,))
    changes = Changes(context)
    now = await changes.reset(window)
    await release(context, (window,))
    return await changes.reply(
        write(request, context),
        words.changed(window, now),
        words.next_time(now, context),
        title=words.TITLE,
    )


async def _list(request: List, context: Context) -> Reply:
    found = await _windows(request.target, context)
    if not found:
        return Reply(title=words.TITLE, lines=(words.none(request.target, context),))
    return Reply(
        title=words.TITLE,
        lines=tuple(words.line(window, context) for window in found),
        canonical=write(request, context),
    )


async def _preview(request: Preview, context: Context) -> Reply:
    found = [each for each in await _windows(request.target, context) if each.enabled]
    if not found:
        return Reply(title=words.TITLE, lines=(words.none(request.target, context),))
    coming = words.coming(found, context, request.long)
    if not coming:
        coming = [_("No window opens in that time.")]
    if len(coming) > SHOWN:
        more = _("… and {count} more.", count=len(coming) - SHOWN)
        coming = [*coming[:SHOWN], more]
    return Reply(
        title=words.TITLE, lines=tuple(coming), canonical=write(request, context)
    )


async def _called(request: Remove | Reset, context: Context) -> Window:
    """Return the window of that name, or raise with the names that there are."""
    there = await _windows(request.target, context)
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


async def _windows(target: Destination, context: Context) -> list[Window]:
    """Return the windows of *target*; for this group, those of its robots too."""
    return [
        window
        for each in listed_with(target, context)
        for window in await windows.of(context.tx, each)
    ]


def _says(window: Window) -> tuple[object, ...]:
    """Return what *window* says, without who said it."""
    return (
        window.patterns,
        (window.start, window.end, window.days, window.zone, window.calendar),
        window.mutes,
        window.spare_critical,
    )
