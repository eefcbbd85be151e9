"""/why M123: what became of a message here, gate by gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.context import Context
from handlers.errors import UserError
from handlers.reply import Reply
from handlers.rules.foresight import Obeyed, World, ask
from handlers.rules.policy import Action, Decision
from handlers.rules.turning import Goal
from handlers.view import Panel, Part, Style, Words
from handlers.why import rules, words
from handlers.why.advice import Advice, advise, say_all
from handlers.why.requests import Asked, write
from handlers.why.world import obeyed, world
from store import matching, notifications, outbox, paths
from store.paths import Path
from store.values import Channel, Delivery, Notification, State, Subscription
from store.wording import Text, _, _n, as_text

#: So many deliveries are told of; only an admin sees more.
MOST = 8
#: Details that are as short as this stand open.
SHORT = 4

_NOT_OUT = frozenset({State.QUEUED, State.HELD, State.MUTED, State.UNDELIVERABLE})


@dataclass(frozen=True, slots=True)
class Seen:
    """One delivery: how it went, and what policy says to it."""

    delivery: Delivery
    path: Path
    decision: Decision | None
    at: datetime


async def explain(asked: Asked, context: Context) -> Reply:
    """Return what became of a message. Raises ``UserError`` where it is not seen here.

    One that went elsewhere is answered like one that never was.
    """
    found = await notifications.get(context.tx, asked.number)
    deliveries = [
        each
        for each in await outbox.deliveries_of(context.tx, asked.number)
        if context.reaches(each.destination)
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
    details = await _details(found, seen, there, context)
    return Reply(
        title=as_text(f"{found.short} {found.title}"),
        lines=(*lines, *advice),
        canonical=write(asked, context),
        buttons=buttons,
        view=details,
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


async def _details(
    found: Notification, seen: list[Seen], there: World, context: Context
) -> tuple[Part, ...]:
    """Return every gate in order: rules, then each delivery's own."""
    if not seen and context.is_admin:
        named = await matching.rules_naming(context.tx, [found.type])
        there = replace(there, rules=(*there.rules, *named))
    bringing, near = await rules.told(found, there, there.obeyed, context)
    parts = [Words(line) for line in (*bringing, *near)]
    for each in seen[:MOST]:
        if each.delivery.channel is not Channel.INBOX:
            parts += await _of_delivery(each, context)
    if not parts:
        return ()
    return (Panel(words.DETAILS, tuple(parts), expanded=len(parts) <= SHORT),)


async def _of_delivery(seen: Seen, context: Context) -> list[Words]:
    delivery = seen.delivery
    where = words.place(delivery.destination, delivery.channel, context)
    lines = [_("– routed {moment}.", moment=words.clock(delivery.since, context))]
    if (changed := await _changed(delivery, context)) is not None:
        lines.append(changed)
    if seen.decision is not None:
        if seen.at != context.now:
            at = words.clock(seen.at, context)
            lines.append(_("– asked for {moment}, by the rules of now:", moment=at))
        for gate in seen.decision.gates:
            since = await paths.changed_at(context.tx, gate.rule)
            lines.append(words.gate(gate, since, seen.at, context))
        if (other := _decided_else(seen)) is not None:
            lines.append(other)
    lines += _way(seen, context)
    return [Words(where, Style.STRONG), *(Words(line) for line in lines)]


async def _changed(delivery: Delivery, context: Context) -> Text | None:
    """Say whether the rule that decided is another one by now."""
    if not delivery.rule:
        return None
    changed = await paths.changed_at(context.tx, delivery.rule)
    if changed is None:
        return _("– the rule that decided was removed since.")
    if changed > delivery.at:
        at = words.clock(changed, context)
        return _("– the rule that decided was changed since, {moment}.", moment=at)
    return None


def _decided_else(seen: Seen) -> Text | None:
    """Say that the rules of now would decide otherwise."""
    if seen.decision is None or seen.at == seen.decision.until:
        return None
    action, state = seen.decision.action, seen.delivery.state
    if state is State.DELIVERED and action is not Action.SEND:
        return _("– so it would be kept today: a rule was made or changed since.")
    if state is State.MUTED and action is Action.SEND:
        return _("– so it would go out today: a rule was changed since.")
    return None


def _way(seen: Seen, context: Context) -> list[Text]:
    """Return how it went, or goes, from there."""
    delivery, path = seen.delivery, seen.path
    said: list[Text] = []
    if path.held_since is not None:
        since = words.clock(path.held_since, context)
        said.append(_("– that keeps messages here since {moment}.", moment=since))
    if path.first_try is not None:
        first = words.clock(path.first_try, context)
        said.append(
            _n(
                "– sent {moment}.",
                "– tried {count} times, first {moment}.",
                max(delivery.attempts, 1),
                moment=first,
            )
        )
    if path.in_doubt:
        said.append(_("– an answer was lost: it may be there already."))
    if path.together is not None:
        at = words.clock(path.together.at, context)
        said.append(
            _n(
                "– told in a digest of {count} message, {moment}.",
                "– told in a digest of {count} messages, {moment}.",
                path.together.count,
                moment=at,
            )
        )
    waits = delivery.state is State.QUEUED and path.next_try > context.now
    if waits and path.together is None:
        again = words.clock(path.next_try, context)
        said.append(_("– tried again {moment}.", moment=again))
    if path.closed is not None and delivery.state in words.OPEN:
        since = words.clock(path.closed.since, context)
        said.append(
            _(
                "– parked since {moment}: {words}.",
                moment=since,
                words=path.closed.words,
            )
        )
    return said
