"""What becomes of a message: planned and decided, for a moment of one's choice. Pure.

Routing and delivery ask the same functions; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.rules.planning import Known, names, plan
from handlers.rules.policy import Action, Decision, decide
from store.lanes import lane_id
from store.posts import Reception
from store.values import (
    Channel,
    Destination,
    Mute,
    Notification,
    Schedule,
    State,
    Subscription,
    Window,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obeyed:
    """What the deliveries to one destination obey.

    ``refused`` are the types that a person asked to get no more, by channel.
    """

    windows: tuple[Window, ...] = ()
    mutes: tuple[Mute, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    reception: Reception | None = None
    refused: Mapping[Channel, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that decides what comes to some destinations.

    ``rules`` are those that may name them, the ones turned off too, oldest first.
    ``shown`` are the lanes that showed the firing which the message resolves;
    ``parked`` those that are closed to us just now, and why.
    """

    rules: tuple[Subscription, ...]
    known: Known
    obeyed: Mapping[Destination, Obeyed]
    shown: frozenset[str] = frozenset()
    parked: Mapping[str, str] = field(default_factory=dict)

    def naming(self, seen: Notification) -> list[Subscription]:
        """Return the rules in force that name the type of *seen*."""
        return [each for each in self.rules if names(each, seen.type)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One delivery: in which state it is at first, until when, and what decided.

    ``rule`` is the number of the rule that brings it. ``decision`` is ``None`` where
    policy is not asked: in the inbox, for whom nothing reaches, for others.
    """

    destination: Destination
    channel: Channel
    rule: int
    state: State
    reason: str = ""
    until: datetime | None = None
    decision: Decision | None = None

    @property
    def goes_out(self) -> bool:
        """Whether it is sent at once."""
        return self.state is State.DELIVERED and self.channel is not Channel.INBOX


def foresee(seen: Notification, world: World, *, now: datetime) -> Iterator[Foreseen]:
    """Yield what becomes of *seen* where it is routed and due at *now*."""
    for planned in plan(seen, world.naming(seen), world.known):
        place = planned.destination, planned.channel
        decision = None
        state, reason, until = planned.state, planned.reason, None
        obeyed = world.obeyed.get(planned.destination)
        if state is State.QUEUED and obeyed is not None:
            decision = ask(seen, obeyed, *place, shown=world.shown, since=now, now=now)
            state, reason = _STATES[decision.action], decision.words
            until = decision.until
        if state is not State.UNDELIVERABLE and lane_id(*place) in world.parked:
            # Policy is asked when it is about to be sent, and nothing is.
            state, reason, until = State.QUEUED, world.parked[lane_id(*place)], None
        yield Foreseen(
            destination=planned.destination,
            channel=planned.channel,
            rule=int(planned.rule.partition(":")[2]),
            state=state,
            reason=reason,
            until=until,
            decision=decision,
        )


def ask(
    seen: Notification,
    obeyed: Obeyed,
    destination: Destination,
    channel: Channel,
    *,
    shown: frozenset[str],
    since: datetime,
    now: datetime,
) -> Decision:
    """Return what policy decides on a delivery that has waited since *since*."""
    return decide(
        seen,
        channel=channel,
        destination=destination,
        windows=obeyed.windows,
        mutes=obeyed.mutes,
        schedules=obeyed.schedules,
        reception=obeyed.reception if channel is Channel.CHAT else None,
        refused=obeyed.refused.get(channel, frozenset()),
        firing_shown=lane_id(destination, channel) in shown,
        since=since,
        now=now,
    )


#: In which state a delivery is that was decided so. What goes out is delivered, unless
#: whoever carries it says otherwise.
_STATES: Mapping[Action, State] = {
    Action.SEND: State.DELIVERED,
    Action.HOLD: State.HELD,
    Action.MUTED: State.MUTED,
    Action.WAIT: State.QUEUED,
}
