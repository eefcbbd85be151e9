"""/dnd: hours of quiet for a group, a robot, oneself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Button, Reply, Tone
from handlers.rules.methods import ALL
from store import outbox, silences, windows
from store.values import Channel, Destination, Kind, Window
from tests.conftest import MONDAY
from tests.handlers.talk import ADMIN, DEV, LIN, OPS, WEI
from tests.store.samples import deliver

CHAT = Destination(Kind.CHAT, OPS)
NIGHTS = Window(
    id=0,
    name="nights",
    target=CHAT,
    start=22 * 60,
    end=8 * 60,
    zone="Asia/Shanghai",
    mutes=ALL,
    created_at=MONDAY,
)


async def windows_of(talk, target=CHAT):
    return await talk.do(lambda tx: windows.of(tx, target))


async def from_yaml(talk, *rules):
    await talk.do(lambda tx: windows.apply_baseline(tx, rules or (NIGHTS,), now=MONDAY))


async def hold(talk, *titles, target=CHAT, cause="window:1"):
    """Messages that a window keeps until tomorrow."""
    numbers = await deliver(talk.db, *titles, to=target)

    async def keep(tx):
        held = await silences.open_hold(
            tx,
            lane=f"{target}/chat",
            cause=cause,
            words="nights",
            author="yaml",
            until=MONDAY + timedelta(days=1),
            now=MONDAY,
        )
        found = [
            each.id
            for number in numbers
            for each in await outbox.deliveries_of(tx, number)
        ]
        await outbox.keep_held(tx, held, found, reason="nights", rule=cause, now=MONDAY)

    await talk.do(keep)


async def due(talk, target=CHAT):
    """How many holds of *target* are over now."""
    now = talk.clock.now()
    found = await talk.do(
        lambda tx: silences.holds_due(tx, lane=f"{target}/chat", now=now)
    )
    return len(found)


async def test_a_window_is_set_for_everyone_in_the_group(wei):
    reply = await wei.say("/dnd add 22:00-08:00 workdays")

    assert reply == Reply(
        title="Do not disturb",
        lines=(
            "22:00-08:00 workdays Asia/Shanghai: off → on, mutes all, except critical.",
            (
                "For everyone in this group. It opens 2026-01-05 22:00 Asia/Shanghai "
                "(in 13 h); what it holds comes as one digest."
            ),
        ),
        canonical="/dnd add 22:00-08:00 workdays Asia/Shanghai except critical",
        buttons=(Button("Undo", "/undo 1"),),
        tone=Tone.DONE,
    )
    (kept,) = await windows_of(wei)
    assert kept == Window(
        id=kept.id,
        name="1",
        target=CHAT,
        start=22 * 60,
        end=8 * 60,
        days="workdays",
        zone="Asia/Shanghai",
        calendar="CN",
        mutes=ALL,
        owner=f"chat:{OPS}",
        created_by=WEI,
        created_at=kept.created_at,
    )


async def test_everything_that_a_window_can_say_is_kept(wei):
    reply = await wei.say(
        "/dnd add whole day weekends finance.* mute sms+voice Asia/Singapore "
        "including critical for robot:ops-room"
    )

    assert reply.lines[0] == (
        "whole day weekends Asia/Singapore: off → on, "
        "mutes sms+voice for finance.*, including critical."
    )
    (kept,) = await windows_of(wei, Destination(Kind.ROBOT, "ops-room"))
    assert (kept.start, kept.end, kept.days, kept.zone) == (
        None,
        None,
        "weekends",
        "Asia/Singapore",
    )
    assert kept.patterns == ("finance.*",)
    assert kept.mutes == {Channel.SMS, Channel.VOICE}
    assert not kept.spare_critical


async def test_a_window_that_is_open_says_until_when(wei):
    wei.clock.advance(hours=14)

    reply = await wei.say("/dnd add 22:00-08:00")

    assert reply.lines[1] == (
        "For everyone in this group. It holds from now until 2026-01-06 08:00 "
        "Asia/Shanghai (in 9 h), then sends one digest."
    )


async def test_adding_the_same_window_changes_nothing(wei):
    await wei.say("/dnd add 22:00-08:00")

    assert await wei.said("/dnd add 22-8 daily except critical") == (
        (
            "Already so for everyone in this group: 22:00-08:00 daily Asia/Shanghai, "
            "mutes all, except critical (1). Nothing changed."
        ),
    )
    assert len(await windows_of(wei)) == 1


async def test_what_rings_is_never_said_to_be_held(wei):
    reply = await wei.say("/dnd add whole day mute sms+voice for me")

    assert reply.lines[1] == (
        "For you. It holds from now until /dnd off; what it mutes is not sent later."
    )


async def test_windows_are_listed_with_their_names_and_authors(wei):
    await from_yaml(wei)
    await wei.say("/dnd add whole day weekends finance.*")
    await wei.say("/dnd add 12:00-13:00 for robot:ops-room")

    assert await wei.said("/dnd") == (
        "nights · 22:00-08:00 daily Asia/Shanghai · mutes all, except critical · yaml",
        (
            "1 · whole day weekends Asia/Shanghai · mutes all for finance.*, "
            "except critical"
        ),
        (
            "2 · 12:00-13:00 daily Asia/Shanghai · mutes all, except critical · "
            "for robot ops-room"
        ),
    )
    wei.clock.advance(hours=14)
    assert (await wei.said("/dnd list"))[0].endswith(" · yaml · open now, 9 h more")


async def test_without_windows_the_list_says_how_one_is_made(wei):
    assert await wei.said("/dnd list") == (
        (
            "No do-not-disturb for everyone in this group. "
            "Set one with “/dnd add 22:00-08:00”."
        ),
    )


async def test_removing_a_window_releases_what_it_held(wei):
    await wei.say("/dnd add 22:00-08:00")
    await wei.say("/dnd add 12:00-13:00")
    await hold(wei, "one", "two", "three", cause="window:2")
    assert await due(wei) == 0

    reply = await wei.say("/dnd remove 2")

    assert reply.lines == (
        "12:00-13:00 daily Asia/Shanghai: on → off (mutes all, except critical).",
        "For everyone in this group. 3 held messages are on their way.",
    )
    assert [window.name for window in await windows_of(wei)] == ["1"]
    assert await due(wei) == 1


async def test_removing_a_window_that_is_not_there_offers_those_that_are(wei):
    await wei.say("/dnd add 22:00-08:00")
    await from_yaml(wei)

    refusal = await wei.refused("/dnd remove 3")

    assert type(refusal) is Misunderstood
    assert str(refusal) == "There is no window 3 here. /dnd list shows them."
    assert refusal.choices == ("/dnd remove 1", "/dnd remove nights")
    await wei.say("/dnd off")
    await from_yaml(wei)


async def test_off_removes_every_window_and_undo_brings_them_back(wei):
    await from_yaml(wei)
    await wei.say("/dnd add 12:00-13:00")
    await wei.say("/dnd add 14:00-15:00 for robot:ops-room")
    await hold(wei, "one")
    before = await windows_of(wei)

    reply = await wei.say("/dnd off")

    assert reply.lines == (
        (
            "3 windows: on → off (22:00-08:00 daily Asia/Shanghai, 12:00-13:00 daily "
            "Asia/Shanghai, 14:00-15:00 daily Asia/Shanghai)."
        ),
        "For everyone in this group and robot ops-room. 1 held message is on its way.",
    )
    assert await due(wei) == 1
    assert [(each.name, each.enabled) for each in await windows_of(wei)] == [
        ("nights", False)
    ]
    assert await wei.said("/dnd") == (
        (
            "nights · 22:00-08:00 daily Asia/Shanghai · mutes all, except critical · "
            "yaml, changed by you · off"
        ),
    )

    await wei.say("/undo")

    assert await windows_of(wei) == before


async def test_off_without_windows_says_so(wei):
    assert await wei.said("/dnd off") == (
        (
            "No do-not-disturb for everyone in this group. "
            "Set one with “/dnd add 22:00-08:00”."
        ),
    )


async def test_a_yaml_window_that_was_turned_off_is_reset(wei):
    await from_yaml(wei)
    await wei.say("/dnd off")

    reply = await wei.say("/dnd reset nights")

    assert reply.lines[0] == (
        "22:00-08:00 daily Asia/Shanghai, mutes all, except critical, off → "
        "22:00-08:00 daily Asia/Shanghai, mutes all, except critical."
    )
    (kept,) = await windows_of(wei)
    assert kept == replace(NIGHTS, id=kept.id)
    assert await wei.said("/dnd reset nights") == (
        "Window nights is as the YAML has it.",
    )
    await wei.say("/dnd add 12-13")
    assert type(await wei.refused("/dnd reset 1")) is UserError


async def test_a_window_of_the_same_name_for_two_targets_is_asked_about(wei):
    room = Destination(Kind.ROBOT, "ops-room")
    await from_yaml(wei, NIGHTS, replace(NIGHTS, target=room))

    refusal = await wei.refused("/dnd remove nights")

    assert refusal.choices == (
        "/dnd remove nights",
        "/dnd remove nights for robot:ops-room",
    )
    await wei.say(refusal.choices[1])
    assert [each.enabled for each in await windows_of(wei, room)] == [False]


async def test_a_person_sets_hours_for_herself_in_a_group_and_alone(wei):
    lin = wei.by(LIN)

    await lin.say("/dnd add 22-8 for me")

    (mine,) = await windows_of(wei, Destination(Kind.PERSON, LIN))
    assert (mine.owner, mine.target.name) == (f"person:{LIN}", LIN)
    assert (await lin.said("/dnd list"))[0].startswith("No do-not-disturb")
    assert len(await lin.alone().said("/dnd list")) == 1
    assert await lin.alone().said("/dnd off") != ()
    assert await windows_of(wei, Destination(Kind.PERSON, LIN)) == []


@pytest.mark.parametrize("line", ["/dnd add 22-8", "/dnd off", "/dnd remove 1"])
async def test_members_may_not_change_the_groups_hours(wei, line):
    await wei.say("/dnd add 22-8")

    assert type(await wei.by(LIN).refused(line)) is Forbidden
    assert len(await windows_of(wei)) == 1


async def test_nobody_sets_hours_for_another_person(wei):
    assert str(await wei.refused("/dnd add 22-8 for @_user_2")) == (
        "Only @Lin can set that, with “for me”."
    )
    assert type(await wei.refused("/dnd add 22-8 for group:finance")) is UserError
    assert type(await wei.by(ADMIN).refused("/dnd off for @_user_2")) is Forbidden


async def test_one_group_neither_sees_nor_changes_anothers_hours(wei):
    await wei.say("/dnd add 22-8")
    dev = wei.within(DEV)

    assert (await dev.said("/dnd"))[0].startswith("No do-not-disturb")
    await dev.said("/dnd off")
    await dev.refused("/dnd remove 1")
    await dev.refused("/dnd list for chat:ops")
    await dev.refused("/dnd add 22-8 for robot:ops-room")

    assert len(await windows_of(wei)) == 1


async def test_an_admin_alone_sets_hours_for_any_group(wei):
    boss = wei.by(ADMIN, Role.ADMIN).alone()

    await boss.say("/dnd add 22-8 for chat:ops")

    assert len(await wei.said("/dnd")) == 1
    assert (await boss.say("/dnd list for chat:ops")).lines == (
        (
            "1 · 22:00-08:00 daily Asia/Shanghai · mutes all, except critical · "
            "for group ops"
        ),
    )
