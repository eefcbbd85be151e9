"""The gates that a delivery passes: each is one rule, what it says of it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from handlers.rules.filters import FilterError, parse
from handlers.rules.hours import say_days, say_hours
from handlers.rules.methods import SAID
from handlers.rules.patterns import matches
from handlers.rules.reception import cap_words, full_until, unwanted, wanted
from handlers.rules.schedules import nearest, next_time, say_schedule
from handlers.rules.windows import closes_after, spread
from store.posts import Reception
from store.robots import Robot
from store.values import (
    Channel,
    Destination,
    Mute,
    Notification,
    Schedule,
    Severity,
    Status,
    Window,
)
from store.wording import Text, _, clauses, commas


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule that was asked. ``until`` is set where it makes the delivery wait.

    ``short`` is its words for whoever has read ``name`` already.
    """

    name: str
    passed: bool
    rule: str
    author: str
    words: str
    until: datetime | None = None
    short: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One delivery that the gates are asked about."""

    notification: Notification
    channel: Channel
    destination: Destination
    firing_shown: bool
    since: datetime
    now: datetime


def inbox_gate(asked: Asked) -> Gate | None:
    """Return the gate of what only stands in the inbox; ``None`` for all else."""
    if asked.channel is not Channel.INBOX:
        return None
    words = _("the inbox is never muted")
    return Gate("inbox", True, "", "", words, short=words)


def refusal_gates(refused: frozenset[str], asked: Asked) -> Iterator[Gate]:
    """Yield the gate of somebody who asked for no more of it: not even its end."""
    if asked.notification.type in refused:
        words = _(
            "no more of it was asked for, by {channel}", channel=SAID[asked.channel]
        )
        who = asked.destination.name
        yield Gate("refusal", False, "refusal", who, words, short=words)


def resolved_gate(asked: Asked) -> Gate | None:
    """Return the gate of an end: whoever saw it break hears that it is over."""
    if asked.notification.status is not Status.RESOLVED or not asked.firing_shown:
        return None
    words = _("it resolves what was shown")
    return Gate("resolved", True, "", "", words, short=words)


def window_gate(window: Window, asked: Asked) -> Gate:
    """Return the gate of one window."""
    rule, author = f"window:{window.id}", window.changed_by or window.created_by
    when = window_words(window)
    # A window that chat made has a number for a name, which tells nobody anything.
    name = "" if window.name.isdecimal() else window.name
    passes = _not_its_own(window, asked)
    end = closes_after(window, asked.now) if passes is None else None
    if passes is None and end is None:
        words = _named(name, _("it is not {when}", when=when))
        return Gate("window", True, rule, author, words, short=words)
    if passes is None and _spared(window, asked):
        passes = _("it lets criticals pass")
    if passes is not None or end is None:
        words = _named(name or when, passes or when)
        return Gate("window", True, rule, author, words, short=words)
    words = _named(name, when)
    until = end + spread(asked.destination, end)
    return Gate("window", False, rule, author, words, until, short=words)


def _not_its_own(window: Window, asked: Asked) -> Text | None:
    """Return why *window* has no say in it, open or not, or ``None``."""
    if not window.enabled:
        return _("it is off")
    if asked.channel not in window.mutes:
        return _("it does not mute {channel}", channel=SAID[asked.channel])
    if not any(matches(each, asked.notification.type) for each in window.patterns):
        return _("it is for {whom}", whom=commas(window.patterns))
    return None


def _named(name: str, words: Text) -> Text:
    return _("{name}: {words}", name=name, words=words) if name else words


def mute_gate(mute: Mute, asked: Asked) -> Gate:
    """Return the gate of one mute."""
    rule = f"mute:{mute.id}"
    passes: Text | None = None
    if mute.until <= asked.now:
        passes = _("it has ended")
    elif asked.channel not in mute.mutes:
        passes = _("it does not mute {channel}", channel=SAID[asked.channel])
    elif failed := _not_meant(mute, asked.notification):
        passes = _("it is for {whom}", whom=failed)
    elif _spared(mute, asked):
        passes = _("it lets criticals pass")
    if passes is not None:
        words = _("mute: {words}", words=passes)
        return Gate("mute", True, rule, mute.created_by, words, short=passes)
    what = mute.reason or mute.where or _("everything")
    words = _("mute: {words}", words=what)
    return Gate("mute", False, rule, mute.created_by, words, mute.until, short=what)


def digest_gates(schedules: Sequence[Schedule], asked: Asked) -> Iterator[Gate]:
    """Yield the gate of each; one alone, the one most about it, may stop it."""
    meant = nearest(
        schedules,
        destination=asked.destination,
        channel=asked.channel,
        type_id=asked.notification.type,
    )
    for schedule in schedules:
        rule = f"digest:{schedule.id}"
        author = schedule.changed_by or schedule.created_by
        passes, until = _told(schedule, asked, meant)
        short = clauses(say_schedule(schedule), passes)
        words = _("digest: {words}", words=short)
        yield Gate("digest", until is None, rule, author, words, until, short=short)


def _told(
    schedule: Schedule, asked: Asked, meant: Schedule | None
) -> tuple[str, datetime | None]:
    """Return why a scheduled digest lets it pass, or when it tells it."""
    if asked.channel not in schedule.collects:
        return _("it does not collect {channel}", channel=SAID[asked.channel]), None
    if not any(matches(each, asked.notification.type) for each in schedule.patterns):
        return _("it is for {whom}", whom=commas(schedule.patterns)), None
    if schedule is not meant:
        return _("another digest is closer to it"), None
    if _spared(schedule, asked):
        return _("it lets criticals pass"), None
    time = next_time(schedule, asked.since)
    until = time and time + spread(asked.destination, time)
    if until is None or until <= asked.now:
        return _("its time has come"), None
    return "", until


def word_gates(reception: Reception | None, asked: Asked) -> Iterator[Gate]:
    """Yield the gate of a robot's words, where it has some."""
    if reception is None or not (reception.robot.allow or reception.robot.deny):
        return
    robot = reception.robot
    stops = unwanted(robot, asked.notification)
    words = stops or wanted(robot, asked.notification)
    yield Gate("words", stops is None, robot.rule, _author(robot), words, short=words)


def cap_gates(reception: Reception | None, asked: Asked) -> Iterator[Gate]:
    """Yield the gate of a robot's cap, where it has one."""
    if reception is None or reception.robot.per_hour is None:
        return
    robot, most = reception.robot, reception.robot.per_hour
    until = full_until(reception, asked.notification, now=asked.now)
    words = cap_words(most)
    if until is None and asked.notification.severity is Severity.CRITICAL:
        words = clauses(words, _("it lets criticals pass"))
    elif until is None:
        used = len(reception.posts)
        words = clauses(words, _("{used} of them used", used=used))
    rule, author = robot.rule, _author(robot)
    yield Gate("cap", until is None, rule, author, words, until, short=words)


def pause_gates(reception: Reception | None) -> Iterator[Gate]:
    """Yield the gate of who paused the robot, if anybody did."""
    if reception is not None and reception.robot.paused:
        robot = reception.robot
        words = _("it is paused")
        yield Gate("pause", False, robot.rule, _author(robot), words, short=words)


def _author(robot: Robot) -> str:
    return robot.changed_by or robot.created_by


def _not_meant(mute: Mute, notification: Notification) -> str | None:
    try:
        return parse(mute.where).explain(notification)
    except FilterError:
        # A silence that nobody can read any more must not swallow anything.
        return _("{where} (which cannot be read)", where=mute.where)


def _spared(rule: Window | Mute | Schedule, asked: Asked) -> bool:
    return rule.spare_critical and asked.notification.severity is Severity.CRITICAL


def window_words(window: Window) -> Text:
    """Return when *window* is open: ``22:00-08:00 mon-fri Asia/Shanghai``."""
    return _when(window.start, window.end, window.days, window.zone)


@lru_cache(maxsize=1024)
def _when(start: int | None, end: int | None, days: str, zone: str) -> Text:
    hours = say_hours(start, end)
    return _("{hours} {days} {zone}", hours=hours, days=say_days(days), zone=zone)
