"""/sub switch: cells of the matrix, one or many, as one change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers import confirming
from handlers.changes import Changes, release
from handlers.context import Context
from handlers.dnd import turning
from handlers.errors import Misunderstood, UserError
from handlers.offers import in_order
from handlers.recipients.limits import BROAD
from handlers.reply import Reply
from handlers.rules.carrying import HAS, USUAL, channels
from handlers.rules.types import MessageType
from handlers.sub.changing import isolate
from handlers.sub.matrix import answers, words
from handlers.sub.matrix.board import Board, board
from handlers.sub.matrix.people import change_people, check_people
from handlers.sub.matrix.requests import Switch, write_switch
from handlers.sub.matrix.steps import NOBODY, Plan, Step, plan
from store.values import Channel, Destination, Severity, Subscription
from store.wording import Text, _, sentences


async def switch(request: Switch, context: Context) -> Reply:
    """Switch what *request* names, or ask first where that is broad."""
    there = await board(context)
    planned = plan(request, there, context.types)
    await check(request, planned, context)
    if _is_broad(request, planned) and not context.confirmed:
        asked = answers.would_switch(request, planned.steps, context)
        return await confirming.ask(context, write_switch(request, context), asked)
    changes = Changes(context)
    people = await change_people(request, changes)
    if people.changed:
        there = await board(context)
        planned = plan(request, there, context.types)
    silenced = await _silence(request, changes)
    if not planned.steps and not people.changed and not silenced:
        return _nothing(planned, request, context)
    for step in planned.steps:
        await _carry_out(step, changes)
    after = await board(context)
    rows = [after.row(step.row.type) for step in planned.steps]
    done, then = answers.switched(planned.steps, rows, context)
    reply = await changes.reply(
        write_switch(request, context),
        sentences(*people.lines, done, *silenced),
        then,
        sentences(answers.left(planned.left), *people.unreached),
        title=words.SWITCHED,
    )
    return replace(reply, notes=people.notes, tasks=people.tasks)


async def check(request: Switch, planned: Plan, context: Context) -> None:
    """Raise a ``UserError`` where the asker may not, or nothing can be done."""
    for step in planned.steps:
        for each in step.whom:
            context.require_editor(each)
    await check_people(request, context)
    # Of many types some are left as they are; what is asked of one is done, or not.
    for reason in planned.left if len(request.patterns) == 1 else ():
        if reason != NOBODY or not request.add:
            raise _refusal(reason, request, context)


async def _silence(request: Switch, changes: Changes) -> tuple[Text, ...]:
    """Turn do-not-disturb for the types, if that is asked for; say what changed."""
    if request.dnd is None:
        return ()
    context = changes.context
    context.require_editor(context.home)
    turn = turning.turn_on if request.dnd else turning.turn_off
    turns = await turn(request.patterns, context.home, changes)
    await release(context, [was for was, _now in turns if was is not None])
    said = turning.said(turns)
    return (_("{channel}: {reason}", channel=words.DND, reason=said),) if turns else ()


def _is_broad(request: Switch, planned: Plan) -> bool:
    """Whether it asks first: much at once, or criticals that come no more."""
    people = len(request.add + request.remove) * len(request.patterns)
    if people + sum(len(step.whom) for step in planned.steps) > BROAD:
        return True
    return any(
        not step.on and step.row.type.severity is Severity.CRITICAL
        for step in planned.steps
    )


async def _carry_out(step: Step, changes: Changes) -> None:
    kind = step.row.type
    there = await board(changes.context)
    rules = [each for each in there.rules if each.enabled and kind.id in each.patterns]
    if step.on:
        await _turn_on(step, kind, rules, there, changes)
        return
    for rule in rules:
        whom = {
            each
            for each in step.whom
            if each in rule.to and step.channel in channels(rule, each, kind)
        }
        if whom:
            via = _asked(rule, whom) - {step.channel}
            await _give(changes, rule, kind, whom, via)


async def _turn_on(
    step: Step,
    kind: MessageType,
    rules: Iterable[Subscription],
    there: Board,
    changes: Changes,
) -> None:
    """Add the channel to a rule of the type that has no filter, or make one."""
    left = set(step.whom)
    for rule in rules:
        whom = {each for each in left if each in rule.to and not rule.where}
        whom = {each for each in whom if _may_change(rule, there)}
        if whom:
            left -= whom
            await _give(changes, rule, kind, whom, _asked(rule, whom) | {step.channel})
    if not left:
        return
    context = changes.context
    to = tuple(each for each in step.whom if each in left)
    wanted = Subscription(
        id=0,
        name="",
        owner=str(context.home),
        patterns=(kind.id,),
        to=to,
        via=_kept({step.channel}, to),
        created_by=context.asker,
        created_at=context.now,
    )
    was = next((each for each in there.rules if _says(each, wanted)), None)
    await (changes.make(wanted) if was is None else changes.reset(was))


def _may_change(rule: Subscription, there: Board) -> bool:
    """A group changes its own rules and the YAML's; a person what names her."""
    return (
        not there.place.is_group
        or rule.from_yaml
        or rule.owner == str(there.place.home)
    )


def _says(rule: Subscription, wanted: Subscription) -> bool:
    """Whether *rule* is one of the YAML that was turned off, and says the same."""
    return (
        rule.from_yaml
        and not rule.enabled
        and rule.patterns == wanted.patterns
        and rule.to == wanted.to
        and rule.where == wanted.where
        and rule.via == wanted.via
    )


async def _give(
    changes: Changes,
    rule: Subscription,
    kind: MessageType,
    whom: Iterable[Destination],
    via: Iterable[Channel],
) -> None:
    """Let *rule* bring the type to *whom* over exactly *via*; the rest stays."""
    to = tuple(each for each in rule.to if each in set(whom))
    wanted = replace(rule, via=_kept(via, to))
    await isolate(changes, rule, wanted, (kind.id,), to)


def _asked(rule: Subscription, whom: Iterable[Destination]) -> set[Channel]:
    """Return what *rule* asks for on behalf of *whom*, the usual channel named."""
    if rule.via is not None:
        return set(rule.via)
    return {USUAL[each.kind] for each in whom}


def _kept(
    via: Iterable[Channel], whom: Iterable[Destination]
) -> tuple[Channel, ...] | None:
    """Return channels as a rule keeps them: none where they are the usual one."""
    whom = tuple(whom)
    has = frozenset().union(*(HAS[each.kind] for each in whom))
    named = frozenset(via) & has - {Channel.INBOX}
    if named == {USUAL[each.kind] for each in whom}:
        return None
    return in_order(named or frozenset({Channel.INBOX}))


def _refusal(reason: Text, request: Switch, context: Context) -> UserError:
    kind = request.patterns[0]
    if reason == NOBODY:
        with_me = replace(request, add=(context.me,))
        return Misunderstood(
            _("Nobody is a recipient of {type} here yet. Say whom to add.", type=kind),
            choices=(write_switch(with_me, context),),
        )
    return UserError(_("{type}: {reason}.", type=kind, reason=reason))


def _nothing(planned: Plan, request: Switch, context: Context) -> Reply:
    return Reply(
        lines=(
            _("It is so already. Nothing changed."),
            *filter(None, [answers.left(planned.left)]),
        ),
        canonical=write_switch(request, context),
    )
