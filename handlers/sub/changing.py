"""/sub remove and /sub set: rules are changed where they name what was asked for."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Misunderstood, UserError
from handlers.offers import check_channels, in_order
from handlers.reply import Reply
from handlers.rules.filters import Filter, FilterError, parse
from handlers.sub import words
from handlers.sub.requests import Remove, Set, write
from handlers.subscribed import (
    called,
    condition,
    covering,
    covers,
    naming,
    shown,
    visible,
    without,
)
from store.values import Destination, Subscription
from store.wording import _, clauses, sentences


async def remove(request: Remove, context: Context) -> Reply:
    """Take out exactly what *request* names, or say what brings it instead."""
    _require_editor(request.to, context)
    rules = await visible(context, request.to)
    changes = Changes(context)
    gone, to = request.patterns, request.to
    if request.name:
        rule = one_called(rules, request.name)
        gone, to = rule.patterns, shown(context, rule, request.to)
        _require_editor(to, context)
        await _take_out(changes, rule, set(gone), set(to))
    for pattern in request.patterns:
        for destination in to:
            await _remove_one(changes, request, pattern, destination)
    rules = await visible(context, request.to)
    covered = covering(rules, gone[0], to[0])
    return await changes.reply(
        write(request, context),
        words.removed(gone),
        sentences(words.from_now(to, context), words.still(covered)),
        title=words.REMOVED,
    )


async def set_rule(request: Set, context: Context) -> Reply:
    """Give one rule a filter or channels."""
    _require_editor(request.to, context)
    rules = await visible(context, request.to)
    if request.name:
        rule = one_called(rules, request.name)
        patterns, to = rule.patterns, shown(context, rule, request.to)
        _require_editor(to, context)
    else:
        rule = _only(rules, request, context)
        patterns, to = (request.pattern,), request.to
    check_channels(request.via, patterns, to, context)
    wanted = _as_set(rule, request)
    if wanted == rule:
        return Reply(lines=(words.exists(rule, context),))
    changes = Changes(context)
    wanted = await isolate(changes, rule, wanted, patterns, to)
    return await changes.reply(
        write(request, context),
        words.changed(rule, wanted, context),
        sentences(words.from_now(to, context), words.buzzed(request.via, context)),
        title=words.CHANGED,
    )


async def isolate(
    changes: Changes,
    rule: Subscription,
    wanted: Subscription,
    patterns: tuple[str, ...],
    to: tuple[Destination, ...],
) -> Subscription:
    """Make *rule* what *wanted* says, for these types and destinations alone.

    What else the rule brings, and to whom else, stays as it is.
    """
    left = without(rule, set(patterns), set(to))
    if not left:
        await changes.change(rule, wanted)
        return wanted
    await _leave(changes, rule, left)
    own = _own(wanted, changes.context)
    return await changes.make(replace(own, patterns=patterns, to=to))


def one_called(rules: list[Subscription], name: str) -> Subscription:
    """Return the rule called *name*, or raise a ``UserError``."""
    found = called(rules, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            _("Several rules are called {name}. Name the type instead.", name=name)
        )
    raise UserError(_("There is no rule {name} here. /sub list shows them.", name=name))


def _as_set(rule: Subscription, request: Set) -> Subscription:
    via = rule.via
    if request.default:
        via = None
    elif request.via is not None:
        via = in_order(request.via)
    where = rule.where if request.where is None else str(request.where)
    return replace(rule, where=where, via=via, enabled=True)


async def _remove_one(
    changes: Changes, request: Remove, pattern: str, destination: Destination
) -> None:
    context = changes.context
    rules = await visible(context, request.to)
    named = naming(rules, pattern, destination)
    found = [rule for rule in named if _filtered(rule, request.where)]
    if not found:
        raise _not_named(rules, request, pattern, destination, context)
    for rule in found:
        await _take_out(changes, rule, {pattern}, {destination})


async def _take_out(
    changes: Changes,
    rule: Subscription,
    patterns: set[str],
    destinations: set[Destination],
) -> None:
    left = without(rule, patterns, destinations)
    if left:
        await _leave(changes, rule, left)
    else:
        await changes.drop(rule)


async def _leave(
    changes: Changes, rule: Subscription, left: tuple[Subscription, ...]
) -> None:
    await changes.change(rule, left[0])
    for another in left[1:]:
        await changes.make(_own(another, changes.context))


def _own(rule: Subscription, context: Context) -> Subscription:
    """Return a part of *rule* as a rule of this chat."""
    return replace(
        rule,
        id=0,
        name="",
        owner=str(context.home),
        created_by=context.asker,
        created_at=context.now,
        changed_by=None,
        enabled=True,
    )


def _only(rules: list[Subscription], request: Set, context: Context) -> Subscription:
    found = [
        rule
        for destination in request.to
        for rule in naming(rules, request.pattern, destination)
    ]
    found = list({rule.id: rule for rule in found}.values())
    if len(found) == 1:
        return found[0]
    if found:
        named = [
            write(replace(request, pattern="", name=each.name), context)
            for each in found[:3]
        ]
        some = clauses(*(words.line(each, context) for each in found[:3]))
        raise Misunderstood(
            _("Which of these? {rules}", rules=some), choices=tuple(named)
        )
    wanted = Remove(patterns=(request.pattern,), to=request.to)
    raise _not_named(rules, wanted, request.pattern, request.to[0], context)


def _not_named(
    rules: list[Subscription],
    request: Remove,
    pattern: str,
    destination: Destination,
    context: Context,
) -> UserError:
    """Say what brings *pattern* instead of a rule of its own, and how to stop it."""
    covered = covering(rules, pattern, destination)
    if covered:
        rule, wider = covered[0]
        instead = replace(request, patterns=(wider,), where=None)
        lines = [write(instead, context)]
        if (where := leaving_out(pattern, rule)) is not None:
            narrowed = Set(name=rule.name, where=where, to=request.to)
            lines.append(write(narrowed, context))
        return UserError(words.covered_by(pattern, covered), choices=tuple(lines))
    below = [
        each
        for rule in rules
        if rule.enabled and destination in rule.to
        for each in rule.patterns
        if each != pattern and covers(pattern, each)
    ]
    if below:
        every = tuple(dict.fromkeys(below))
        line = write(replace(request, patterns=every), context)
        return UserError(words.narrower(pattern, every), choices=(line,))
    return UserError(words.nothing(pattern, request.to, context))


def leaving_out(pattern: str, rule: Subscription) -> Filter | None:
    """Return the filter of *rule* without the messages that *pattern* names."""
    excluded = f"-type={pattern}"
    try:
        return parse(f"({rule.where}) {excluded}" if rule.where else excluded)
    except FilterError:
        return None


def _filtered(rule: Subscription, where: Filter | None) -> bool:
    return where is None or condition(rule) == where


def _require_editor(to: tuple[Destination, ...], context: Context) -> None:
    for destination in to:
        context.require_editor(destination)
