"""/sub add: exactly what is named, and nothing that is there already."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes
from handlers.context import Context
from handlers.offers import check_channels, in_order
from handlers.people.states import known, nowhere
from handlers.people.telling import given_by, notes
from handlers.people.words import not_reached
from handlers.reply import Button, Reply
from handlers.sub import words
from handlers.sub.requests import Add, Set, write
from handlers.subscribed import covering, visible
from store.values import Destination, Subscription
from store.wording import _, sentences


async def add(request: Add, context: Context) -> Reply:
    """Make the rules that *request* names, where they are missing."""
    for destination in request.to:
        context.require_editor(destination)
    check_channels(request.via, request.patterns, request.to, context)
    rules = await visible(context, request.to)
    changes = Changes(context)
    made: list[Subscription] = []
    there: list[Subscription] = []
    for pattern in request.patterns:
        for destination in request.to:
            wanted = _wanted(request, pattern, destination, context)
            same = _same(rules, wanted)
            if same is None:
                made.append(await changes.make(wanted))
            elif same.enabled:
                there.append(same)
            else:
                made.append(await changes.reset(same))
    if not made:
        return _already(there[0], request, context)
    covered = covering(rules, made[0].patterns[0], made[0].to[0])
    given = given_by(made)
    who = await known(context, given)
    reply = await changes.reply(
        write(request, context),
        words.added(made, context),
        sentences(
            words.from_now(request.to, context),
            words.buzzed(request.via, context),
            words.others(there),
            words.also(covered),
        ),
        *not_reached(nowhere(given, who, context), who, {}, context),
        title=words.ADDED,
    )
    # Whoever has others' messages sent to somebody has them told so.
    told = await notes(context, context.home, given, who, where=str(request.where))
    return replace(reply, notes=told)


def _already(rule: Subscription, request: Add, context: Context) -> Reply:
    other = request.via is not None and rule.via != in_order(request.via)
    instead = Set(pattern=rule.patterns[0], via=request.via, to=rule.to)
    return Reply(
        lines=(words.exists(rule, context),),
        canonical=write(request, context),
        buttons=(Button(_("Change the channels"), write(instead, context)),)
        if other
        else (),
    )


def _wanted(
    request: Add, pattern: str, destination: Destination, context: Context
) -> Subscription:
    return Subscription(
        id=0,
        name="",
        owner=context.owner(destination),
        patterns=(pattern,),
        to=(destination,),
        where=str(request.where),
        via=in_order(request.via),
        created_by=context.asker,
        created_at=context.now,
    )


def _same(rules: list[Subscription], wanted: Subscription) -> Subscription | None:
    """Return the rule that says what *wanted* says, one in force before others.

    Of those turned off, only one from the YAML that says nothing else.
    """
    alike = [
        rule
        for rule in rules
        if wanted.patterns[0] in rule.patterns
        and wanted.to[0] in rule.to
        and rule.where == wanted.where
    ]
    for rule in alike:
        if rule.enabled:
            return rule
    for rule in alike:
        sole = rule.patterns == wanted.patterns and rule.to == wanted.to
        if rule.from_yaml and sole and rule.via == wanted.via:
            return rule
    return None
