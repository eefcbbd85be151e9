"""The configuration, part by part: what each object is told, and what is written.

Pure, but for ``apply``, which writes the YAML's rules and names into the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from bot import asking, outcome, robots, routing
from bot.config import Config, Directory, baseline, catalogue
from bot.config.rules import SourceConfig
from bot.config.values import Audience
from bot.doors.ingest import Source, Sources
from bot.doors.rate import Bucket
from bot.governor import Governor, Limits
from bot.phones.choice import buzzed, by_number
from bot.sources.credentials import Credential
from bot.sources.mapping import Fallbacks, MapRule
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.filters import parse
from handlers.rules.reach import BY_CONTACT
from store import directory, schedules, subscriptions, windows
from store.database import Tx
from store.directory import Person
from store.values import Channel, Kind, Schedule, Subscription, Window
from store.wording import _


def sources(config: Config) -> Sources:
    """Return who may send notifications, and how each proves itself."""
    return Sources([_source(each) for each in config.sources])


def voice(config: Config) -> Voice:
    """Return how messages are put."""
    return Voice(
        types=catalogue(config),
        locale=config.defaults.locale,
        zone=config.defaults.timezone,
    )


def telling(config: Config) -> Telling:
    """Return how admins are told: by the app, where there is one."""
    admins = _open_ids(config, config.roles.admins) if config.lark else frozenset()
    return Telling(voice=voice(config), admins=tuple(sorted(admins)))


def governor(config: Config) -> Governor:
    """Return the pace, from the ceilings."""
    limits = config.limits
    return Governor(
        Limits(
            robot_per_second=limits.robot.per_second,
            robot_per_minute=limits.robot.per_minute,
            chat_per_second=limits.chat.per_second,
            person_per_second=limits.person.per_second,
            app_per_second=limits.app.per_second,
            app_per_minute=limits.app.per_minute,
            email_per_minute=limits.email.per_minute,
            address_per_minute=limits.email.address_per_minute,
            sms_per_second=limits.sms.per_second,
            voice_per_second=limits.voice.per_second,
            texts_per_minute=limits.sms.number_per_minute,
            calls_per_minute=limits.voice.number_per_minute,
        ),
        by_app=buzzed(config),
    )


def for_delivery(config: Config) -> outcome.Settings:
    """Return what delivery is told."""
    return outcome.Settings(
        voice=voice(config),
        governor=governor(config),
        telling=telling(config),
        by_contact=by_contact(config),
        buzzed=frozenset(buzzed(config)),
    )


def for_routing(config: Config) -> routing.Settings:
    """Return what routing is told."""
    return routing.Settings(
        types=catalogue(config),
        telling=telling(config),
        ways=ways(config),
        by_contact=by_contact(config),
    )


def for_hearing(config: Config) -> asking.Settings:
    """Return what hearing is told."""
    roles = config.roles
    return asking.Settings(
        voice=voice(config),
        types=catalogue(config),
        locale=config.defaults.locale,
        zone=config.defaults.timezone,
        calendar=config.defaults.calendar,
        admins=_open_ids(config, roles.admins),
        editors=_audience(config, roles.editors),
        managers_edit=roles.editors.word == "managers",
        cost_viewers=_audience(config, roles.cost_viewers),
        channels=frozenset({Channel.INBOX, *(channel for _, channel in ways(config))}),
        by_contact=by_contact(config),
        buzzed=frozenset(
            channel for channel, how in buzzed(config).items() if how == "app"
        ),
        hosts=frozenset(config.limits.hosts),
    )


def ways(config: Config) -> frozenset[tuple[Kind, Channel]]:
    """Return the ways out that this process has."""
    found = {(Kind.ROBOT, Channel.CHAT)}
    if config.lark is not None:
        found |= {(Kind.CHAT, Channel.CHAT), (Kind.PERSON, Channel.DM)}
    if config.email is not None:
        found.add((Kind.PERSON, Channel.EMAIL))
    carried = by_number(config) | buzzed(config).keys()
    found |= {(Kind.PERSON, channel) for channel in carried}
    return frozenset(found)


def by_contact(config: Config) -> frozenset[Channel]:
    """Return the channels that go to an address, and nowhere without a proved one."""
    return BY_CONTACT | by_number(config)


async def apply(tx: Tx, config: Config, *, now: datetime) -> None:
    """Write the YAML's names and rules in place of those that were there.

    What chat changed stays changed; admins are told where the YAML changed beneath it.
    """
    await robots.apply(tx, config, telling(config), now=now)
    await directory.apply_people(tx, _people(config), dict(config.groups))
    aliases = {each.name: each.id for each in config.chats}
    await directory.apply_aliases(tx, aliases, now=now)
    rules = baseline(config, now=now)
    told = partial(_tell_beneath, tx, telling(config), now=now)
    for name in await subscriptions.apply_baseline(tx, rules.subscriptions, now=now):
        await told(name, "sub", left=rules.subscriptions)
    for name in await windows.apply_baseline(tx, rules.windows, now=now):
        await told(name, "dnd", left=rules.windows)
    for name in await schedules.apply_baseline(tx, rules.schedules, now=now):
        await told(name, "digest", left=rules.schedules)


async def _tell_beneath(
    tx: Tx,
    telling: Telling,
    name: str,
    noun: str,
    *,
    left: Iterable[Subscription | Window | Schedule],
    now: datetime,
) -> None:
    """Say that the YAML changed a rule that chat had changed, or dropped it."""
    if any(each.name == name for each in left):
        await telling.tell(
            tx,
            _("The YAML changed {name}, which chat had changed", name=name),
            _("What chat made of it stays."),
            _("Take the YAML's version with: {line}", line=f"/{noun} reset {name}"),
            now=now,
        )
    else:
        await telling.tell(
            tx,
            _("The YAML dropped {name}, which chat had changed", name=name),
            _("It is gone, with what chat made of it."),
            _("If it should stay, put it back into the YAML."),
            now=now,
        )


def _source(written: SourceConfig) -> Source:
    rate = written.rate
    return Source(
        credential=Credential(
            source=written.name,
            kind=written.kind,
            token=written.token.reveal() if written.token else "",
            secret=written.secret.reveal() if written.secret else "",
        ),
        fallbacks=Fallbacks(
            name=written.name,
            kind=written.kind,
            type=written.type,
            severity=written.severity,
            map=tuple(
                MapRule(parse(each.where), each.type, each.severity)
                for each in written.map
            ),
        ),
        bucket=rate and Bucket(rate.amount, timedelta(seconds=rate.seconds)),
    )


def _people(config: Config) -> list[Person]:
    return [
        Person(
            name=each.name,
            open_id=each.open_id,
            email=each.email,
            phone=each.phone,
            verified=tuple(each.verified),
        )
        for each in config.people
    ]


def _open_ids(config: Config, members: Iterable[str]) -> frozenset[str]:
    found = Directory(config).identities(members)
    return frozenset(each for each in found if each.startswith("ou_"))


def _audience(config: Config, audience: Audience) -> frozenset[str] | None:
    """Return who that is by open_id; ``None`` stands for everyone."""
    if audience.word == "everyone":
        return None
    return _open_ids(config, audience.members)
