"""What we say about subscriptions."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.language.conditions import say_filter
from handlers.rules.filters import Filter
from handlers.rules.methods import say_channels
from handlers.sub.requests import List, handle
from handlers.subscribed import condition, shown
from store.values import Channel, Destination, Kind, Subscription
from store.wording import Text, _, _n, clauses, commas, dotted, listed

ADDED = _("Subscribed")
REMOVED = _("Unsubscribed")
CHANGED = _("Subscription changed")
TITLE = _("Subscriptions")


def added(rules: list[Subscription], context: Context) -> str:
    """``finance.refund: off → on, severity>=warning, by chat.``"""
    return _(
        "{types}: off → on, {how}.", types=_named(rules), how=how(rules[0], context)
    )


def removed(patterns: Iterable[str]) -> str:
    """``finance.refund: on → off.``"""
    return _("{types}: on → off.", types=commas([*dict.fromkeys(patterns)]))


def changed(was: Subscription, now: Subscription, context: Context) -> str:
    """``finance.refund: every message → severity>=warning.``"""
    parts = []
    if was.where != now.where:
        parts.append(_step(which(was), which(now)))
    if was.via != now.via:
        parts.append(_step(by(was, context), by(now, context)))
    if was.enabled != now.enabled:
        parts.append(_("off → on") if now.enabled else _("on → off"))
    if was.patterns != now.patterns:
        parts.append(_step(commas(was.patterns), commas(now.patterns)))
    said = clauses(*parts) or _("as it was")
    return _("{types}: {changes}.", types=_named([now]), changes=said)


def _step(was: str, now: str) -> Text:
    return _("{was} → {now}", was=was, now=now)


def from_now(to: Iterable[Destination], context: Context) -> str:
    """``For this group, from the next message on.``"""
    return _("For {whom}, from the next message on.", whom=whom(to, context))


def buzzed(via: Iterable[Channel] | None, context: Context) -> str:
    """``SMS here is a buzz in Lark's app, and nothing else.``"""
    found = [each for each in via or () if each in context.buzzed]
    if not found:
        return ""
    return _(
        "{channel} here is a buzz in Lark's app, and nothing else.",
        channel=say_channels(found),
    )


def whom(to: Iterable[Destination], context: Context) -> str:
    """``everyone in this group and robot ops-room``"""
    return context.say_all(to)


def also(covered: list[tuple[Subscription, str]]) -> str:
    """``finance.* (rule 1) brings it already.``"""
    if not covered:
        return ""
    rule, wider = covered[0]
    return _("{wider} (rule {rule}) brings it already.", wider=wider, rule=rule.name)


def still(covered: list[tuple[Subscription, str]]) -> str:
    """``It still comes through finance.* (rule 1).``"""
    if not covered:
        return ""
    rule, wider = covered[0]
    if not rule.where:
        return _(
            "It still comes through {wider} (rule {rule}).", wider=wider, rule=rule.name
        )
    return _(
        "It still comes through {wider} with {where} (rule {rule}).",
        wider=wider,
        where=rule.where,
        rule=rule.name,
    )


def exists(rule: Subscription, context: Context) -> str:
    """``finance.refund already comes here, by chat (rule 3). Nothing changed.``"""
    return _(
        "Already there: {types}, {how} (rule {rule}). Nothing changed.",
        types=_named([rule]),
        how=how(rule, context),
        rule=rule.name,
    )


def others(there: list[Subscription]) -> str:
    """``finance.voucher was there already.``"""
    if not there:
        return ""
    count = len({each for rule in there for each in rule.patterns})
    return _n(
        "{types} was there already.",
        "{types} were there already.",
        count,
        types=_named(there),
    )


def nothing(pattern: str, to: Iterable[Destination], context: Context) -> str:
    """Say that no rule has *pattern*."""
    return _(
        "No rule sends {type} to {whom}. /sub list shows the rules.",
        type=pattern,
        whom=listed([context.say(each) for each in to]),
    )


def covered_by(pattern: str, covered: list[tuple[Subscription, str]]) -> str:
    """Say through which wider pattern it comes, and what can be done."""
    rule, wider = covered[0]
    facts = {"type": pattern, "wider": wider, "rule": rule.name}
    if not rule.where:
        return _(
            "No rule names {type} itself. It comes through {wider} (rule {rule}). "
            "Remove that, or leave {type} out of it.",
            **facts,
        )
    return _(
        "No rule names {type} itself. It comes through {wider}, {where} (rule {rule}). "
        "Remove that, or leave {type} out of it.",
        where=rule.where,
        **facts,
    )


def narrower(pattern: str, found: Iterable[str]) -> str:
    """Say which rules are below a pattern that no rule has."""
    return _(
        "No rule is for {type} as a whole. There are: {found}.",
        type=pattern,
        found=tuple(found),
    )


def none(request: List, context: Context) -> str:
    """Say that there is no rule to show, and how one is made."""
    of = whom(request.to, context)
    if request.patterns:
        return _(
            "No rule for {whom} is about {types}.", whom=of, types=request.patterns
        )
    return _(
        "Nothing comes to {whom} yet. /types shows what there is, /sub add adds it.",
        whom=of,
    )


def line(rule: Subscription, context: Context, of: tuple[Destination, ...] = ()) -> str:
    """Return one rule as /sub list shows it, under the name that commands take."""
    to = commas([context.say(each) for each in shown(context, rule, of)])
    return dotted(
        handle(rule.name),
        _("{types} → {whom}", types=rule.patterns, whom=to),
        how(rule, context),
        "" if rule.enabled else _("off"),
        author(rule, context),
    )


def author(rule: Subscription, context: Context) -> str:
    """Return whose rule it is, where it is not this chat's own."""
    if not rule.from_yaml:
        return ""
    if rule.changed_by is None:
        return _("yaml")
    return _("yaml, changed by {who}", who=context.say_person(rule.changed_by))


def how(rule: Subscription, context: Context) -> str:
    """``severity>=warning, by chat``"""
    return _("{which}, {by}", which=which(rule), by=by(rule, context))


def which(rule: Subscription) -> str:
    """Return the filter of a rule in words."""
    found: Filter | None = condition(rule)
    if found is None:
        return _("{where} (which cannot be read)", where=rule.where)
    return say_filter(found) or _("every message")


def by(rule: Subscription, context: Context) -> str:
    """``by chat``, ``inbox only``"""
    channels = channels_of(rule, context) - {Channel.INBOX}
    if not channels:
        return _("inbox only")
    return _("by {channels}", channels=say_channels(channels))


def channels_of(rule: Subscription, context: Context) -> frozenset[Channel]:
    """Return the channels of a rule, with the usual ones where it names none."""
    if rule.via is not None:
        return frozenset(rule.via)
    posted = {Kind.CHAT, Kind.ROBOT}
    usual = {Channel.CHAT if each.kind in posted else Channel.DM for each in rule.to}
    return frozenset(usual) & context.channels


def _named(rules: list[Subscription]) -> Text:
    return commas([*dict.fromkeys(each for rule in rules for each in rule.patterns)])
