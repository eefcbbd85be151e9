"""What we say about subscriptions."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.language.channels import write_channels
from handlers.language.conditions import say_filter
from handlers.rules.filters import Filter
from handlers.sub.requests import List, handle
from handlers.sub.rules import condition, shown
from store.values import Channel, Destination, Kind, Subscription

ADDED = "Subscribed"
REMOVED = "Unsubscribed"
CHANGED = "Subscription changed"
TITLE = "Subscriptions"


def added(rules: list[Subscription], context: Context) -> str:
    """``finance.refund: off → on, severity>=warning, by chat.``"""
    return f"{_named(rules)}: off → on, {how(rules[0], context)}."


def removed(patterns: Iterable[str]) -> str:
    """``finance.refund: on → off.``"""
    return f"{', '.join(dict.fromkeys(patterns))}: on → off."


def changed(was: Subscription, now: Subscription, context: Context) -> str:
    """``finance.refund: every message → severity>=warning.``"""
    parts = []
    if was.where != now.where:
        parts.append(f"{which(was)} → {which(now)}")
    if was.via != now.via:
        parts.append(f"{by(was, context)} → {by(now, context)}")
    if was.enabled != now.enabled:
        parts.append("off → on" if now.enabled else "on → off")
    if was.patterns != now.patterns:
        parts.append(f"{', '.join(was.patterns)} → {', '.join(now.patterns)}")
    said = "; ".join(parts) or "as it was"
    return f"{_named([now])}: {said}."


def from_now(to: Iterable[Destination], context: Context) -> str:
    """``For this group, from the next message on.``"""
    return f"For {whom(to, context)}, from the next message on."


def whom(to: Iterable[Destination], context: Context) -> str:
    """``everyone in this group and robot ops-room``"""
    return context.say_all(to)


def also(covered: list[tuple[Subscription, str]]) -> str:
    """``finance.* (rule 1) brings it already.``"""
    if not covered:
        return ""
    rule, wider = covered[0]
    return f"{wider} (rule {rule.name}) brings it already."


def still(covered: list[tuple[Subscription, str]]) -> str:
    """``It still comes through finance.* (rule 1).``"""
    if not covered:
        return ""
    rule, wider = covered[0]
    only = f" with {rule.where}" if rule.where else ""
    return f"It still comes through {wider}{only} (rule {rule.name})."


def exists(rule: Subscription, context: Context) -> str:
    """``finance.refund already comes here, by chat (rule 3). Nothing changed.``"""
    return (
        f"Already there: {_named([rule])}, {how(rule, context)} (rule {rule.name}). "
        "Nothing changed."
    )


def others(there: list[Subscription]) -> str:
    """``finance.voucher was there already.``"""
    if not there:
        return ""
    verb = (
        "were" if len({each for rule in there for each in rule.patterns}) > 1 else "was"
    )
    return f"{_named(there)} {verb} there already."


def nothing(pattern: str, to: Iterable[Destination], context: Context) -> str:
    """Say that no rule has *pattern*."""
    where = " and ".join(context.say(each) for each in to)
    return f"No rule sends {pattern} to {where}. /sub lists the rules."


def covered_by(pattern: str, covered: list[tuple[Subscription, str]]) -> str:
    """Say through which wider pattern it comes, and what can be done."""
    rule, wider = covered[0]
    filtered = f", {rule.where}" if rule.where else ""
    return (
        f"No rule names {pattern} itself. It comes through {wider}{filtered} "
        f"(rule {rule.name}). Remove that, or leave {pattern} out of it."
    )


def narrower(pattern: str, found: Iterable[str]) -> str:
    """Say which rules are below a pattern that no rule has."""
    return f"No rule is for {pattern} as a whole. There are: {', '.join(found)}."


def none(request: List, context: Context) -> str:
    """Say that there is no rule to show, and how one is made."""
    of = whom(request.to, context)
    if request.patterns:
        return f"No rule for {of} is about {', '.join(request.patterns)}."
    return f"Nothing comes to {of} yet. /types shows what there is, /sub add adds it."


def sentences(*said: str) -> str:
    """Return what was said as one line."""
    return " ".join(filter(None, said))


def line(rule: Subscription, context: Context, of: tuple[Destination, ...] = ()) -> str:
    """Return one rule as /sub lists it, under the name that commands take."""
    to = ", ".join(context.say(each) for each in shown(context, rule, of))
    said = f"{handle(rule.name)} · {', '.join(rule.patterns)} → {to}"
    state = "" if rule.enabled else " · off"
    return f"{said} · {how(rule, context)}{state}{author(rule, context)}"


def author(rule: Subscription, context: Context) -> str:
    """Return whose rule it is, where it is not this chat's own."""
    if not rule.from_yaml:
        return ""
    if rule.changed_by is None:
        return " · yaml"
    return f" · yaml, changed by {context.say_person(rule.changed_by)}"


def how(rule: Subscription, context: Context) -> str:
    """``severity>=warning, by chat``"""
    return f"{which(rule)}, {by(rule, context)}"


def which(rule: Subscription) -> str:
    """Return the filter of a rule in words."""
    found: Filter | None = condition(rule)
    if found is None:
        return f"{rule.where} (which cannot be read)"
    return say_filter(found) or "every message"


def by(rule: Subscription, context: Context) -> str:
    """``by chat``, ``inbox only``"""
    channels = channels_of(rule, context) - {Channel.INBOX}
    return f"by {write_channels(channels)}" if channels else "inbox only"


def channels_of(rule: Subscription, context: Context) -> frozenset[Channel]:
    """Return the channels of a rule, with the usual ones where it names none."""
    if rule.via is not None:
        return frozenset(rule.via)
    posted = {Kind.CHAT, Kind.ROBOT}
    usual = {Channel.CHAT if each.kind in posted else Channel.DM for each in rule.to}
    return frozenset(usual) & context.channels


def _named(rules: list[Subscription]) -> str:
    return ", ".join(dict.fromkeys(each for rule in rules for each in rule.patterns))
