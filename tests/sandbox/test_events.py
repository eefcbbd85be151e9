"""What an app is told, by whom it is signed, and who hears what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox import App, ChallengeFailed, Chat, Lark, User
from sandbox.crypto import decrypt
from tests.conftest import MONDAY
from tests.sandbox.conftest import KEY, Listener

MILLISECONDS = str(int(MONDAY.timestamp() * 1000))


async def test_a_line_that_mentions_the_bot_is_told_in_full(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    message = await lark.say(ops, alice, "/help", mention_bot=True)

    [heard] = listener.heard
    header = heard.body["header"]
    assert heard.body == {
        "schema": "2.0",
        "header": {
            "event_id": header["event_id"],
            "event_type": "im.message.receive_v1",
            "create_time": MILLISECONDS,
            "token": bell.verification_token,
            "app_id": bell.app_id,
            "tenant_key": lark.tenant.key,
        },
        "event": {
            "sender": {
                "sender_id": {
                    "open_id": bell.open_id_of(alice),
                    "union_id": alice.union_id,
                },
                "sender_type": "user",
                "tenant_key": lark.tenant.key,
            },
            "message": {
                "message_id": message.message_id,
                "create_time": MILLISECONDS,
                "update_time": MILLISECONDS,
                "chat_id": ops.chat_id,
                "chat_type": "group",
                "message_type": "text",
                "content": '{"text": "@_user_1 /help"}',
                "mentions": [
                    {
                        "key": "@_user_1",
                        "id": {
                            "open_id": bell.open_id,
                            "union_id": bell.union_id,
                            "user_id": "",
                        },
                        "mentioned_type": "bot",
                        "name": "Bell",
                        "tenant_key": lark.tenant.key,
                    }
                ],
            },
        },
    }
    assert len(header["event_id"]) == 32


async def test_the_user_id_shows_only_with_its_scope(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    bell.scopes.add("contact:user.employee_id:readonly")

    await lark.say(ops, alice, "/help", mention_bot=True)
    sender = listener.heard[0].body["event"]["sender"]
    assert sender["sender_id"]["user_id"] == alice.user_id


async def test_a_push_is_encrypted_and_signed_over_its_raw_body(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    await lark.say(ops, alice, "/help", mention_bot=True)

    [heard] = listener.heard
    timestamp = heard.headers["X-Lark-Request-Timestamp"]
    nonce = heard.headers["X-Lark-Request-Nonce"]
    signed = (timestamp + nonce + KEY).encode() + heard.raw
    assert heard.headers["X-Lark-Signature"] == hashlib.sha256(signed).hexdigest()
    assert timestamp == str(int(MONDAY.timestamp()))
    assert list(json.loads(heard.raw)) == ["encrypt"]
    assert heard.headers["Content-Type"] == "application/json; charset=utf-8"


async def test_without_a_key_a_push_is_plain_and_unsigned(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    bell.encrypt_key = None

    await lark.say(ops, alice, "/help", mention_bot=True)
    [heard] = listener.heard
    assert json.loads(heard.raw)["header"]["token"] == bell.verification_token
    assert [name for name in heard.headers if name.startswith("X-Lark")] == []


# Who hears what


async def test_a_line_that_does_not_mention_the_bot_is_not_told(
    lark: Lark, listener: Listener, ops: Chat, alice: User, bob: User
) -> None:
    await lark.say(ops, alice, "just talking")
    await lark.say(ops, alice, f'<at user_id="{bob.user_id}">Bob</at> hi')

    assert listener.heard == []
    assert [m.mentioned for m in ops.messages] == [(), ("Bob",)]


async def test_with_the_sensitive_scope_every_line_is_told(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    bell.scopes.add("im:message.group_msg")

    await lark.say(ops, alice, "just talking")
    assert listener.texts == ["just talking"]


async def test_without_a_message_scope_no_line_is_told(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    bell.scopes -= {"im:message.group_at_msg:readonly", "im:message.p2p_msg:readonly"}

    await lark.say(ops, alice, "/help", mention_bot=True)
    assert listener.heard == []
    direct = await lark.direct_chat(alice, bell)
    listener.heard.clear()
    await lark.say(direct, alice, "/help")
    assert listener.heard == []


async def test_everyone_is_literal_and_not_among_the_mentions(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    await lark.say(ops, alice, '<at user_id="all">everyone</at> lunch')

    assert listener.texts == ["@_all lunch"]
    assert "mentions" not in listener.heard[0].body["event"]["message"]


async def test_everyone_need_not_reach_bots(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    lark.switches.at_all_reaches_bots = False

    await lark.say(ops, alice, '<at user_id="all">everyone</at> lunch')
    assert listener.heard == []


async def test_mentions_are_numbered_in_the_order_of_the_text(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    text = f'/sub add to <at user_id="{bob.union_id}">B</at> please'

    await lark.say(ops, alice, text, mention_bot=True)
    assert listener.texts == ["@_user_1 /sub add to @_user_2 please"]
    mentions = listener.heard[0].body["event"]["message"]["mentions"]
    assert [(m["key"], m["name"], m["mentioned_type"]) for m in mentions] == [
        ("@_user_1", "Bell", "bot"),
        ("@_user_2", "Bob", "user"),
    ]
    assert mentions[1]["id"]["open_id"] == bell.open_id_of(bob)


async def test_only_the_bot_that_is_meant_hears_a_line(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    other = lark.create_app("Other")
    ops.members.append(other)

    await lark.say(ops, alice, "/help", mention_bot=True, bot=other)
    assert listener.heard == []


async def test_a_bot_does_not_hear_chats_it_is_not_in(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    elsewhere = lark.create_chat("elsewhere", [alice])

    await lark.say(elsewhere, alice, f'<at user_id="{bell.app_id}">B</at> hi')
    assert listener.heard == []


async def test_several_lines_arrive_as_a_post_without_language(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    await lark.say(ops, alice, "/sub add\nfinance.*", mention_bot=True, post=True)

    message = listener.heard[0].body["event"]["message"]
    assert message["message_type"] == "post"
    assert json.loads(message["content"]) == {
        "title": "",
        "content": [
            [
                {
                    "tag": "at",
                    "user_id": "@_user_1",
                    "user_name": "Bell",
                    "style": [],
                },
                {"tag": "text", "text": " /sub add", "style": []},
            ],
            [{"tag": "text", "text": "finance.*", "style": []}],
        ],
    }
    assert [m["key"] for m in message["mentions"]] == ["@_user_1"]


async def test_a_post_may_mention_everyone_and_nobody(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    text = '<at user_id="all">all</at><at user_id="ou_nobody">X</at>'

    await lark.say(ops, alice, text, post=True)
    content = json.loads(listener.heard[0].body["event"]["message"]["content"])
    assert [part["user_id"] for part in content["content"][0]] == ["@_all", "ou_nobody"]
    assert ops.messages[0].mentioned == ("all",)


async def test_a_reply_tells_its_parent_and_root(
    lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    first = await lark.say(ops, alice, "one")
    second = await lark.say(ops, alice, "two", reply_to=first)
    second.thread_id = "omt_1"
    await lark.say(ops, alice, "three", mention_bot=True, reply_to=second)

    message = listener.heard[0].body["event"]["message"]
    assert message["root_id"] == first.message_id
    assert message["parent_id"] == second.message_id
    assert message["thread_id"] == "omt_1"


async def test_only_members_of_a_living_chat_speak(
    lark: Lark, ops: Chat, alice: User
) -> None:
    outsider = lark.create_user("Eve")

    with pytest.raises(ValueError, match="Eve cannot act in ops"):
        await lark.say(ops, outsider, "hi")
    ops.status = "dissolved"
    with pytest.raises(ValueError, match="Alice cannot act in ops"):
        await lark.say(ops, alice, "hi")
    assert ops.messages == []


# Direct chats


async def test_a_direct_chat_opens_with_an_event_of_schema_1_0(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    chat = await lark.direct_chat(alice, bell)
    again = await lark.direct_chat(alice, bell)

    [heard] = listener.heard
    who = {"open_id": bell.open_id_of(alice), "user_id": alice.user_id}
    assert again is chat
    assert heard.body == {
        "ts": f"{MONDAY.timestamp():.7f}",
        "uuid": heard.body["uuid"],
        "token": bell.verification_token,
        "type": "event_callback",
        "event": {
            "type": "p2p_chat_create",
            "app_id": bell.app_id,
            "chat_id": chat.chat_id,
            "operator": who,
            "tenant_key": lark.tenant.key,
            "user": {"name": "Alice", **who},
        },
    }


async def test_in_a_direct_chat_no_mention_is_needed(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    chat = await lark.direct_chat(alice, bell)
    listener.heard.clear()

    await lark.say(chat, alice, "help")
    assert listener.texts == ["help"]
    assert listener.heard[0].body["event"]["message"]["chat_type"] == "p2p"


async def test_writing_to_a_bot_takes_its_messages_again(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    alice.stopped.add(bell.app_id)
    chat = await lark.direct_chat(alice, bell)

    await lark.say(chat, alice, "help")
    assert alice.stopped == set()


async def test_entering_a_direct_chat_is_told_with_the_last_message(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    chat = await lark.enter(alice, bell)
    said = await lark.say(chat, alice, "help")
    await lark.enter(alice, bell)

    created, first, _, second = listener.heard
    who = {"open_id": bell.open_id_of(alice), "union_id": alice.union_id}
    entered = {"chat_id": chat.chat_id, "operator_id": who}
    assert created.body["event"]["type"] == "p2p_chat_create"
    assert [each.body["header"]["event_type"] for each in (first, second)] == [
        "im.chat.access_event.bot_p2p_chat_entered_v1"
    ] * 2
    assert [each.body["event"] for each in (first, second)] == [
        entered,
        {
            **entered,
            "last_message_id": said.message_id,
            "last_message_create_time": str(int(MONDAY.timestamp() * 1000)),
        },
    ]


async def test_entering_a_direct_chat_need_not_be_told(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    lark.switches.tells_entering = False
    await lark.enter(alice, bell)

    [heard] = listener.heard
    assert heard.body["event"]["type"] == "p2p_chat_create"


async def test_a_choice_from_the_menu_is_told_without_a_chat(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    await lark.choose_from_menu(alice, bell, "help")
    bell.scopes.add("application:application.bot.operator_name:readonly")
    lark.switches.menu_time_as_text = True
    await lark.choose_from_menu(alice, bell, "help")

    who = {"open_id": bell.open_id_of(alice), "union_id": alice.union_id}
    seconds = int(MONDAY.timestamp())
    header = listener.heard[0].body["header"]
    assert header["event_type"] == "application.bot.menu_v6"
    assert [heard.body["event"] for heard in listener.heard] == [
        {
            "operator": {"operator_id": who},
            "event_key": "help",
            "timestamp": seconds,
        },
        {
            "operator": {"operator_id": who, "operator_name": "Alice"},
            "event_key": "help",
            "timestamp": str(seconds),
        },
    ]
    assert lark.tenant.direct_chat(alice, bell) is None


# Membership


def membership(event_type: str, lark: Lark, chat: Chat, app: App, by: User) -> Any:
    return (
        event_type,
        {
            "chat_id": chat.chat_id,
            "operator_id": {
                "open_id": app.open_id_of(by),
                "union_id": by.union_id,
            },
            "external": False,
            "operator_tenant_key": lark.tenant.key,
            "name": chat.name,
            "i18n_names": {"zh_cn": "", "en_us": "", "ja_jp": ""},
        },
    )


async def test_being_added_and_removed_is_told_and_true(
    lark: Lark, listener: Listener, bell: App, alice: User
) -> None:
    dev = lark.create_chat("dev", [alice])

    await lark.add_bot(dev, bell, by=alice)
    assert bell in dev
    await lark.remove_bot(dev, bell, by=alice)
    assert bell not in dev
    told = [(h.body["header"]["event_type"], h.body["event"]) for h in listener.heard]
    assert told == [
        membership("im.chat.member.bot.added_v1", lark, dev, bell, alice),
        membership("im.chat.member.bot.deleted_v1", lark, dev, bell, alice),
    ]


async def test_disbanding_is_told_unless_the_history_is_kept(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    dev = lark.create_chat("dev", [alice, bell])

    await lark.disband(dev, by=alice, keep_history=True)
    assert (dev.status, listener.heard) == ("dissolved_save", [])
    await lark.disband(ops, by=alice)
    assert ops.status == "dissolved"
    told = [(h.body["header"]["event_type"], h.body["event"]) for h in listener.heard]
    assert told == [membership("im.chat.disbanded_v1", lark, ops, bell, alice)]


async def test_another_owner_is_told_and_true(
    lark: Lark, listener: Listener, bell: App, ops: Chat, alice: User, bob: User
) -> None:
    await lark.hand_over(ops, bob, by=alice)

    [heard] = listener.heard
    before, after = (
        {"owner_id": {"open_id": bell.open_id_of(one), "union_id": one.union_id}}
        for one in (alice, bob)
    )
    assert heard.body["header"]["event_type"] == "im.chat.updated_v1"
    assert heard.body["event"] == {
        "chat_id": ops.chat_id,
        "operator_id": before["owner_id"],
        "external": False,
        "operator_tenant_key": lark.tenant.key,
        "before_change": before,
        "after_change": after,
    }
    assert ops.owner is bob


async def test_without_the_chat_scope_membership_is_not_told(
    lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    bell.scopes.discard("im:chat:readonly")

    await lark.hand_over(ops, alice, by=alice)
    await lark.remove_bot(ops, bell, by=alice)
    assert listener.heard == []


# Saving the address


@pytest.mark.parametrize("key", [KEY, None])
async def test_an_address_is_saved_once_it_echoes_the_challenge(
    lark: Lark, listener: Listener, key: str | None
) -> None:
    app = lark.create_app("Fresh", encrypt_key=key)

    await lark.set_event_url(app, listener.url)
    assert (app.event_url, app.card_url) == (listener.url, listener.url)


async def test_the_challenge_is_encrypted_and_carries_the_token(
    lark: Lark,
    client: object,
    bell: App,
    aiohttp_server: Callable[..., Awaitable[TestServer]],
) -> None:
    asked: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        body = json.loads(decrypt((await request.json())["encrypt"], key=KEY))
        asked.append(body)
        return web.json_response({"challenge": body["challenge"]})

    app = web.Application()
    app.router.add_post("/", answer)
    server = await aiohttp_server(app)

    await lark.set_event_url(bell, str(server.make_url("/")))
    [body] = asked
    assert body == {
        "challenge": body["challenge"],
        "token": bell.verification_token,
        "type": "url_verification",
    }


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, "{}"),
        (200, "ok"),
        (200, "[]"),
        (200, '{"challenge": "another"}'),
        (404, "{}"),
        (302, "{}"),
    ],
)
async def test_an_address_that_does_not_echo_is_not_saved(
    lark: Lark,
    client: object,
    bell: App,
    aiohttp_server: Callable[..., Awaitable[TestServer]],
    status: int,
    text: str,
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    app = web.Application()
    app.router.add_post("/", answer)
    server = await aiohttp_server(app)

    with pytest.raises(ChallengeFailed):
        await lark.set_event_url(bell, str(server.make_url("/")))
    assert bell.event_url is None


async def test_a_challenge_that_is_not_answered_in_time_fails(
    lark: Lark, listener: Listener, bell: App
) -> None:
    lark.switches.challenge_timeout = 0.000_001

    with pytest.raises(ChallengeFailed, match=r"timeout|unreachable"):
        await lark.set_event_url(bell, listener.url)


def test_a_challenge_has_one_second_and_an_event_three() -> None:
    switches = Lark().switches

    assert switches.challenge_timeout == 1.0
    assert (switches.connect_timeout, switches.answer_timeout) == (2.0, 3.0)
