"""/mute and /unmute: silence for once, with an end."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes, release
from handlers.context import Context
from handlers.errors import Misunderstood, UserError
from handlers.mute import words
from handlers.mute.grammar import UNMUTE_USAGE, USAGE, read, read_unmute
from handlers.mute.requests import List, Mute, Request, Unmute, write
from handlers.reply import Reply
from handlers.router import Router
from handlers.silence import check_reach, let_go, listed_with, telling_them
from store import mutes
from store.values import Destination
from store.values import Mute as Kept
from store.wording import _

router = Router()


@router.command(
    "mute",
    read=read,
    usage=USAGE,
    look="/mute list",
    verbs=("add", "list", "off", "remove"),
)
async def mute(request: Request, context: Context) -> Reply:
    """Keep quiet for a while: 2 hours, or as long as you say.

    /mute 2h product=cdn because switchover
    /mute until mon 09:00 finance.* because audit
    /mute 30m including critical
    /mute list
    """
    check_reach(request.target, context)
    match request:
        case Mute():
            return await _mute(request, context)
        case Unmute():
            return await unmute(request, context)
        case List():
            found = await _of(request.target, context)
            lines = tuple(words.line(each, context) for each in found)
            none = words.none(request.target, context)
            return Reply(
                title=words.LIST,
                lines=lines or (none,),
                canonical=write(request, context),
            )


@router.command("unmute", read=read_unmute, usage=UNMUTE_USAGE)
async def unmute(request: Unmute, context: Context) -> Reply:
    """End a mute, and send what it held.

    /unmute
    /unmute 3
    /unmute all
    """
    check_reach(request.target, context)
    context.require_editor(request.target)
    found = await _of(request.target, context)
    if not found:
        return Reply(lines=(words.none(request.target, context),))
    found = _meant(request, found, context)
    changes = Changes(context)
    for each in found:
        context.require_editor(each.target)
        await changes.drop(each)
    kept = await release(context, found)
    targets = tuple(dict.fromkeys(each.target for each in found))
    reply = await changes.reply(
        write(request, context),
        words.lifted(found),
        let_go(targets, kept, context),
        title=words.LIFTED,
    )
    return telling_them(reply, request.target, context, "/mute list")


def _meant(request: Unmute, found: list[Kept], context: Context) -> list[Kept]:
    """Return those of the mutes that are to be lifted, or ask."""
    if request.number is not None:
        one = [each for each in found if each.id == request.number]
        if not one:
            raise UserError(
                _(
                    "There is no mute {number} here. /mute list shows them.",
                    number=request.number,
                )
            )
        return one
    if len(found) == 1 or request.every:
        return found
    lines = [write(replace(request, number=each.id), context) for each in found[:2]]
    raise Misunderstood(
        _("Several things are muted. Which of them?"),
        choices=(*lines, write(replace(request, every=True), context)),
    )


async def _mute(request: Mute, context: Context) -> Reply:
    context.require_editor(request.target)
    changes = Changes(context)
    wanted = Kept(
        id=0,
        target=request.target,
        where=str(request.where),
        until=request.ends(context.now),
        mutes=request.mutes,
        spare_critical=request.spare_critical,
        reason=request.reason,
        created_by=context.asker,
        created_at=context.now,
    )
    there = await mutes.of(context.tx, request.target, now=context.now)
    before = [each for each in there if _silences(each) == _silences(wanted)]
    for each in before:
        await changes.drop(each)
    made = await changes.make(wanted)
    await release(context, before)
    reply = await changes.reply(
        write(request, context),
        words.made(made, before, context),
        words.holding(made, context),
        title=words.TITLE,
    )
    return telling_them(reply, made.target, context, f"/unmute {made.id}")


def _silences(mute: Kept) -> tuple[object, ...]:
    """Return what *mute* silences: the same once more is a new end for it."""
    return mute.where, mute.mutes, mute.spare_critical


async def _of(target: Destination, context: Context) -> list[Kept]:
    """Return the mutes of *target*; for this group, those of its robots too."""
    return [
        each
        for one in listed_with(target, context)
        for each in await mutes.of(context.tx, one, now=context.now)
    ]
