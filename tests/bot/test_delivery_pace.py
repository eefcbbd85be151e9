"""Bursts: Lark never has to refuse one, and what is urgent does not wait behind it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from bot.governor import Gate
from store.values import Destination, Kind
from tests.bot.house import CRITICAL, House

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def most_within(span: timedelta, times: list[datetime]) -> int:
    """Return how many of *times* the fullest window of *span* holds."""
    return max(sum(first <= at < first + span for at in times) for first in times)


def refusals(house: House) -> dict[tuple[str, int], int]:
    """Return what Lark answered that was no success."""
    return {answer: count for answer, count in house.lark.answers.items() if answer[1]}


async def test_200_at_once_to_a_robot_are_told_without_one_refusal(house):
    robot = await house.robot(secret="s")
    numbers = await house.notify_all([f"n{n}" for n in range(200)], to=robot)

    await house.run(minutes=5)

    assert refusals(house) == {}
    assert house.titles() == ["200 messages at once"]
    assert await house.ledger_states() == {"digested": 200}
    assert len(numbers) == 200


async def test_200_that_cannot_be_merged_keep_under_the_robots_ceilings(house):
    robot = await house.robot(secret="s")
    for n in range(200):
        await house.say(f"n{n}", to=robot)

    await house.run(minutes=5)

    times = [message.created_at for message in house.ops.messages]
    assert refusals(house) == {}
    assert house.titles() == [f"n{n}" for n in range(200)]
    assert most_within(SECOND, times) <= 5
    assert most_within(MINUTE, times) <= 100
    assert times[-1] - times[0] < timedelta(minutes=3)


async def test_a_critical_behind_200_others_goes_within_5_seconds(house):
    robot = await house.robot(secret="s")
    for n in range(200):
        await house.say(f"n{n}", to=robot)
    await house.run(seconds=20)
    sent_at = house.clock.now()
    await house.notify("fire", to=robot, severity=CRITICAL)

    await house.run(minutes=5)

    when = dict(zip(house.titles(), house.ops.messages, strict=True))
    assert when["Critical · fire"].created_at - sent_at < timedelta(seconds=1)
    assert (len(house.titles()), refusals(house)) == (201, {})


async def test_a_critical_behind_a_storm_goes_within_5_seconds(house):
    robot = await house.robot(secret="s")
    await house.notify_all([f"n{n}" for n in range(200)], to=robot)
    await house.notify("fire", to=robot, severity=CRITICAL)

    await house.run(seconds=5)

    assert house.titles() == ["Critical · fire", "200 messages at once"]


async def test_a_trickle_for_an_hour_keeps_under_the_ceilings(house):
    robot = await house.robot(secret="s")
    for n in range(120):
        await house.notify(f"n{n}", to=robot)
        await house.run(milliseconds=500 * (n % 3))

    await house.run(minutes=2)

    assert refusals(house) == {}
    assert sum((await house.ledger_states()).values()) == 120


async def test_a_restart_in_a_burst_does_not_forget_the_pace(house):
    robot = await house.robot(secret="s")
    for n in range(30):
        await house.say(f"n{n}", to=robot)
        if n % 3 == 0:
            house.delivery = house.worker(f"w{n}")
            await house.delivery.run_once()

    await house.run(minutes=1)

    assert (refusals(house), len(house.titles())) == ({}, 30)


async def test_many_groups_at_once_keep_under_the_apps_ceilings(house):
    groups = [house.group(f"g{n}") for n in range(60)]
    for group in groups:
        await house.notify_all("ab", to=Destination(Kind.CHAT, group.chat_id))

    await house.run(minutes=2)

    times = sorted(each.created_at for group in groups for each in group.messages)
    assert refusals(house) == {}
    assert [house.titles(group) for group in groups] == [["a", "b"]] * 60
    assert most_within(SECOND, times) <= 50
    # 13.3 a second.
    assert times[-1] - times[0] < timedelta(seconds=10)


async def test_a_group_gets_no_more_than_four_a_second(house):
    for n in range(12):
        await house.say(f"n{n}")

    await house.run(seconds=10)

    times = [message.created_at for message in house.ops.messages]
    assert (most_within(SECOND, times), refusals(house)) == (4, {})


async def test_robots_do_not_wait_for_the_app(house):
    for n in range(30):
        group = house.group(f"g{n}")
        await house.notify("a", to=Destination(Kind.CHAT, group.chat_id))
    robot = await house.robot()
    number = await house.notify("b", to=robot)
    house.delivery.settings.governor.close(Gate.APP, house.clock.now() + MINUTE)

    await house.run(seconds=30)
    assert await house.states([number]) == ["delivered"]
    assert Counter(await house.states(range(1, 31))) == {"queued": 30}

    await house.run(minutes=1)
    assert Counter(await house.states(range(1, 31))) == {"delivered": 30}
