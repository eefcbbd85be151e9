"""What a line about scheduled digests says."""

from __future__ import annotations

from handlers.context import Context
from handlers.digest.requests import List, Off, Remove, Request, Reset, Set
from handlers.errors import Misunderstood
from handlers.language.channels import CHANNEL_WORDS, read_channels
from handlers.language.clocks import Hours, read_hours, read_times
from handlers.language.cursor import Cursor
from handlers.language.destinations import target_slot
from handlers.language.lexicon import WEEKLY
from handlers.language.patterns import type_words, types_reader
from handlers.language.recurring import (
    calendar_slot,
    critical_slot,
    days_slot,
    same,
    zone_slot,
)
from handlers.language.slots import Many, One, fill
from handlers.language.whose import read_name, read_target, read_types
from handlers.router import Command
from handlers.rules.hours import WEEK
from handlers.rules.schedules import COLLECTABLE
from store.values import Channel
from store.wording import _

USAGE = "daily 09:00 | weekly mon 09:30 | list | remove 2 | off"

#: More often, nobody would call it a digest.
MOST = 12


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    verb = command.verb or ("list" if cursor.done else command.leaning)
    match verb:
        case "add" | "set":
            return _read_set(cursor, context)
        case "remove":
            if cursor.one_of({"all", "everything", "所有", "全部"}):
                return _read_off(cursor, context)
            name = _read_name(cursor, "/digest remove 2")
            return Remove(name=name, target=read_target(cursor, context))
        case "reset":
            name = _read_name(cursor, "/digest reset NAME")
            return Reset(name=name, target=read_target(cursor, context))
        case "off":
            return _read_off(cursor, context)
        case _:
            return List(target=read_target(cursor, context))


def _read_set(cursor: Cursor, context: Context) -> Set:
    times: One[tuple[int, ...]] = One(_("the times"), _times)
    weekly: One[bool] = One(
        _("“weekly”"), lambda at: at.one_of(WEEKLY) or None, words=same(WEEKLY)
    )
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    via: One[frozenset[Channel]] = One(
        _("what it collects"), _collects, words={"via": "via"}
    )
    days, critical = days_slot(), critical_slot()
    zone, calendar = zone_slot(), calendar_slot()
    target = target_slot(context)
    slots = (via, critical, times, days, weekly, calendar, zone, target, types)
    start = cursor.mark()
    fill(cursor, *slots)
    cursor.back(start)
    _check_times(cursor, times.value)
    _check_days(cursor, bool(weekly.value), days.value)
    return Set(
        times=times.value or (),
        days=days.value or "daily",
        patterns=types.value or ("*",),
        collects=via.value or COLLECTABLE,
        zone=zone.value or context.zone,
        calendar=calendar.value or context.calendar,
        spare_critical=critical.value is not False,
        target=target.value or context.home,
    )


def _check_times(cursor: Cursor, times: tuple[int, ...] | None) -> None:
    if times is None:
        said = "daily" if cursor.done else cursor.line.text[cursor.here.start :]
        raise Misunderstood(
            _("At what time? For example “/digest daily 09:00”."),
            choices=tuple(f"/digest {said} {at}" for at in ("09:00", "18:00")),
        )
    if len(times) > MOST:
        raise Misunderstood(
            _("A digest comes up to {most} times a day.", most=MOST),
            choices=("/digest daily 09:00,18:00",),
        )


def _check_days(cursor: Cursor, weekly: bool, days: str | None) -> None:
    """Raise unless what is called weekly says on which day of the week."""
    if not weekly or (days is not None and days.split(",")[0] in WEEK):
        return
    said = cursor.line.text[cursor.here.start :]
    raise Misunderstood(
        _("On which day of the week? For example “/digest weekly mon 09:00”."),
        choices=tuple(f"/digest {_on(day, said)}" for day in ("mon", "fri"))
        if days is None
        else ("/digest weekly mon 09:00",),
    )


def _on(day: str, said: str) -> str:
    first, _blank, rest = said.partition(" ")
    return f"{first} {day} {rest}" if first in WEEKLY else f"{day} {said}"


def _read_off(cursor: Cursor, context: Context) -> Off:
    if not cursor.done and (number := cursor.here.word).isdecimal():
        raise Misunderstood(
            _("“off” takes every digest away. Did you mean one of them?"),
            choices=(f"/digest remove {number}", "/digest off"),
        )
    patterns, target = read_types(cursor, context)
    return Off(patterns=patterns, target=target)


def _read_name(cursor: Cursor, such: str) -> str:
    """Take the name of a digest: its number, or free text in a word or in quotes."""
    name = read_name(cursor)
    if name is None:
        raise Misunderstood(
            _("Which digest? Write {such}. /digest list shows them.", such=such)
        )
    return name


def _times(cursor: Cursor) -> tuple[int, ...] | None:
    led = cursor.option("hours")
    mark = cursor.mark()
    hours: Hours | None = cursor.reading(read_hours)
    if hours is not None:
        cursor.back(mark)
        raise Misunderstood(
            _("A digest comes at a time, not over hours. Hours are do-not-disturb."),
            choices=(f"/dnd add {hours}",),
        )
    found = cursor.reading(read_times)
    if led and found is None:
        raise Misunderstood(_("At what time? Write it as 09:00, or 09:00,18:00."))
    return found


def _collects(cursor: Cursor) -> frozenset[Channel] | None:
    mark = cursor.mark()
    if not cursor.option("via"):
        return None
    such = "via chat, via email"
    found = cursor.value("via", read_channels, such, CHANNEL_WORDS)
    if found <= COLLECTABLE:
        return found
    after = cursor.mark()
    cursor.back(mark)
    raise Misunderstood(
        _(
            "A digest collects chat, dm and email. The inbox keeps everything at once, "
            "and a text or a call would come too late."
        ),
        choices=("/digest daily 09:00 via email",),
        count=after[1] - mark[1],
    )
