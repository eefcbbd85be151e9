"""/recipients add and set: who gets a type from now on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers import confirming
from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.offers import check_channels
from handlers.people.states import everybody, known, members, nowhere
from handlers.people.telling import notes
from handlers.people.words import Given, not_reached
from handlers.proving import CARRIES
from handlers.recipients import words
from handlers.recipients.codes import codes_for
from handlers.recipients.kept import Recipients
from handlers.recipients.limits import BROAD, check_count
from handlers.recipients.profiles import ask_numbers
from handlers.recipients.requests import Add, Set, write
from handlers.reply import Note, Reply, Task
from handlers.rules.carrying import HAS
from store import people
from store.people import Addressee
from store.values import Channel, Destination, Kind


async def add(request: Add, context: Context) -> Reply:
    """Let the people of *request* get its types too. All of them are known by now."""
    check(request, context)
    groups = await members(context)
    recipients = await Recipients.of(Changes(context), context.home)
    for pattern in request.patterns:
        there = [each.destination for each in recipients.of_type(pattern)]
        check_count(pattern, (*there, *request.whom), groups)
    count = sum(len(everybody(each, groups)) for each in request.whom)
    if count * len(request.patterns) > BROAD and not context.confirmed:
        line = write(request, context)
        asked = (words.would_add(request, count),)
        return await confirming.ask(context, line, asked, danger=False)
    return await _carry_out(request, recipients, dropped={})


async def set_exactly(request: Set, context: Context) -> Reply:
    """Let exactly the people of *request* get its types, and nobody else."""
    check(request, context)
    recipients = await Recipients.of(Changes(context), context.home)
    leaving: dict[Destination, list[str]] = {}
    for each in recipients.all(request.patterns):
        if each.destination not in request.whom:
            leaving.setdefault(each.destination, []).append(each.pattern)
    for destination in leaving:
        context.require_editor(destination)
    groups = await members(context)
    for pattern in request.patterns:
        check_count(pattern, request.whom, groups)
    joining = sum(len(everybody(each, groups)) for each in request.whom)
    count = (joining + len(leaving)) * len(request.patterns)
    if count > BROAD and not context.confirmed:
        line = write(request, context)
        asked = (words.would_set(request, joining, len(leaving)),)
        return await confirming.ask(context, line, asked)
    for destination, patterns in leaving.items():
        for pattern in dict.fromkeys(patterns):
            await recipients.remove(pattern, destination)
    return await _carry_out(request, recipients, dropped=leaving)


def check(request: Add | Set, context: Context) -> None:
    """Raise a ``UserError`` where the asker may not, or a channel cannot carry it."""
    strangers = request.strangers if isinstance(request, Add) else ()
    somebody = (Destination(Kind.PERSON, each.text) for each in strangers)
    whom = (*request.whom, *somebody)
    for destination in whom:
        context.require_editor(destination)
    if whom:
        check_channels(request.via, request.patterns, whom, context)
    for destination in whom:
        if request.via and not request.via & HAS[destination.kind]:
            raise Misunderstood(words.not_by(destination, request.via, context))


async def _carry_out(
    request: Add | Set,
    recipients: Recipients,
    *,
    dropped: Mapping[Destination, Sequence[str]],
) -> Reply:
    context = recipients.changes.context
    joined = await let_in(request, recipients)
    if joined is None and not dropped:
        return Reply(
            title=words.TITLE,
            lines=(words.ALREADY,),
            canonical=write(request, context),
        )
    joined = joined or Joined()
    reply = await recipients.changes.reply(
        write(request, context),
        *joined.lines,
        *words.taken(dropped, context),
        *joined.unreached,
        title=words.CHANGED,
    )
    return replace(reply, notes=joined.notes, tasks=joined.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What is said of new recipients, who is told, and what is to be done for them.

    ``unreached`` says who gets nothing yet, for want of a proved address.
    """

    lines: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    tasks: tuple[Task, ...] = ()


async def let_in(request: Add | Set, recipients: Recipients) -> Joined | None:
    """Make everybody of *request* a recipient; ``None`` where all of them were."""
    context = recipients.changes.context
    who = await known(context, request.whom)
    given = await _give(request, recipients, who)
    if not given:
        return None
    await _remember(request.whom, context)
    sent = await codes_for(_without_account(given, who), who, context)
    missing = nowhere(given, who, context)
    return Joined(
        lines=tuple(words.given(given, context)),
        unreached=tuple(not_reached(missing, who, sent, context)),
        notes=await notes(context, context.home, given, who),
        tasks=(
            *(each for each in sent.values() if not isinstance(each, str)),
            *ask_numbers(missing, who),
        ),
    )


async def _give(
    request: Add | Set, recipients: Recipients, who: Mapping[str, Addressee]
) -> dict[Destination, Given]:
    """Make everybody a recipient; return who gets what that they did not get before."""
    exactly = isinstance(request, Set) and request.via is not None
    change = recipients.set if exactly else recipients.add
    given: dict[Destination, dict[frozenset[Channel], list[str]]] = {}
    for pattern in request.patterns:
        for whom in request.whom:
            if await change(pattern, whom, _over(request.via, whom, who)):
                has = recipients.gets(pattern, whom) or frozenset()
                given.setdefault(whom, {}).setdefault(has, []).append(pattern)
    return dict(given)


async def _remember(whom: Sequence[Destination], context: Context) -> None:
    """Keep what Lark calls those who were mentioned, to say it later."""
    for each in context.mentions:
        if each.name and Destination(Kind.PERSON, each.person) in whom:
            await people.meet(context.tx, each.person, each.name, now=context.now)


def _over(
    via: frozenset[Channel] | None, whom: Destination, who: Mapping[str, Addressee]
) -> frozenset[Channel] | None:
    """Return the channels for *whom*: without an account, the one of the address."""
    if via is not None:
        return via & HAS[whom.kind]
    if whom.kind is not Kind.PERSON or who[whom.name].open_id:
        return None
    contacts = who[whom.name].contacts
    return frozenset({CARRIES[next(iter(contacts))]}) if contacts else None


def _without_account(
    given: Mapping[Destination, Given], who: Mapping[str, Addressee]
) -> list[Destination]:
    return [
        each
        for each in given
        if each.kind is Kind.PERSON and who[each.name].open_id is None
    ]
