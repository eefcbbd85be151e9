"""What decides about some destinations, read for one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.context import Context
from handlers.known import groups_of_people, known
from handlers.rules.carrying import HAS
from handlers.rules.foresight import Obeyed, World
from handlers.rules.planning import ways_over
from store import (
    lanes,
    notifications,
    posts,
    preferences,
    silences,
    subscriptions,
)
from store.lanes import lane_id
from store.values import (
    Channel,
    Destination,
    Kind,
    Notification,
    Status,
    Subscription,
)


async def world(
    context: Context,
    seen: Notification,
    targets: Iterable[Destination],
    *,
    at: datetime,
) -> World:
    """Return what decides on *seen* for *targets* at *at*, by the rules of now."""
    targets = tuple(dict.fromkeys(targets))
    rules = await _rules(context, targets)
    return World(
        rules=rules,
        known=await known(
            context.tx,
            rules,
            types=context.types,
            ways=ways_over(context.channels),
            by_contact=context.by_contact,
            beside=targets,
        ),
        obeyed={each: await obeyed(context, each, at=at) for each in targets},
        shown=await shown(context, seen, targets),
        parked=await _parked(context, targets) if at == context.now else {},
    )


async def obeyed(context: Context, whom: Destination, *, at: datetime) -> Obeyed:
    """Return what deliveries to *whom* obey at *at*."""
    tx = context.tx
    places = await silences.targets_of(tx, whom)
    mutes = await silences.mutes_obeyed(tx, places, now=at)
    if at < context.now:
        mutes = [each for each in mutes if each.created_at <= at]
    reception = await posts.reception(tx, whom, Channel.CHAT, now=at)
    if reception is not None:
        before = tuple(each for each in reception.posts if each.at <= at)
        reception = replace(reception, posts=before)
    return Obeyed(
        windows=tuple(await silences.windows_obeyed(tx, places)),
        mutes=tuple(mutes),
        schedules=tuple(await silences.schedules_obeyed(tx, places)),
        reception=reception,
        refused={
            channel: await preferences.refused(tx, whom, channel)
            for channel in (Channel.EMAIL,)
            if whom.kind is Kind.PERSON
        },
    )


async def shown(
    context: Context, seen: Notification, targets: Iterable[Destination]
) -> frozenset[str]:
    """Return the lanes of *targets* that showed the firing which *seen* resolves."""
    if seen.status is not Status.RESOLVED:
        return frozenset()
    found = set()
    for each in targets:
        for channel in HAS[each.kind]:
            lane = lane_id(each, channel)
            if await notifications.firing_was_shown(context.tx, seen, lane=lane):
                found.add(lane)
    return frozenset(found)


async def _rules(
    context: Context, targets: tuple[Destination, ...]
) -> tuple[Subscription, ...]:
    """Return the rules that may bring anything to *targets*, oldest first.

    With those of this group that send it to people.
    """
    groups = await groups_of_people(context.tx)
    named = set(targets) | {
        Destination(Kind.GROUP, name)
        for name, members in groups.items()
        if set(targets) & set(members)
    }
    found: dict[int, Subscription] = {}
    for each in named:
        for rule in await subscriptions.sent_to(context.tx, each):
            found[rule.id] = rule
    if context.home in targets:
        for rule in await subscriptions.owned_by(context.tx, str(context.home)):
            found[rule.id] = rule
    return tuple(found[number] for number in sorted(found))


async def _parked(context: Context, targets: tuple[Destination, ...]) -> dict[str, str]:
    return {
        lane_id(each.destination, each.channel): each.words
        for each in await lanes.parked(context.tx)
        if each.destination in targets
        # What is tried again now may get through.
        and (each.until is None or each.until > context.now)
    }
