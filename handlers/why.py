"""/why: what became of a message here, and which rule decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.errors import Misunderstood, UserError
from handlers.language.cursor import Cursor
from handlers.language.moments import say_moment
from handlers.language.slots import One, fill
from handlers.reply import Reply
from handlers.router import Command, Router
from handlers.rules.digest import LIFETIME
from handlers.rules.filters import FilterError, parse
from handlers.rules.methods import SAID
from handlers.rules.patterns import patterns_for
from handlers.rules.policy import Gate, decide
from handlers.rules.said import SEVERITIES, STATES, STATUSES
from handlers.subscribed import shown
from store import lanes, matching, notifications, outbox, posts, preferences, silences
from store.values import (
    Channel,
    Delivery,
    Notification,
    State,
    Subscription,
)
from store.wording import Text, _, _n, commas

router = Router()

_PREFIXES = ("m", "n_", "#m", "#")
_OPEN = frozenset({State.QUEUED, State.SENDING, State.HELD})


@dataclass(frozen=True, slots=True)
class Asked:
    """The 123 of M123."""

    number: int


def read(command: Command, context: Context) -> Asked:
    """Return which message is meant. Raises ``Misunderstood``."""
    number: One[int] = One(_("the message"), _number)
    fill(command.rest, number)
    if number.value is None and context.about is not None:
        return Asked(context.about)
    if number.value is None:
        raise Misunderstood(
            _(
                "Which message? Reply to its card, or write /why M123. "
                "The number is at the foot of each post."
            )
        )
    return Asked(number.value)


@router.command("why", read=read, usage="M123", look="/why M123")
async def why(asked: Asked, context: Context) -> Reply:
    """Explain what became of a message here, and which rule decided.

    /why M123
    """
    found = await notifications.get(context.tx, asked.number)
    deliveries = await _deliveries(asked.number, context)
    # One that went elsewhere is answered like one that never was.
    hidden = not deliveries and not (context.is_admin and not context.is_group)
    if found is None or hidden:
        raise UserError(_("{message} is not found here.", message=f"M{asked.number}"))
    lines = [_headline(found, context), *await _brought(found, context)]
    if not deliveries:
        lines.append(await _undelivered(found, context))
    for delivery in deliveries:
        lines += await _explained(delivery, found, context)
    return Reply(
        title=f"{found.short} {found.title}",
        lines=tuple(lines),
        canonical=f"/why {found.short}",
    )


async def _deliveries(number: int, context: Context) -> list[Delivery]:
    return [
        delivery
        for delivery in await outbox.deliveries_of(context.tx, number)
        if context.reaches(delivery.destination)
    ]


def _headline(found: Notification, context: Context) -> Text:
    at = say_moment(found.accepted_at, now=context.now, zone=context.clock)
    severity = SEVERITIES[found.severity]
    what = commas(
        [found.type, severity, *([STATUSES[found.status]] if found.status else ())]
    )
    return _(
        "{what}, from {source}, accepted {moment}.",
        what=what,
        source=found.source,
        moment=at,
    )


async def _brought(found: Notification, context: Context) -> list[str]:
    """Say which rules bring it here, as they are now."""
    said: list[str] = []
    for rule in await matching.rules_naming(context.tx, patterns_for(found.type)):
        if shown(context, rule) and _matches(rule, found):
            where = f" {rule.where}" if rule.where else ""
            said.append(
                _(
                    "Rule {rule} brings it: {what}, by {author}.",
                    rule=rule.name,
                    what=f"{', '.join(rule.patterns)}{where}",
                    author=_author(rule.changed_by or rule.created_by, context),
                )
            )
    return said


async def _undelivered(found: Notification, context: Context) -> str:
    match await notifications.routing_state(context.tx, found.number):
        case "unrouted":
            return _("Nobody subscribed to it: unrouted.")
        case "waiting":
            return _("It waits to be routed.")
        case _:
            return _("It has no delivery that I may show.")


async def _explained(
    delivery: Delivery, found: Notification, context: Context
) -> Iterator[str]:
    lines: list[str] = [_state(delivery, context)]
    if delivery.state in _OPEN and delivery.channel is not Channel.INBOX:
        lines += await _gates(delivery, found, context)
        lines += await _parking(delivery, context)
    return iter(lines)


def _state(delivery: Delivery, context: Context) -> Text:
    place, channel = context.say(delivery.destination), SAID[delivery.channel]
    where = _("{place}, {channel}", place=place, channel=channel)
    state = _stands(delivery, context)
    said = _("{where}: {state}", where=where, state=state)
    if delivery.reason:
        said = _("{said}, {reason}", said=said, reason=delivery.reason)
    if delivery.attempts > 1:
        said = _n(
            "{said} after {count} attempt",
            "{said} after {count} attempts",
            delivery.attempts,
            said=said,
        )
    return _("{said}.", said=said)


def _stands(delivery: Delivery, context: Context) -> Text:
    """Return where it stands, and since or until when."""
    state = STATES[delivery.state]
    if delivery.state is State.HELD and delivery.until is not None:
        until = _end(delivery.until, delivery.rule, context)
        if until is None:
            return _("held until it is lifted")
        return _("held until {until}", until=until)
    if delivery.state not in _OPEN:
        return _("{state} {moment}", state=state, moment=_clock(delivery.at, context))
    return state


def _end(until: datetime, rule: str, context: Context) -> str | None:
    """Return when that is; what lasts for longer than anybody waits has no end.

    A digest has: over long holidays it is more than a week away.
    """
    if until - context.now > LIFETIME and not rule.startswith("digest:"):
        return None
    return say_moment(until, now=context.now, zone=context.clock)


def _clock(moment: datetime, context: Context) -> str:
    """Return when that was, to the second; the day only where it is not today."""
    shown = moment.astimezone(context.clock)
    today = context.now.astimezone(context.clock).date()
    day = "" if shown.date() == today else f"{shown:%Y-%m-%d} "
    return f"{day}{shown:%H:%M:%S}"


async def _gates(
    delivery: Delivery, found: Notification, context: Context
) -> Iterator[str]:
    """Ask every gate again, in order, by the code that decides."""
    tx, now = context.tx, context.now
    targets = await silences.targets_of(tx, delivery.destination)
    lane = lanes.lane_id(delivery.destination, delivery.channel)
    decision = decide(
        found,
        channel=delivery.channel,
        destination=delivery.destination,
        windows=await silences.windows_obeyed(tx, targets),
        mutes=await silences.mutes_obeyed(tx, targets, now=now),
        schedules=await silences.schedules_obeyed(tx, targets),
        reception=await posts.reception(
            tx, delivery.destination, delivery.channel, now=now
        ),
        refused=await preferences.refused(tx, delivery.destination, delivery.channel),
        firing_shown=await notifications.firing_was_shown(tx, found, lane=lane),
        since=delivery.since,
        now=now,
    )
    return (_gate(gate, context) for gate in decision.gates)


def _gate(gate: Gate, context: Context) -> Text:
    name, words = _GATES.get(gate.name, gate.name), gate.short or gate.words
    if gate.passed:
        said = _("– {gate} lets it pass: {words}", gate=name, words=words)
    elif gate.until is None:
        said = _("– {gate} stops it: {words}", gate=name, words=words)
    elif (until := _end(gate.until, gate.rule, context)) is None:
        said = _(
            "– {gate} keeps it until it is lifted: {words}", gate=name, words=words
        )
    else:
        said = _(
            "– {gate} keeps it until {until}: {words}",
            gate=name,
            until=until,
            words=words,
        )
    if gate.author:
        author = _author(gate.author, context)
        return _("{said}, by {author}.", said=said, author=author)
    return _("{said}.", said=said)


_GATES = {
    "inbox": _("inbox"),
    "words": _("the robot’s words"),
    "cap": _("the robot’s cap"),
    "pause": _("the robot’s pause"),
    "resolved": _("resolved"),
    "refusal": _("the reader’s no"),
    "window": _("window"),
    "mute": _("mute"),
    "digest": _("digest"),
}


async def _parking(delivery: Delivery, context: Context) -> list[str]:
    return [
        _("– parked: {words}", words=each.words)
        for each in await lanes.parked(context.tx)
        if each.destination == delivery.destination and each.channel == delivery.channel
    ]


def _author(author: str, context: Context) -> str:
    return "yaml" if author == "yaml" else context.say_person(author)


def _matches(rule: Subscription, found: Notification) -> bool:
    try:
        return parse(rule.where).matches(found)
    except FilterError:
        return False


def _number(cursor: Cursor) -> int | None:
    number = cursor.number()
    if number is not None or cursor.done:
        return number
    word = cursor.here.word
    for prefix in _PREFIXES:
        digits = word.removeprefix(prefix)
        if digits != word and digits.isascii() and digits.isdecimal():
            cursor.take()
            return int(digits[:18])
    return None
