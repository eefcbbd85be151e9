"""/digest: set, changed, listed, ended; for a group, a robot, oneself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.reply import reply_card
from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, UserError, words_of
from handlers.language.catalogues import say
from handlers.reply import Button, Reply, Tone
from handlers.rules.schedules import COLLECTABLE
from handlers.view import Buttons
from store import outbox, schedules, silences
from store.values import Channel, Destination, Kind, Schedule
from tests.bot.cards.reading import assert_sound
from tests.conftest import MONDAY
from tests.handlers.shown import everything
from tests.handlers.talk import ADMIN, DEV, OPS, WEI
from tests.store.samples import deliver

CHAT = Destination(Kind.CHAT, OPS)
MORNINGS = Schedule(
    id=0,
    name="mornings",
    target=CHAT,
    times=(9 * 60,),
    zone="Asia/Shanghai",
    collects=COLLECTABLE,
    created_at=MONDAY,
)


async def of(talk, target=CHAT):
    return await talk.do(lambda tx: schedules.of(tx, target))


async def from_yaml(talk, *rules):
    await talk.do(
        lambda tx: schedules.apply_baseline(tx, rules or (MORNINGS,), now=MONDAY)
    )


async def hold(talk, *titles, target=CHAT, number=1):
    """Messages that a digest keeps until tomorrow."""
    numbers = await deliver(talk.db, *titles, to=target)

    async def keep(tx):
        held = await silences.open_hold(
            tx,
            lane=f"{target}/chat",
            cause=f"digest:{number}@1767661200000",
            words="daily 09:00",
            author="yaml",
            until=MONDAY + timedelta(days=1),
            now=MONDAY,
        )
        found = [
            each.id
            for each_number in numbers
            for each in await outbox.deliveries_of(tx, each_number)
        ]
        rule = f"digest:{number}"
        await outbox.keep_held(
            tx, held, found, reason="daily 09:00", rule=rule, now=MONDAY
        )

    await talk.do(keep)
    return numbers


async def test_a_digest_is_set_and_says_what_happens_next(wei):
    assert await wei.say("/digest workdays 18:00") == Reply(
        title="Digest",
        lines=(
            (
                "workdays 18:00 Asia/Shanghai: off → on, collects everything, "
                "except critical."
            ),
            (
                "For everyone in this group. What comes from now on waits for "
                "2026-01-05 18:00 Asia/Shanghai (in 9 h)."
            ),
        ),
        canonical="/digest workdays 18:00 Asia/Shanghai except critical",
        buttons=(Button("Undo", "/undo 1"),),
        tone=Tone.DONE,
    )
    (made,) = await of(wei)
    assert made == replace(
        MORNINGS,
        id=made.id,
        name="1",
        times=(18 * 60,),
        days="workdays",
        owner=f"chat:{OPS}",
        created_by=WEI,
    )


async def test_the_same_once_more_is_another_time_and_what_waited_is_asked_again(wei):
    await wei.say("/digest daily 09:00")
    (number,) = await hold(wei, "CPU")

    lines = await wei.said("/digest weekly mon 09:30")

    assert lines[0] == (
        "daily 09:00 Asia/Shanghai → weekly mon 09:30 Asia/Shanghai, collects "
        "everything, except critical."
    )
    (made,) = await of(wei)
    assert (made.days, made.times) == ("mon", (570,))
    async with wei.db.reading() as tx:
        (delivery,) = await outbox.deliveries_of(tx, number)
    assert delivery.until == MONDAY


async def test_other_types_and_channels_have_a_digest_of_their_own(wei):
    await wei.say("/digest daily 09:00")
    await wei.say("/digest daily 18:00 finance.*")
    await wei.say("/digest weekly fri 17:00 via email")

    assert await wei.said("/digest") == (
        (
            "1 · daily 09:00 Asia/Shanghai · collects everything, except critical · "
            "next 2026-01-06 09:00 Asia/Shanghai (in 1 d)"
        ),
        (
            "2 · daily 18:00 Asia/Shanghai · collects finance.*, except critical · "
            "next 2026-01-05 18:00 Asia/Shanghai (in 9 h)"
        ),
        (
            "3 · weekly fri 17:00 Asia/Shanghai · collects everything by email, "
            "except critical · next 2026-01-09 17:00 Asia/Shanghai (in 4 d 8 h)"
        ),
    )


async def test_exactly_the_same_changes_nothing(wei):
    await wei.say("/digest daily 09:00")

    assert await wei.say("/digest 9am every day") == Reply(
        lines=(
            (
                "Already so for everyone in this group: daily 09:00 Asia/Shanghai, "
                "collects everything, except critical (1). Nothing changed."
            ),
        ),
        canonical="/digest daily 09:00 Asia/Shanghai except critical",
    )


async def test_it_says_that_a_window_holds_it_longer(wei):
    await wei.say("/dnd add 22:00-10:00")

    lines = await wei.said("/digest daily 09:00")

    assert lines[1] == (
        "For everyone in this group. What comes from now on waits for 2026-01-06 09:00 "
        "Asia/Shanghai (in 1 d). Do-not-disturb is open then and holds it until "
        "2026-01-06 10:00 Asia/Shanghai (in 1 d 1 h)."
    )


async def test_criticals_may_be_collected_too(wei):
    lines = await wei.said("/digest daily 09:00 including critical")

    assert lines[0] == (
        "daily 09:00 Asia/Shanghai: off → on, collects everything, including critical."
    )
    (made,) = await of(wei)
    assert not made.spare_critical


async def test_off_lets_go_of_what_is_held_and_undo_brings_it_back(wei):
    await wei.say("/digest daily 09:00")
    await hold(wei, "CPU", "disk")

    reply = await wei.say("/digest off")

    assert reply.lines == (
        "daily 09:00 Asia/Shanghai: on → off (collects everything, except critical).",
        "For everyone in this group. 2 held messages are on their way.",
    )
    assert await of(wei) == []
    await wei.say(reply.buttons[0].line)
    (back,) = await of(wei)
    assert (back.id, back.name, back.times) == (1, "1", (540,))


async def test_what_a_window_holds_is_not_counted_for_a_digest(wei):
    await wei.say("/digest daily 09:00")
    await wei.say("/dnd add 22:00-08:00")
    await hold(wei, "CPU")

    assert (await wei.said("/dnd off"))[1].endswith("Nothing was held.")
    assert (await wei.said("/digest off"))[1].endswith("1 held message is on its way.")


async def test_those_for_some_types_are_ended_alone(wei):
    await wei.say("/digest daily 09:00")
    await wei.say("/digest daily 18:00 finance.*")

    await wei.say("/digest off finance")

    assert [each.patterns for each in await of(wei)] == [("*",)]


async def test_several_end_at_once(wei):
    for at, types in enumerate(("*", "finance.*", "product.*", "security.*")):
        await wei.say(f"/digest daily {at + 10}:00 {types}")

    assert (await wei.said("/digest off"))[0] == (
        "4 digests: on → off (daily 10:00 Asia/Shanghai, daily 11:00 Asia/Shanghai, "
        "daily 12:00 Asia/Shanghai and 1 more)."
    )


async def test_one_is_removed_by_its_number(wei):
    await wei.say("/digest daily 09:00")
    await wei.say("/digest daily 18:00 finance.*")

    await wei.say("/digest remove 1")

    assert [each.name for each in await of(wei)] == ["2"]
    refused = await wei.refused("/digest remove 7")
    assert isinstance(refused, Misunderstood)
    assert str(refused) == "There is no digest 7 here. /digest list shows them."
    assert refused.choices == ("/digest remove 2",)


async def test_nothing_to_end_says_how_to_begin(wei):
    none = (
        (
            "No scheduled digest for everyone in this group: messages come one by one. "
            "Set one with “/digest daily 09:00”."
        ),
    )
    assert await wei.said("/digest") == none
    assert await wei.said("/digest off") == none
    assert str(await wei.refused("/digest remove 1")) == none[0]


async def test_a_digest_of_the_yaml_is_changed_beside_it_and_reset(wei):
    await from_yaml(wei)

    await wei.say("/digest daily 18:00")
    assert (await wei.said("/digest"))[0] == (
        "mornings · daily 18:00 Asia/Shanghai · collects everything, except critical · "
        "yaml, changed by you · next 2026-01-05 18:00 Asia/Shanghai (in 9 h)"
    )
    await wei.say("/digest off")
    assert (await wei.said("/digest"))[0].endswith("yaml, changed by you · off")

    lines = await wei.said("/digest reset mornings")

    assert lines[0] == (
        "daily 18:00 Asia/Shanghai, collects everything, except critical, off → "
        "daily 09:00 Asia/Shanghai, collects everything, except critical."
    )
    (kept,) = await of(wei)
    assert kept == replace(MORNINGS, id=kept.id)
    assert await wei.said("/digest reset mornings") == (
        "Digest mornings is as the YAML has it.",
    )
    await wei.say("/digest daily 18:00 finance.*")
    assert isinstance(await wei.refused("/digest reset 1"), UserError)


async def test_an_override_of_the_yaml_is_undone(wei):
    await from_yaml(wei)
    reply = await wei.say("/digest off")

    await wei.say(reply.buttons[0].line)

    (kept,) = await of(wei)
    assert kept == replace(MORNINGS, id=kept.id)


async def test_a_robot_of_the_group_and_oneself_have_digests_of_their_own(wei):
    await wei.say("/digest daily 09:00 for robot:ops-room")
    await wei.say("/digest daily 18:00 via email for me")

    assert await wei.said("/digest") == (
        (
            "1 · daily 09:00 Asia/Shanghai · collects everything, except critical · "
            "for robot ops-room · next 2026-01-06 09:00 Asia/Shanghai (in 1 d)"
        ),
    )
    assert await wei.alone().said("/digest") == (
        (
            "1 · daily 18:00 Asia/Shanghai · collects everything by email, "
            "except critical · next 2026-01-05 18:00 Asia/Shanghai (in 9 h)"
        ),
    )
    (own,) = await of(wei, Destination(Kind.PERSON, WEI))
    assert own.collects == frozenset({Channel.EMAIL})


@pytest.mark.parametrize(
    "line",
    ["/digest daily 09:00", "/digest off", "/digest remove 1", "/digest reset x"],
)
async def test_members_may_look_and_not_change(wei, line):
    member = wei.by("ou_member")

    assert isinstance(await member.refused(line), Forbidden)
    assert (await member.said("/digest"))[0].startswith("No scheduled digest")
    assert (await member.said("/digest daily 09:00 for me"))[1].startswith("For you.")


async def test_another_group_sees_and_changes_nothing(wei):
    await wei.say("/digest daily 09:00")

    elsewhere = wei.within(DEV)
    assert (await elsewhere.said("/digest"))[0].startswith("No scheduled digest")
    assert isinstance(
        await elsewhere.refused("/digest off for robot:ops-room"), UserError
    )
    admin = wei.by(ADMIN, Role.ADMIN).alone()
    assert (await admin.said("/digest list for chat:ops"))[0].startswith("1 · daily")


async def test_why_tells_which_digest_keeps_a_message_and_until_when(wei):
    await wei.say("/digest weekly mon 09:00")
    (number,) = await hold(wei, "CPU")

    lines = everything(await wei.say(f"/why M{number}"))

    # In a week, and a few seconds: it is said all the same.
    (gate,) = [each for each in lines if each.startswith("– digest keeps it until")]
    assert gate.startswith("– digest keeps it until 2026-01-12 09:0")
    assert ": weekly mon 09:00 Asia/Shanghai, by you" in gate


async def test_status_tells_the_next_digest(wei):
    await wei.say("/digest daily 18:00")
    await wei.say("/digest weekly mon 09:30 finance.*")
    await hold(wei, "CPU")

    lines = await wei.said("/status")

    assert lines[2] == (
        "Do not disturb: none. Mutes: none. Digests: 2, next 2026-01-05 09:30 "
        "Asia/Shanghai (in 30 min)."
    )
    assert lines[3] == (
        "Waiting: 0. Held: 1, until 2026-01-06 09:00 Asia/Shanghai (in 1 d) "
        "(daily 09:00)."
    )


async def test_the_list_offers_what_its_reader_may_do(wei):
    await wei.say("/digest daily 09:00")
    await wei.say("/digest daily 18:00 finance.*")

    editor, member = await wei.say("/digest"), await wei.by("ou_member").say("/digest")

    (panel, _place) = editor.view
    buttons = [
        button
        for part in panel.parts
        if isinstance(part, Buttons)
        for button in part.buttons
    ]
    assert [(each.label, each.line, each.show) for each in buttons] == [
        ("Remove", "/digest remove 1", "/digest list"),
        ("Remove", "/digest remove 2", "/digest list"),
        ("Turn all off", "/digest off", "/digest list"),
    ]
    assert {each.was for each in buttons} == {editor.facts["digests"]}
    await wei.say(buttons[0].line)
    assert (await wei.say("/digest")).facts["digests"] != buttons[0].was
    assert member.view == ()
    for reply in (editor, member):
        for locale in ("en", "zh"):
            assert_sound(reply_card(reply, locale=locale))


async def test_digests_are_told_in_chinese(wei):
    def chinese(reply):
        return [say(each, "zh") for each in (reply.title, *reply.lines)]

    assert chinese(await wei.say("/digest weekly mon 09:30 finance.* via email")) == [
        "定时摘要",
        (
            "每周一 09:30 Asia/Shanghai：关闭 → 开启，汇总 finance.*（邮件渠道），"
            "严重消息除外。"
        ),
        (
            "适用于：本群所有人。从现在起，消息会等到 2026-01-05 09:30 Asia/Shanghai"
            "（30 分钟后）一起发出。"
        ),
    ]
    assert chinese(await wei.say("/digest")) == [
        "定时摘要",
        (
            "1 · 每周一 09:30 Asia/Shanghai · 汇总 finance.*（邮件渠道），严重消息除外"
            " · 下次：2026-01-05 09:30 Asia/Shanghai（30 分钟后）"
        ),
    ]
    assert chinese(await wei.say("/digest off"))[1:] == [
        (
            "每周一 09:30 Asia/Shanghai：开启 → 关闭（汇总 finance.*（邮件渠道），"
            "严重消息除外）。"
        ),
        "适用于：本群所有人。没有暂存的消息。",
    ]
    refused = await wei.refused("/digest daily")
    assert say(words_of(refused), "zh") == ("几点发送？例如“/digest daily 09:00”。")
