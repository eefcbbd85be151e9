"""/status: how things stand here."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.language.moments import say_moment
from handlers.language.slots import fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from handlers.rules.digest import LIFETIME
from handlers.rules.windows import LONGEST, closes_after
from handlers.silence import listed_with
from handlers.sub.rules import shown, visible
from store import lanes, ledger, mutes, silences, windows
from store.values import State

router = Router()

TITLE = "Status"
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
            _place(context),
            await _subscriptions(context),
            await _silence(context),
            await _queue(context),
            await _account(context),
            *await _parked(context),
        ),
        buttons=(Button("Subscriptions", "/sub"), Button("Do not disturb", "/dnd")),
        canonical="/status",
    )


def _place(context: Context) -> str:
    if not context.is_group:
        return f"Direct chat: {context.chat}. You: {context.asker}."
    name = context.names.name_of(context.home)
    robots = context.names.robots_of(context.chat)
    known = f" ({name})" if name != context.chat else ""
    posted = f" Robots: {', '.join(robots)}." if robots else ""
    return f"This group: {context.chat}{known}.{posted}"


async def _subscriptions(context: Context) -> str:
    rules = [rule for rule in await visible(context) if shown(context, rule)]
    if not rules:
        return "Subscriptions: none. /types shows what there is."
    off = sum(not rule.enabled for rule in rules)
    return f"Subscriptions: {len(rules)}{f' ({off} off)' if off else ''}."


async def _silence(context: Context) -> str:
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
    said = f"Do not disturb: {len(found) or 'none'}"
    if ends:
        end, zone = max(ends, key=lambda each: each[0])
        until = say_moment(end, now=context.now, zone=zone)
        never = end - context.now >= LONGEST
        said += ", open until /dnd off" if never else f", open until {until}"
    said += f". Mutes: {len(muted) or 'none'}"
    if muted:
        last = max(mute.until for mute in muted)
        said += f", until {say_moment(last, now=context.now, zone=context.clock)}"
    return f"{said}."


async def _queue(context: Context) -> str:
    waiting = 0
    for each in listed_with(context.home, context):
        waiting += await ledger.waiting_for(context.tx, each)
    held = await silences.held(context.tx, context.home)
    said = f"Waiting: {waiting}. Held: {sum(each.count for each in held)}"
    if held:
        last = held[-1]
        until = say_moment(last.until, now=context.now, zone=context.clock)
        never = last.until - context.now >= LIFETIME
        said += f", until {'/dnd off' if never else until} ({last.words})"
    return f"{said}."


async def _account(context: Context) -> str:
    total: Counter[str] = Counter()
    since = context.now - DAY
    for each in listed_with(context.home, context):
        total.update(await ledger.account_of(context.tx, each, since=since))
    if not total:
        return "Last 24 h: no messages."
    counts = (f"{total[state]} {state}" for state in State if total[state])
    return f"Last 24 h: {', '.join(counts)}."


async def _parked(context: Context) -> list[str]:
    here = set(listed_with(context.home, context))
    return [
        f"Parked: {context.say(each.destination)} by {each.channel}. {each.words}"
        for each in await lanes.parked(context.tx)
        if each.destination in here
    ]
