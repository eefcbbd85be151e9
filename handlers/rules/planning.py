"""Which deliveries a notification becomes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.rules.carrying import HAS
from handlers.rules.carrying import channels as carried
from handlers.rules.filters import FilterError, parse
from handlers.rules.methods import SAID
from handlers.rules.patterns import matches
from handlers.rules.reach import reach
from handlers.rules.types import Types
from store.outbox import Planned
from store.people import Addressee
from store.values import (
    Channel,
    Destination,
    Kind,
    Notification,
    State,
    Subscription,
)
from store.wording import Text, _


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who there is, and by which ways one gets there.

    ``types`` say over which channels a message may go. ``by_contact`` are the channels
    that go to an address, ``people`` those whom rules may name, with theirs.
    """

    types: Types
    robots: frozenset[str]
    groups: dict[str, tuple[Destination, ...]]
    gone: frozenset[str]
    ways: frozenset[tuple[Kind, Channel]]
    by_contact: frozenset[Channel]
    people: Mapping[str, Addressee]


def ways_over(channels: Iterable[Channel]) -> frozenset[tuple[Kind, Channel]]:
    """Return the ways that *channels* are, where there is an app of ours in Lark."""
    return frozenset(
        (kind, channel)
        for kind in (Kind.CHAT, Kind.ROBOT, Kind.PERSON)
        for channel in channels
        if channel in HAS[kind] and channel is not Channel.INBOX
    )


def plan(
    notification: Notification, rules: Sequence[Subscription], known: Known
) -> Iterator[Planned]:
    """Yield one delivery for each destination and channel, however many match."""
    seen: set[tuple[Destination, Channel]] = set()
    found = known.types.get(notification.type)
    for rule in rules:
        if not brings(rule, notification):
            continue
        for destination in _expanded(rule.to, known):
            for channel in carried(rule, destination, found):
                if (destination, channel) in seen:
                    continue
                seen.add((destination, channel))
                yield _delivery(notification, rule, destination, channel, known)


def _delivery(
    notification: Notification,
    rule: Subscription,
    destination: Destination,
    channel: Channel,
    known: Known,
) -> Planned:
    state, reason = State.QUEUED, ""
    if words := _removed(destination, known):
        state, reason = State.UNDELIVERABLE, words
    elif channel is Channel.INBOX:
        state = State.DELIVERED
    elif words := _unreachable(destination, channel, known):
        state, reason = State.UNDELIVERABLE, words
    return Planned(
        notification=notification,
        destination=destination,
        channel=channel,
        rule=f"subscription:{rule.id}",
        state=state,
        reason=reason,
    )


def _unreachable(destination: Destination, channel: Channel, known: Known) -> str:
    """Return why nothing gets there over *channel*, or nothing."""
    if (destination.kind, channel) not in known.ways:
        return _("{channel} is not set up here", channel=SAID[channel])
    if destination.kind is not Kind.PERSON:
        return ""
    name = destination.name
    who = known.people.get(name) or Addressee(name=name)
    return reach(who, channel, by_contact=known.by_contact).reason


def names(rule: Subscription, type_id: str) -> bool:
    """Whether *rule* is in force and names the type. The store finds it by index."""
    return rule.enabled and any(matches(each, type_id) for each in rule.patterns)


def brings(rule: Subscription, notification: Notification) -> bool:
    """Whether the filter of *rule* lets *notification* through."""
    try:
        return parse(rule.where).matches(notification)
    except FilterError:
        # A filter that nobody can read any more must not swallow anything.
        return True


def failing(rule: Subscription, notification: Notification) -> Text | None:
    """Return the condition that fails where *rule* does not bring it, or ``None``."""
    if brings(rule, notification):
        return None
    return parse(rule.where).explain(notification)


def _removed(destination: Destination, known: Known) -> str:
    """Return why there is nobody there any more, or nothing."""
    if destination.kind is Kind.ROBOT and destination.name not in known.robots:
        return _("this robot was removed")
    if destination.kind is Kind.CHAT and destination.name in known.gone:
        return _("this group was disbanded")
    if destination.kind is Kind.GROUP:
        return _("nobody is in this group of people")
    return ""


def _expanded(
    destinations: Sequence[Destination], known: Known
) -> Iterator[Destination]:
    """Yield them with everybody in a group instead of it; one that is empty, itself."""
    for each in destinations:
        if each.kind is Kind.GROUP:
            yield from known.groups.get(each.name) or (each,)
        else:
            yield each


def persons(
    rules: Iterable[Subscription], groups: Mapping[str, Sequence[Destination]]
) -> set[str]:
    """Return the names of all whom *rules* name, alone or in a group of people."""
    named = {each for rule in rules for each in rule.to}
    for each in tuple(named):
        named.update(groups.get(each.name, ()) if each.kind is Kind.GROUP else ())
    return {each.name for each in named if each.kind is Kind.PERSON}
