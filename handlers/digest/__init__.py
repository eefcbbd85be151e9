"""/digest: many messages as one, at a time of your choice."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

from handlers.changes import Changes, release
from handlers.context import Context
from handlers.digest import words
from handlers.digest.grammar import USAGE, read
from handlers.digest.requests import List, Off, Remove, Request, Reset, Set, write
from handlers.errors import Misunderstood, UserError
from handlers.reply import Button, Part, Reply
from handlers.router import Router
from handlers.rules.schedules import say_schedule
from handlers.silence import check_reach, let_go, listed_with, telling_them
from handlers.view import Buttons, Echo, Panel, Style, Words
from store import schedules, silences
from store.values import Destination, Schedule
from store.wording import _, dotted

router = Router()

#: How many digests one card can take away.
SHOWN = 20


@router.command(
    "digest",
    read=read,
    usage=USAGE,
    look="/digest list",
    verbs=("add", "set", "list", "remove", "off", "reset"),
)
async def digest(request: Request, context: Context) -> Reply:
    """Collect messages, and send them together at a time of your choice.

    /digest daily 09:00
    /digest weekly mon 09:30 finance.*
    /digest workdays 09:00,18:00 Asia/Singapore including critical
    /digest daily 18:00 via email for me
    /digest list
    /digest remove 2
    /digest off
    """
    check_reach(request.target, context)
    match request:
        case Set():
            return await _set(request, context)
        case Remove():
            return await _remove(request, context)
        case Reset():
            return await _reset(request, context)
        case Off():
            return await _off(request, context)
        case List():
            return await _list(request, context)


async def _set(request: Set, context: Context) -> Reply:
    context.require_editor(request.target)
    wanted = request.schedule(context)
    command = write(request, context)
    there = await schedules.of(context.tx, request.target)
    same = next((each for each in there if _about(each) == _about(wanted)), None)
    changes = Changes(context)
    if same is None:
        made = await changes.make(wanted)
        said = words.made(made)
    else:
        made = _as(same, wanted)
        if made == same:
            return Reply(lines=(words.exists(same, context),), canonical=command)
        await changes.change(same, made)
        await release(context, (same,))
        said = words.changed(same, made)
    obeyed = await silences.targets_of(context.tx, request.target)
    windows = await silences.windows_obeyed(context.tx, obeyed)
    reply = await changes.reply(
        command, said, words.comes(made, windows, context), title=words.TITLE
    )
    return telling_them(reply, made.target, context, f"/digest remove {made.name}")


async def _remove(request: Remove, context: Context) -> Reply:
    context.require_editor(request.target)
    found = await _called(request, context)
    return await _end([found], write(request, context), context)


async def _off(request: Off, context: Context) -> Reply:
    context.require_editor(request.target)
    found = [
        each
        for each in await _schedules(request.target, context)
        if each.enabled
        and (not request.patterns or set(each.patterns) == set(request.patterns))
    ]
    if not found:
        return Reply(lines=(words.none(request.target, context),))
    return await _end(found, write(request, context), context)


async def _end(found: Sequence[Schedule], command: str, context: Context) -> Reply:
    changes = Changes(context)
    for each in found:
        context.require_editor(each.target)
        await changes.drop(each)
    kept = await release(context, found)
    targets = tuple(dict.fromkeys(each.target for each in found))
    reply = await changes.reply(
        command,
        words.removed(found),
        let_go(targets, kept, context),
        title=words.TITLE,
    )
    return telling_them(reply, targets[0], context, "/digest list")


async def _reset(request: Reset, context: Context) -> Reply:
    context.require_editor(request.target)
    was = await _called(request, context)
    context.require_editor(was.target)
    if was.owner != schedules.YAML:
        raise UserError(
            _(
                "Digest {name} was made in the chat. Only the YAML's can be reset.",
                name=was.name,
            )
        )
    if was.changed_by is None:
        return Reply(lines=(_("Digest {name} is as the YAML has it.", name=was.name),))
    changes = Changes(context)
    now = await changes.reset(was)
    await release(context, (was,))
    return await changes.reply(
        write(request, context),
        words.changed(was, now),
        words.comes(now, (), context),
        title=words.TITLE,
    )


async def _list(request: List, context: Context) -> Reply:
    found = await _schedules(request.target, context)
    line = write(request, context)
    quiet = Button(_("Do not disturb"), "", show="/dnd list")
    if not found:
        return Reply(
            title=words.TITLE,
            lines=(words.none(request.target, context),),
            canonical=line,
            buttons=(quiet,),
        )
    facts = {"digests": f"{zlib.crc32(repr(found).encode()):08x}"}
    may = context.may_change(request.target)
    return Reply(
        title=words.TITLE,
        lines=tuple(words.line(each, context) for each in found),
        canonical=line,
        view=_changing(found, request.target, line, facts["digests"], context)
        if may
        else (),
        buttons=(quiet,),
        facts=facts,
    )


def _changing(
    found: Sequence[Schedule],
    target: Destination,
    line: str,
    was: str,
    context: Context,
) -> tuple[Part, ...]:
    """Return the buttons that take digests away, under a title that opens them."""

    def button(label: str, request: Remove | Off) -> Button:
        return Button(
            label,
            write(request, context),
            danger=isinstance(request, Off),
            show=line,
            about="digests",
            was=was,
        )

    parts: list[Part] = []
    for each in found[:SHOWN]:
        remove = Remove(name=each.name, target=each.target)
        said = Words(dotted(each.name, say_schedule(each)), Style.SMALL)
        parts += [said, Buttons((button(_("Remove"), remove),))]
    off = Off(target=target)
    parts.append(Buttons((button(_("Turn all off"), off),)))
    return (Panel(_("Change"), tuple(parts)), Echo())


async def _called(request: Remove | Reset, context: Context) -> Schedule:
    """Return the digest of that name, or raise with the names that there are."""
    there = await _schedules(request.target, context)
    name = request.name.casefold()
    found = [each for each in there if each.name.casefold() == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise Misunderstood(
            _("Several digests are called {name}. For whom is it?", name=request.name),
            choices=tuple(
                write(replace(request, target=each.target), context) for each in found
            ),
        )
    if not there:
        raise UserError(words.none(request.target, context))
    raise Misunderstood(
        _(
            "There is no digest {name} here. /digest list shows them.",
            name=request.name,
        ),
        choices=tuple(
            write(replace(request, name=each.name), context) for each in there[:3]
        ),
    )


async def _schedules(target: Destination, context: Context) -> list[Schedule]:
    """Return the digests of *target*; for this group, those of its robots too."""
    return [
        schedule
        for each in listed_with(target, context)
        for schedule in await schedules.of(context.tx, each)
    ]


def _about(schedule: Schedule) -> tuple[object, ...]:
    """Return what it collects: the same once more is a new time for it."""
    return frozenset(schedule.patterns), schedule.collects


def _as(there: Schedule, wanted: Schedule) -> Schedule:
    """Return the one that is there, with the times that are wanted."""
    return replace(
        there,
        times=wanted.times,
        days=wanted.days,
        zone=wanted.zone,
        calendar=wanted.calendar,
        spare_critical=wanted.spare_critical,
        enabled=True,
    )
