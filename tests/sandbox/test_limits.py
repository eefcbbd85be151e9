from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox import App, Chat, Lark, User
from sandbox.limits import PER_API, PER_ROBOT, Limits
from sandbox.refusal import Refusal
from tests.conftest import MONDAY, HandClock
from tests.sandbox.conftest import SEND, Api, card, markdown


async def test_the_sixth_message_a_second_to_a_chat_is_refused(
    api: Api, ops: Chat, clock: HandClock
) -> None:
    verdicts = [(await api.text(ops.chat_id)).verdict for _ in range(6)]
    assert verdicts == [(200, 0)] * 5 + [(400, 230020)]

    clock.advance(milliseconds=999)
    assert (await api.text(ops.chat_id)).verdict == (400, 230020)
    clock.advance(milliseconds=1)
    assert (await api.text(ops.chat_id)).verdict == (200, 0)
    assert len(ops.messages) == 6


async def test_a_chat_is_shared_by_all_its_bots(
    api: Api, lark: Lark, ops: Chat
) -> None:
    other = lark.create_app("Other")
    ops.members.append(other)
    for _ in range(5):
        await api.text(ops.chat_id)

    answer = await Api(api.client, other).text(ops.chat_id)
    assert answer.verdict == (400, 230020)


async def test_another_chat_has_its_own_five(
    api: Api, lark: Lark, ops: Chat, bell: App
) -> None:
    dev = lark.create_chat("dev", [bell])
    for _ in range(5):
        await api.text(ops.chat_id)

    assert (await api.text(dev.chat_id)).verdict == (200, 0)


async def test_replies_count_with_the_rest(api: Api, ops: Chat) -> None:
    for _ in range(5):
        await api.text(ops.chat_id)

    answer = await api.reply(ops.messages[0].message_id)
    assert answer.verdict == (400, 230020)


async def test_the_sixth_message_a_second_to_a_person_is_refused(
    api: Api, bell: App, alice: User
) -> None:
    open_id = bell.open_id_of(alice)
    verdicts = [(await api.text(open_id, kind="open_id")).verdict for _ in range(6)]

    assert verdicts == [(200, 0)] * 5 + [(400, 230020)]


async def test_the_sixth_update_a_second_of_a_card_is_refused(
    api: Api, ops: Chat, clock: HandClock
) -> None:
    await api.card(ops.chat_id, card(markdown()))
    message_id = ops.messages[0].message_id

    verdicts = [
        (await api.patch(message_id, card(markdown(str(n))))).verdict for n in range(6)
    ]
    assert verdicts == [(200, 0)] * 5 + [(400, 230020)]
    clock.advance(seconds=1)
    assert (await api.patch(message_id, card(markdown()))).verdict == (200, 0)


async def test_the_fifty_first_call_a_second_of_one_api_is_told_when_to_come_back(
    api: Api, clock: HandClock
) -> None:
    path = "/open-apis/bot/v3/info"
    for _ in range(50):
        assert (await api.call("GET", path)).verdict == (200, 0)

    answer = await api.call("GET", path)
    assert answer.verdict == (429, 99991400)
    assert answer.headers["x-ogw-ratelimit-limit"] == "50"
    assert answer.headers["x-ogw-ratelimit-reset"] == "1"
    assert (await api.call("GET", "/open-apis/im/v1/chats")).verdict == (200, 0)
    clock.advance(seconds=1)
    assert (await api.call("GET", path)).verdict == (200, 0)


def test_the_thousand_and_first_call_a_minute_waits_for_the_minute() -> None:
    limits = Limits()
    now = MONDAY
    for number in range(1000):
        now = MONDAY + timedelta(milliseconds=30 * number)
        limits.gateway("cli_1", "send", now=now)

    with pytest.raises(Refusal) as caught:
        limits.gateway("cli_1", "send", now=now)

    assert caught.value.status == 429
    assert caught.value.headers == {
        "x-ogw-ratelimit-limit": "1000",
        "x-ogw-ratelimit-reset": "31",
    }
    limits.gateway("cli_2", "send", now=now)
    limits.gateway("cli_1", "send", now=MONDAY + timedelta(minutes=1))


def test_the_ceilings_are_those_of_the_documents() -> None:
    second, minute = timedelta(seconds=1), timedelta(minutes=1)

    assert ((50, second), (1000, minute)) == PER_API
    assert ((5, second), (100, minute)) == PER_ROBOT


async def test_a_refused_call_does_not_count_against_the_chat(
    api: Api, ops: Chat
) -> None:
    for _ in range(5):
        await api.call("POST", SEND, params={"receive_id_type": "chat_id"}, json={})

    assert (await api.text(ops.chat_id)).verdict == (200, 0)
