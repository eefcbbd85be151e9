"""When an event was not taken: Lark's schedule, and what chaos adds to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox import App, Chat, Lark, User
from sandbox.push import SCHEDULE
from tests.conftest import HandClock
from tests.sandbox.conftest import Listener


@pytest.fixture
def silent(listener: Listener) -> Iterator[asyncio.Event]:
    """An event that the listener waits for before it answers anything."""
    listener.silent = asyncio.Event()
    yield listener.silent
    listener.silent.set()


def ids(listener: Listener) -> list[str]:
    return [heard.body["header"]["event_id"] for heard in listener.heard]


async def test_what_is_not_taken_is_redelivered_four_times_at_growing_intervals(
    lark: Lark, listener: Listener, ops: Chat, alice: User, clock: HandClock
) -> None:
    listener.statuses = [500] * 10
    await lark.say(ops, alice, "/help", mention_bot=True)
    assert len(listener.heard) == 1

    for number, pause in enumerate(
        [{"seconds": 15}, {"minutes": 5}, {"hours": 1}, {"hours": 6}], start=2
    ):
        clock.advance(**pause)
        clock.advance(milliseconds=-1)
        assert await lark.deliver_due() == []
        clock.advance(milliseconds=1)
        [attempt] = await lark.deliver_due()
        assert (attempt.attempt, attempt.status, attempt.taken) == (number, 500, False)
    clock.advance(days=7)
    assert await lark.deliver_due() == []
    assert len(set(ids(listener))) == 1
    assert len(listener.heard) == 5


def test_the_schedule_is_that_of_the_documents() -> None:
    assert (
        timedelta(seconds=15),
        timedelta(minutes=5),
        timedelta(hours=1),
        timedelta(hours=6),
    ) == SCHEDULE


async def test_the_schedule_can_be_scaled(
    lark: Lark, listener: Listener, ops: Chat, alice: User, clock: HandClock
) -> None:
    lark.switches.time_scale = 0.01
    listener.statuses = [500, 500]
    await lark.say(ops, alice, "/help", mention_bot=True)

    clock.advance(milliseconds=150)
    assert len(await lark.deliver_due()) == 1
    clock.advance(seconds=3)
    assert [d.taken for d in await lark.deliver_due()] == [True]


@pytest.mark.parametrize("status", [201, 204, 302, 307, 400, 404, 500, 503])
async def test_only_200_counts_as_taken(
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    clock: HandClock,
    status: int,
) -> None:
    listener.statuses = [status]
    await lark.say(ops, alice, "/help", mention_bot=True)

    clock.advance(seconds=15)
    assert [d.taken for d in await lark.deliver_due()] == [True]
    assert [d.status for d in lark.deliveries] == [status, 200]


async def test_what_was_taken_is_not_redelivered(
    lark: Lark, listener: Listener, ops: Chat, alice: User, clock: HandClock
) -> None:
    await lark.say(ops, alice, "/help", mention_bot=True)

    clock.advance(hours=8)
    assert await lark.deliver_due() == []
    assert len(listener.heard) == 1


async def test_the_body_of_the_answer_does_not_matter(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    listener.reply_text = "whatever"

    await lark.say(ops, alice, "/help", mention_bot=True)
    assert [delivery.taken for delivery in lark.deliveries] == [True]


async def test_an_answer_that_comes_too_late_does_not_count(
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    silent: asyncio.Event,
    clock: HandClock,
) -> None:
    lark.switches.answer_timeout = 0.05
    await lark.say(ops, alice, "/help", mention_bot=True)
    [delivery] = lark.deliveries
    assert (delivery.status, delivery.failure) == (None, "timeout")

    silent.set()
    lark.switches.answer_timeout = 3.0
    clock.advance(seconds=15)
    assert [d.taken for d in await lark.deliver_due()] == [True]


async def test_a_server_that_is_down_is_tried_again(
    lark: Lark,
    listener: Listener,
    ops: Chat,
    bell: App,
    alice: User,
    unused_tcp_port: int,
    clock: HandClock,
) -> None:
    bell.event_url = f"http://127.0.0.1:{unused_tcp_port}/"
    await lark.say(ops, alice, "/help", mention_bot=True)
    assert lark.deliveries[0].failure == "unreachable"

    bell.event_url = listener.url
    clock.advance(seconds=15)
    assert [d.taken for d in await lark.deliver_due()] == [True]


@pytest.mark.parametrize("again", [True, False])
async def test_a_redelivery_is_signed_afresh_unless_switched_otherwise(
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    clock: HandClock,
    again: bool,
) -> None:
    lark.switches.sign_again = again
    listener.statuses = [500]
    await lark.say(ops, alice, "/help", mention_bot=True)
    clock.advance(seconds=15)
    await lark.deliver_due()

    stamps = [int(h.headers["X-Lark-Request-Timestamp"]) for h in listener.heard]
    signatures = {heard.headers["X-Lark-Signature"] for heard in listener.heard}
    assert stamps[1] - stamps[0] == (15 if again else 0)
    assert len(signatures) == (2 if again else 1)
    assert listener.heard[0].raw == listener.heard[1].raw


async def test_nothing_is_sent_before_an_address_is_saved(
    lark: Lark, ops: Chat, alice: User
) -> None:
    await lark.say(ops, alice, "/help", mention_bot=True)

    assert lark.deliveries == []


# Chaos


async def test_chaos_can_deliver_twice_what_was_taken(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    lark.chaos.duplicate = True

    await lark.say(ops, alice, "/help", mention_bot=True)
    first, second = ids(listener)
    assert first == second
    assert [delivery.attempt for delivery in lark.deliveries] == [1, 1]


async def test_chaos_can_deliver_a_message_under_another_event_id(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    lark.chaos.another_event_id = True

    await lark.say(ops, alice, "/help", mention_bot=True)
    first, second = ids(listener)
    assert first != second
    assert listener.heard[0].body["event"] == listener.heard[1].body["event"]


async def test_a_second_copy_that_is_refused_is_not_tried_again(
    lark: Lark, listener: Listener, ops: Chat, alice: User, clock: HandClock
) -> None:
    lark.chaos.duplicate = True
    listener.statuses = [200, 500]
    await lark.say(ops, alice, "/help", mention_bot=True)

    clock.advance(hours=8)
    assert await lark.deliver_due() == []
    assert len(listener.heard) == 2


async def test_chaos_can_swap_two_events(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    lark.chaos.out_of_order = True
    for text in ("one", "two", "three"):
        await lark.say(ops, alice, text, mention_bot=True)

    assert listener.texts == ["@_user_1 two", "@_user_1 one"]
    await lark.deliver_due()
    assert listener.texts[2:] == ["@_user_1 three"]


async def test_chaos_can_hold_events_back(
    lark: Lark, listener: Listener, ops: Chat, alice: User, clock: HandClock
) -> None:
    lark.chaos.late = timedelta(hours=7)
    await lark.say(ops, alice, "/help", mention_bot=True)

    clock.advance(hours=7, milliseconds=-1)
    assert await lark.deliver_due() == []
    clock.advance(milliseconds=1)
    assert [delivery.attempt for delivery in await lark.deliver_due()] == [1]
    message = listener.heard[0].body["event"]["message"]
    assert message["create_time"] == str(
        int((clock.now() - timedelta(hours=7)).timestamp() * 1000)
    )
