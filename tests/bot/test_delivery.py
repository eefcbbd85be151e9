"""Messages on their way: where they arrive, in which order, under which key."""

from __future__ import annotations

from sandbox import Kind as Wrong
from store import outbox
from store.opening import open_database
from store.values import State
from tests.bot.house import CRITICAL, opened
from tests.conftest import KEYRING

# It arrives


async def test_a_message_to_a_group_a_robot_and_a_person_is_shown(house):
    robot = await house.robot(secret="s", keyword="zebra", mention_all=True)
    places = (house.chat, robot, house.person)
    numbers = [await house.notify("disk", to=place) for place in places]

    await house.run(seconds=1)

    assert (house.titles(), house.notices()) == (["disk", "disk"], ["disk"])
    assert await house.states(numbers) == ["delivered"] * 3
    (by_robot,) = [each for each in house.ops.messages if each.sender is not house.app]
    assert by_robot.mentioned == ("all",)
    assert house.lark.text_of(by_robot).endswith("zebra")


async def test_what_is_delivered_took_one_attempt(house):
    number = await house.notify("disk")

    await house.run(seconds=1)

    (told,) = await house.deliveries(number)
    assert (told.state, told.attempts, told.reason) == (State.DELIVERED, 1, "")


async def test_replies_go_first_then_criticals_then_the_oldest(house):
    await house.notify("a")
    await house.notify("b")
    await house.notify("fire", severity=CRITICAL)
    await house.say("an answer", kind="reply", rank=outbox.REPLY)

    await house.run(seconds=5)

    assert house.titles() == ["an answer", "Critical · fire", "a", "b"]


async def test_an_answer_hangs_on_the_line_that_it_answers(house):
    asked = await house.lark.say(house.ops, house.admin, "/help")
    await house.say("an answer", kind="reply", rank=0, address=asked.message_id)

    await house.run(seconds=1)

    assert house.ops.messages[-1].parent is asked


async def test_an_answer_to_a_recalled_line_is_said_by_itself(house):
    asked = await house.lark.say(house.ops, house.admin, "/help")
    await house.say("an answer", kind="reply", rank=0, address=asked.message_id)
    house.lark.recall(asked)

    await house.run(seconds=1)

    assert (house.titles(), house.ops.messages[-1].parent) == (["an answer"], None)


# Under which key


async def test_the_key_is_made_of_the_database_and_the_number(house):
    await house.notify("disk")

    await house.run(seconds=1)

    assert [message.uuid for message in house.ops.messages] == ["i1-1"]


async def test_the_key_and_the_bytes_are_the_same_at_every_attempt_and_after_a_restart(
    house,
):
    number = await house.notify("disk")
    for kind in (Wrong.BAD_GATEWAY, Wrong.RESET_BEFORE, Wrong.RESET_AFTER):
        house.fail(kind)
        await house.delivery.run_once()
        house.delivery = house.worker("after a restart")
        house.clock.advance(minutes=5)

    await house.run(minutes=1)

    assert [attempt.error for attempt in house.attempts] == ["Unanswered"] * 3 + [""]
    assert {attempt.uuid for attempt in house.attempts} == {"i1-1"}
    assert len({attempt.payload for attempt in house.attempts}) == 1
    assert [message.uuid for message in house.ops.messages] == ["i1-1"]
    assert (await house.fate(number))[0] == "delivered"


async def test_another_database_has_other_keys(house, tmp_path, clock):
    other = await open_database(f"sqlite:{tmp_path / 'other.db'}", keyring=KEYRING)
    async with opened(other, clock, instance="i2") as second:
        for each in (house, second):
            await each.notify("disk")
            await each.run(seconds=1)
    await other.close()

    assert [each.attempts[0].uuid for each in (house, second)] == ["i1-1", "i2-1"]
