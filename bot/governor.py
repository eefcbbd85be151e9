"""The pace: how far apart posts must be, so that nobody has to refuse one.

Evenly spaced, at 80 % of the ceilings: then no window, wherever it is measured from,
holds more than the ceiling. Pure: it takes *now* and opens no socket.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from store.lanes import Lane
from store.values import Channel, Kind

#: The share of Lark's ceilings that we use: other bots and retries need some.
SHARE = 0.8

MINUTE = timedelta(minutes=1)


class Gate(StrEnum):
    """What the messages of many lanes go through, at one pace for all of them."""

    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


#: Which gate a channel of a person goes through, unless Lark's app carries it.
GATES = {
    Channel.DM: Gate.APP,
    Channel.EMAIL: Gate.EMAIL,
    Channel.SMS: Gate.SMS,
    Channel.VOICE: Gate.VOICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lark's ceilings (Lark docs: "Rate limits"; "Custom bot usage guide") and ours."""

    robot_per_second: float = 5
    robot_per_minute: float = 100
    chat_per_second: float = 5
    person_per_second: float = 5
    app_per_second: float = 50
    app_per_minute: float = 1000
    email_per_minute: float = 120
    address_per_minute: float = 20
    sms_per_second: float = 20
    voice_per_second: float = 20
    texts_per_minute: float = 20
    calls_per_minute: float = 10


class Governor:
    """Says how long to wait: between two posts of a lane, and before a gate.

    A lane's own pace is kept in its row; a gate's is kept here. Spaced evenly, it has
    nothing to remember across a restart.
    """

    def __init__(self, limits: Limits, *, by_app: Container[Channel] = ()) -> None:
        """*by_app* are channels that the app carries beside its own."""
        self._limits = limits
        self._by_app = by_app
        self._free_at: dict[Gate, datetime] = {}

    def interval(self, lane: Lane) -> timedelta:
        """Return how far apart the posts of *lane* must be."""
        limits = self._limits
        match lane.destination.kind, lane.channel:
            case Kind.ROBOT, _:
                return max(
                    _spacing(limits.robot_per_second),
                    _spacing(limits.robot_per_minute, per=MINUTE),
                )
            case Kind.CHAT, _:
                return _spacing(limits.chat_per_second)
            case _, Channel.EMAIL:
                return _spacing(limits.address_per_minute, per=MINUTE)
            case _, Channel.SMS:
                return _spacing(limits.texts_per_minute, per=MINUTE)
            case _, Channel.VOICE:
                # A phone rings once at a time: what comes meanwhile shares a call.
                return _spacing(limits.calls_per_minute, per=MINUTE)
            case _:
                return _spacing(limits.person_per_second)

    def gate(self, lane: Lane) -> Gate | None:
        """Return what sending in *lane* goes through, if it shares that with others."""
        if lane.destination.kind is Kind.CHAT:
            return Gate.APP
        if lane.destination.kind is Kind.ROBOT:
            return None
        return Gate.APP if lane.channel in self._by_app else GATES.get(lane.channel)

    def wait(self, gate: Gate, now: datetime) -> timedelta:
        """Return how long the next message must wait before *gate*."""
        return max(self._free_at.get(gate, now) - now, timedelta(0))

    def take_turn(self, gate: Gate, now: datetime) -> timedelta:
        """Take the next turn at *gate*; return how long to wait for it."""
        wait = self.wait(gate, now)
        self._free_at[gate] = now + wait + self._apart(gate)
        return wait

    def close(self, gate: Gate, until: datetime) -> None:
        """Let nothing through *gate* before *until*: we were asked to wait."""
        self._free_at[gate] = max(self._free_at.get(gate, until), until)

    def follow(self, was: Governor, now: datetime) -> None:
        """Shorten no wait that *was*, whose place this one takes, still keeps."""
        for gate in Gate:
            self.close(gate, now + was.wait(gate, now))

    def _apart(self, gate: Gate) -> timedelta:
        """Return how far apart the messages through *gate* must be."""
        limits = self._limits
        match gate:
            case Gate.APP:
                return max(
                    _spacing(limits.app_per_second),
                    _spacing(limits.app_per_minute, per=MINUTE),
                )
            case Gate.EMAIL:
                return _spacing(limits.email_per_minute, per=MINUTE)
            case Gate.SMS:
                return _spacing(limits.sms_per_second)
            case Gate.VOICE:
                return _spacing(limits.voice_per_second)


def _spacing(ceiling: float, *, per: timedelta = timedelta(seconds=1)) -> timedelta:
    return per / (ceiling * SHARE)
