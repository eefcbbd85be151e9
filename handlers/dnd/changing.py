"""Windows made, changed, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.changes import Changes, release
from handlers.context import Context
from handlers.dnd import finding, switch, turning, words
from handlers.dnd.requests import Add, Off, Remove, Request, Reset, Set, Usual, write
from handlers.errors import UserError
from handlers.reply import Reply
from handlers.silence import let_go, telling_them
from store import windows
from store.values import Destination, Window
from store.wording import _


async def add(request: Add, context: Context) -> Reply:
    """Make a new window."""
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
    command = write(request, context)
    for there in await windows.of(context.tx, request.target):
        if _says(there) == _says(window) and there.enabled:
            return Reply(lines=(words.exists(there, context),), canonical=command)
    changes = Changes(context)
    made = await changes.make(window)
    reply = await changes.reply(
        command,
        words.added(made),
        words.next_time(made, context),
        title=words.TITLE,
    )
    return telling_them(reply, made.target, context, f"/dnd remove {made.name}")


async def add_usual(request: Usual, context: Context) -> Reply:
    """Silence some types in the hours that are usual here."""
    context.require_editor(request.target)
    changes = Changes(context)
    turns = await turning.turn_on(request.patterns, request.target, changes)
    command = write(request, context)
    if not turns:
        there = await windows.of(context.tx, request.target)
        (first, *_others) = switch.naming(there, request.patterns)
        return Reply(lines=(words.exists(first, context),), canonical=command)
    now = [window for _was, window in turns if window is not None]
    reply = await changes.reply(
        command,
        turning.said(turns),
        words.next_time(now[0], context),
        title=words.TITLE,
    )
    return telling_them(reply, request.target, context, "/dnd list")


async def set_(request: Set, context: Context) -> Reply:
    """Make one window another one."""
    context.require_editor(request.target)
    was = await finding.called(request, context)
    context.require_editor(was.target)
    now = replace(
        was,
        start=request.hours.start if request.hours else was.start,
        end=request.hours.end if request.hours else was.end,
        days=request.days or was.days,
        patterns=request.patterns or was.patterns,
        mutes=request.mutes or was.mutes,
        zone=request.zone or was.zone,
        calendar=request.calendar or was.calendar,
        spare_critical=(
            was.spare_critical
            if request.spare_critical is None
            else request.spare_critical
        ),
        enabled=True,
    )
    command = write(request, context)
    if now == was:
        return Reply(lines=(words.exists(was, context),), canonical=command)
    said = words.changed(was, now)
    changes = Changes(context)
    await changes.change(was, now)
    await release(context, (was,))
    reply = await changes.reply(
        command, said, words.next_time(now, context), title=words.TITLE
    )
    return telling_them(reply, was.target, context, f"/dnd remove {was.name}")


async def remove(request: Remove, context: Context) -> Reply:
    """Take one window away."""
    context.require_editor(request.target)
    window = await finding.called(request, context)
    return await _end([window], request, context)


async def off(request: Off, context: Context) -> Reply:
    """Take every window away, or some types out of those that name them."""
    context.require_editor(request.target)
    there = await finding.windows_of(request.target, context)
    if not request.patterns:
        found = [each for each in there if each.enabled]
        if not found:
            return Reply(lines=(words.none(request.target, context),))
        return await _end(found, request, context)
    changes = Changes(context)
    turns = await turning.turn_off(request.patterns, request.target, changes)
    if not turns:
        return _not_named(request, there, context)
    touched = [was for was, _now in turns if was is not None]
    return await _ended(touched, turning.said(turns), request, changes)


def _not_named(request: Off, there: Sequence[Window], context: Context) -> Reply:
    """Say which window silences these types, and that none does so alone."""
    wide = switch.wider(there, request.patterns)
    if not wide:
        return Reply(lines=(words.none(request.target, context),))
    raise UserError(
        _(
            "{types}: no window is for these alone. A wider one silences them: "
            "{window}.",
            types=" ".join(request.patterns),
            window=words.described(wide[0]),
        ),
        choices=(_line(request, f"remove {wide[0].name}", context),),
    )


async def _end(
    gone: Sequence[Window], request: Remove | Off, context: Context
) -> Reply:
    changes = Changes(context)
    for window in gone:
        context.require_editor(window.target)
        await changes.drop(window)
    return await _ended(gone, words.removed(gone), request, changes)


async def _ended(
    touched: Sequence[Window], said: str, request: Remove | Off, changes: Changes
) -> Reply:
    """Let go of what these windows held, and answer."""
    context = changes.context
    targets = tuple(dict.fromkeys(window.target for window in touched))
    released = await release(context, touched)
    reply = await changes.reply(
        write(request, context),
        said,
        let_go(targets, released, context),
        title=words.TITLE,
    )
    return telling_them(reply, targets[0], context, "/dnd list")


async def reset(request: Reset, context: Context) -> Reply:
    """Make a window of the YAML what the YAML says."""
    context.require_editor(request.target)
    window = await finding.called(request, context)
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


def _line(request: Request, said: str, context: Context) -> str:
    """Return ``/dnd`` with *said*, for whom *request* is."""
    target: Destination = request.target
    whom = "" if target == context.home else f" for {context.write(target)}"
    return f"/dnd {said}{whom}"


def _says(window: Window) -> tuple[object, ...]:
    """Return what *window* says, without who said it."""
    return (
        window.patterns,
        (window.start, window.end, window.days, window.zone, window.calendar),
        window.mutes,
        window.spare_critical,
    )
