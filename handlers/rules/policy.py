"""Whether a delivery goes out now: one function decides, and says why.

A delivery passes a row of gates. The first two let it through whatever the rules say;
then each window, each mute and the scheduled digest of its destination may stop it. It
waits for the latest of those that do, except that a call or a text message is never
late: it is muted. A robot has gates of its own: its words end a delivery, its cap makes
it wait, and so does whoever paused it. What a person asked to get no more ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.rules.gates import (
    Asked,
    Gate,
    cap_gates,
    digest_gates,
    inbox_gate,
    mute_gate,
    pause_gates,
    refusal_gates,
    resolved_gate,
    window_gate,
    word_gates,
)
from store.posts import Reception
from store.values import (
    Channel,
    Destination,
    Mute,
    Notification,
    Schedule,
    Window,
)

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
    asked = Asked(notification, channel, destination, firing_shown, since or now, now)
    if inbox := inbox_gate(asked):
        return Decision(Action.SEND, words=inbox.words, gates=(inbox,))
    resolves = resolved_gate(asked)
    rules = (
        (resolves,)
        if resolves
        else (
            *word_gates(reception, asked),
            *(window_gate(window, asked) for window in windows),
            *(mute_gate(mute, asked) for mute in mutes),
            *digest_gates(schedules, asked),
        )
    )
    gates = (
        *refusal_gates(refused, asked),
        *rules,
        *cap_gates(reception, asked),
        *pause_gates(reception),
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
