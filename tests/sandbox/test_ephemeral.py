"""Cards in a group that one person alone sees."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import App, Chat, Lark, User
from tests.sandbox.conftest import SEND, Answer, Api, Listener, button, card, markdown

CARD = card(button())


async def whisper(api: Api, chat: Chat, **more: Any) -> Answer:
    body = {
        "chat_id": chat.chat_id,
        "msg_type": "interactive",
        "card": CARD,
        **more,
    }
    return await api.call("POST", "/open-apis/ephemeral/v1/send", json=body)


async def take_away(api: Api, message_id: str) -> Answer:
    path = "/open-apis/ephemeral/v1/delete"
    return await api.call("POST", path, json={"message_id": message_id})


async def test_one_person_sees_the_card_and_answers_it(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    bell: App,
    alice: User,
    bob: User,
) -> None:
    answer = await whisper(api, ops, open_id=bell.open_id_of(alice))

    [message] = ops.ephemeral
    assert answer.body["data"] == {"message_id": message.message_id}
    assert (ops.messages, message.only_for) == ([], alice)
    await lark.tap(message, alice, "Mute")
    assert len(listener.heard) == 1
    with pytest.raises(LookupError, match="not for them to see"):
        await lark.tap(message, bob, "Mute")


async def test_the_first_of_several_ids_counts(
    api: Api, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    bob.email = "bob@example.com"
    his = {"user_id": bob.user_id, "email": "alice@example.com"}

    await whisper(api, ops, open_id=bell.open_id_of(alice), **his)
    await whisper(api, ops, **his)
    await whisper(api, ops, email="alice@example.com")
    assert [message.only_for for message in ops.ephemeral] == [alice, bob, alice]


async def test_nobody_sees_it_without_a_client_that_runs(
    api: Api, ops: Chat, alice: User
) -> None:
    alice.online = False

    assert (await whisper(api, ops, user_id=alice.user_id)).verdict == (200, 0)
    assert ops.ephemeral == []


async def test_nobody_is_notified(
    api: Api, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    text = markdown(f"<at id={bell.open_id_of(bob)}></at>")

    await whisper(api, ops, user_id=alice.user_id, card=card(text))
    assert ops.ephemeral[0].mentioned == ()


async def test_it_is_taken_away_without_a_trace(
    api: Api, ops: Chat, alice: User
) -> None:
    sent = await whisper(api, ops, user_id=alice.user_id)
    message_id = sent.body["data"]["message_id"]

    verdicts = [(await take_away(api, message_id)).verdict for _ in range(2)]
    assert verdicts == [(200, 0), (400, 18051)]
    assert ops.ephemeral == []


async def test_an_ordinary_message_is_not_taken_away_so(api: Api, ops: Chat) -> None:
    await api.text(ops.chat_id)

    answer = await take_away(api, ops.messages[0].message_id)
    assert answer.verdict == (400, 99992354)


async def test_it_cannot_be_updated_answered_or_buzzed(
    api: Api, bell: App, ops: Chat, alice: User
) -> None:
    bell.scopes.add("im:message.reactions:write_only")
    sent = await whisper(api, ops, user_id=alice.user_id)
    message_id = sent.body["data"]["message_id"]
    buzz = {"user_id_list": [bell.open_id_of(alice)]}
    emoji = {"reaction_type": {"emoji_type": "DONE"}}

    answers = [
        await api.patch(message_id, CARD),
        await api.reply(message_id),
        await api.call("DELETE", f"{SEND}/{message_id}"),
        await api.call("PATCH", f"{SEND}/{message_id}/urgent_app", json=buzz),
        await api.call("POST", f"{SEND}/{message_id}/reactions", json=emoji),
    ]
    codes = [answer.body["code"] for answer in answers]
    assert codes == [230054, 230054, 230054, 230054, 231017]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"chat_id": "oc_1", "email": "alice@example.com"}, 230034),
        ({"msg_type": "text", "email": "alice@example.com"}, 230001),
        ({"card": card({"tag": "note"}), "email": "alice@example.com"}, 11246),
        ({"card": None, "email": "alice@example.com"}, 99992402),
        ({"email": "nobody@example.com"}, 230034),
        ({"email": "eve@example.com"}, 230002),
        ({}, 99992402),
    ],
)
async def test_what_cannot_be_shown_is_refused(
    api: Api, lark: Lark, ops: Chat, more: Any, code: int
) -> None:
    lark.create_user("Eve", email="eve@example.com")

    assert (await whisper(api, ops, **more)).verdict == (400, code)
    assert ops.ephemeral == []


@pytest.mark.parametrize("mode", ["topic", "p2p"])
async def test_it_is_for_ordinary_groups(
    api: Api, lark: Lark, bell: App, alice: User, mode: str
) -> None:
    chat = lark.create_chat("other", [alice, bell], mode=mode)

    answer = await whisper(api, chat, user_id=alice.user_id)
    assert answer.verdict == (400, 230001)


async def test_it_needs_a_bot(api: Api, bell: App, ops: Chat, alice: User) -> None:
    bell.published = False

    shown = await whisper(api, ops, user_id=alice.user_id)
    taken = await take_away(api, "om_1")
    assert (shown.verdict, taken.verdict) == ((400, 11205), (400, 11205))


async def test_forty_a_second_are_the_most(api: Api, ops: Chat, alice: User) -> None:
    codes = [
        (await whisper(api, ops, user_id=alice.user_id)).body["code"] for _ in range(41)
    ]

    assert codes == [0] * 40 + [11233]
