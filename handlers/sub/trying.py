"""/sub test: a test message, to whoever gets that type here, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.breadth import tried
from handlers.context import Context
from handlers.errors import Unconfirmed, UserError
from handlers.known import known
from handlers.language.catalogues import say
from handlers.reply import Button, Reply, Tone
from handlers.rules.methods import SAID, say_channels
from handlers.rules.patterns import patterns_for
from handlers.rules.planning import Known, plan, ways_over
from handlers.sub.requests import Try, write
from handlers.subscribed import shown
from store import matching, notifications, outbox
from store.notifications import Draft
from store.outbox import Planned
from store.values import Channel, Destination, Kind, Notification, State, Subscription
from store.wording import Text, _, dotted

#: Where test messages come from, as their cards say.
SOURCE = "larkbell"


async def try_out(request: Try, context: Context) -> Reply:
    """Send a test message of one type over every way that this chat's rules give it."""
    context.require_editor(context.home)
    found = _message(request, context)
    rules = await _rules(request.type, context)
    planned = list(plan(found, rules, await _known(rules, context)))
    sent = [each for each in planned if each.channel is not Channel.INBOX]
    if not planned:
        raise UserError(
            _(
                "No rule here brings such a message of {type}. /sub add adds one, "
                "/why if explains.",
                type=request.type,
            )
        )
    _check_others(sent, request, context)
    number = await _accept(found, planned, context)
    return Reply(
        title=_("Test sent"),
        lines=tuple(_line(each, planned, context) for each in _whom(planned)),
        canonical=write(request, context),
        buttons=(Button(_("Why"), f"/why M{number}"),),
        tone=Tone.DONE,
    )


def _message(request: Try, context: Context) -> Notification:
    kind = context.types.get(request.type)
    # It is kept as it was sent: in the language of whoever tries.
    title = say(_("Test of {type}", type=kind.title), context.locale)
    body = _("Nothing happened: somebody tries where messages of this type arrive.")
    default = context.types.default_severity(request.type)
    return Notification(
        number=0,
        source=SOURCE,
        type=request.type,
        severity=default if request.severity is None else request.severity,
        title=title,
        body=say(body, context.locale),
        labels=dict(request.labels),
        accepted_at=context.now,
    )


async def _rules(type_id: str, context: Context) -> list[Subscription]:
    """Return what this chat's rules say of a type, for those whom they concern here."""
    found = await matching.rules_naming(context.tx, patterns_for(type_id))
    here = ((rule, shown(context, rule)) for rule in found)
    return [replace(rule, to=to) for rule, to in here if to]


async def _known(rules: Sequence[Subscription], context: Context) -> Known:
    return await known(
        context.tx,
        rules,
        types=context.types,
        ways=ways_over(context.channels),
        by_contact=context.by_contact,
    )


def _check_others(sent: Sequence[Planned], request: Try, context: Context) -> None:
    """Ask for a yes before somebody else is rung or written to for a test."""
    others = {
        each.destination
        for each in sent
        if each.destination.kind is Kind.PERSON
        and each.destination != context.me
        and each.state is State.QUEUED
    }
    if others and not context.confirmed:
        said = [context.say(each) for each in sorted(others)]
        raise Unconfirmed(write(request, context), (tried(said),))


async def _accept(
    found: Notification, planned: Sequence[Planned], context: Context
) -> int:
    """Accept the message and route it at once: no other rule has a say in it."""
    (accepted,) = await notifications.add(context.tx, [Draft(found)], now=context.now)
    numbered = replace(found, number=accepted.number)
    deliveries = [replace(each, notification=numbered) for each in planned]
    await outbox.enqueue_deliveries(context.tx, deliveries, now=context.now)
    await notifications.mark_routed(context.tx, routed=[accepted.number], unrouted=[])
    return accepted.number


def _whom(planned: Sequence[Planned]) -> list[Destination]:
    return list(dict.fromkeys(each.destination for each in planned))


def _line(
    destination: Destination, planned: Sequence[Planned], context: Context
) -> Text:
    mine = [each for each in planned if each.destination == destination]
    sent = [each.channel for each in mine if each.state is not State.UNDELIVERABLE]
    said = [_("{whom}: {channels}", whom=context.say(destination), channels=_by(sent))]
    said += [
        _("{channel}: {why}", channel=SAID[each.channel], why=each.reason)
        for each in mine
        if each.state is State.UNDELIVERABLE
    ]
    return dotted(*said)


def _by(sent: Sequence[Channel]) -> Text:
    return say_channels(sent) if sent else _("nothing")
