"""/mute and /unmute: silence once, with an end."""

from __future__ import annotations

from datetime import timedelta

from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Button, Reply, Tone
from handlers.rules.methods import ALL
from store import mutes
from store.values import Channel, Destination, Kind, Mute
from tests.handlers.talk import DEV, LIN, OPS, WEI
from tests.handlers.test_dnd import due, hold

CHAT = Destination(Kind.CHAT, OPS)


async def muted(talk, target=CHAT):
    now = talk.clock.now()
    return await talk.do(lambda tx: mutes.of(tx, target, now=now))


async def test_a_mute_lasts_two_hours_and_lets_criticals_pass(wei):
    reply = await wei.say("/mute")

    assert reply == Reply(
        title="Muted",
        lines=(
            (
                "Everything: on → muted until 2026-01-05 11:00 Asia/Shanghai (in 2 h), "
                "except critical."
            ),
            "For everyone in this group. What it holds comes as one digest at the end.",
        ),
        canonical="/mute 2h",
        buttons=(Button("Undo", "/undo 1"),),
        tone=Tone.DONE,
    )
    (kept,) = await muted(wei)
    assert kept == Mute(
        id=kept.id,
        target=CHAT,
        where="",
        until=wei.clock.now() + timedelta(hours=2),
        mutes=ALL,
        created_by=WEI,
        created_at=wei.clock.now(),
    )
    wei.clock.advance(hours=2)
    assert await muted(wei) == []


async def test_a_mute_keeps_what_it_was_given(wei):
    reply = await wei.say(
        "/mute 3h voice finance.* product=cdn including critical for robot:ops-room "
        "because 切换　to “new”"
    )

    assert reply.lines[0] == (
        "type=finance.* product=cdn by voice: on → muted until 2026-01-05 12:00 "
        "Asia/Shanghai (in 3 h), including critical. Because: 切换 to “new”"
    )
    (kept,) = await muted(wei, Destination(Kind.ROBOT, "ops-room"))
    assert kept.where == "type=finance.* product=cdn"
    assert kept.mutes == {Channel.VOICE}
    assert not kept.spare_critical
    assert kept.reason == "切换 to “new”"


async def test_the_same_mute_again_moves_its_end(wei):
    await wei.say("/mute 2h product=cdn")

    assert (await wei.said("/mute 3h product=cdn"))[0] == (
        "product=cdn: muted until 2026-01-05 11:00 → muted until 2026-01-05 12:00 "
        "Asia/Shanghai (in 3 h), except critical."
    )
    (kept,) = await muted(wei)
    assert kept.until == wei.clock.now() + timedelta(hours=3)

    await wei.say("/undo")
    (kept,) = await muted(wei)
    assert kept.until == wei.clock.now() + timedelta(hours=2)


async def test_more_than_eight_hours_needs_a_reason_and_a_week_is_the_most(wei):
    assert type(await wei.refused("/mute 9h")) is UserError
    assert type(await wei.refused("/mute tomorrow 9am")) is UserError
    assert type(await wei.refused("/mute 8d because x")) is UserError
    assert await muted(wei) == []

    await wei.say("/mute 8h")
    await wei.say("/mute 7d product=cdn because migration")
    assert len(await muted(wei)) == 2


async def test_mutes_are_listed(wei):
    await wei.say("/mute 2h product=cdn because switchover")
    await wei.say("/mute 30m for robot:ops-room")

    assert await wei.said("/mute list") == (
        (
            "1 · product=cdn · until 2026-01-05 11:00 Asia/Shanghai (in 2 h) · "
            "except critical · by you · because switchover"
        ),
        (
            "2 · Everything · until 2026-01-05 09:30 Asia/Shanghai (in 30 min) · "
            "except critical · for robot ops-room · by you"
        ),
    )
    assert (await wei.say("/mute list")).title == "Mutes"
    wei.clock.advance(hours=3)
    assert await wei.said("/mute list") == (
        "Nothing is muted for everyone in this group. Mute with “/mute 2h”.",
    )


async def test_unmute_lifts_the_only_mute_and_releases_what_it_held(wei):
    await wei.say("/mute")
    await hold(wei, "one", "two", cause="mute:1")

    reply = await wei.say("/unmute")

    assert reply.lines == (
        "Everything: muted → on.",
        "For everyone in this group. 2 held messages are on their way.",
    )
    assert await due(wei) == 1
    assert await muted(wei) == []


async def test_unmute_asks_which_of_several(wei):
    await wei.say("/mute product=cdn")
    await wei.say("/mute product=cvm")

    refusal = await wei.refused("/unmute")

    assert type(refusal) is Misunderstood
    assert refusal.choices == ("/unmute 1", "/unmute 2", "/unmute all")
    await wei.say("/unmute 2")
    assert [each.where for each in await muted(wei)] == ["product=cdn"]
    await wei.say("/mute product=cvm")
    await wei.say("/unmute all")
    assert await muted(wei) == []


async def test_unmute_without_mutes_says_so(wei):
    assert await wei.said("/unmute") == (
        "Nothing is muted for everyone in this group. Mute with “/mute 2h”.",
    )
    await wei.say("/mute")
    assert str(await wei.refused("/unmute 7")) == (
        "There is no mute 7 here. /mute list shows them."
    )


async def test_undo_brings_a_lifted_mute_back(wei):
    await wei.say("/mute")
    before = await muted(wei)
    await wei.say("/unmute")

    await wei.say("/undo")

    assert await muted(wei) == before


async def test_undo_of_a_mute_releases_what_it_held(wei):
    await wei.say("/mute")
    await hold(wei, "one", cause="mute:1")

    assert (await wei.said("/undo"))[1] == (
        "1 held message is on its way. It cannot unsend what was sent."
    )
    assert await due(wei) == 1


async def test_members_may_look_and_not_mute(wei):
    await wei.say("/mute")
    lin = wei.by(LIN)

    assert len(await lin.said("/mute list")) == 1
    assert type(await lin.refused("/mute")) is Forbidden
    assert type(await lin.refused("/unmute")) is Forbidden
    await lin.say("/mute 1h for me")
    assert len(await muted(wei, Destination(Kind.PERSON, LIN))) == 1


async def test_one_group_neither_sees_nor_lifts_anothers_mutes(wei):
    await wei.say("/mute")
    dev = wei.within(DEV)

    assert (await dev.said("/mute list"))[0].startswith("Nothing is muted")
    await dev.said("/unmute all")
    assert len(await muted(wei)) == 1
