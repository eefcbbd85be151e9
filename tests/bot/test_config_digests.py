"""The section digests: what it comes to, and what is told of mistakes in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import Config, baseline, loads
from bot.errors import ConfigError
from handlers.rules.schedules import COLLECTABLE
from store.values import Channel, Destination, Kind, Schedule

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
NAMES = """\
defaults: {timezone: Asia/Singapore, calendar: SG}
chats: [{name: ops, id: oc_a1}]
people: [{name: alice, open_id: ou_7d8a}]
groups: {finance: [alice]}
"""


def read(text: str) -> Config:
    return loads(NAMES + text, {}, path=Path("config.yaml")).config


def schedules(text: str) -> tuple[Schedule, ...]:
    return baseline(read(text), now=NOW).schedules


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return [f"{each.path}: {each.reason}" for each in caught.value.mistakes]


def test_a_digest_has_the_defaults_of_its_place() -> None:
    assert schedules("digests: [{name: news, for: 'chat:ops', at: '09:00'}]") == (
        Schedule(
            id=0,
            name="news",
            target=Destination(Kind.CHAT, "oc_a1"),
            times=(540,),
            zone="Asia/Singapore",
            calendar="SG",
            collects=COLLECTABLE,
            created_at=NOW,
        ),
    )


def test_everything_that_a_digest_can_say() -> None:
    (made,) = schedules(
        "digests: [{for: 'person:alice', types: [updates.*, finance.refund], "
        "at: ['18:00', '09:00'], days: [mon, wed], timezone: UTC, calendar: CN, "
        "collect: [email], except: null}]"
    )

    assert made.name.startswith("digest-")
    assert made == Schedule(
        id=0,
        name=made.name,
        target=Destination(Kind.PERSON, "ou_7d8a"),
        patterns=("updates.*", "finance.refund"),
        times=(540, 1080),
        days="mon,wed",
        zone="UTC",
        calendar="CN",
        collects=frozenset({Channel.EMAIL}),
        spare_critical=False,
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        (
            "{for: 'chat:ops'}",
            (
                "digests[0].at: is missing. When it is sent: 09:00, or several times "
                "such as 09:00,18:00"
            ),
        ),
        (
            "{for: 'chat:ops', at: soon}",
            "digests[0].at: 'soon' is not a time of day. Write it as 22:00",
        ),
        (
            "{for: 'chat:ops', at: '24:00'}",
            "digests[0].at: '24:00' is no time of day. Write 09:00, or 09:00,18:00",
        ),
        (
            "{for: 'chat:ops', at: '09:00', collect: [sms]}",
            "digests[0].collect: should list channels from chat, dm, email",
        ),
        (
            "{for: 'chat:dev', at: '09:00'}",
            "digests[0].for: there is no such chat; name it under chats",
        ),
        (
            "{for: 'group:finance', at: '09:00'}",
            (
                "digests[0].for: should be a chat, a robot or a person: a group has no "
                "digests"
            ),
        ),
    ],
)
def test_a_mistake_says_what_to_write(written: str, mistake: str) -> None:
    assert mistakes(f"digests: [{written}]") == [mistake]


def test_a_name_is_taken_once() -> None:
    one = "{name: news, for: 'chat:ops', at: '09:00'}"

    assert mistakes(f"digests: [{one}, {one}]") == [
        "digests[1].name: is taken by digests[0] already: give each its own"
    ]
