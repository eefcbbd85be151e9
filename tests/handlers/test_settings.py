"""/set: the language and the zone, for a group or for oneself."""

from __future__ import annotations

import pytest

from handlers.context import Role
from handlers.errors import Forbidden
from store import preferences
from store.preferences import Preferences
from store.values import Destination, Kind
from tests.handlers.talk import LIN, OPS, WEI, Talk, choices

GROUP, ME = Destination(Kind.CHAT, OPS), Destination(Kind.PERSON, WEI)


async def chosen(wei: Talk, subject: Destination) -> Preferences:
    return await wei.do(lambda tx: preferences.of(tx, subject))


@pytest.mark.parametrize(
    "line",
    [
        "/set lang zh",
        "/set language Chinese",
        "/set 中文",
        "设置 语言 中文",
        "/set lang=zh",
        "/set lang: to 中文",
        "set language to Chinese",
    ],
)
async def test_a_group_has_a_language(wei: Talk, line: str) -> None:
    reply = await wei.say(line)

    assert reply.canonical == "/set lang zh"
    assert reply.lines[0] == "Language for this group: as everybody's → 中文."
    assert await chosen(wei, GROUP) == Preferences(locale="zh")


@pytest.mark.parametrize(
    "line", ["/set tz Singapore", "/set tz: Asia/Singapore", "设置 时区 新加坡"]
)
async def test_a_group_has_a_zone(wei: Talk, line: str) -> None:
    await wei.say(line)

    assert await chosen(wei, GROUP) == Preferences(zone="Asia/Singapore")


async def test_everybody_may_choose_their_own(wei: Talk) -> None:
    member = wei.by(WEI)
    reply = await member.say("/set lang en for me")

    assert reply.canonical == "/set lang en for me"
    assert await chosen(wei, ME) == Preferences(locale="en")
    assert await chosen(wei, GROUP) == Preferences()


async def test_alone_it_is_the_askers_own(wei: Talk) -> None:
    await wei.alone().say("/set lang zh")

    assert await chosen(wei, ME) == Preferences(locale="zh")


async def test_a_group_is_set_by_its_editors(wei: Talk) -> None:
    assert isinstance(await wei.by(LIN).refused("/set lang zh"), Forbidden)


async def test_nobody_sets_another_group_or_person(wei: Talk) -> None:
    for line in ("/set lang zh for chat:dev", "/set lang zh for @alice"):
        assert await wei.refused(line)


async def test_an_admin_sets_another_group_from_a_direct_chat(wei: Talk) -> None:
    admin = wei.alone().by("ou_admin", Role.ADMIN)
    await admin.say("/set lang zh for chat:ops")

    assert await chosen(wei, GROUP) == Preferences(locale="zh")


async def test_a_choice_is_taken_back(wei: Talk) -> None:
    await wei.say("/set lang zh")
    await wei.say("/set lang en")
    await wei.say("/undo")
    assert await chosen(wei, GROUP) == Preferences(locale="zh")
    await wei.say("/undo")
    assert await chosen(wei, GROUP) == Preferences()


async def test_default_forgets_what_was_chosen(wei: Talk) -> None:
    await wei.say("/set lang zh")

    assert await wei.said("/set lang default") == (
        "Language for this group: 中文 → as everybody's.",
        (
            "It holds for cards here and for who chose nothing; with “for me” each may "
            "choose their own."
        ),
    )
    assert await chosen(wei, GROUP) == Preferences()


async def test_what_is_so_already_is_no_change(wei: Talk) -> None:
    await wei.say("/set lang zh")

    assert await wei.said("/set lang zh") == ("It is so already. Nothing changed.",)


async def test_what_is_set_is_shown(wei: Talk) -> None:
    await wei.say("/set tz Asia/Tokyo")
    reply = await wei.say("/set")

    assert reply.lines == (
        "Language for this group: as everybody's.",
        "Time zone for this group: Asia/Tokyo.",
    )
    assert [each.line for each in reply.buttons] == ["/set lang zh"]


def test_another_language_is_no_language_of_ours() -> None:
    assert choices("/set lang fr") == ("/set lang en", "/set lang zh")


async def test_a_robot_has_no_language(wei: Talk) -> None:
    assert str(await wei.refused("/set lang zh for robot:ops-room")) == (
        "Only people and groups have a language. A robot has its group's."
    )
