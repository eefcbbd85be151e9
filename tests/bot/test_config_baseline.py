from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import (
    Config,
    Directory,
    baseline,
    digest,
    loads,
    needs_restart,
    new_key,
)
from store.values import Channel, Destination, Kind, Subscription, Window

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
KEY = new_key()

NAMES = """\
defaults: {timezone: Asia/Singapore, calendar: SG}
chats: [{name: ops, id: oc_a1}]
robots: [{name: ops-room, webhook: https://a.example/b, chat: ops}]
people:
- {name: alice, open_id: ou_7d8a, email: Alice@Example.com}
- {name: bob, email: Bob@Example.com}
groups: {finance: [alice, bob]}
"""


def config_of(text: str) -> Config:
    return loads(text, {"KEY": KEY}, path=Path("config.yaml")).config


def rules_of(text: str) -> tuple[tuple[Subscription, ...], tuple[Window, ...]]:
    made = baseline(config_of(NAMES + text), now=NOW)
    return made.subscriptions, made.windows


def test_a_subscription_names_destinations_as_the_store_does() -> None:
    subscriptions, windows = rules_of(
        "subscriptions:\n- {name: money, types: [finance.*], where: severity>=warning, "
        "to: [chat:ops, 'chat:oc_a1', robot:ops-room, person:alice, person:bob, "
        "'person:ou_2', group:finance], via: [chat, email]}"
    )

    assert windows == ()
    assert subscriptions == (
        Subscription(
            id=0,
            name="money",
            owner="yaml",
            patterns=("finance.*",),
            to=(
                Destination(Kind.CHAT, "oc_a1"),
                Destination(Kind.ROBOT, "ops-room"),
                Destination(Kind.PERSON, "ou_7d8a"),
                Destination(Kind.PERSON, "bob"),
                Destination(Kind.PERSON, "ou_2"),
                Destination(Kind.GROUP, "finance"),
            ),
            where="severity>=warning",
            via=(Channel.CHAT, Channel.EMAIL),
            created_at=NOW,
        ),
    )


def test_a_window_takes_zone_and_calendar_from_the_defaults() -> None:
    _, windows = rules_of(
        "dnd:\n- {name: nights, for: chat:ops, hours: '22:00-08:00'}\n"
        "- {name: rest, for: robot:ops-room, types: [updates.*], hours: whole day, "
        "days: weekends, timezone: UTC, calendar: CN, mute: voice, except: null}"
    )

    assert windows == (
        Window(
            id=0,
            name="nights",
            target=Destination(Kind.CHAT, "oc_a1"),
            start=1320,
            end=480,
            zone="Asia/Singapore",
            calendar="SG",
            mutes=frozenset(set(Channel) - {Channel.INBOX}),
            created_at=NOW,
        ),
        Window(
            id=0,
            name="rest",
            target=Destination(Kind.ROBOT, "ops-room"),
            patterns=("updates.*",),
            start=None,
            end=None,
            days="weekends",
            zone="UTC",
            calendar="CN",
            mutes=frozenset({Channel.VOICE}),
            spare_critical=False,
            created_at=NOW,
        ),
    )


def names(text: str) -> list[str]:
    return [rule.name for rule in rules_of("subscriptions:\n" + text)[0]]


def test_a_rule_without_a_name_is_called_by_its_content() -> None:
    one = "- {types: [finance.*], to: [chat:ops]}\n"
    other = "- {types: [product.*], to: [chat:ops]}\n"

    [first, second] = names(one + other)

    assert first == "sub-f994fc"
    assert second != first
    assert names(other + "# a comment\n" + one) == [second, first]
    assert names("- {to: ['chat:ops'], types: ['finance.*'], where: ''}") == [first]


def test_the_same_rule_twice_has_two_names() -> None:
    one = "- {types: [finance.*], to: [chat:ops]}\n"

    assert names(one * 3) == ["sub-f994fc", "sub-f994fc-2", "sub-f994fc-3"]


def test_another_default_zone_renames_no_window_but_changes_its_content() -> None:
    text = "dnd: [{for: chat:ops, hours: whole day}]"
    _, [before] = rules_of(text)
    made = baseline(config_of(NAMES.replace("Singapore", "Tokyo") + text), now=NOW)

    assert made.windows[0].name == before.name
    assert digest(made.windows[0]) != digest(before)


def test_a_digest_tells_whether_the_content_changed() -> None:
    [rule], [window] = rules_of(
        "subscriptions: [{types: ['*'], to: [chat:ops], via: [chat]}]\n"
        "dnd: [{for: chat:ops, hours: whole day}]"
    )

    # Fixed figures: they are compared with what an earlier start has written.
    assert digest(rule) == "3de22a88f81e6cdd"
    assert digest(window) == "5cd28b599ae3d6fe"
    assert digest(rule) == digest(
        replace(
            rule,
            id=7,
            name="other",
            enabled=False,
            changed_by="ou_1",
            created_at=NOW + timedelta(days=1),
        )
    )
    assert len({digest(each) for each in changed(rule)}) == 5


def changed(rule: Subscription) -> list[Subscription]:
    return [
        rule,
        replace(rule, patterns=("a.*",)),
        replace(rule, to=(Destination(Kind.CHAT, "oc_b2"),)),
        replace(rule, where="severity>=warning"),
        replace(rule, via=None),
    ]


def test_members_are_known_by_open_id_and_address() -> None:
    directory = Directory(config_of(NAMES))

    assert directory.identities(["alice", "bob", "ou_9", "c@d"]) == {
        "ou_7d8a",
        "bob@example.com",
        "ou_9",
        "c@d",
    }
    assert directory.identities(["ALICE@example.com"]) == {"ou_7d8a"}
    assert directory.chat_id("ops") == "oc_a1"
    assert directory.chat_id("oc_x") == "oc_x"
    assert directory.person("bob") == config_of(NAMES).people[1]
    assert directory.person("nobody") is None


FULL = """\
server: {listen: 127.0.0.1:8080}
lark: {app_id: a, app_secret: b, encrypt_key: c}
secrets: {keys: ["${KEY}"]}
"""


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (FULL, FULL + NAMES + "retention: 9d\nlimits: {queue: 5}\nrevision: 2", []),
        (
            "",
            FULL.replace("8080", "1"),
            ["server.listen", "lark", "secrets.keys[0]"],
        ),
        (FULL, FULL.replace("app_secret: b", "app_secret: x"), ["lark.app_secret"]),
        (FULL, FULL.replace("c}", "c, events: websocket}"), ["lark.events"]),
        (FULL, FULL + "database: {url: sqlite:other.db}", ["database.url"]),
        (FULL, "secrets: {keys: ['${KEY}']}", ["lark"]),
    ],
)
def test_what_acts_only_after_a_restart_is_named(
    before: str, after: str, changed: list[str]
) -> None:
    assert needs_restart(config_of(before), config_of(after)) == changed
