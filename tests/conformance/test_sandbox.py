"""Lark's SDK finds in the sandbox the platform it was written for.

One process runs the SDK for the whole module; every test makes an app of its own in it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from sandbox import ChallengeFailed, Chat, Lark, User
from sandbox.crypto import encrypt
from sandbox.limits import MINUTE
from tests.conformance import sdk
from tests.conformance.sdk import Sdk, SdkBot
from tests.conftest import MONDAY

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = json.dumps({"text": "hello"})


def card(*elements: dict[str, Any]) -> str:
    return json.dumps({"schema": "2.0", "body": {"elements": elements}})


BUTTON = {
    "tag": "button",
    "text": {"tag": "plain_text", "content": "Mute"},
    "behaviors": [{"type": "callback", "value": {"act": "mute"}}],
}


@dataclass
class Stage:
    lark: Lark
    domain: str
    bot: SdkBot
    alice: User
    ops: Chat


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process() -> AsyncIterator[Sdk]:
    async with sdk.running() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def stage(process: Sdk) -> AsyncIterator[Stage]:
    # Time stands still, so that a slow machine meets the same limits.
    lark = Lark(clock=lambda: MONDAY)
    async with lark.serve() as domain:
        bot = await sdk.bot(process, lark, domain=domain)
        alice = lark.create_user("Alice", email="alice@example.com")
        ops = lark.create_chat("ops", [alice, bot.app])
        yield Stage(lark, domain, bot, alice, ops)


async def send(
    stage: Stage, msg_type: str = "text", content: str = TEXT, **more: Any
) -> Any:
    told = {"receive_id_type": "chat_id", "receive_id": stage.ops.chat_id, **more}
    return await stage.bot("send", msg_type=msg_type, content=content, **told)


# The SDK's client


async def test_its_client_gets_a_token_and_sends(stage: Stage) -> None:
    answer = await send(stage)

    [message] = stage.ops.messages
    assert (answer["success"], answer["code"], answer["msg"]) == (True, 0, "success")
    assert answer["data"]["message_id"] == message.message_id
    assert answer["data"]["body"] == {"content": '{"text": "hello"}'}
    assert answer["data"]["sender"]["id"] == stage.bot.app.app_id
    assert message.content == {"text": "hello"}


async def test_its_asynchronous_client_sends_too(stage: Stage) -> None:
    told = {"receive_id_type": "email", "receive_id": "alice@example.com"}

    answer = await stage.bot("send_async", msg_type="text", content=TEXT, **told)
    assert answer["success"] is True
    chat = stage.lark.tenant.direct_chat(stage.alice, stage.bot.app)
    assert chat is not None
    assert [m.content for m in chat.messages] == [{"text": "hello"}]


async def test_its_client_replies_in_a_thread(stage: Stage) -> None:
    asked = await stage.lark.say(stage.ops, stage.alice, "hi")

    answer = await stage.bot(
        "reply",
        message_id=asked.message_id,
        msg_type="text",
        content=TEXT,
        reply_in_thread=True,
    )
    assert answer["data"]["root_id"] == asked.message_id
    assert answer["data"]["parent_id"] == asked.message_id
    assert answer["data"]["thread_id"] == asked.thread_id


async def test_its_client_updates_a_card_and_reads_it_back(stage: Stage) -> None:
    firing = {"tag": "markdown", "content": "firing"}
    resolved = {"tag": "markdown", "content": "resolved"}
    sent = await send(stage, "interactive", card(firing))
    message_id = sent["data"]["message_id"]

    patched = await stage.bot("patch", message_id=message_id, content=card(resolved))
    back = await stage.bot("read", message_id=message_id)

    assert patched["success"] is True
    assert stage.ops.messages[0].content["body"] == {"elements": [resolved]}
    [item] = back["data"]["items"]
    assert (item["msg_type"], item["updated"]) == ("interactive", True)
    assert "resolved" in item["body"]["content"]


async def test_its_client_sends_once_under_one_uuid(stage: Stage) -> None:
    first = await send(stage, uuid="u1")
    second = await send(stage, uuid="u1")

    assert first["data"]["message_id"] == second["data"]["message_id"]
    assert len(stage.ops.messages) == 1


async def test_its_client_pages_through_chats(stage: Stage) -> None:
    dev = stage.lark.create_chat("dev", [stage.bot.app])

    first = await stage.bot("chats", page_size=1)
    token = first["data"]["page_token"]
    second = await stage.bot("chats", page_size=1, page_token=token)
    listed = [page["data"]["items"][0]["chat_id"] for page in (first, second)]
    assert listed == [stage.ops.chat_id, dev.chat_id]
    assert [page["data"]["has_more"] for page in (first, second)] == [True, False]


async def test_its_client_reads_chats_and_their_members(stage: Stage) -> None:
    open_id = stage.bot.app.open_id_of(stage.alice)
    chat_id = stage.ops.chat_id

    chat = await stage.bot("chat", chat_id=chat_id)
    members = await stage.bot("members", chat_id=chat_id)
    inside = await stage.bot("is_in_chat", chat_id=chat_id)
    assert (chat["data"]["name"], chat["data"]["owner_id"]) == ("ops", open_id)
    assert [m["member_id"] for m in members["data"]["items"]] == [open_id]
    assert inside["data"] == {"is_in_chat": True}


async def test_its_client_reads_people(stage: Stage) -> None:
    open_id = stage.bot.app.open_id_of(stage.alice)
    emails = ["alice@example.com", "nobody@example.com"]

    found = await stage.bot("find_users", emails=emails)
    user = await stage.bot("user", user_id=open_id)
    assert [one.get("user_id") for one in found["data"]["user_list"]] == [open_id, None]
    assert user["data"]["user"]["name"] == "Alice"


async def test_its_client_reads_a_refusal_and_its_log_id(stage: Stage) -> None:
    answer = await send(stage, receive_id="oc_nowhere")

    assert (answer["success"], answer["code"]) == (False, 230034)
    assert answer["msg"] == "The receive_id is invalid."
    assert answer["log_id"] == answer["error"]["log_id"]
    assert len(answer["log_id"]) == 32


async def test_its_client_reads_why_a_card_is_refused(stage: Stage) -> None:
    answer = await send(stage, "interactive", card({"tag": "note"}))

    assert answer["code"] == 230099
    assert "ErrCode: 200861;" in answer["msg"]


async def test_its_client_sees_when_to_come_back(stage: Stage) -> None:
    chat_id = stage.ops.chat_id
    answers = [await stage.bot("is_in_chat", chat_id=chat_id) for _ in range(3)]
    now = stage.lark.now()
    for _ in range(50):
        stage.lark.platform.limits.admit(
            ("api", stage.bot.app.app_id, "is_in_chat"), ((100, MINUTE),), now=now
        )

    refused = await stage.bot("is_in_chat", chat_id=chat_id)
    assert [answer["code"] for answer in answers] == [0, 0, 0]
    assert (refused["code"], refused["limit"], refused["reset"]) == (
        99991400,
        "50",
        "1",
    )


async def test_its_client_does_not_renew_a_revoked_token(stage: Stage) -> None:
    await send(stage)
    stage.lark.revoke_tokens(stage.bot.app)

    assert (await send(stage))["code"] == 99991663


async def test_its_client_gives_up_on_a_wrong_secret(stage: Stage) -> None:
    stage.bot.app.secret = "changed"

    answer = await send(stage)
    assert answer["raised"] == "ObtainAccessTokenException"
    assert "10014" in answer["words"]


# The SDK's dispatcher


async def test_its_dispatcher_echoes_the_challenge(stage: Stage) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)

    assert stage.bot.app.event_url == stage.bot.url


async def test_its_dispatcher_refuses_a_challenge_with_another_token(
    stage: Stage,
) -> None:
    stage.bot.app.verification_token = "another"

    with pytest.raises(ChallengeFailed, match="HTTP 500"):
        await stage.lark.set_event_url(stage.bot.app, stage.bot.url)


async def test_its_dispatcher_takes_and_reads_a_line(stage: Stage) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)

    message = await stage.lark.say(stage.ops, stage.alice, "/help", mention_bot=True)

    [event] = (await stage.bot("heard"))["heard"]
    assert [delivery.status for delivery in stage.lark.deliveries] == [200]
    assert event["header"]["event_type"] == "im.message.receive_v1"
    told = event["event"]["message"]
    assert told["message_id"] == message.message_id
    assert json.loads(told["content"]) == {"text": "@_user_1 /help"}
    assert told["mentions"][0]["id"]["open_id"] == stage.bot.app.open_id


async def test_its_dispatcher_refuses_what_is_signed_with_another_key(
    stage: Stage,
) -> None:
    app = stage.bot.app
    await stage.lark.set_event_url(app, stage.bot.url)
    app.encrypt_key = "another key"

    await stage.lark.say(stage.ops, stage.alice, "/help", mention_bot=True)
    assert [delivery.status for delivery in stage.lark.deliveries] == [500]
    assert (await stage.bot("heard"))["heard"] == []


async def test_its_dispatcher_takes_a_tap_and_its_toast_is_seen(stage: Stage) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)
    await send(stage, "interactive", card(BUTTON))

    tapped = await stage.lark.tap(stage.ops.messages[0], stage.alice, "Mute")

    [event] = (await stage.bot("heard"))["heard"]
    assert (tapped.error, tapped.words) == (None, "Muted for 2 h")
    assert event["event"]["action"]["value"] == {"act": "mute"}
    assert event["event"]["context"]["open_chat_id"] == stage.ops.chat_id


async def test_its_dispatcher_takes_changes_of_membership(stage: Stage) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)
    dev = stage.lark.create_chat("dev", [stage.alice])

    await stage.lark.add_bot(dev, stage.bot.app, by=stage.alice)
    [event] = (await stage.bot("heard"))["heard"]
    assert event["event"]["chat_id"] == dev.chat_id
    operator = stage.bot.app.open_id_of(stage.alice)
    assert event["event"]["operator_id"]["open_id"] == operator


async def test_its_dispatcher_takes_the_one_event_of_schema_1_0(stage: Stage) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)

    chat = await stage.lark.direct_chat(stage.alice, stage.bot.app)
    [event] = (await stage.bot("heard"))["heard"]
    assert event["event"]["chat_id"] == chat.chat_id
    assert event["type"] == "event_callback"


async def test_its_dispatcher_answers_500_to_events_it_does_not_know(
    stage: Stage,
) -> None:
    await stage.lark.set_event_url(stage.bot.app, stage.bot.url)

    await stage.lark.remove_bot(stage.ops, stage.bot.app, by=stage.alice)
    assert [delivery.status for delivery in stage.lark.deliveries] == [500]


async def test_it_decrypts_what_the_sandbox_encrypts(stage: Stage) -> None:
    vector = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
    ours = encrypt("订阅 ／sub".encode(), key="test key")

    texts = [
        (await stage.bot("decrypt", key="test key", sealed=sealed))["text"]
        for sealed in (vector, ours)
    ]
    assert texts == ["hello world", "订阅 ／sub"]
