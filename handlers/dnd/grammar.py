"""What a line about do-not-disturb says."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.context import Context
from handlers.dnd.requests import (
    Add,
    Fill,
    List,
    Off,
    Preview,
    Remove,
    Request,
    Reset,
    Set,
    Usual,
)
from handlers.errors import Misunderstood
from handlers.language.channels import CHANNEL_WORDS, read_method
from handlers.language.clocks import Hours, read_hours
from handlers.language.cursor import Cursor
from handlers.language.destinations import target_slot
from handlers.language.durations import read_duration
from handlers.language.lexicon import WHOLE_DAY
from handlers.language.patterns import type_words, types_reader
from handlers.language.recurring import (
    calendar_slot,
    critical_slot,
    days_slot,
    same,
    zone_slot,
)
from handlers.language.sayings import BECOMES, COMING
from handlers.language.slots import Many, One, fill
from handlers.language.whose import read_name, read_target, read_types
from handlers.router import Command
from handlers.rules.methods import ALL
from store.values import Channel
from store.wording import _

USAGE = "add 22:00-08:00 workdays | set 2 23:00-07:00 | remove 2 | off | preview 7d"
_EXAMPLE = "/dnd add 22:00-08:00"
_WEEK = timedelta(days=7)
# What is meant for hours, whatever it says.
_SPAN = re.compile(r"[0-9][0-9:.]*[ap]?m?[-~][0-9]")
_LONGEST = timedelta(days=31)


def read(command: Command, context: Context) -> Request:
    """Return what *command* asks. Raises ``Misunderstood``."""
    cursor = command.rest
    if not command.verb and not cursor.done and cursor.here.word == "of":
        # “of” leads types in: a slip of “off” would do the opposite.
        raise Misunderstood(
            _("Did you mean “off”?"), choices=(cursor.line_with("off"),)
        )
    verb = command.verb or ("list" if cursor.done else command.leaning)
    match verb:
        case "add":
            bare = not command.verb and cursor.here.word == "for"
            added = _read_add(cursor, context)
            if bare and isinstance(added, Usual):
                # One letter away from "form".
                _ask_what(command)
            return added
        case "set":
            return _read_set(cursor, context)
        case "remove":
            return _read_remove(cursor, context)
        case "reset":
            name = _read_name(cursor, "/dnd reset NAME")
            return Reset(name=name, target=read_target(cursor, context))
        case "off":
            return _read_off(cursor, context)
        case "preview":
            return _read_preview(cursor, context)
        case "form":
            return _read_fill(cursor, context)
        case _:
            return List(target=read_target(cursor, context))


def _ask_what(command: Command) -> None:
    said = command.line.text[command.rest.line.tokens[0].end :].strip()
    verbs = ("add", "off", "form")
    raise Misunderstood(
        _("Do-not-disturb on or off for these, or their form?"),
        choices=tuple(f"/dnd {verb} {said}" for verb in verbs),
    )


class _Slots:
    """What can be said of a window, in any order."""

    def __init__(self, cursor: Cursor, context: Context) -> None:
        self.hours: One[Hours] = One(_("the hours"), _hours, words=same(WHOLE_DAY))
        self.days = days_slot()
        self.types: Many[str] = Many(
            types_reader(context.types, quotes=True), words=type_words(context.types)
        )
        self.mutes = One(_("what is muted"), _mutes, words={"mute": "mute"})
        self.critical, self.zone = critical_slot(), zone_slot()
        self.calendar = calendar_slot()
        self.target = target_slot(context)
        whose, what = (self.calendar, self.zone, self.target), (self.hours, self.days)
        fill(cursor, self.mutes, self.critical, *what, *whose, self.types)

    @property
    def only_types(self) -> bool:
        """Whether nothing but types, and for whom, was said."""
        rest = (self.days, self.mutes, self.critical, self.zone, self.calendar)
        return bool(self.types.value) and all(each.value is None for each in rest)


def _read_add(cursor: Cursor, context: Context) -> Add | Usual:
    said = _Slots(cursor, context)
    target = said.target.value or context.home
    if said.hours.value is None and said.only_types:
        return Usual(patterns=said.types.value, target=target)
    if said.hours.value is None:
        raise Misunderstood(
            _(
                "In which hours? For example “{example}”, or “/dnd add whole day”.",
                example=_EXAMPLE,
            )
        )
    return Add(
        start=said.hours.value.start,
        end=said.hours.value.end,
        days=said.days.value or "daily",
        patterns=said.types.value or ("*",),
        mutes=said.mutes.value or ALL,
        zone=said.zone.value or context.zone,
        calendar=said.calendar.value or context.calendar,
        spare_critical=said.critical.value is not False,
        target=target,
    )


def _read_set(cursor: Cursor, context: Context) -> Set | Add | Usual:
    start = cursor.mark()
    if cursor.reading(read_hours) is not None:
        # No window has such a name: it is a new one that is meant.
        cursor.back(start)
        return _read_add(cursor, context)
    name = _read_name(cursor, "/dnd set 2 23:00-07:00")
    if not cursor.done:
        cursor.one_of(BECOMES)
    said = _Slots(cursor, context)
    request = Set(
        name=name,
        hours=said.hours.value,
        days=said.days.value,
        patterns=said.types.value or None,
        mutes=said.mutes.value,
        zone=said.zone.value,
        calendar=said.calendar.value,
        spare_critical=said.critical.value,
        target=said.target.value or context.home,
    )
    if request == Set(name=name, target=request.target):
        raise Misunderstood(
            _("What should change? For example “/dnd set 2 23:00-07:00 workdays”.")
        )
    return request


def _read_remove(cursor: Cursor, context: Context) -> Remove | Off:
    if cursor.one_of({"all", "everything", "所有", "全部"}):
        return _read_off(cursor, context)
    name = _read_name(cursor, "/dnd remove 2")
    return Remove(name=name, target=read_target(cursor, context))


def _read_off(cursor: Cursor, context: Context) -> Off:
    if not cursor.done and (number := cursor.here.word).isdecimal():
        raise Misunderstood(
            _("“off” takes every window away. Did you mean one of them?"),
            choices=(f"/dnd remove {number}", "/dnd off"),
        )
    patterns, target = read_types(cursor, context)
    return Off(patterns=patterns, target=target)


def _read_fill(cursor: Cursor, context: Context) -> Fill:
    number = cursor.number()
    if number is not None:
        return Fill(name=str(number), target=read_target(cursor, context))
    if not cursor.done and cursor.here.quoted:
        # A bare word is a type, or a slip of one.
        name = _read_name(cursor, "/dnd form 2")
        return Fill(name=name, target=read_target(cursor, context))
    patterns, target = read_types(cursor, context)
    return Fill(patterns=patterns, target=target)


def _read_preview(cursor: Cursor, context: Context) -> Preview:
    long: One[timedelta] = One(_("how far"), _ahead)
    target = target_slot(context)
    fill(cursor, long, target)
    asked = long.value or _WEEK
    if asked > _LONGEST:
        raise Misunderstood(
            _("I look ahead up to 31 days."), choices=("/dnd preview 31d",)
        )
    return Preview(long=asked, target=target.value or context.home)


def _ahead(cursor: Cursor) -> timedelta | None:
    cursor.option("for")
    cursor.one_of(COMING)
    return cursor.reading(read_duration)


def _read_name(cursor: Cursor, such: str) -> str:
    """Take the name of a window: its number, or free text in a word or in quotes."""
    name = read_name(cursor)
    if name is None:
        raise Misunderstood(
            _("Which window? Write {such}. /dnd list shows them.", such=such)
        )
    return name


def _hours(cursor: Cursor) -> Hours | None:
    led = cursor.option("hours")
    found = cursor.reading(read_hours)
    if found is None and (led or (not cursor.done and _SPAN.match(cursor.here.raw))):
        raise Misunderstood(
            _("Which hours? Write them as 22:00-08:00, or whole day."), count=0
        )
    return found


def _mutes(cursor: Cursor) -> frozenset[Channel] | None:
    if not cursor.option("mute"):
        return None
    return cursor.value("mute", read_method, "mute all, mute sms+voice", CHANNEL_WORDS)
