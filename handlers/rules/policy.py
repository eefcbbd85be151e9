"""Whether a delivery goes out now: one function decides, and says why.

A delivery passes a row of gates. The first two let it through whatever the rules say;
then each window and each mute of its destination may stop it. It waits for the latest
of those that do, except that a call or a text message is never late: it is muted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from handlers.rules.filters import FilterError, parse
from handlers.rules.hours import say_days, say_hours
from handlers.rules.methods import SAID
from handlers.rules.patterns import matches
from handlers.rules.windows import closes_after, spread
from store.values import (
    Channel,
    Destination,
    Mute,
    Notification,
    Severity,
    Status,
    Window,
)
from store.wording import Text, _, commas

#: Channels that help nobody when they come late.
NEVER_LATE = frozenset({Channel.SMS, Channel.VOICE})


class Action(StrEnum):
    """What becomes of a delivery now."""

    SEND = "send"
    HOLD = "hold"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule that was asked. ``until`` is set where it stopped the delivery.

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

    ``cause`` is ``window:12`` or ``mute:3``, empty where nothing stopped the delivery.
    """

    action: Action
    until: datetime | None = None
    cause: str = ""
    words: str = ""
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    notification: Notification
    channel: Channel
    destination: Destination
    firing_shown: bool
    now: datetime


def decide(
    notification: Notification,
    *,
    channel: Channel,
    destination: Destination,
    windows: Sequence[Window],
    mutes: Sequence[Mute],
    firing_shown: bool,
    now: datetime,
) -> Decision:
    """Return what to do with the delivery of *notification*, and why.

    *windows* and *mutes* are those that the destination obeys. A hold by a window ends
    up to 90 s after it, each destination in its own second.
    """
    asked = _Asked(notification, channel, destination, firing_shown, now)
    for lets_through in (_inbox, _resolution):
        if gate := lets_through(asked):
            return Decision(Action.SEND, words=gate.words, gates=(gate,))
    gates = (
        *(_window(window, asked) for window in windows),
        *(_mute(mute, asked) for mute in mutes),
    )
    last = max(
        (gate for gate in gates if gate.until is not None),
        key=lambda gate: gate.until or now,
        default=None,
    )
    if last is None:
        return Decision(Action.SEND, gates=gates)
    if channel in NEVER_LATE:
        return Decision(Action.MUTED, None, last.rule, last.words, gates)
    return Decision(Action.HOLD, last.until, last.rule, last.words, gates)


def _inbox(asked: _Asked) -> Gate | None:
    if asked.channel is not Channel.INBOX:
        return None
    words = _("the inbox is never muted")
    return Gate("inbox", True, "", "", words, short=words)


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


def _not_meant(mute: Mute, notification: Notification) -> str | None:
    try:
        return parse(mute.where).explain(notification)
    except FilterError:
        # A silence that nobody can read any more must not swallow anything.
        return _("{where} (which cannot be read)", where=mute.where)


def _spared(rule: Window | Mute, asked: _Asked) -> bool:
    return rule.spare_critical and asked.notification.severity is Severity.CRITICAL


def window_words(window: Window) -> Text:
    """Return when *window* is open: ``22:00-08:00 mon-fri Asia/Shanghai``."""
    return _when(window.start, window.end, window.days, window.zone)


@lru_cache(maxsize=1024)
def _when(start: int | None, end: int | None, days: str, zone: str) -> Text:
    hours = say_hours(start, end)
    return _("{hours} {days} {zone}", hours=hours, days=say_days(days), zone=zone)
