"""What we say about mutes."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.language.moments import say_moment, write_moment
from handlers.rules.methods import ALL, say_method
from handlers.silence import say_criticals
from store.values import Destination, Mute
from store.wording import _, commas, dotted, sentences

TITLE = _("Muted")
LIST = _("Mutes")
LIFTED = _("Unmuted")


def made(mute: Mute, before: list[Mute], context: Context) -> str:
    """``Everything: on → muted until 2026-10-02 08:00 Asia/Shanghai (in 2 h).``"""
    facts = {
        "what": _what(mute),
        "until": say_moment(mute.until, now=context.now, zone=context.clock),
        "criticals": say_criticals(mute.spare_critical),
    }
    if before:
        was = write_moment(before[-1].until, context.clock)
        said = _(
            "{what}: muted until {was} → muted until {until}, {criticals}.",
            was=was,
            **facts,
        )
    else:
        said = _("{what}: on → muted until {until}, {criticals}.", **facts)
    because = _("Because: {reason}", reason=mute.reason) if mute.reason else ""
    return sentences(said, because)


def holding(mute: Mute, context: Context) -> str:
    """Say whom it is for, and what happens next."""
    return sentences(
        _("For {whom}.", whom=context.say_whom(mute.target)),
        _("What it holds comes as one digest at the end."),
    )


def lifted(mutes: Iterable[Mute]) -> str:
    """``product=cdn: muted → on.``"""
    what = commas([*dict.fromkeys(_what(mute) for mute in mutes)])
    return _("{what}: muted → on.", what=what)


def none(target: Destination, context: Context) -> str:
    """Say that nothing is muted, and how it would be."""
    whom = context.say_whom(target)
    return _("Nothing is muted for {whom}. Mute with “/mute 2h”.", whom=whom)


def line(mute: Mute, context: Context) -> str:
    """Return one mute as /mute list shows it."""
    until = say_moment(mute.until, now=context.now, zone=context.clock)
    elsewhere = mute.target != context.home
    return dotted(
        str(mute.id),
        _what(mute),
        _("until {moment}", moment=until),
        say_criticals(mute.spare_critical),
        _("for {whom}", whom=context.say(mute.target)) if elsewhere else "",
        _("by {who}", who=context.say_person(mute.created_by)),
        _("because {reason}", reason=mute.reason) if mute.reason else "",
    )


def _what(mute: Mute) -> str:
    what = mute.where or _("Everything")
    if mute.mutes == ALL:
        return what
    return _("{what} by {method}", what=what, method=say_method(mute.mutes))
