"""What windows and mutes share: whom they may be for, and who is listed together."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.reply import Button, Note, Reply
from store.values import Destination, Kind
from store.wording import _, _n, sentences


def check_reach(target: Destination, context: Context) -> None:
    """Raise a ``UserError`` unless *target* can be silenced from here."""
    if target.kind is Kind.GROUP:
        raise UserError(
            _("A group of people has no hours of its own: each sets theirs.")
        )
    if target.kind is Kind.PERSON and target != context.me and not context.is_admin:
        only = context.say(target)
        raise Forbidden(_("Only {person} can set that, with “for me”.", person=only))
    if target != context.me and not context.reaches(target) and not context.is_admin:
        raise Forbidden(_("A robot that is bound to no group is for admins."))


def listed_with(target: Destination, context: Context) -> list[Destination]:
    """Return *target*, and for a group its robots: they obey it."""
    if target.kind is not Kind.CHAT:
        return [target]
    robots = context.names.robots_of(target.name)
    return [target, *(Destination(Kind.ROBOT, name) for name in robots)]


def say_criticals(spared: bool) -> str:
    """Say whether criticals pass a window or mute."""
    return _("except critical") if spared else _("including critical")


def on_their_way(kept: int) -> str:
    """Say what becomes of what was held."""
    if kept == 0:
        return _("Nothing was held.")
    return _n(
        "{count} held message is on its way.",
        "{count} held messages are on their way.",
        kept,
    )


def let_go(targets: tuple[Destination, ...], kept: int, context: Context) -> str:
    """Say for whom a silence ended, and what becomes of what it held."""
    whom = context.say_all(targets)
    return sentences(_("For {whom}.", whom=whom), on_their_way(kept))


def telling_them(
    reply: Reply, target: Destination, context: Context, line: str
) -> Reply:
    """Return *reply*, with a note to whoever it is for if somebody else changed it.

    *line* is what a button offers them.
    """
    if target.kind is not Kind.PERSON or target == context.me:
        return reply
    name = context.names.name_of(context.me)
    who = _("@{name} set this for you.", name=name)
    note = Note(
        to=target,
        title=reply.title,
        lines=(who, reply.lines[0]),
        buttons=(Button(line, line),),
    )
    return replace(reply, notes=(*reply.notes, note))
