"""What fails: again with the same bytes, given up by name, never twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from sandbox import Kind as Wrong

# Again


async def test_what_fails_is_tried_again_ever_later_with_full_jitter(house):
    house.fail(Wrong.BAD_GATEWAY, times=None)
    await house.notify("disk")

    await house.run(minutes=20)

    # The random number is always a half here: half of 1 s, 2 s, … 5 min.
    times = [attempt.at for attempt in house.attempts]
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert gaps[:12] == [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150, 150]


async def test_what_waits_for_its_next_attempt_holds_nobody_up(house):
    house.fail(Wrong.BAD_GATEWAY)
    first = await house.notify("a")
    await house.delivery.run_once()
    house.clock.advance(seconds=0.25)
    await house.notify("b")
    await house.delivery.run_once()
    assert house.titles() == ["b"]

    await house.run(seconds=5)

    assert (house.titles(), (await house.fate(first))[0]) == (["b", "a"], "delivered")


async def test_after_24_hours_it_is_given_up_and_admins_are_told(house):
    robot = await house.robot()
    house.fail(Wrong.BAD_GATEWAY, house.robots["bell"].token, times=None)
    number = await house.notify("disk", to=robot)
    await house.run(minutes=5)
    first = house.attempts[0].at

    house.clock.set(first + timedelta(hours=23, minutes=59))
    await house.run(minutes=10)

    assert house.attempts[-2].at == first + timedelta(hours=24)
    assert await house.fate(number) == (
        "dead",
        "tried for 24 h: Lark answered HTTP 502",
    )
    assert house.notices() == ["Not delivered to robot bell"]
    assert house.text(chat=house.told_admin).splitlines()[1:] == [
        "“disk” (M1): tried for 24 h: Lark answered HTTP 502.",
        "Send it again with: larkbell dead --replay 1",
    ]


async def test_a_dead_message_can_be_sent_again(house):
    house.fail(Wrong.CODE, code=230001)
    number = await house.notify("disk")
    await house.run(seconds=1)
    (dead,) = await house.dead()

    assert await house.replay(dead.id)
    await house.run(seconds=1)

    assert (house.titles(), await house.states([number])) == (["disk"], ["delivered"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (230001, "Lark found a mistake in the message"),
        (230022, "Lark took the message for sensitive"),
        (230025, "the message is too big"),
        (230099, "Lark could not show the card"),
    ],
)
async def test_what_lark_refuses_is_dead_at_once_with_words(house, code, words):
    house.fail(Wrong.CODE, code=code, message="so says Lark")
    number = await house.notify("disk")

    await house.run(minutes=1)

    assert await house.fate(number) == ("dead", f"{words} (code {code}): so says Lark")
    assert house.notices() == ["Not delivered to group oc_ops"]


async def test_a_notice_that_dies_makes_no_other(house):
    bob = house.app.open_id_of(house.lark.create_user("Bob"))
    house.admins = (house.person.name, bob)
    house.delivery = house.worker("w1")
    house.fail(Wrong.CODE, code=230001, times=None)
    await house.notify("disk")

    await house.run(hours=1)

    kinds = [dead.kind for dead in await house.dead()]
    assert kinds == ["notice", "notice", "delivery"]


async def test_foreign_text_in_a_notice_mentions_nobody(house):
    house.fail(Wrong.CODE, code=230001)
    await house.notify("<at id=all></at> [x](http://evil.example) **x**")

    await house.run(seconds=5)

    (notice,) = house.told_admin.messages
    assert notice.mentioned == ()


# Doubt


async def test_an_answer_lost_after_the_commit_leaves_one_message(house):
    house.fail(Wrong.RESET_AFTER)
    number = await house.notify("disk")

    await house.run(seconds=10)

    assert [attempt.error for attempt in house.attempts] == ["Unanswered", ""]
    assert house.titles() == ["disk"]
    assert await house.fate(number) == ("delivered", "")


async def test_a_reply_whose_answer_is_lost_is_one_reply(house):
    asked = await house.lark.say(house.ops, house.admin, "/help")
    await house.say("an answer", kind="reply", rank=0, address=asked.message_id)
    house.fail(Wrong.RESET_AFTER, "reply")

    await house.run(seconds=10)

    assert [attempt.error for attempt in house.attempts] == ["Unanswered", ""]
    assert house.titles() == ["an answer"]


async def test_a_slow_answer_leaves_one_message(house):
    house.timeout = 0.25
    house.delivery = house.worker("w1")
    house.fail(Wrong.SLOW, seconds=0.4)
    await house.notify("disk")

    await house.run(minutes=1)
    await house.until(lambda: house.lark.answers["send", 0] >= 2)

    assert (house.attempts[0].error, house.attempts[-1].error) == ("Unanswered", "")
    assert house.titles() == ["disk"]


async def test_what_is_in_doubt_is_not_merged_with_what_came_later(house):
    house.fail(Wrong.RESET_AFTER)
    doubted = await house.notify("a")
    await house.delivery.run_once()
    storm = await house.notify_all("bcdefg")

    await house.run(seconds=10)

    assert house.titles() == ["a", "6 messages at once"]
    assert await house.states([doubted, *storm]) == ["delivered", *["digested"] * 6]


async def test_what_is_in_doubt_is_not_held(house):
    house.fail(Wrong.RESET_AFTER)
    number = await house.notify("a")
    await house.delivery.run_once()
    await house.mute(hours=1)

    await house.run(seconds=10)

    assert (house.titles(), await house.states([number])) == (["a"], ["delivered"])


async def test_what_certainly_did_not_arrive_may_be_merged_and_held(house):
    house.fail(Wrong.CODE, code=123456)
    number = await house.notify("a")
    await house.delivery.run_once()
    await house.mute(hours=1)

    await house.run(seconds=10)

    assert await house.states([number]) == ["held"]


async def test_a_refused_connection_leaves_no_doubt(house):
    robot = await house.robot()
    await house.know("bell", webhook="http://127.0.0.1:9/nobody")
    number = await house.notify("disk", to=robot)
    await house.delivery.run_once()
    assert house.attempts[0].error == "TransportError"
    await house.know("bell")

    await house.run(seconds=10)

    assert (house.titles(), await house.states([number])) == (["disk"], ["delivered"])


async def test_a_fault_of_our_own_is_tried_again_and_given_up_like_larks(house):
    robot = await house.robot()
    await house.say("broken", to=robot, payload="no JSON at all")
    await house.notify("disk", to=robot)

    await house.run(minutes=5)
    assert house.titles() == ["disk"]

    house.clock.advance(hours=24)
    await house.run(minutes=1)
    (dead,) = await house.dead()
    assert dead.reason == "tried for 24 h: a fault of our own: JSONDecodeError"


async def test_what_fails_again_and_again_lets_the_others_pass(house):
    house.fail(Wrong.SLOW, seconds=1, times=None)
    await house.notify_all("abc")

    await house.run(seconds=10)

    tried = [attempt.id for attempt in house.attempts[:3]]
    assert tried == sorted(set(tried))
