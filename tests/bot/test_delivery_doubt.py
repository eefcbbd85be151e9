"""An answer that was lost: what may stand there twice says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox import Kind as Wrong


async def test_a_key_that_is_taken_for_long_says_that_the_message_is_there(house):
    house.lark.switches.in_flight = timedelta(hours=1)
    house.fail(Wrong.RESET_AFTER)
    number = await house.notify("disk")

    await house.run(minutes=5)

    assert (house.titles(), await house.fate(number)) == (["disk"], ("delivered", ""))


async def test_a_robot_s_message_in_doubt_says_that_it_may_stand_there_twice(house):
    robot = await house.robot()
    house.fail(Wrong.RESET_AFTER, house.robots["bell"].token)
    number = await house.notify("disk", to=robot)

    await house.run(minutes=1)

    assert house.titles() == ["disk", "disk"]
    assert await house.fate(number) == (
        "delivered",
        "an answer was lost, so it may stand there twice",
    )


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        (30, ""),
        (90, "sent again after an hour in doubt, so it may stand there twice"),
    ],
)
async def test_after_an_hour_lark_has_forgotten_the_key(house, minutes, reason):
    house.fail(Wrong.RESET_AFTER)
    number = await house.notify("disk")
    await house.delivery.run_once()
    house.fail(Wrong.BAD_GATEWAY, times=None)
    await house.run(minutes=minutes)
    house.lark.faults.clear()

    await house.run(minutes=6)

    assert await house.fate(number) == ("delivered", reason)
