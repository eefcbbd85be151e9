"""Which rules bring a message, and which nearly do; as far as this chat may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.context import Context
from handlers.rules.carrying import HAS, USUAL
from handlers.rules.cells import Cell, Offer
from handlers.rules.foresight import World
from handlers.rules.methods import SAID
from handlers.rules.patterns import matches
from handlers.rules.planning import brings, failing
from handlers.why.words import by
from store import paths
from store.values import Channel, Destination, Kind, Notification, Subscription
from store.wording import Text, _, _n, commas

#: So many rules are told of that bring it, and that do not.
BRINGING, NEAR = 10, 5


async def told(
    seen: Notification,
    world: World,
    targets: Iterable[Destination],
    context: Context,
) -> tuple[list[Text], list[Text]]:
    """Return a line for each rule that brings *seen* to *targets*, and nearly does."""
    whom = frozenset(targets)
    rules = [each for each in world.rules if _concerns(each, whom, world)]
    named = [each for each in world.naming(seen) if each in rules]
    bringing = [each for each in named if brings(each, seen)]
    first = bringing[:BRINGING]
    lines = [await _signed(_brings(each, context), each, context) for each in first]
    if more := len(bringing) - len(first):
        lines.append(_n("… and {count} rule more.", "… and {count} rules more.", more))
    refused = (line for each in bringing for line in _refused(each, whom, seen, world))
    lines += dict.fromkeys(refused)
    near = []
    for rule in rules:
        words = None if rule in bringing else _nearly(rule, seen, context)
        if words is not None and (rule in named or not bringing):
            near.append(await _signed(words, rule, context))
    return lines, near[:NEAR]


def may_see(rule: Subscription, context: Context) -> bool:
    """Whether this chat may know what *rule* says.

    In a group, another's rules are not told, though they bring something to who asks.
    """
    if not context.is_group or rule.from_yaml:
        return True
    return rule.owner in (str(context.home), str(context.me))


def _concerns(
    rule: Subscription, targets: frozenset[Destination], world: World
) -> bool:
    groups = world.known.groups
    return any(
        each in targets
        or (each.kind is Kind.GROUP and targets & set(groups.get(each.name, ())))
        for each in rule.to
    )


def _brings(rule: Subscription, context: Context) -> Text:
    if not may_see(rule, context):
        return _("A rule made elsewhere brings it")
    return _(
        "Rule {rule} brings it: {what}",
        rule=_called(rule, context),
        what=_what(rule),
    )


def _nearly(rule: Subscription, seen: Notification, context: Context) -> Text | None:
    """Return why *rule* does not bring *seen*, where it is about such messages."""
    if not may_see(rule, context):
        return None
    name = _called(rule, context)
    if not any(matches(each, seen.type) for each in rule.patterns):
        category = seen.type.partition(".")[0]
        if not any(each.startswith(f"{category}.") for each in rule.patterns):
            return None
        return _(
            "Rule {rule} is for {what} alone", rule=name, what=commas(rule.patterns)
        )
    if not rule.enabled:
        return _("Rule {rule} is off: {what}", rule=name, what=_what(rule))
    failed = failing(rule, seen)
    if failed is None:
        return None
    return _("Rule {rule} asks for {condition}", rule=name, condition=failed)


def _refused(
    rule: Subscription,
    targets: frozenset[Destination],
    seen: Notification,
    world: World,
) -> Iterator[Text]:
    """Yield why the type does not go by a channel that *rule* asks for."""
    cells = world.known.types.get(seen.type).cells
    for whom in rule.to:
        asked = (USUAL[whom.kind],) if rule.via is None else rule.via
        for channel in asked:
            cell = cells[channel]
            if channel in HAS[whom.kind] and cell.offer is Offer.UNAVAILABLE:
                yield not_offered(seen.type, channel, cell)


def not_offered(type_id: str, channel: Channel, cell: Cell) -> Text:
    """Say why a type does not go over a channel."""
    return _(
        "{type} does not go by {channel}: {reason}.",
        type=type_id,
        channel=SAID[channel],
        reason=cell.reason,
    )


def _called(rule: Subscription, context: Context) -> str:
    """Return the name of *rule*; numbers are given again in each chat."""
    kind, _colon, name = rule.owner.partition(":")
    if rule.from_yaml or rule.owner == str(context.home) or kind != Kind.CHAT:
        return rule.name
    place = context.say(Destination(Kind.CHAT, name))
    return _("{rule} of {place}", rule=rule.name, place=place)


def _what(rule: Subscription) -> str:
    return " ".join(filter(None, (", ".join(rule.patterns), rule.where)))


async def _signed(words: Text, rule: Subscription, context: Context) -> Text:
    """Return *words* with who set the rule, and when."""
    if not may_see(rule, context):
        return _("{said}.", said=words)
    changed = await paths.changed_at(context.tx, f"subscription:{rule.id}")
    return by(words, rule.changed_by or rule.created_by, changed, context)
