"""Which rules a chat has, which of them bring a type, and what is left of one."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.rules.filters import Filter, FilterError, parse
from handlers.rules.patterns import matches
from store import subscriptions
from store.values import Destination, Kind, Subscription


async def visible(
    context: Context, of: tuple[Destination, ...] = ()
) -> list[Subscription]:
    """Return the rules that may be seen here, oldest first, those turned off too.

    They are what this chat made, and what names this chat, its robots, or, in a direct
    chat, the asker. *of* narrows it to the rules that name one of those. What another
    group made for the asker is told in a direct chat alone.
    """
    found: dict[int, Subscription] = {}
    for rule in await subscriptions.owned_by(context.tx, str(context.home)):
        found[rule.id] = rule
    for destination in _own(context, of):
        for rule in await subscriptions.sent_to(context.tx, destination):
            found[rule.id] = rule
    rules = [found[each] for each in sorted(found) if _ours(found[each], context)]
    if not of or of == (context.home,):
        return rules
    return [rule for rule in rules if set(rule.to) & set(of)]


def _ours(rule: Subscription, context: Context) -> bool:
    made_by_a_group = rule.owner.startswith(f"{Kind.CHAT}:")
    elsewhere = made_by_a_group and rule.owner != str(context.home)
    return not (context.is_group and elsewhere)


def shown(
    context: Context, rule: Subscription, of: tuple[Destination, ...] = ()
) -> tuple[Destination, ...]:
    """Return the destinations of *rule* that concern this chat.

    The asker is among them in a group when *of* asks for her.
    """
    if rule.owner == str(context.home):
        return rule.to
    return tuple(
        each
        for each in rule.to
        if context.reaches(each) or (each == context.me and each in of)
    )


def called(rules: list[Subscription], name: str) -> list[Subscription]:
    """Return the rules with that name; numbers are the names that chat gives."""
    return [rule for rule in rules if rule.name.casefold() == name.casefold()]


def naming(
    rules: list[Subscription], pattern: str, destination: Destination
) -> list[Subscription]:
    """Return the rules in force that send exactly *pattern* to *destination*."""
    return [
        rule
        for rule in rules
        if rule.enabled and pattern in rule.patterns and destination in rule.to
    ]


def covering(
    rules: list[Subscription], pattern: str, destination: Destination
) -> list[tuple[Subscription, str]]:
    """Return the rules in force whose wider pattern brings *pattern*, with that one."""
    return [
        (rule, wider)
        for rule in rules
        if rule.enabled and destination in rule.to
        for wider in rule.patterns
        if wider != pattern and covers(wider, pattern)
    ]


def covers(wider: str, pattern: str) -> bool:
    """Whether all that *pattern* names is named by *wider*: ``finance.*``, ``*``."""
    return wider == "*" or (pattern != "*" and matches(wider, pattern))


def condition(rule: Subscription) -> Filter | None:
    """Return the filter of *rule*, or ``None`` when it cannot be read any more."""
    try:
        return parse(rule.where)
    except FilterError:
        return None


def without(
    rule: Subscription, patterns: set[str], destinations: set[Destination]
) -> tuple[Subscription, ...]:
    """Return what is left of *rule* when *patterns* go to *destinations* no more.

    The first keeps the number of the rule; a second is new, because the others that the
    rule names keep everything.
    """
    others = tuple(each for each in rule.to if each not in destinations)
    rest = tuple(each for each in rule.patterns if each not in patterns)
    if not others:
        return (replace(rule, patterns=rest),) if rest else ()
    first = replace(rule, to=others)
    if not rest:
        return (first,)
    mine = tuple(each for each in rule.to if each in destinations)
    return (first, replace(rule, id=0, name="", patterns=rest, to=mine))


def _own(context: Context, of: tuple[Destination, ...]) -> tuple[Destination, ...]:
    robots = context.names.robots_of(context.chat) if context.is_group else ()
    own = (context.home, *(Destination(Kind.ROBOT, name) for name in robots))
    asked = (each for each in of if context.reaches(each) or each == context.me)
    return (*own, *asked)
