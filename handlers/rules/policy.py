"""Whether a delivery goes out now: one function decides, and says why.

A delivery passes a row of gates. The first two let it through whatever the rules say;
then each window, each mute and the scheduled digest of its destination may stop it. It
waits for the latest of those that do, except that a call or a text message is never
late: it is muted. A robot has gates of its own: its words end a delivery, its cap makes
it wait, and so does whoever paused it. What a person asked to get no more ends there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
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

#: Channels that help nobody when they come late.
NEVER_LATE = frozenset({Channel.SMS, Channel.VOICE})


class Action(StrEnum):
    """What becomes of a delivery now."""

    SEND = "send"
    HOLD = "hold"
    MUTED = "muted"
    #: It stays in its lane, which is paused.
    WAIT = "wait"


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
class Decision:
    """What to do, until when, because of which rule, in words, and all that was asked.

    ``cause`` is ``window:12``, ``mute:3``, ``digest:4`` or ``robot:5``, empty where
    nothing stopped the delivery.
    """

    action: Action
    until: datetime | None = None
    cause: str = ""
    words: str = ""
    gates: tuple[Gate, ...] = ()

    @property
    def keeper(self) -> str:
        """Return by which name it is kept: a digest keeps apart what it tells when."""
        if self.until is None or not self.cause.startswith("digest:"):
            return self.cause
        return f"{self.cause}@{int(self.until.timestamp() * 1000)}"

    @property
    def promised(self) -> datetime | None:
        """Return when a digest will tell it; ``None`` where none is waited for."""
        return next(
            (gate.until for gate in self.gates if gate.name in _PROMISE and gate.until),
            None,
        )


#: Gates behind which a digest is waited for, however long that takes.
_PROMISE = frozenset({"digest", "cap"})


@dataclass(frozen=True, slots=True)
class _Asked:
    notification: Notification
    channel: Channel
    destination: Destination
    firing_shown: bool
    since: datetime
    now: datetime


def decide(
    notification: Notification,
    *,
    channel: Channel,
    destination: Destination,
    windows: Sequence[Window],
    mutes: Sequence[Mute],
    schedules: Sequence[Schedule] = (),
    reception: Reception | None = None,
    refused: frozenset[str] = frozenset(),
    firing_shown: bool,
    since: datetime | None = None,
    now: datetime,
) -> Decision:
    """Return what to do with the delivery of *notification*, and why.

    *windows*, *mutes* and *schedules* are those that the destination obeys. It has
    waited since *since*: a digest collects it once, for its first time after that. A
    hold by a window or digest ends up to 90 s after it, each destination in its own
    second. *reception* is what a robot takes, *refused* are the types that a person
    asked to get no more over this channel.
    """
    asked = _Asked(notification, channel, destination, firing_shown, since or now, now)
    if inbox := _inbox(asked):
        return Decision(Action.SEND, words=inbox.words, gates=(inbox,))
    resolves = _resolution(asked)
    rules = (
        (resolves,)
        if resolves
        else (
            *_words(reception, asked),
            *(_window(window, asked) for window in windows),
            *(_mute(mute, asked) for mute in mutes),
            *_digests(schedules, asked),
        )
    )
    gates = (
        *_refusal(refused, asked),
        *rules,
        *_cap(reception, asked),
        *_pause(reception),
    )
    return _decided(gates, channel, words=resolves.words if resolves else "")


def _decided(gates: tuple[Gate, ...], channel: Channel, *, words: str) -> Decision:
    """Return what *gates* come to; *words* where none of them stops it.

    What is paused waits, whatever else there is: nothing is asked before it goes on.
    """
    stops = [gate for gate in gates if not gate.passed and gate.until is None]
    for gate in sorted(stops, key=lambda gate: gate.name != "pause"):
        action = Action.WAIT if gate.name == "pause" else Action.MUTED
        return Decision(action, None, gate.rule, gate.words, gates)
    waits = [gate for gate in gates if gate.until is not None]
    if not waits:
        return Decision(Action.SEND, words=words, gates=gates)
    last = max(waits, key=lambda gate: gate.until.timestamp() if gate.until else 0)
    if channel in NEVER_LATE:
        return Decision(Action.MUTED, None, last.rule, last.words, gates)
    return Decision(Action.HOLD, last.until, last.rule, last.words, gates)


def _inbox(asked: _Asked) -> Gate | None:
    if asked.channel is not Channel.INBOX:
        return None
    words = _("the inbox is never muted")
    return Gate("inbox", True, "", "", words, short=words)


def _refusal(refused: frozenset[str], asked: _Asked) -> Iterator[Gate]:
    """Yield the gate of somebody who asked for no more of it: not even its end."""
    if asked.notification.type in refused:
        words = _(
            "no more of it was asked for, by {channel}", channel=SAID[asked.channel]
        )
        who = asked.destination.name
        yield Gate("refusal", False, "refusal", who, words, short=words)


def _resolution(asked: _Asked) -> Gate | None:
    """Whoever saw it break hears that it is over."""
    if asked.notification.status is not Status.RESOLVED or not asked.firing_shown:
        return None
    words = _("it resolves what was shown")
    return Gate("resolved", True, "", "", words, short=words)


def _window(window: Window, asked: _Asked) -> Gate:
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


def _not_its_own(window: Window, asked: _Asked) -> Text | None:
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


def _mute(mute: Mute, asked: _Asked) -> Gate:
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


def _digests(schedules: Sequence[Schedule], asked: _Asked) -> Iterator[Gate]:
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
    schedule: Schedule, asked: _Asked, meant: Schedule | None
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


def _words(reception: Reception | None, asked: _Asked) -> Iterator[Gate]:
    """Yield the gate of a robot's words, where it has some."""
    if reception is None or not (reception.robot.allow or reception.robot.deny):
        return
    robot = reception.robot
    stops = unwanted(robot, asked.notification)
    words = stops or wanted(robot, asked.notification)
    yield Gate("words", stops is None, robot.rule, _author(robot), words, short=words)


def _cap(reception: Reception | None, asked: _Asked) -> Iterator[Gate]:
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


def _pause(reception: Reception | None) -> Iterator[Gate]:
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


def _spared(rule: Window | Mute | Schedule, asked: _Asked) -> bool:
    return rule.spare_critical and asked.notification.severity is Severity.CRITICAL


def window_words(window: Window) -> Text:
    """Return when *window* is open: ``22:00-08:00 mon-fri Asia/Shanghai``."""
    return _when(window.start, window.end, window.days, window.zone)


@lru_cache(maxsize=1024)
def _when(start: int | None, end: int | None, days: str, zone: str) -> Text:
    hours = say_hours(start, end)
    return _("{hours} {days} {zone}", hours=hours, days=say_days(days), zone=zone)
