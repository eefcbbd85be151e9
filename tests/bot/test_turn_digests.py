"""Scheduled digests: collected, told at their time as one, and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handlers.rules.windows import spread
from store.values import Channel
from tests.bot.house import CRITICAL


async def test_what_comes_in_a_day_is_one_digest_at_its_time(house):
    await house.digest(9)
    numbers = await house.notify_all(["disk", "cpu"])
    await house.run(hours=3)
    numbers += await house.notify_all(["fan"])

    await house.run(hours=4, minutes=59)
    assert (house.titles(), await house.states(numbers)) == ([], ["held"] * 3)

    await house.run(minutes=3)
    assert house.titles() == ["Digest: daily 09:00 UTC"]
    assert await house.states(numbers) == ["digested"] * 3
    assert house.text().splitlines()[1:4] == [
        "3 messages since 2026-01-05 01:00 UTC",
        "Warning 3",
        "• Warning · fan · 01-05 04:00 · M3",
    ]


async def test_a_digest_is_told_within_90_seconds_in_the_second_of_its_place(house):
    await house.digest(9)
    await house.notify_all(["disk", "cpu"])
    nine = house.clock.now().replace(hour=9, minute=0)

    await house.run_until(nine + timedelta(seconds=95))

    (told,) = house.ops.messages
    assert told.created_at - nine == spread(house.chat, nine)


async def test_criticals_and_calls_do_not_wait_for_a_digest(house):
    await house.digest(9)
    held = await house.notify("disk")
    passed = await house.notify("fire", severity=CRITICAL)

    await house.run(minutes=1)

    assert house.titles() == ["Critical · fire"]
    assert await house.states([held, passed]) == ["held", "delivered"]


async def test_what_a_digest_does_not_collect_goes_at_once(house):
    await house.digest(9, collects=frozenset({Channel.EMAIL}))
    await house.digest(9, patterns=("finance.*",))

    await house.notify("disk")
    await house.run(minutes=1)

    assert house.titles() == ["disk"]


async def test_a_weekly_digest_tells_what_is_older_than_it_expires(house):
    # A minute after 01:00 on a Monday: it is told in a week.
    await house.digest(1, days="mon")
    await house.run(minutes=1)
    numbers = await house.notify_all(["disk", "cpu"])
    # Nobody works when it is due.
    await house.run(days=6, hours=23)
    house.clock.advance(hours=30)

    await house.run(minutes=2)

    assert await house.states(numbers) == ["digested"] * 2
    assert house.titles() == ["Digest: weekly mon 01:00 UTC"]


async def test_a_digest_of_workdays_outlasts_the_longest_holidays(house):
    house.clock.set(datetime(2026, 2, 13, 10, 30, tzinfo=UTC))  # 18:30 in Shanghai
    await house.digest(18, days="workdays", zone="Asia/Shanghai", calendar="CN")
    numbers = await house.notify_all(["disk", "cpu"])

    # Saturday the 14th is worked; then Chinese New Year, until the 24th.
    await house.run_until(datetime(2026, 2, 14, 9, 59, tzinfo=UTC))
    assert await house.states(numbers) == ["held"] * 2
    await house.run(minutes=3)
    assert await house.states(numbers) == ["digested"] * 2

    later = await house.notify_all(["fan", "rack"])
    await house.run_until(datetime(2026, 2, 24, 9, 59, tzinfo=UTC))
    assert await house.states(later) == ["held"] * 2
    await house.run(minutes=3)
    assert await house.states(later) == ["digested"] * 2


async def test_a_window_over_the_time_of_a_weekly_digest_expires_nothing(house):
    await house.digest(3, days="tue")
    await house.run(days=1, hours=1)
    await house.window(hours=8)
    await house.run(hours=1, minutes=2)
    numbers = await house.notify_all(["disk", "cpu"])

    # At its time, a week later, the window is open: it ends another 7 hours later.
    await house.run(days=7)
    assert await house.states(numbers) == ["held"] * 2
    await house.run(hours=7)

    assert await house.states(numbers) == ["digested"] * 2
    assert house.titles() == ["Held back: nights: 02:00-10:00 daily UTC"]


async def test_what_is_told_today_is_not_kept_by_what_is_told_tomorrow(house):
    await house.digest(9)
    early = await house.notify_all(["disk", "cpu"])
    await house.run(minutes=1)
    # Nobody works at nine; then everything comes at once.
    house.clock.advance(hours=8, minutes=4)
    late = await house.notify_all(["fan", "rack"])

    await house.run(minutes=1)

    assert await house.states([*early, *late]) == ["digested"] * 2 + ["held"] * 2
    (told,) = await house.deliveries(late[0])
    tomorrow = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
    assert told.until == tomorrow + spread(house.chat, tomorrow)


async def test_a_digest_that_is_turned_off_lets_go_at_once(house):
    schedule = await house.digest(9)
    await house.notify_all(["disk", "cpu"])
    await house.run(minutes=1)

    assert await house.drop_digest(schedule) == 2
    await house.run(minutes=1)

    assert house.titles() == ["Digest: daily 09:00 UTC"]


async def test_what_a_digest_lets_go_of_may_be_kept_by_a_window(house):
    schedule = await house.digest(12)
    await house.window(hours=8)
    numbers = await house.notify_all(["disk", "cpu"])
    await house.run(minutes=1)

    await house.drop_digest(schedule)
    await house.run(minutes=1)

    (told,) = await house.deliveries(numbers[0])
    assert (told.state, told.rule.partition(":")[0]) == ("held", "window")


async def test_one_that_is_left_by_itself_is_told_as_itself(house):
    await house.digest(9)
    number = await house.notify("disk")

    await house.run(hours=9)

    assert house.titles() == ["disk"]
    assert (await house.fate(number))[0] == "delivered"


async def test_a_robot_obeys_the_digest_of_its_group(house):
    robot = await house.robot(chat=house.ops.chat_id)
    await house.digest(9)
    number = await house.notify("disk", to=robot)

    await house.run(minutes=1)

    (told,) = await house.deliveries(number)
    assert (told.state, told.reason) == ("held", "digest: daily 09:00 UTC")
