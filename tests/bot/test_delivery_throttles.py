"""Tokens that end, and a Lark that asks us to come back later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sandbox import Kind as Wrong
from store.values import State

# Tokens


async def test_a_token_revoked_on_the_way_costs_no_attempt(house):
    await house.notify("a")
    await house.run(seconds=1)
    house.lark.revoke_tokens(house.app)
    number = await house.notify("b")

    await house.run(seconds=1)

    (told,) = await house.deliveries(number)
    assert (told.state, told.attempts, house.titles()) == (
        State.DELIVERED,
        1,
        ["a", "b"],
    )


async def test_tokens_of_a_minute_do(house):
    house.lark.switches.token_life = 60
    for hour in range(5):
        await house.notify(f"n{hour}")
        await house.run(hours=1)

    assert house.titles() == [f"n{n}" for n in range(5)]
    assert [attempt.error for attempt in house.attempts] == [""] * 5


# Too fast


async def test_a_429_paces_the_lane_for_as_long_as_lark_says_and_is_no_attempt(house):
    await house.notify("a")
    await house.run(seconds=1)
    # Fifty calls of another program with the same app fill Lark's second.
    house.crowd(50)
    number = await house.notify("b")

    await house.run(seconds=30)

    first, throttled, second = house.attempts
    assert (first.error, throttled.error, second.error) == ("", "Throttled", "")
    assert second.at - throttled.at == timedelta(seconds=1)
    (told,) = await house.deliveries(number)
    assert (told.attempts, told.state) == (1, State.DELIVERED)


async def test_when_the_app_is_too_fast_every_group_waits_and_robots_do_not(house):
    robot, other = await house.robot(), house.group("other")
    elsewhere = replace(house.chat, name=other.chat_id)
    house.fail(Wrong.CODE, code=99991400, status=429)
    await house.notify("a")
    await house.delivery.run_once()
    await house.notify("b", to=elsewhere)
    await house.notify("c", to=robot)

    await house.run(seconds=4.9)
    assert (house.titles(), house.titles(other)) == (["c"], [])

    await house.run(seconds=1)
    assert (house.titles(), house.titles(other)) == (["c", "a"], ["b"])


async def test_when_one_group_is_too_full_only_that_waits(house):
    other = house.group("other")
    house.fail(Wrong.CODE, code=230020)
    await house.notify("a")
    await house.delivery.run_once()
    await house.notify("b", to=replace(house.chat, name=other.chat_id))

    await house.run(seconds=0.5)

    assert (house.titles(), house.titles(other)) == ([], ["b"])


async def test_a_throttle_does_not_use_up_the_24_hours(house):
    robot = await house.robot()
    house.fail(Wrong.CODE, house.robots["bell"].token, code=11232, status=200)
    number = await house.notify("disk", to=robot)
    await house.delivery.run_once()
    house.fail(Wrong.BAD_GATEWAY, house.robots["bell"].token)

    house.clock.advance(hours=25)
    await house.run(minutes=1)

    (told,) = await house.deliveries(number)
    assert (told.state, told.attempts) == (State.DELIVERED, 2)
