"""/sub copy: the rules of one destination for another too."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.reply import Note, Reply
from handlers.rules.carrying import HAS
from handlers.sub import words
from handlers.sub.requests import Copy, write
from store import subscriptions
from store.values import Destination, Kind, Subscription
from store.wording import _, _n


async def copy(request: Copy, context: Context) -> Reply:
    """Give the rules of one destination to another, where it has not got them."""
    if request.source == request.to:
        raise UserError(_("From whom to whom? They are the same here."))
    _check(request, context)
    there = await subscriptions.sent_to(context.tx, request.to)
    known = {_said(rule) for rule in there if rule.enabled}
    changes = Changes(context)
    made: list[Subscription] = []
    for rule in await subscriptions.sent_to(context.tx, request.source):
        wanted = _wanted(rule, request, context)
        if not rule.enabled or _said(wanted) in known:
            continue
        known.add(_said(wanted))
        made.append(await changes.make(wanted))
    whom = {
        "source": context.say(request.source),
        "whom": context.say(request.to),
    }
    if not made:
        return Reply(
            lines=(
                _(
                    "There is nothing that {source} gets and {whom} does not. "
                    "Nothing changed.",
                    **whom,
                ),
            ),
            canonical=write(request, context),
        )
    line = _n(
        "{count} subscription copied from {source} to {whom}.",
        "{count} subscriptions copied from {source} to {whom}.",
        len(made),
        **whom,
    )
    reply = await changes.reply(
        write(request, context),
        line,
        words.from_now((request.to,), context),
        title=words.ADDED,
    )
    return replace(reply, notes=_notes(request, line, context))


def _check(request: Copy, context: Context) -> None:
    """Raise ``Forbidden`` unless the asker may see the one and change the other."""
    if request.source != context.me and not context.reaches(request.source):
        raise Forbidden(
            _(
                "Only what this chat and you get can be copied here. Admins copy the "
                "rest in a direct chat with me."
            )
        )
    context.require_editor(request.to)


def _wanted(rule: Subscription, request: Copy, context: Context) -> Subscription:
    """Return the rule as the other gets it, over channels that it has."""
    via = rule.via
    if via is not None:
        # What the other cannot have is its usual channel, rather than none at all.
        via = tuple(each for each in via if each in HAS[request.to.kind]) or None
    return Subscription(
        id=0,
        name="",
        owner=context.owner(request.to),
        patterns=rule.patterns,
        to=(request.to,),
        where=rule.where,
        via=via,
        created_by=context.asker,
        created_at=context.now,
    )


def _said(rule: Subscription) -> tuple[object, ...]:
    return frozenset(rule.patterns), rule.where, rule.via


def _notes(request: Copy, line: str, context: Context) -> tuple[Note, ...]:
    """Tell somebody else what they get from now on."""
    if request.to.kind is not Kind.PERSON or request.to == context.me:
        return ()
    who = context.say_person(context.asker)
    told = _("{person} did this. In our chat, “/sub” shows and changes it.", person=who)
    return (
        Note(
            to=Destination(Kind.PERSON, request.to.name),
            title=words.ADDED,
            lines=(line, told),
        ),
    )
