"""Whether a delivery goes out now: one function decides, and says why.

A delivery passes a row of gates. The first two let it through whatever the rules say;
then each window and each mute of its destination may stop it. It waits for the latest
of those that do, except that a call or a text message is never late: it is muted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.rules.filters import FilterError, parse
from handlers.rules.hours import days_words, hours_words
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

#: Channels that help nobody when they come late.
NEVER_LATE = frozenset({Channel.SMS, Channel.VOICE})


class Action(StrEnum):
    """What becomes of a delivery now."""

    SEND = "send"
    HOLD = "hold"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule that was asked. ``until`` is set where it stopped the delivery."""

    name: str
    passed: bool
    rule: str
    author: str
    words: str
    until: datetime | None = None


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
    return Gate("inbox", True, "", "", "the inbox is never muted")


def _resolution(asked: _Asked) -> Gate | None:
    """Whoever saw it break hears that it is over."""
    if asked.notification.status is not Status.RESOLVED or not asked.firing_shown:
        return None
    return Gate("resolved", True, "", "", "it resolves what was shown")


def _window(window: Window, asked: _Asked) -> Gate:
    rule, author = f"window:{window.id}", window.changed_by or window.created_by
    when = window_words(window)
    passes, end = "", None
    if not window.enabled:
        passes = "it is off"
    elif asked.channel not in window.mutes:
        passes = f"it does not mute {asked.channel}"
    elif not any(matches(each, asked.notification.type) for each in window.patterns):
        passes = f"it is for {', '.join(window.patterns)}"
    elif (end := closes_after(window, asked.now)) is None:
        passes = f"it is not {when}"
    elif _spared(window, asked):
        passes = "it lets criticals pass"
    # A window that chat made has a number for a name, which tells nobody anything.
    name = "" if window.name.isdecimal() else f"{window.name}: "
    if end is None and not passes.startswith("it is not "):
        passes = f"{when}: {passes}" if not name else passes
    if passes or end is None:
        return Gate("window", True, rule, author, f"{name}{passes}")
    until = end + spread(asked.destination, end)
    return Gate("window", False, rule, author, f"{name}{when}", until)


def _mute(mute: Mute, asked: _Asked) -> Gate:
    rule = f"mute:{mute.id}"
    passes = ""
    if mute.until <= asked.now:
        passes = "it has ended"
    elif asked.channel not in mute.mutes:
        passes = f"it does not mute {asked.channel}"
    elif failed := _not_meant(mute, asked.notification):
        passes = f"it is for {failed}"
    elif _spared(mute, asked):
        passes = "it lets criticals pass"
    if passes:
        return Gate("mute", True, rule, mute.created_by, f"mute: {passes}")
    words = f"mute: {mute.reason or mute.where or 'everything'}"
    return Gate("mute", False, rule, mute.created_by, words, mute.until)


def _not_meant(mute: Mute, notification: Notification) -> str | None:
    try:
        return parse(mute.where).explain(notification)
    except FilterError:
        # A silence that nobody can read any more must not swallow anything.
        return f"{mute.where} (which cannot be read)"


def _spared(rule: Window | Mute, asked: _Asked) -> bool:
    return rule.spare_critical and asked.notification.severity is Severity.CRITICAL


def window_words(window: Window) -> str:
    """Return when *window* is open: ``22:00-08:00 mon-fri Asia/Shanghai``."""
    hours = hours_words(window.start, window.end)
    return f"{hours} {days_words(window.days)} {window.zone}"
