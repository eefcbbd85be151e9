"""/why if …: what would become of a message, here and in this group's robots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.errors import UserError
from handlers.reply import Reply
from handlers.rules.carrying import HAS, USUAL
from handlers.rules.cells import Offer
from handlers.rules.foresight import Foreseen, World, foresee
from handlers.rules.methods import SAID
from handlers.rules.turning import Goal
from handlers.view import Panel, Part, Style, Words
from handlers.why import rules, words
from handlers.why.advice import Advice, advise, say_all
from handlers.why.details import SHORT
from handlers.why.requests import Suppose, write
from handlers.why.world import world
from store import paths
from store.values import Channel, Destination, Kind, Notification
from store.wording import Text, _, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What would become of a message: to whom it was looked for, and what comes.

    ``found`` are the deliveries to ``targets``, and what this group sends to others.
    """

    seen: Notification
    at: datetime
    targets: tuple[Destination, ...]
    world: World
    found: tuple[Foreseen, ...]


async def foretell(request: Suppose, context: Context) -> Foretold:
    """Return what would become of the message in *request*."""
    seen, at = request.message(context.now), request.at or context.now
    targets = targets_of(request, context)
    there = await world(context, seen, targets, at=at)
    return Foretold(
        seen=seen,
        at=at,
        targets=targets,
        world=there,
        found=tuple(
            each
            for each in foresee(seen, there, now=at)
            if each.destination in targets or _of_ours(each, request, there, context)
        ),
    )


async def suppose(request: Suppose, context: Context) -> Reply:
    """Return what would become of such a message, and what would change that."""
    told = await foretell(request, context)
    found = _asked_for(request, told)
    silent = _silent(request, told)
    bringing, near = await rules.told(told.seen, told.world, told.targets, context)
    advice, buttons = say_all(await _advice(told, found, silent, context))
    return Reply(
        title=words.TITLE,
        lines=(
            words.supposed(told.seen, request.at, context),
            *_outcomes(found, told.at, context),
            *_nothing(silent, context),
            *_impossible(silent, told),
            *(near if not bringing else ()),
            *advice,
        ),
        canonical=write(request, context),
        buttons=buttons,
        view=await _details(
            [*bringing, *(near if bringing else ())], found, told.at, context
        ),
    )


def targets_of(request: Suppose, context: Context) -> tuple[Destination, ...]:
    """Return whom it is about: one that was named, or this chat with its robots.

    Raises ``UserError`` where a channel that was asked for reaches none of them.
    """
    robots = context.names.robots_of(context.chat) if context.is_group else ()
    here = (context.home, *(Destination(Kind.ROBOT, name) for name in robots))
    targets = here if request.to is None else (request.to,)
    for channel in request.via:
        if not any(channel in HAS[each.kind] for each in targets):
            raise UserError(_reaches_none(channel))
    return targets


def _reaches_none(channel: Channel) -> Text:
    if channel is Channel.CHAT:
        return _("chat posts in a group, and nobody else. Ask in the group.")
    return _(
        "{channel} reaches people, not groups. Ask with “to me”.",
        channel=SAID[channel],
    )


def _of_ours(each: Foreseen, request: Suppose, there: World, context: Context) -> bool:
    """Whether a rule of this group sends it to somebody: that the group may know."""
    if request.to is not None or not context.is_group:
        return False
    if each.destination == context.me:
        # What comes to who asks is told where nobody else reads it.
        return False
    rule = next(rule for rule in there.rules if rule.id == each.rule)
    return rule.owner == str(context.home)


def _asked_for(request: Suppose, told: Foretold) -> list[Foreseen]:
    return [
        each for each in told.found if not request.via or each.channel in request.via
    ]


def _outcomes(found: list[Foreseen], at: datetime, context: Context) -> list[Text]:
    """Return a line for each place; the inbox only where there is nothing else."""
    beside = {each.destination for each in found if each.channel is not Channel.INBOX}
    return [
        words.foreseen(each, at, context)
        for each in found
        if each.channel is not Channel.INBOX or each.destination not in beside
    ]


#: Where nothing comes; by which channel, where one was asked for.
Silent = tuple[Destination, Channel | None]


def _silent(request: Suppose, told: Foretold) -> list[Silent]:
    """Return where nothing comes, and by which channel it was looked for."""
    there = {(each.destination, each.channel) for each in told.found}
    if not request.via:
        somewhere = {each.destination for each in told.found}
        return [(each, None) for each in told.targets if each not in somewhere]
    return [
        (each, channel)
        for each in told.targets
        for channel in Channel
        if channel in request.via
        and channel in HAS[each.kind]
        and (each, channel) not in there
    ]


def _impossible(silent: list[Silent], told: Foretold) -> Iterable[Text]:
    """Return why nothing can come there by a channel that was asked for."""
    cells = told.world.known.types.get(told.seen.type).cells
    reasons: dict[Text, None] = {}
    for whom, channel in silent:
        if channel is None or channel is Channel.INBOX:
            continue
        if cells[channel].offer is Offer.UNAVAILABLE:
            reasons[rules.not_offered(told.seen.type, channel, cells[channel])] = None
        elif (whom.kind, channel) not in told.world.known.ways:
            said = _("{channel} is not set up here", channel=SAID[channel])
            reasons[_("{said}.", said=said)] = None
    return reasons


def _nothing(silent: list[Silent], context: Context) -> list[Text]:
    if not silent:
        return []
    whom = [
        context.say(each) if channel is None else words.place(each, channel, context)
        for each, channel in silent
    ]
    return [_("Nothing brings it to {whom}.", whom=listed(whom))]


async def _advice(
    told: Foretold, found: list[Foreseen], silent: list[Silent], context: Context
) -> list[Advice]:
    """Return what would let it out where it is kept; or, where nothing comes, in."""
    kept: list[tuple[Destination, Channel]] = [
        (each.destination, each.channel)
        for each in found
        if each.channel is not Channel.INBOX
        and each.destination in told.world.obeyed
        and not each.goes_out
    ]
    if not found or any(channel for _whom, channel in silent):
        kept += [(each, channel or USUAL[each.kind]) for each, channel in silent[:1]]
    made = []
    for destination, channel in kept:
        goal = Goal(told.seen, destination, channel, told.at)
        advice = await advise(goal, told.world, context)
        if advice is not None:
            made.append(advice)
    return made


async def _details(
    lines: list[Text], found: list[Foreseen], at: datetime, context: Context
) -> tuple[Part, ...]:
    parts = [Words(line) for line in lines]
    for each in found:
        gates = each.decision.gates if each.decision else ()
        if not gates or each.channel is Channel.INBOX:
            continue
        where = words.place(each.destination, each.channel, context)
        parts.append(Words(where, Style.STRONG))
        for gate in gates:
            since = await paths.changed_at(context.tx, gate.rule)
            parts.append(Words(words.gate(gate, since, at, context)))
    if not parts:
        return ()
    return (Panel(words.DETAILS, tuple(parts), expanded=len(parts) <= SHORT),)
