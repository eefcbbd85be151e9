"""First contact: one card where we are new, another where we are back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.asking import Settings
from bot.lark.values import BotAdded, P2pEntered
from handlers import welcome
from handlers.reply import Reply
from store import directory, outbox, preferences, subscriptions
from store.database import Tx
from store.values import Channel, Destination, Kind


async def joined(tx: Tx, event: BotAdded, settings: Settings, *, now: datetime) -> None:
    """Greet a group once; say what works again when it has us back."""
    group = Destination(Kind.CHAT, event.chat_id)
    known = await directory.chat(tx, event.chat_id)
    if await directory.greet(tx, group):
        await _say(tx, group, welcome.to_group, settings, now=now)
    elif known is not None and known.state == "gone":
        rules = await subscriptions.sent_to(tx, group)
        working = sum(each.enabled for each in rules)
        await _say(tx, group, lambda locale: welcome.back(working), settings, now=now)


async def entered(
    tx: Tx, event: P2pEntered, settings: Settings, *, now: datetime
) -> None:
    """Greet a person once, in the direct chat that was opened."""
    person = Destination(Kind.PERSON, event.operator)
    if await directory.greet(tx, person):
        await _say(tx, person, welcome.to_person, settings, now=now)


async def _say(
    tx: Tx,
    to: Destination,
    made: Callable[[str], Reply],
    settings: Settings,
    *,
    now: datetime,
) -> None:
    chosen = await preferences.of(tx, to)
    voice = settings.voice.to(chosen)
    await outbox.enqueue(
        tx,
        kind="notice",
        destination=to,
        channel=Channel.CHAT if to.kind is Kind.CHAT else Channel.DM,
        payload=voice.reply(made(voice.locale)),
        rank=outbox.REPLY,
        now=now,
    )
