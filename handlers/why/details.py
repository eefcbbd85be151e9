"""What stands behind an answer, in order: rules, gates, and the way itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.context import Context
from handlers.rules.foresight import World
from handlers.rules.patterns import patterns_for
from handlers.rules.policy import Action, Decision
from handlers.rules.turning import Goal
from handlers.view import Panel, Part, Style, Words
from handlers.why import rules, words
from handlers.why.advice import how_to_end, say_end
from store import matching, paths
from store.paths import Path
from store.values import Channel, Delivery, Notification, State
from store.wording import Text, _, _n

#: So many deliveries are told of; only an admin sees more.
MOST = 8
#: Details that are as short as this stand open.
SHORT = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One delivery: how it went, and what policy says to it."""

    delivery: Delivery
    path: Path
    decision: Decision | None
    at: datetime


async def details(
    found: Notification, seen: list[Seen], there: World, context: Context
) -> tuple[Part, ...]:
    """Return every gate in order: rules, then each delivery's own."""
    targets = set(there.obeyed)
    if not seen:
        # Only an admin comes here: whatever is about it, wherever it leads.
        named = await matching.rules_naming(context.tx, patterns_for(found.type))
        there = replace(there, rules=tuple(named))
        targets |= {each for rule in named for each in rule.to}
    bringing, near = await rules.told(found, there, targets, context)
    parts = [Words(line) for line in (*bringing, *near)]
    for each in seen[:MOST]:
        if each.delivery.channel is not Channel.INBOX:
            parts += await _of_delivery(each, context)
            parts += await _end(found, each, there, context)
    if not parts:
        return ()
    return (Panel(words.DETAILS, tuple(parts), expanded=len(parts) <= SHORT),)


async def _end(
    found: Notification, seen: Seen, there: World, context: Context
) -> list[Words]:
    """Return how such messages would end, where this one came."""
    delivery = seen.delivery
    if delivery.state not in (State.DELIVERED, State.DIGESTED):
        return []
    goal = Goal(found, delivery.destination, delivery.channel, context.now)
    lines = await how_to_end(goal, there, context)
    return [Words(say_end(lines))] if lines else []


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
