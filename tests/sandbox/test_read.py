from __future__ import annotations

import json

from sandbox import App, Chat, Lark, User
from tests.sandbox.conftest import SEND, Api, button, card, markdown, panel


async def test_a_message_is_read_back_as_an_item(
    api: Api, lark: Lark, ops: Chat, bell: App, alice: User
) -> None:
    asked = await lark.say(ops, alice, "hello")

    answer = await api.call("GET", f"{SEND}/{asked.message_id}")
    [item] = answer.body["data"]["items"]
    assert item["sender"] == {
        "id": bell.open_id_of(alice),
        "id_type": "open_id",
        "sender_type": "user",
        "tenant_key": lark.tenant.key,
    }
    assert item["body"] == {"content": '{"text": "hello"}'}


async def test_a_card_is_read_back_as_its_texts(api: Api, ops: Chat) -> None:
    header = {"title": {"tag": "plain_text", "content": "CPU"}}
    elements = (markdown("**high**"), panel(button()))
    await api.card(ops.chat_id, card(*elements, header=header))

    answer = await api.call("GET", f"{SEND}/{ops.messages[0].message_id}")
    [item] = answer.body["data"]["items"]
    assert json.loads(item["body"]["content"]) == {
        "title": "CPU",
        "elements": [
            [{"tag": "text", "text": "**high**"}],
            [{"tag": "text", "text": "More"}],
            [{"tag": "text", "text": "Mute"}],
        ],
    }


async def test_a_post_is_read_back_without_its_language(api: Api, ops: Chat) -> None:
    body = {"title": "t", "content": [[{"tag": "text", "text": "x"}]]}
    await api.send(ops.chat_id, {"en_us": body}, "post")

    answer = await api.call("GET", f"{SEND}/{ops.messages[0].message_id}")
    [item] = answer.body["data"]["items"]
    assert json.loads(item["body"]["content"]) == body


async def test_a_recalled_message_is_marked_and_empty(
    api: Api, lark: Lark, ops: Chat
) -> None:
    await api.text(ops.chat_id, "secret")
    lark.recall(ops.messages[0])

    answer = await api.call("GET", f"{SEND}/{ops.messages[0].message_id}")
    [item] = answer.body["data"]["items"]
    assert item["deleted"] is True
    assert "secret" not in item["body"]["content"]


async def test_what_cannot_be_seen_cannot_be_read(
    api: Api, ops: Chat, bell: App
) -> None:
    await api.text(ops.chat_id)
    path = f"{SEND}/{ops.messages[0].message_id}"

    assert (await api.call("GET", f"{SEND}/om_nothing")).verdict == (400, 99992354)
    ops.messages[0].deleted = True
    assert (await api.call("GET", path)).verdict == (400, 230110)
    ops.members.remove(bell)
    assert (await api.call("GET", path)).verdict == (400, 230002)
    bell.published = False
    assert (await api.call("GET", path)).verdict == (400, 230006)
