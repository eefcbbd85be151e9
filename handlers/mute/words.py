"""What we say about mutes."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.language.moments import say_moment, write_moment
from handlers.rules.methods import ALL, method_words
from store.values import Destination, Mute

TITLE = "Muted"
LIFTED = "Unmuted"


def made(mute: Mute, before: list[Mute], context: Context) -> str:
    """``Everything: on → muted until 2026-10-02 08:00 Asia/Shanghai (in 2 h).``"""
    until = say_moment(mute.until, now=context.now, zone=context.clock)
    was = "on"
    if before:
        was = f"muted until {write_moment(before[-1].until, context.clock)}"
    because = f" Because: {mute.reason}" if mute.reason else ""
    return f"{_what(mute)}: {was} → muted until {until}, {_spared(mute)}.{because}"


def holding(mute: Mute, context: Context) -> str:
    """Say whom it is for, and what happens next."""
    whom = context.say_whom(mute.target)
    return f"For {whom}. What it holds comes as one digest at the end."


def lifted(mutes: Iterable[Mute]) -> str:
    """``product=cdn: muted → on.``"""
    return f"{', '.join(_what(mute) for mute in mutes)}: muted → on."


def none(target: Destination, context: Context) -> str:
    """Say that nothing is muted, and how it would be."""
    return f"Nothing is muted for {context.say_whom(target)}. Mute with “/mute 2h”."


def line(mute: Mute, context: Context) -> str:
    """Return one mute as /mute list shows it."""
    until = say_moment(mute.until, now=context.now, zone=context.clock)
    said = [str(mute.id), _what(mute), f"until {until}", _spared(mute)]
    if mute.target != context.home:
        said.append(f"for {context.say(mute.target)}")
    said.append(f"by {context.say_person(mute.created_by)}")
    if mute.reason:
        said.append(f"because {mute.reason}")
    return " · ".join(said)


def _what(mute: Mute) -> str:
    what = mute.where or "Everything"
    by = "" if mute.mutes == ALL else f" by {method_words(mute.mutes)}"
    return f"{what}{by}"


def _spared(mute: Mute) -> str:
    return "except critical" if mute.spare_critical else "including critical"
