"""/recipients list and show: who gets what, and how they are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from handlers.changes import Changes
from handlers.context import Context, Role
from handlers.errors import Forbidden, UserError
from handlers.people.states import PERSONAL, known, members, say_state
from handlers.people.telling import say_place
from handlers.recipients import words
from handlers.recipients.kept import Recipients
from handlers.recipients.requests import List, Show, Stop, write
from handlers.reply import Button, Reply
from handlers.rules.carrying import chosen
from handlers.rules.methods import SAID
from handlers.rules.reach import reach
from handlers.view import Choice, Menu
from store import people, subscriptions
from store.people import Addressee
from store.values import Destination, Kind, Subscription
from store.wording import Text, _, commas, dotted

#: How many lines one answer has.
PAGE = 20

T = TypeVar("T")

Groups = Mapping[str, tuple[Destination, ...]]


async def list_all(request: List, context: Context) -> Reply:
    """Show the recipients of this chat's types, each with how they are reached."""
    recipients = await Recipients.of(Changes(context), context.home)
    found = list(recipients.all(request.patterns))
    if not found:
        return Reply(
            title=words.TITLE,
            lines=(words.none(request.patterns, context),),
            canonical=write(request, context),
        )
    page = _page(found, request.page)
    who = await known(context, [each.destination for each in page])
    groups = await members(context)
    return Reply(
        title=words.TITLE,
        lines=tuple(
            dotted(
                each.pattern,
                context.say(each.destination),
                say_state(each.destination, each.via, who, groups, context),
                each.where,
            )
            for each in page
        ),
        canonical=write(request, context),
        buttons=_more(found, request, context),
    )


async def show(request: Show, context: Context) -> Reply:
    """Show everything that one person gets: to them, and to who may change it."""
    whom = request.whom
    _check_sight(whom, context)
    if whom.kind is Kind.PERSON and not context.is_group:
        # A name of the YAML may have an account, and rules go by that.
        person = await people.addressee(context.tx, whom.name)
        whom = Destination(Kind.PERSON, person.open_id or whom.name)
    groups = await members(context)
    rules = await _rules(whom, groups, context)
    who = await known(context, [whom])
    page = _page(rules, request.page) if rules else ()
    lines = [await _line(rule, whom, groups, context) for rule in page]
    if not rules:
        lines = [_("No rule names {whom} yet.", whom=context.say(whom))]
    if whom.kind is Kind.PERSON:
        lines.insert(0, _reached(who[whom.name], context))
    return Reply(
        title=_title(whom, context),
        lines=tuple(lines),
        canonical=write(request, context),
        buttons=_more(rules, request, context),
        view=await _stops(page, context) if whom == context.me else (),
    )


def _title(whom: Destination, context: Context) -> Text:
    if whom == context.me:
        return _("What you get")
    return _("What {whom} gets", whom=context.say(whom))


def _check_sight(whom: Destination, context: Context) -> None:
    """Raise ``Forbidden`` unless the asker may see what *whom* gets."""
    editor = context.is_group and Role.EDITOR in context.roles
    if whom == context.me or context.is_admin or editor:
        return
    raise Forbidden(
        _(
            "What somebody else gets is shown to editors of a group, for that group, "
            "and to admins. “/recipients show me” shows what you get."
        )
    )


async def _rules(
    whom: Destination, groups: Groups, context: Context
) -> list[Subscription]:
    """Return the rules that bring *whom* something: in a group, that group's alone."""
    named = [whom]
    named += [
        Destination(Kind.GROUP, name) for name, each in groups.items() if whom in each
    ]
    found: dict[int, Subscription] = {}
    for destination in named:
        for rule in await subscriptions.sent_to(context.tx, destination):
            here = not context.is_group or rule.owner == str(context.home)
            if rule.enabled and here:
                found[rule.id] = rule
    return [found[number] for number in sorted(found)]


async def _line(
    rule: Subscription, whom: Destination, groups: Groups, context: Context
) -> Text:
    named = next(
        each for each in rule.to if each == whom or whom in groups.get(each.name, ())
    )
    return dotted(
        commas(rule.patterns),
        words.by(chosen(rule, named)),
        rule.where,
        _("as one of {people}", people=named.name) if named != whom else "",
        await _whose(rule, context),
    )


async def _whose(rule: Subscription, context: Context) -> Text | str:
    """Return where the rule comes from, where that is not here."""
    if rule.owner == str(context.home):
        return ""
    if rule.from_yaml:
        return _("yaml")
    return _("from {place}", place=await say_place(context, _owner(rule)))


def _owner(rule: Subscription) -> Destination:
    return Destination.parse(rule.owner)


def _reached(who: Addressee, context: Context) -> Text:
    """Return over what somebody is reached, and why not over the rest."""
    said: list[str] = []
    for channel in PERSONAL:
        if channel not in context.channels:
            continue
        found = reach(who, channel, by_contact=context.by_contact)
        facts = {"channel": SAID[channel], "address": found.shown}
        if found and found.shown:
            said.append(_("{channel} {address} verified", **facts))
        elif found:
            said.append(_("{channel} verified", **facts))
        else:
            said.append(
                _(
                    "{channel} not ({reason})",
                    channel=SAID[channel],
                    reason=found.reason,
                )
            )
    return _("Reached by: {channels}.", channels=commas(said))


async def _stops(rules: Sequence[Subscription], context: Context) -> tuple[Menu, ...]:
    """Offer to end what other chats send: what is hers alone, /sub remove ends."""
    choices = []
    for rule in rules:
        if rule.from_yaml or context.me not in rule.to:
            continue
        line = write(Stop(owner=_owner(rule), patterns=rule.patterns), context)
        place = await say_place(context, _owner(rule))
        if rule.owner == str(context.me):
            place = _("you")
        label = _("{types}, from {place}", types=commas(rule.patterns), place=place)
        choices.append(Choice(label, line))
    if not choices:
        return ()
    return (Menu(label=_("Stop…"), choices=tuple(choices), only=context.asker),)


def _page(found: Sequence[T], number: int) -> Sequence[T]:
    page = found[PAGE * (number - 1) : PAGE * number]
    if not page:
        raise UserError(_("The last page is {page}.", page=-(-len(found) // PAGE)))
    return page


def _more(
    found: Sequence[object], request: List | Show, context: Context
) -> tuple[Button, ...]:
    if len(found) <= PAGE * request.page:
        return ()
    following = replace(request, page=request.page + 1)
    return (Button(_("More"), write(following, context)),)
