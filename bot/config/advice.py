"""What works as it is written, but is probably not meant so."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.config.directory import Directory
from bot.config.models import Config
from bot.config.phone_checks import is_loopback
from bot.config.section import walk
from bot.config.tree import Path, Tree
from bot.config.words import nearest
from bot.secret import Secret
from handlers.rules.types import BUILT_IN, matches, valid_id
from store.values import Channel, Kind

Advice = tuple[Path, str]

_CARRIED = {Channel.SMS: "no text messages are sent", Channel.VOICE: "nobody is called"}


def advise(config: Config, tree: Tree) -> Iterator[Advice]:
    """Yield what admins should know about a configuration that loads."""
    yield from _literal_secrets(config, tree)
    yield from _plain_connections(config)
    yield from _unknown_types(config)
    yield from _unreachable(config)
    yield from _nobody_s_roles(config)
    if config.lark and config.lark.events == "websocket":
        yield (
            ("lark", "events"),
            (
                "the long connection is not built yet, so nothing will be heard: "
                "use webhook"
            ),
        )
    if config.lark and not config.roles.admins:
        yield ("roles", "admins"), "nobody is an admin: some commands have no user"
    for index, person in enumerate(config.people):
        if not (person.open_id or person.email or person.phone):
            yield ("people", index), "nothing reaches them: add open_id, email or phone"
    for name, members in config.groups.items():
        if not members:
            yield ("groups", name), "nobody is in it"


def _literal_secrets(config: Config, tree: Tree) -> Iterator[Advice]:
    for path, value in walk(config):
        if not isinstance(value, Secret) or path in tree.outside:
            continue
        if path == ("database", "url") and not config.database.has_password:
            continue
        yield path, "is a secret in plain sight: write ${NAME} and set NAME in .env"


def _nobody_s_roles(config: Config) -> Iterator[Advice]:
    """Yield who has a role and cannot be told from others: Lark tells open_ids."""
    directory, roles = Directory(config), config.roles
    for path, members in (
        (("roles", "admins"), roles.admins),
        (("roles", "editors"), roles.editors.members),
        (("roles", "cost_viewers"), roles.cost_viewers.members),
    ):
        for index, member in enumerate(members):
            (identity,) = directory.identities([member]) or ("",)
            if not identity.startswith("ou_"):
                yield (
                    (*path, index),
                    (
                        "has no open_id, so nobody has this role: /whoami tells it; "
                        "put it under people"
                    ),
                )


def _plain_connections(config: Config) -> Iterator[Advice]:
    addresses: list[tuple[Path, str]] = [
        (("robots", index, "webhook"), robot.webhook.reveal())
        for index, robot in enumerate(config.robots)
    ]
    if config.lark and config.lark.domain:
        addresses.append((("lark", "domain"), config.lark.domain))
    for path, url in addresses:
        if url.startswith("http:") and not is_loopback(urlsplit(url).hostname or ""):
            yield path, "sends secrets unprotected over the network: use https://"
    mail = config.email
    if mail and mail.tls == "none" and mail.password and not is_loopback(mail.host):
        yield ("email", "tls"), "sends the password unprotected: use starttls or tls"


def _unknown_types(config: Config) -> Iterator[Advice]:
    known = {each.id for each in BUILT_IN} | {kind.id for kind in config.message_types}
    for path, pattern in _patterns(config):
        if pattern == "*" or pattern.startswith("custom."):
            continue
        if not any(matches(pattern, each) for each in known):
            near = nearest(pattern, known) if valid_id(pattern) else ""
            yield path, f"no message type is known by this{near or '; is it yours?'}"


def _patterns(config: Config) -> Iterator[tuple[Path, str]]:
    for index, source in enumerate(config.sources):
        if source.type:
            yield ("sources", index, "type"), source.type
        for inner, entry in enumerate(source.map):
            if entry.type:
                yield ("sources", index, "map", inner, "type"), entry.type
    rules: list[tuple[Path, tuple[str, ...]]] = [
        *(
            (("subscriptions", i), each.types)
            for i, each in enumerate(config.subscriptions)
        ),
        *((("dnd", i), each.types) for i, each in enumerate(config.dnd)),
        *((("digests", i), each.types) for i, each in enumerate(config.digests)),
    ]
    for path, patterns in rules:
        for inner, pattern in enumerate(patterns):
            yield (*path, "types", inner), pattern


def _unreachable(config: Config) -> Iterator[Advice]:
    for index, rule in enumerate(config.subscriptions):
        via = rule.via or (Channel.CHAT, Channel.DM)
        for inner, channel in enumerate(via):
            path: Path = ("subscriptions", index)
            path = (*path, "via", inner) if rule.via else path
            if channel is Channel.EMAIL and not config.email:
                yield path, "no mail is sent without the section email"
            if channel in _CARRIED and getattr(config, channel) is None:
                yield path, f"{_CARRIED[channel]} without the section {channel}"
            if config.lark or channel not in (Channel.CHAT, Channel.DM):
                continue
            needs = (
                {Kind.CHAT} if channel is Channel.CHAT else {Kind.PERSON, Kind.GROUP}
            )
            if any(to.kind in needs for to in rule.to):
                yield path, f"{channel} needs a Lark app: add the section lark"
