"""Who asks, where, and what they may: a line and the settings make a context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.voice import Voice
from handlers.audience import EVERYONE, MANAGERS, Audience
from handlers.context import ChatType, Context, Role
from handlers.language.text import Mention
from handlers.names import Names
from handlers.role import NAMES
from handlers.rules.types import Types
from store import directory, outbox, preferences, robots
from store.database import Tx
from store.preferences import Preferences
from store.values import Channel, Destination, Kind

#: How long we take Lark's word for who manages a group.
MANAGERS_LAST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change.

    ``editors`` and ``cost_viewers`` are open_ids; ``None`` stands for everyone.
    ``managers_edit``: in a group its owner and managers are the editors.
    """

    voice: Voice
    types: Types
    locale: str = "en"
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    admins: frozenset[str] = frozenset()
    editors: frozenset[str] | None = None
    managers_edit: bool = False
    cost_viewers: frozenset[str] | None = frozenset()
    channels: frozenset[Channel] = frozenset({Channel.INBOX, Channel.CHAT})
    buzzed: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line to run, whether it was typed or stands behind a button."""

    once: str
    text: str
    asker: str
    chat: str
    direct: bool
    answers: str
    replies_to: str = ""
    mentions: tuple[Mention, ...] = ()


async def context_of(
    tx: Tx,
    asked: Asked,
    settings: Settings,
    *,
    now: datetime,
    acquaint: Callable[[str], None],
) -> Context:
    """Return what a handler knows of the line *asked*, beside the line.

    *acquaint* is called with a group whose managers Lark should be asked for.
    """
    chosen = await reader(tx, asked, settings)
    defaults = defaults_of(settings)
    audiences = await audiences_of(tx, asked, defaults)
    return Context(
        tx=tx,
        now=now,
        chat=asked.chat,
        chat_type=ChatType.DIRECT if asked.direct else ChatType.GROUP,
        asker=asked.asker,
        roles=await _roles(tx, asked, settings, audiences, now=now, acquaint=acquaint),
        admins=settings.admins,
        audiences=audiences,
        defaults=defaults,
        types=settings.types,
        names=await _names(tx),
        locale=chosen.locale or settings.locale,
        zone=chosen.zone or settings.zone,
        calendar=settings.calendar,
        mentions=asked.mentions,
        about=await outbox.message_shown_by(tx, asked.replies_to),
        channels=settings.channels,
        buzzed=settings.buzzed,
    )


async def reader(tx: Tx, asked: Asked, settings: Settings) -> Preferences:
    """Return the language and zone of an answer: the asker's, else the group's."""
    chosen = await preferences.of(tx, Destination(Kind.PERSON, asked.asker))
    if not asked.direct:
        of_chat = await preferences.of(tx, Destination(Kind.CHAT, asked.chat))
        chosen = chosen.over(of_chat)
    return chosen.over(Preferences(locale=settings.locale, zone=settings.zone))


def defaults_of(settings: Settings) -> dict[Role, Audience]:
    """Return who holds a role where a group has not chosen."""
    editors = Audience(MANAGERS) if settings.managers_edit else None
    return {
        Role.EDITOR: editors or _audience(settings.editors),
        Role.COST_VIEWER: _audience(settings.cost_viewers),
    }


def _audience(people: frozenset[str] | None) -> Audience:
    return Audience(EVERYONE) if people is None else Audience.of(people)


async def audiences_of(
    tx: Tx, asked: Asked, defaults: Mapping[Role, Audience]
) -> dict[Role, Audience]:
    """Return who holds a role in this chat."""
    if asked.direct:
        return dict(defaults)
    found = await preferences.all_of(tx, Destination(Kind.CHAT, asked.chat))
    return {
        role: Audience.parse(found[NAMES[role]]) if NAMES[role] in found else usual
        for role, usual in defaults.items()
    }


async def _roles(
    tx: Tx,
    asked: Asked,
    settings: Settings,
    audiences: Mapping[Role, Audience],
    *,
    now: datetime,
    acquaint: Callable[[str], None],
) -> frozenset[Role]:
    """Return what the asker may do here. In a direct chat nobody is a manager."""
    if asked.asker in settings.admins:
        return frozenset(Role)
    managers: frozenset[str] = frozenset()
    if not asked.direct and any(each.word == MANAGERS for each in audiences.values()):
        known, said_at = await directory.managers(tx, asked.chat)
        if now - said_at > MANAGERS_LAST:
            acquaint(asked.chat)
        managers = known or managers
    return frozenset(
        {Role.MEMBER}
        | {
            role
            for role, audience in audiences.items()
            if audience.holds(asked.asker, managers=managers)
        }
    )


async def _names(tx: Tx) -> Names:
    return Names(
        chats={each.alias: each.id for each in await directory.chats(tx) if each.alias},
        robots=await robots.chats(tx),
        people={each.name: each.open_id for each in await directory.people(tx)},
        groups=frozenset(await directory.groups(tx)),
    )
