"""Who asks, where, and what they may: a line and the settings make a context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.voice import Voice
from handlers.audience import EVERYONE, MANAGERS, Audience
from handlers.context import ChatType, Context, Role
from handlers.language.text import Mention
from handlers.masking import masked
from handlers.names import Names
from handlers.role import NAMES
from handlers.rules.reach import BY_CONTACT
from handlers.rules.types import Types
from store import directory, outbox, people, preferences, robots
from store.database import Tx
from store.people import Means, normal
from store.preferences import Preferences
from store.values import Channel, Destination, Kind

#: How long we take Lark's word for who manages a group.
MANAGERS_LAST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reload may change.

    ``editors`` and ``cost_viewers`` are open_ids; ``None`` stands for everyone.
    ``managers_edit``: in a group its owner and managers are the editors. ``hosts``
    are those that a webhook given in chat may be on.
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
    by_contact: frozenset[Channel] = BY_CONTACT
    hosts: frozenset[str] = frozenset()


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

    @property
    def home(self) -> Destination:
        """What a line is about that names nothing else: the group, or the asker."""
        if self.direct:
            return Destination(Kind.PERSON, self.asker)
        return Destination(Kind.CHAT, self.chat)


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
    roles = await _roles(tx, asked, settings, audiences, now=now, acquaint=acquaint)
    return Context(
        tx=tx,
        now=now,
        chat=asked.chat,
        chat_type=ChatType.DIRECT if asked.direct else ChatType.GROUP,
        asker=asked.asker,
        roles=roles,
        admins=settings.admins,
        audiences=audiences,
        defaults=defaults,
        types=settings.types,
        names=await _names(tx, asked, roles, now=now),
        locale=chosen.locale or settings.locale,
        zone=chosen.zone or settings.zone,
        calendar=settings.calendar,
        mentions=asked.mentions,
        about=await outbox.message_shown_by(tx, asked.replies_to),
        channels=settings.channels,
        buzzed=settings.buzzed,
        by_contact=settings.by_contact,
        hosts=settings.hosts,
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


async def _names(
    tx: Tx, asked: Asked, roles: frozenset[Role], *, now: datetime
) -> Names:
    """Return whom a line may name: this chat's own people, and for admins everybody."""
    asker = Destination(Kind.PERSON, asked.asker)
    given = await robots.drafts(tx, asker, now=now)
    known = await directory.people(tx)
    home = str(asked.home)
    everywhere = Role.ADMIN in roles and asked.direct
    outsiders = await people.outsiders(tx, None if everywhere else home)
    addresses = {
        normal(means, address): each.open_id or each.name
        for each in known
        for means, address in ((Means.EMAIL, each.email), (Means.PHONE, each.phone))
        if address
    }
    own = {each.address: each.name for each in outsiders if each.owner == home}
    return Names(
        chats={each.alias: each.id for each in await directory.chats(tx) if each.alias},
        robots=await robots.chats(tx),
        people={each.name: each.open_id for each in known},
        groups=frozenset(await directory.groups(tx)),
        outsiders={each.name: masked(each.means, each.address) for each in outsiders},
        addresses={**own, **addresses},
        called=await people.called(tx, None if everywhere else home),
        drafts=tuple(each.name for each in given),
    )
