"""Every change that could let a message through, each with what else it does. Pure.

Whether one helps is found by trying it: ``turning.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.rules.carrying import HAS, USUAL
from handlers.rules.cells import Offer
from handlers.rules.filters import parse
from handlers.rules.foresight import World
from handlers.rules.patterns import matches
from handlers.rules.planning import Known, brings
from handlers.rules.reach import NEEDS
from handlers.rules.reception import unwanted
from handlers.rules.widening import widened
from store.people import Addressee, Contact, Means
from store.robots import Robot
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Notification,
    Schedule,
    Subscription,
    Window,
)

Thing = Subscription | Window | Mute | Schedule | Robot | Addressee

#: How much a change does beside what it is made for: a pause or a mute is meant to end,
#: a rule for one type is about little else, a window or a digest is there for more; and
#: a rule for many types brings all of them.
LIGHT, PLAIN, HEAVY, BROAD = 1, 2, 3, 5


@dataclass(frozen=True, slots=True)
class Step:
    """One change. Without ``was`` it is made, without ``now`` it is taken away."""

    was: Thing | None
    now: Thing | None
    weight: int


def steps_towards(
    seen: Notification,
    place: tuple[Destination, Channel],
    world: World,
    *,
    changeable: Callable[[Subscription], bool],
    now: datetime,
) -> Iterator[Step]:
    """Yield every change that could help, whatever it is that keeps *seen*."""
    whom, channel = place
    obeyed = world.obeyed[whom]
    yield from (Step(mute, None, LIGHT) for mute in obeyed.mutes)
    yield from (Step(window, None, HEAVY) for window in obeyed.windows)
    yield from (Step(schedule, None, HEAVY) for schedule in obeyed.schedules)
    if obeyed.reception is not None:
        yield from _of_robot(obeyed.reception.robot, seen)
    for rule in world.rules:
        if whom in rule.to and changeable(rule):
            yield from _of_rule(rule, seen, whom, channel)
    yield from _new_rule(seen, whom, channel, world, now)
    if whom.kind is Kind.PERSON:
        yield from _proofs(whom, channel, world.known)


def steps_away(rule: Subscription, seen: Notification) -> Iterator[Step]:
    """Yield what ends that *rule* brings messages of the type of *seen*."""
    if rule.patterns == (seen.type,):
        yield Step(rule, None, PLAIN)
        return
    others = tuple(each for each in rule.patterns if each != seen.type)
    left = replace(rule, patterns=others)
    if any(matches(each, seen.type) for each in others):
        left_out = f"-type={seen.type}"
        where = f"({rule.where}) {left_out}" if rule.where else left_out
        left = replace(rule, where=str(parse(where)))
    yield Step(rule, left, PLAIN)


def _of_robot(robot: Robot, seen: Notification) -> Iterator[Step]:
    if robot.paused:
        yield Step(robot, replace(robot, paused=False), LIGHT)
    if robot.deny:
        said = tuple(
            word
            for word in robot.deny
            if not unwanted(replace(robot, deny=(word,), allow=()), seen)
        )
        yield Step(robot, replace(robot, deny=said), PLAIN)
    if robot.allow:
        yield Step(robot, replace(robot, allow=()), PLAIN)
    if robot.per_hour is not None:
        yield Step(robot, replace(robot, per_hour=None), PLAIN)


def _of_rule(
    rule: Subscription, seen: Notification, whom: Destination, channel: Channel
) -> Iterator[Step]:
    if not any(matches(each, seen.type) for each in rule.patterns):
        return
    weight = PLAIN if rule.patterns == (seen.type,) else BROAD
    if not rule.enabled:
        yield Step(rule, replace(rule, enabled=True), weight)
    if not brings(rule, seen):
        where = str(widened(parse(rule.where), seen))
        yield Step(rule, replace(rule, where=where), weight)
    asked = (USUAL[whom.kind],) if rule.via is None else rule.via
    if channel not in asked:
        via = tuple(each for each in Channel if each in asked or each is channel)
        yield Step(rule, replace(rule, via=via), weight)


def _new_rule(
    seen: Notification,
    whom: Destination,
    channel: Channel,
    world: World,
    now: datetime,
) -> Iterator[Step]:
    """Yield a rule for the type alone, unless there is one that says the same."""
    kind = whom.kind
    if channel not in HAS[kind]:
        return
    if any(
        each.enabled and not each.where and seen.type in each.patterns
        for each in world.rules
        if whom in each.to
    ):
        return
    offer = world.known.types.get(seen.type).cells[channel].offer
    usual = channel is USUAL[kind] or offer in (Offer.UNAVAILABLE, Offer.REQUIRED)
    yield Step(
        None,
        Subscription(
            id=0,
            name="",
            owner="",
            patterns=(seen.type,),
            to=(whom,),
            via=None if usual else (channel,),
            created_at=now,
        ),
        HEAVY,
    )


def _proofs(whom: Destination, channel: Channel, known: Known) -> Iterator[Step]:
    """Yield the proof of the address that the channel goes to."""
    means = NEEDS.get(channel) if channel in known.by_contact else None
    who = known.people.get(whom.name)
    if means is None or who is None:
        return
    found = who.contacts.get(means)
    if found is not None and found.verified:
        return
    address = UNKNOWN[means] if found is None else found.address
    proved = Contact(means=means, address=address, verified=True, how="code", own=True)
    contacts = {**who.contacts, means: proved}
    yield Step(who, replace(who, contacts=contacts), PLAIN)


#: What stands for an address that nobody has given yet.
UNKNOWN: Mapping[Means, str] = {Means.EMAIL: "you@example.com", Means.PHONE: "+0"}
