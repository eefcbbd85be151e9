"""/status: how things stand here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.moments import say_moment
from handlers.language.slots import fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from handlers.rules.digest import LIFETIME
from handlers.rules.methods import SAID
from handlers.rules.said import STATES
from handlers.rules.schedules import next_time
from handlers.rules.windows import LONGEST, closes_after
from handlers.silence import listed_with
from handlers.subscribed import shown, visible
from store import lanes, ledger, mutes, robots, schedules, silences, windows
from store.silences import Held
from store.wording import Text, _, commas, sentences

router = Router()

TITLE = _("Status")
DAY = timedelta(hours=24)


def read(command: Command, context: Context) -> None:
    """Return nothing: it takes no words. Raises ``Misunderstood`` for any."""
    fill(command.rest)


@router.command("status", read=read, look="/status")
async def status(asked: None, context: Context) -> Reply:
    """Show this group's id, its rules, what waits, and the last 24 hours.

    /status
    """
    return Reply(
        title=TITLE,
        lines=(
            await _place(context),
            await _subscriptions(context),
            await _silence(context),
            await _queue(context),
            await _account(context),
            *await _parked(context),
        ),
        buttons=(
            Button(_("Subscriptions"), "/sub"),
            Button(_("Do not disturb"), "/dnd"),
        ),
        canonical="/status",
    )


async def _place(context: Context) -> Text:
    if not context.is_group:
        return _(
            "Direct chat: {chat}. You: {asker}.",
            chat=context.chat,
            asker=context.asker,
        )
    name = context.names.name_of(context.home)
    place = (
        _("This group: {chat} ({name}).", chat=context.chat, name=name)
        if name != context.chat
        else _("This group: {chat}.", chat=context.chat)
    )
    paused = {each.name for each in await robots.every(context.tx) if each.paused}
    here = [
        _("{robot} (paused)", robot=name) if name in paused else name
        for name in context.names.robots_of(context.chat)
    ]
    posted = _("Robots: {robots}.", robots=commas(here)) if here else ""
    return sentences(place, posted)


async def _subscriptions(context: Context) -> Text:
    rules = [rule for rule in await visible(context) if shown(context, rule)]
    if not rules:
        return _("Subscriptions: none. /types shows what there is.")
    off = sum(not rule.enabled for rule in rules)
    if off:
        return _("Subscriptions: {number} ({off} off).", number=len(rules), off=off)
    return _("Subscriptions: {number}.", number=len(rules))


async def _silence(context: Context) -> Text:
    found = [
        window
        for each in listed_with(context.home, context)
        for window in await windows.of(context.tx, each)
        if window.enabled
    ]
    muted = [
        mute
        for each in listed_with(context.home, context)
        for mute in await mutes.of(context.tx, each, now=context.now)
    ]
    ends = [
        (end, ZoneInfo(window.zone))
        for window in found
        if (end := closes_after(window, context.now)) is not None
    ]
    told = [
        (time, ZoneInfo(schedule.zone))
        for each in listed_with(context.home, context)
        for schedule in await schedules.of(context.tx, each)
        if schedule.enabled and (time := next_time(schedule, context.now)) is not None
    ]
    return sentences(
        _windows(len(found), ends, context),
        _mutes([mute.until for mute in muted], context),
        _digests(told, context),
    )


def _windows(
    number: int, ends: Sequence[tuple[datetime, ZoneInfo]], context: Context
) -> Text:
    if not number:
        return _("Do not disturb: none.")
    if not ends:
        return _("Do not disturb: {number}.", number=number)
    end, zone = max(ends, key=lambda each: each[0])
    if end - context.now >= LONGEST:
        return _("Do not disturb: {number}, open until /dnd off.", number=number)
    until = say_moment(end, now=context.now, zone=zone)
    return _(
        "Do not disturb: {number}, open until {until}.", number=number, until=until
    )


def _mutes(ends: Sequence[datetime], context: Context) -> Text:
    if not ends:
        return _("Mutes: none.")
    until = say_moment(max(ends), now=context.now, zone=context.clock)
    return _("Mutes: {number}, until {until}.", number=len(ends), until=until)


def _digests(told: Sequence[tuple[datetime, ZoneInfo]], context: Context) -> Text:
    """Say how many scheduled digests there are; nothing where there are none."""
    if not told:
        return Text("")
    time, zone = min(told, key=lambda each: each[0])
    moment = say_moment(time, now=context.now, zone=zone)
    return _("Digests: {number}, next {moment}.", number=len(told), moment=moment)


async def _queue(context: Context) -> Text:
    waiting = 0
    for each in listed_with(context.home, context):
        waiting += await ledger.waiting_for(context.tx, each)
    held = await silences.held(context.tx, context.home)
    return sentences(_("Waiting: {number}.", number=waiting), _held(held, context))


def _held(held: Sequence[Held], context: Context) -> Text:
    number = sum(each.count for each in held)
    if not held:
        return _("Held: {number}.", number=number)
    last = held[-1]
    digest = last.cause.startswith("digest:")
    if last.until - context.now >= LIFETIME and not digest:
        return _(
            "Held: {number}, until /dnd off ({words}).",
            number=number,
            words=last.words,
        )
    until = say_moment(last.until, now=context.now, zone=context.clock)
    return _(
        "Held: {number}, until {until} ({words}).",
        number=number,
        until=until,
        words=last.words,
    )


async def _account(context: Context) -> Text:
    total: Counter[str] = Counter()
    since = context.now - DAY
    for each in listed_with(context.home, context):
        total.update(await ledger.account_of(context.tx, each, since=since))
    if not total:
        return _("Last 24 h: no messages.")
    counts = [
        _("{number} {state}", number=total[state], state=said)
        for state, said in STATES.items()
        if total[state]
    ]
    return _("Last 24 h: {counts}.", counts=commas(counts))


async def _parked(context: Context) -> list[str]:
    here = set(listed_with(context.home, context))
    return [
        _(
            "Parked: {place} by {channel}. {words}",
            place=context.say(each.destination),
            channel=SAID[each.channel],
            words=each.words,
        )
        for each in await lanes.parked(context.tx)
        if each.destination in here
    ]
