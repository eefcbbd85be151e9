"""Another card, some time after a tap was answered."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox import App, Chat, Lark, Message, User
from tests.conftest import HandClock
from tests.sandbox.conftest import Answer, Api, Listener, button, card, markdown
from tests.sandbox.test_taps import shown

NEW = card(markdown("done"))


async def update(api: Api, token: Any, content: Any = NEW) -> Answer:
    body = {"token": token, "card": content}
    return await api.call("POST", "/open-apis/interactive/v1/card/update", json=body)


@pytest.fixture
async def tapped(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> Message:
    message = await shown(api, ops, card(button()))
    await lark.tap(message, alice, "Mute")
    return message


def token_of(listener: Listener) -> str:
    return str(listener.heard[-1].body["event"]["token"])


async def test_a_tapped_card_is_updated_later_twice_at_most(
    api: Api, listener: Listener, tapped: Message
) -> None:
    verdicts = [(await update(api, token_of(listener))).verdict for _ in range(3)]

    assert verdicts == [(200, 0), (200, 0), (400, 300040)]
    assert tapped.versions[1:] == [NEW, NEW]


async def test_a_token_lasts_half_an_hour(
    api: Api, listener: Listener, tapped: Message, clock: HandClock
) -> None:
    clock.advance(minutes=30)
    in_time = await update(api, token_of(listener))
    clock.advance(seconds=1)

    late = await update(api, token_of(listener))
    assert (in_time.verdict, late.verdict) == ((200, 0), (400, 300030))


async def test_a_card_is_not_updated_before_the_tap_was_answered(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    listener.silent = asyncio.Event()
    tapping = asyncio.create_task(lark.tap(message, alice, "Mute"))
    await listener.news.get()

    early = await update(api, token_of(listener))
    listener.silent.set()
    await tapping
    after = await update(api, token_of(listener))
    assert (early.verdict, after.verdict) == ((400, 11310), (200, 0))
    assert message.versions[1:] == [NEW]


@pytest.mark.parametrize("token", ["c-1", "x", 5])
async def test_a_token_that_nobody_was_given_is_refused(api: Api, token: Any) -> None:
    assert (await update(api, token)).verdict == (400, 300020)


async def test_a_token_is_for_the_app_that_it_was_given(
    api: Api, lark: Lark, listener: Listener, tapped: Message
) -> None:
    other = Api(api.client, lark.create_app("Other"))

    assert (await update(other, token_of(listener))).verdict == (400, 200310)
    assert len(tapped.versions) == 1


async def test_a_card_that_was_taken_back_is_not_updated(
    api: Api, lark: Lark, listener: Listener, tapped: Message
) -> None:
    lark.recall(tapped)

    assert (await update(api, token_of(listener))).verdict == (400, 200000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{}", 100030),
        (card({"tag": "note"}), 11311),
        (card(markdown("x" * 30 * 1024)), 200860),
        ({"elements": []}, 200830),
        ({}, 99992402),
    ],
)
async def test_a_card_that_cannot_be_shown_is_refused(
    api: Api, listener: Listener, tapped: Message, content: Any, code: int
) -> None:
    answer = await update(api, token_of(listener), content or None)

    assert answer.verdict == (400, code)
    assert len(tapped.versions) == 1


async def test_a_card_that_is_not_shared_changes_for_who_tapped_alone(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    bell: App,
    alice: User,
    bob: User,
) -> None:
    old = {"elements": [button()]}
    message = await shown(api, ops, old)
    await lark.tap(message, alice, "Mute")
    new = {"elements": [markdown("done")]}
    hers, his = bell.open_id_of(alice), bell.open_id_of(bob)

    codes = [
        (await update(api, token_of(listener), {**new, "open_ids": ids})).body["code"]
        for ids in (None, [], [his], [hers])
    ]
    assert codes == [300090, 300090, 200320, 0]
    assert [message.shown_to(user) for user in (alice, bob)] == [new, old]


async def test_what_answers_a_tap_on_a_card_that_is_not_shared_is_for_one_alone(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User, bob: User
) -> None:
    old = {"elements": [button()]}
    message = await shown(api, ops, old)
    new = {"elements": [button("Undo")]}
    listener.reply = {"card": {"type": "raw", "data": new}}

    await lark.tap(message, alice, "Mute")
    await lark.tap(message, alice, "Undo")
    await lark.tap(message, bob, "Mute")
    assert [message.shown_to(user) for user in (alice, bob)] == [new, new]
    assert message.versions == [old]
