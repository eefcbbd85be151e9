"""Buzzes: a message stands there first, then one buzz, whatever happens between."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Kind as Wrong
from store import lanes, notifications, outbox
from store.outbox import Planned
from store.values import Channel, Severity
from tests.bot.house import House

LOST = "Lark did not answer: ClientOSError"
DM, SMS, VOICE = Channel.DM, Channel.SMS, Channel.VOICE


@pytest.fixture
def feishu(house: House) -> House:
    """A house on Feishu, where Lark carries text messages and calls."""
    house.lark.switches.region = "feishu"
    house.app.scopes |= {"im:message.urgent:sms", "im:message.urgent:phone"}
    house.buzzes = {SMS: "sms", VOICE: "phone"}
    house.admins = ()
    house.delivery = house.worker("w1")
    return house


async def notify(house: House, *via: Channel, **more: Any) -> int:
    """Let one notification be routed to Ada over several channels."""
    settings = {"severity": Severity.CRITICAL, **more}
    number = await house.notify("disk", to=house.person, via=via[0], **settings)
    for channel in via[1:]:
        await route(house, number, channel)
    return number


async def route(house: House, number: int, channel: Channel) -> None:
    """Let a notification that is known go to Ada over one more channel."""
    async with house.db.reading() as tx:
        found = await notifications.get(tx, number)
    assert found is not None
    planned = Planned(
        notification=found,
        destination=house.person,
        channel=channel,
        rule="subscription:1",
    )
    now = house.clock.now()
    await house.db.write(lambda tx: outbox.enqueue_deliveries(tx, [planned], now=now))


async def states(house: House, number: int) -> dict[str, tuple[str, str]]:
    return {
        str(each.channel): (str(each.state), each.reason)
        for each in await house.deliveries(number)
    }


def buzzes(house: House) -> list[tuple[str, list[str]]]:
    """Return what each direct message says, and how Ada was buzzed about it."""
    return [
        (title, [urgent.kind for urgent in message.urgents])
        for title, message in zip(
            house.titles(house.told_admin), house.told_admin.messages, strict=True
        )
    ]


async def test_a_buzz_is_about_the_direct_message_that_says_the_same(feishu):
    number = await notify(feishu, VOICE, DM)

    await feishu.run(minutes=1)

    assert buzzes(feishu) == [("Critical · disk", ["phone"])]
    assert await states(feishu, number) == {
        "dm": ("delivered", ""),
        "voice": ("delivered", ""),
    }


async def test_where_there_is_none_one_is_posted_first(feishu):
    number = await notify(feishu, SMS)

    await feishu.run(minutes=1)

    assert buzzes(feishu) == [("Critical · disk", ["sms"])]
    assert await states(feishu, number) == {"sms": ("delivered", "")}


async def test_two_buzzes_share_one_message(feishu):
    await notify(feishu, SMS, VOICE)

    await feishu.run(minutes=1)

    ((title, kinds),) = buzzes(feishu)
    assert (title, sorted(kinds)) == ("Critical · disk", ["phone", "sms"])


async def test_a_buzz_waits_for_its_message(feishu):
    feishu.fail(Wrong.BAD_GATEWAY, "send", times=3)
    number = await notify(feishu, VOICE, DM)

    await feishu.delivery.run_once()

    assert (await states(feishu, number))["voice"] == (
        "queued",
        "waits for the direct message that it is about",
    )
    await feishu.run(minutes=5)
    assert buzzes(feishu) == [("Critical · disk", ["phone"])]


async def test_a_message_that_is_held_does_not_keep_the_call(feishu):
    await feishu.window(target=feishu.person, mutes={DM}, spare_critical=False)
    number = await notify(feishu, VOICE, DM)

    await feishu.run(minutes=1)

    assert buzzes(feishu) == [("Critical · disk", ["phone"])]
    told = await states(feishu, number)
    assert (told["voice"], told["dm"][0]) == (("delivered", ""), "held")


async def test_what_is_muted_makes_neither_a_buzz_nor_a_message(feishu):
    await feishu.window(target=feishu.person, mutes={VOICE}, spare_critical=False)
    number = await notify(feishu, VOICE)

    await feishu.run(minutes=1)

    assert (buzzes(feishu), (await states(feishu, number))["voice"][0]) == ([], "muted")


async def test_the_message_can_be_a_digest(feishu):
    await feishu.mute(hours=1, target=feishu.person, mutes={DM}, spare_critical=False)
    numbers = [await notify(feishu, DM, fingerprint=str(n)) for n in range(2)]
    await feishu.run(hours=1)
    await route(feishu, numbers[0], VOICE)

    await feishu.run(minutes=1)

    ((_title, kinds),) = buzzes(feishu)
    assert kinds == ["phone"]


async def test_a_crash_between_message_and_buzz_doubles_neither(feishu):
    number = await notify(feishu, VOICE)
    # The message is posted, and we die before anything else is done.
    feishu.fail(Wrong.RESET_AFTER, "send")
    await feishu.delivery.run_once()
    await feishu.db.write(lanes.return_leases)
    feishu.delivery = feishu.worker("w2")

    await feishu.run(minutes=5)

    assert buzzes(feishu) == [("Critical · disk", ["phone"])]
    assert await states(feishu, number) == {"voice": ("delivered", "")}


async def test_a_buzz_whose_answer_was_lost_comes_once_more_and_says_so(feishu):
    feishu.fail(Wrong.RESET_AFTER, "urgent_phone", times=3)
    number = await notify(feishu, VOICE)

    await feishu.run(hours=2)

    # One call too many at most, and one message all the same.
    assert buzzes(feishu) == [("Critical · disk", ["phone", "phone"])]
    assert (await states(feishu, number))["voice"] == (
        "dead",
        f"no answer twice, so it may have come: {LOST}",
    )


async def test_a_buzz_that_died_with_us_is_made_once_more(feishu):
    number = await notify(feishu, VOICE, DM)
    await feishu.run(seconds=1)
    feishu.clock.advance(seconds=2)
    (posting,) = await feishu.delivery._claim(1)
    await feishu.delivery._channel(posting).send(posting)
    feishu.clock.advance(minutes=1)
    feishu.delivery = feishu.worker("w2")

    await feishu.run(minutes=1)

    assert buzzes(feishu) == [("Critical · disk", ["phone", "phone"])]
    assert (await states(feishu, number))["voice"] == (
        "delivered",
        "an answer was lost, so it may have come twice",
    )


async def test_a_recalled_message_is_posted_anew(feishu):
    number = await notify(feishu, DM)
    await feishu.run(minutes=1)
    feishu.lark.recall(feishu.told_admin.messages[0])
    await route(feishu, number, VOICE)

    await feishu.run(minutes=1)

    assert [kinds for _, kinds in buzzes(feishu)] == [[], ["phone"]]


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        (230023, "dead", "this person has too many buzzes unread (code 230023)"),
        (230052, "dead", "the group does not let the bot buzz (code 230052)"),
        (230053, "dead", "this person has stopped messages from the bot (code 230053)"),
    ],
)
async def test_what_lark_refuses_for_good_is_given_up(feishu, code, state, reason):
    feishu.fail(Wrong.CODE, "urgent_phone", code=code)
    number = await notify(feishu, VOICE)

    await feishu.run(minutes=1)

    told, why = (await states(feishu, number))["voice"]
    assert (told, why.startswith(reason)) == (state, True)


async def test_a_quota_that_is_used_up_parks_the_phone(feishu):
    feishu.lark.switches.urgents_left = 0
    number = await notify(feishu, VOICE, DM)

    await feishu.run(minutes=1)

    assert await feishu.parked() == {
        str(feishu.person): "the tenant's buzzes are used up: buy more (code 230024)"
    }
    feishu.lark.switches.urgents_left = 1
    await feishu.run(minutes=5)
    assert (await states(feishu, number))["voice"] == ("delivered", "")


async def test_a_message_that_will_not_be_posted_ends_the_buzz(feishu):
    feishu.fail(Wrong.CODE, "send", code=230028)
    number = await notify(feishu, VOICE)

    await feishu.run(minutes=1)

    told, why = (await states(feishu, number))["voice"]
    assert (told, why.startswith("its direct message was not delivered: ")) == (
        "dead",
        True,
    )


async def test_a_storm_is_one_message_and_one_buzz(feishu):
    await feishu.notify_all(
        [f"disk {n}" for n in range(7)], to=feishu.person, via=VOICE
    )

    await feishu.run(minutes=1)

    assert buzzes(feishu) == [("7 messages at once. The first: disk 6.", ["phone"])]


async def test_on_lark_there_is_a_buzz_in_the_app_alone(house):
    house.buzzes = {SMS: "app", VOICE: "phone"}
    house.delivery = house.worker("w1")
    number = await notify(house, SMS, VOICE)

    await house.run(minutes=1)

    told = await states(house, number)
    assert (told["sms"], told["voice"][0]) == (("delivered", ""), "queued")
    assert buzzes(house)[0] == ("Critical · disk", ["app"])
