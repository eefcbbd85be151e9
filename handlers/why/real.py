"""/why M123: what became of a message here, gate by gate."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.errors import UserError
from handlers.known import groups_of_people
from handlers.reply import Reply
from handlers.rules.foresight import Obeyed, World, ask
from handlers.rules.patterns import matches
from handlers.rules.planning import brings
from handlers.rules.turning import Goal
from handlers.why import words
from handlers.why.advice import Advice, advise, say_all
from handlers.why.details import MOST, Seen, details
from handlers.why.requests import Asked, write
from handlers.why.world import obeyed, world
from store import notifications, outbox, paths, subscriptions
from store.values import (
    Channel,
    Delivery,
    Destination,
    Kind,
    Notification,
    State,
    Subscription,
)
from store.wording import Text, _, _n, as_text

_NOT_OUT = frozenset({State.QUEUED, State.HELD, State.MUTED, State.UNDELIVERABLE})


async def explain(asked: Asked, context: Context) -> Reply:
    """Return what became of a message. Raises ``UserError`` where it is not seen here.

    One that went elsewhere is answered like one that never was.
    """
    found = await notifications.get(context.tx, asked.number)
    ours = await _ours(found, context) if found else frozenset()
    deliveries = [
        each
        for each in await outbox.deliveries_of(context.tx, asked.number)
        if context.reaches(each.destination)
        or (each.state is State.UNDELIVERABLE and each.destination in ours)
    ]
    hidden = not deliveries and not (context.is_admin and not context.is_group)
    if found is None or hidden:
        raise UserError(_("{message} is not found here.", message=f"M{asked.number}"))
    targets = [each.destination for each in deliveries] or [context.home]
    there = await world(context, found, targets, at=context.now)
    seen = await _seen(found, deliveries, there, context)
    lines = [words.headline(found, context), *_states(seen, context)]
    if not deliveries:
        lines.append(await _nowhere(found, context))
    advice, buttons = say_all(await _advice(found, seen, there, context))
    return Reply(
        title=as_text(f"{found.short} {found.title}"),
        lines=(*lines, *advice),
        canonical=write(asked, context),
        buttons=buttons,
        view=await details(found, seen, there, context),
    )


async def _ours(found: Notification, context: Context) -> frozenset[Destination]:
    """Return to whom this group's own rules bring it.

    A group may know that nothing gets through to them, and no more: their hours and
    mutes are theirs.
    """
    if not context.is_group:
        return frozenset()
    groups = await groups_of_people(context.tx)
    rules = [
        each
        for each in await subscriptions.owned_by(context.tx, str(context.home))
        if any(matches(pattern, found.type) for pattern in each.patterns)
        and brings(each, found)
    ]
    return frozenset(
        person
        for rule in rules
        for each in rule.to
        for person in (
            groups.get(each.name, ()) if each.kind is Kind.GROUP else (each,)
        )
        if person.kind is Kind.PERSON
    )


async def _seen(
    found: Notification, deliveries: list[Delivery], there: World, context: Context
) -> list[Seen]:
    ways = await paths.paths_of(context.tx, found.number)
    made = []
    for each in deliveries:
        path = ways[each.id]
        at = context.now if each.state in words.OPEN else path.first_try or each.at
        if each.state is State.DIGESTED:
            at = each.at
        decision = None
        if each.channel is not Channel.INBOX and each.state not in _UNASKED:
            here = there.obeyed[each.destination]
            if at != context.now:
                here = _as_of_then(await obeyed(context, each.destination, at=at))
            decision = ask(
                found,
                here,
                each.destination,
                each.channel,
                shown=there.shown,
                since=each.since,
                now=at,
            )
        made.append(Seen(each, path, decision, at))
    return made


#: Whoever is in these was not held up by anybody's rules.
_UNASKED = frozenset({State.UNDELIVERABLE, State.EXPIRED, State.DEAD})


def _as_of_then(there: Obeyed) -> Obeyed:
    """Return what was obeyed: how full a robot was is not remembered."""
    if there.reception is None:
        return there
    robot = replace(there.reception.robot, per_hour=None, paused=False)
    return replace(there, reception=replace(there.reception, robot=robot, posts=()))


def _states(seen: list[Seen], context: Context) -> list[Text]:
    """Return where the deliveries stand; the inbox only where there is nothing else."""
    beside = {
        each.delivery.destination
        for each in seen
        if each.delivery.channel is not Channel.INBOX
    }
    told = [
        words.stands(each.delivery, _author(each), context)
        for each in seen
        if each.delivery.channel is not Channel.INBOX
        or each.delivery.destination not in beside
    ]
    more = len(told) - MOST
    if more > 0:
        rest = _n("… and {count} more.", "… and {count} more.", more)
        return [*told[:MOST], rest]
    return told


def _author(seen: Seen) -> str:
    """Return who set the rule that keeps or kept it, as far as that is known."""
    if seen.path.author:
        return seen.path.author
    if seen.delivery.state is not State.MUTED or seen.decision is None:
        return ""
    gates = (g for g in seen.decision.gates if g.rule == seen.delivery.rule)
    return next((gate.author for gate in gates), "")


async def _nowhere(found: Notification, context: Context) -> Text:
    match await notifications.routing_state(context.tx, found.number):
        case "unrouted":
            return _("Nobody subscribed to it: unrouted.")
        case "waiting":
            return _("It waits to be routed.")
        case _:
            return _("It has no delivery that I may show.")


async def _advice(
    found: Notification, seen: list[Seen], there: World, context: Context
) -> list[Advice]:
    """Return what would let out what is kept: now, or the next time."""
    made = []
    for each in seen[:MOST]:
        delivery = each.delivery
        if delivery.channel is Channel.INBOX or delivery.state not in _NOT_OUT:
            continue
        goal = Goal(found, delivery.destination, delivery.channel, context.now)
        here = _routed(there, each) if delivery.state in words.OPEN else there
        advice = await advise(goal, here, context)
        if advice is not None:
            made.append(advice)
    return made


def _routed(there: World, seen: Seen) -> World:
    """Return *there* for what is routed already, whatever the rules say by now."""
    delivery = seen.delivery
    brings = Subscription(
        id=0,
        name="",
        owner="",
        patterns=("*",),
        to=(delivery.destination,),
        via=(delivery.channel,),
        created_at=delivery.since,
    )
    return replace(there, rules=(brings,))
